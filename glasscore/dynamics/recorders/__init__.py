"""Recorders: what is written down while a trajectory is made.

A new file is a new word for ``recorders:`` in the config. Its named tuple of arrays registers those
verbs of recorders of ``glasscore.dynamics.interface`` that it has a use for: ``visited``, or
``next_observation`` and ``observe``. One that must see every visit registers
``wants_every_visit``, and returns True: else the clock ``superbasin`` leaps over returns untold.
"""

from typing import TYPE_CHECKING, Any, Protocol

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

    def create(self, landscape: Any, schedule: "Schedule", samples: int, **needs: Any) -> Any:
        """An empty record, a named tuple of arrays.

        Arrays with one row a sample are told from others by ``create`` for one and for two samples,
        and are kept in restart files; those of a longer run begin with those of a shorter one.
        """

    def variables(
        self, recorder: Any, landscape: Any, schedule: "Schedule"
    ) -> "dict[str, xr.Variable]":
        """The arrays as variables of the result file, by name."""
