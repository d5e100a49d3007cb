"""Clocks: how a trajectory is brought from one time to another, all exact in law.

A module here has ``create(landscape, rule)``, a named tuple of arrays for one sample, and the
kernel ``trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng)``. It
runs a sample until the visit that lasts beyond ``until`` and returns the number of visits begun.
``visit``, shape (4,), holds the arrival and the departure of the visit going on and what else the
clock knows of it, all 0 before the start. A call whose
``until`` is not beyond the departure draws nothing; it only observes. Nothing but ``position``,
``visit``, the record and ``rng`` is remembered from call to call. A new file is a new word for
``clock:`` in the config.
"""
