"""Recorders: what is recorded while a trajectory runs, one recorder per file.

A new file is a new word for ``recorders:`` in the config. Its named tuple of arrays registers those
verbs of recorders of ``glasscore.dynamics.interface`` that it needs: ``record_visit``, or
``next_observation`` and ``observe``, and perhaps ``record_rates``. A recorder that must see every
visit sets the constant ``NEEDS_EVERY_VISIT``; otherwise the clock ``superbasin`` may leap over
returns without reporting each visit.

A file of the same name in the folder ``cost`` may estimate the cost of the recorder.
"""

from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import optional

if TYPE_CHECKING:
    import xarray as xr

    from glasscore.common.errors import Refusal
    from glasscore.models.schedule import Schedule


class Recorder(Protocol):
    """What a module here must have and may have."""

    NEEDS: tuple[str, ...] = ()
    """Further parameters of ``create``: ``threshold``, an energy in units of J; ``T``, the
    temperature; ``rule``, the rule at this temperature; ``lags``, those of the study, in attempts;
    ``trajectories``, the number of samples of the job, from its first on, whose single trajectories
    are recorded."""
    USES: tuple[str, ...] = ("windows", "waiting_times_per_decade", "times_per_decade")
    """Keys of the study's schedule that the recorder's results depend on. A study may give such a
    key only if one of its recorders uses it."""
    GRAPHS: tuple[str, ...] | None = None
    """The graphs on which the recorder has a meaning; None stands for all."""
    NEEDS_EVERY_VISIT: bool = False
    """Must the recorder see every single visit, so that no clock may leap?"""

    def create(self, landscape: Any, schedule: "Schedule", samples: int, **needs: Any) -> Any:
        """Create an empty record, a named tuple of arrays.

        Restart files keep the arrays that have one row per sample; ``rows_of`` finds them as those
        whose shapes differ between ``create`` for one and for two samples. Each such array of a
        longer run must begin with the array of a shorter run.
        """

    AT_CONSTANT_RATES: bool = False
    """Has the record a meaning only if temperature and field do not change in a run?"""
    WITHOUT_FIELD: bool = False
    """Has the record a meaning only without a field?"""

    @optional
    def complete(self, recorder: Any, sample: int, landscape: Any, position: Any) -> None:
        """Complete the record of a sample whose run is over; ``position`` may be overwritten."""

    @optional
    def refusal(
        self,
        *,
        landscape: dict[str, Any],
        rule: str | dict[str, Any],
        clock: str,
        N: float,
        T: float,
    ) -> "Refusal | None":
        """The complaint about a key of the study, or None if it can be recorded there."""

    def variables(
        self, recorder: Any, landscape: Any, schedule: "Schedule"
    ) -> "dict[str, xr.Variable]":
        """The variables of the result file, by name."""
