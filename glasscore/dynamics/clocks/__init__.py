"""Clocks: algorithms that advance a trajectory in time, all of them statistically exact.

A new file is a new word for ``clock:`` in the config.

A file of the same name in the folder ``cost`` may estimate the cost of the clock.
"""

from typing import Any, Protocol


class Clock(Protocol):
    """What a module here must have and may have."""

    GIVES_RATES: bool = False
    """Does the clock compute the rates of all moves in each visit and call ``record_rates``?"""

    def create(self, landscape: Any, rule: Any, may_leap: bool) -> Any:
        """Create the working memory of one sample, a named tuple of arrays.

        ``may_leap`` says whether the clock may leap over visits without reporting each of them; it
        is true if no recorder has ``NEEDS_EVERY_VISIT``.
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
        """Run a sample to the visit that lasts beyond ``until``; return the number of new visits.

        ``visit`` is an array of ``VISIT_SIZE`` numbers, see ``glasscore.dynamics.interface``. The
        number at ``DEPARTURE`` is the time at which the present visit ends; the numbers behind it
        are whatever else the clock must remember of the visit. All are 0 before the start. A call
        whose ``until`` does not lie beyond the departure draws no random numbers and only calls
        ``observe``. From call to call, only ``position``, ``visit``, the record and ``rng`` are
        kept. The function is a kernel or calls one.
        """
