"""What energy is: a graph of states (``graphs``) and the energies on it (``energies``).

A landscape is a named tuple of a graph that holds its energies; ``interface`` lists what it can be
asked. One model a file: a new file in ``graphs`` or ``energies`` is a new word in the config.
"""
