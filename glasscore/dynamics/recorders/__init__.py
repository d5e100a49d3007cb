"""Recorders: what is written down while a trajectory is made.

A module here has a named tuple of arrays, its registered verbs of
``glasscore.dynamics.interface``, ``create(landscape, schedule, samples)`` and
``variables(recorder, landscape, schedule)``, which describes the arrays for the result file. Arrays
with one row a sample are told from others by ``create`` for one and for two samples, and are kept
in restart files; those of a longer run begin with those of a shorter one. A new file is a new word
for ``recorders:`` in the config.

Two literal constants name keys of the study: ``NEEDS`` those that ``create`` takes besides, and
``USES`` those of its schedule that change what it writes: without it, all of ``windows``,
``waiting_times_per_decade`` and ``times_per_decade``. A study may give such a key only if one of
its recorders uses it.
"""
