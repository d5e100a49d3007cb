"""Recorders: what is written down while a trajectory is made.

A module here has a named tuple of arrays, its registered verbs of
``glasscore.dynamics.interface``, ``create(landscape, schedule, samples)`` and
``variables(recorder, landscape, schedule)``, which describes the arrays for the result file. Arrays
with one row a sample are told from others by ``create`` for one and for two samples, and are kept
in restart files; those of a longer run begin with those of a shorter one. A new file is a new word
for ``recorders:`` in the config.
"""
