"""Recorders: what is written down while a trajectory is made.

A module here has a named tuple of arrays, its registered verbs of
``glasscore.dynamics.interface``, ``create(landscape, schedule, samples)`` and
``variables(recorder, landscape, schedule)``, which describes the arrays for the result file. A new
file is a new word for ``recorders:`` in the config.
"""
