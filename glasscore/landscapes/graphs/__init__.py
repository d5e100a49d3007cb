"""Graphs of states: which states there are and which moves lead from one to another.

A module here has a named tuple with the field ``energies``, its registered verbs of
``glasscore.landscapes.interface``, ``create(N, energies)``, and the constants ``RULES`` (the rules
that have a meaning on this graph, or ``None`` for all), ``INFINITE_N`` (is N = infinity allowed),
``STATES_ARE_SPINS`` (is the distance a number of spins, so that there is an overlap) and
``EVERY_JUMP_FORGETS`` (does a jump back come no easier than another, so that every visit is a
trap). ``LARGEST_N_OF_RULES`` may limit N for some rules.
"""
