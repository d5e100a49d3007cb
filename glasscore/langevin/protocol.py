"""Temperature and field in the course of a run: constant, except for changes at given times.

A change at once happens between two time steps: the step that begins at that time is the first one
with the new temperature and the new field. Steps use the values in their middle, so that it never
matters to which side of a change its time belongs. What is measured at the time of a change at once
is measured after the change of the field.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.langevin.schedule import whole
from glasscore.models.ramps import Ramp, in_course_of_time, ramp_of

Array = npt.NDArray[np.float64]


class Protocol(NamedTuple):
    """T(t) and h(t): first values, and changes in the order of time.

    Attributes
    ----------
    T, field
        Temperature of the noise and strength of the field at first.
    ramps
        Later changes.
    """

    T: float
    field: float = 0.0
    ramps: tuple[Ramp, ...] = ()

    def temperature_at(self, time: npt.ArrayLike) -> Array:
        """T at times, of their shape."""
        return in_course_of_time(self.T, [(ramp, ramp.T) for ramp in self.ramps], time)

    def field_at(self, time: npt.ArrayLike) -> Array:
        """The field h at times, of their shape."""
        return in_course_of_time(self.field, [(ramp, ramp.field) for ramp in self.ramps], time)

    def hottest(self) -> float:
        """The highest temperature of the run; between its values at changes T is monotonic."""
        return max([self.T, *(ramp.T for ramp in self.ramps if ramp.T is not None)])

    def strongest_field(self) -> float:
        """The field of largest size at any time."""
        later = (ramp.field for ramp in self.ramps if ramp.field is not None)
        return max([self.field, *later], key=abs)

    def changes_field(self) -> bool:
        """Whether a change concerns the field."""
        return any(ramp.field is not None for ramp in self.ramps)

    def has_field(self) -> bool:
        """Whether there is a field at any time."""
        return self.strongest_field() != 0


def protocol_of(parameters: Mapping[str, Any]) -> Protocol:
    """The protocol of a job.

    Parameters
    ----------
    parameters
        ``T``, ``model``, of which ``field`` may be left out, ``time_step``, and ``ramps``, which
        may be left out too.
    """
    unit = 2 * float(parameters["time_step"])
    ramps = []
    for ramp in map(ramp_of, parameters.get("ramps", ())):
        if ramp.begin == ramp.end:
            # The time of a change at once is, to the last digit, one of those of measurements.
            exact = whole(ramp.begin, unit / 2) * unit
            ramp = ramp._replace(begin=exact, end=exact)
        ramps.append(ramp)
    field = float(parameters["model"].get("field", 0.0))
    return Protocol(float(parameters["T"]), field, tuple(ramps))
