"""Graphs of states: which states there are and which moves lead from one to another.

A module here has a named tuple with the field ``energies``, its registered verbs of
``glasscore.landscapes.interface``, ``create(N, energies)``, and the constants ``RULES`` (the rules
that have a meaning on this graph, or ``None`` for all) and ``INFINITE_N``.
"""
