"""Clocks: how a trajectory is brought from one time to another, all exact in law.

A new file is a new word for ``clock:`` in the config.

What it costs may stand in the folder ``cost``, in a file of the same name.
"""

from typing import Any, Protocol


class Clock(Protocol):
    """What a module here must have."""

    def create(self, landscape: Any, rule: Any, may_leap: bool) -> Any:
        """Room for one sample: a named tuple of arrays.

        ``may_leap`` says whether the clock may leap over visits without telling of each: no
        recorder has ``NEEDS_EVERY_VISIT``.
        """

    def trajectory(
        self,
        clock: Any,
        landscape: Any,
        rule: Any,
        recorder: Any,
        sample: int,
        position: Any,
        visit: Any,
        until: float,
        rng: Any,
    ) -> Any:
        """Run a sample until the visit that lasts beyond ``until``; return the visits begun.

        ``visit`` is an array of ``VISIT_SIZE`` numbers, see ``glasscore.dynamics.interface``: when
        the visit going on ends, at ``DEPARTURE``, and behind it what else the clock knows of it;
        all are 0 before the start. A call whose ``until`` is not beyond the departure draws
        nothing; it only observes. Nothing but ``position``, ``visit``, the record and ``rng`` is
        remembered from call to call. It is a kernel, or a function that calls one.
        """
