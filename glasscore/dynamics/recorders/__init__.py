"""Recorders: what is written down while a trajectory is made.

A new file is a new word for ``recorders:`` in the config. Its named tuple of arrays registers those
verbs of recorders of ``glasscore.dynamics.interface`` that it has a use for: ``record_visit``, or
``next_observation`` and ``observe``. One that must be told of every visit has the constant
``NEEDS_EVERY_VISIT``: without it the clock ``superbasin`` leaps over returns untold.

What it costs may stand in the folder ``cost``, in a file of the same name.
"""

from typing import TYPE_CHECKING, Any, Protocol

from glasscore.common.contracts import optional

if TYPE_CHECKING:
    import xarray as xr

    from glasscore.models.schedule import Schedule


class Recorder(Protocol):
    """What a module here must have and may have."""

    NEEDS: tuple[str, ...] = ()
    """Keys of the study that ``create`` has for further parameters: ``threshold``, in units of J,
    and ``trajectories``, how many of the job's samples are written down one by one."""
    USES: tuple[str, ...] = ("windows", "waiting_times_per_decade", "times_per_decade")
    """Keys of the study's schedule that change what it writes: a study may give such a key only if
    one of its recorders uses it."""
    GRAPHS: tuple[str, ...] | None = None
    """The graphs on which the recorder has a meaning; None stands for all."""
    NEEDS_EVERY_VISIT: bool = False
    """Must the recorder be told of every single visit, so that no clock may leap?"""

    def create(self, landscape: Any, schedule: "Schedule", samples: int, **needs: Any) -> Any:
        """An empty record, a named tuple of arrays.

        Arrays with one row a sample are told from others by ``create`` for one and for two samples,
        and are kept in restart files; those of a longer run begin with those of a shorter one.
        """

    @optional
    def complete(self, recorder: Any, sample: int, landscape: Any, position: Any) -> None:
        """Complete the record of a sample whose run is over; ``position`` is room for any use."""

    def variables(
        self, recorder: Any, landscape: Any, schedule: "Schedule"
    ) -> "dict[str, xr.Variable]":
        """The arrays as variables of the result file, by name."""
