"""Rules: the rate of an attempted move from the energies before and after it.

A module here has a named tuple, its registered ``rate`` of ``glasscore.dynamics.interface``, and
``create(T)``. A new file is a new word in the config.
"""
