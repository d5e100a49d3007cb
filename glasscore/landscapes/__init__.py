"""Energy landscapes: a graph of states (``graphs``) and the energies of its states (``energies``).

A landscape is a named tuple that describes a graph and holds its energies. The verbs that other
code may call on it stand in ``interface``. Each model is one file: a new file in ``graphs`` or
``energies`` is a new word in the config.
"""
