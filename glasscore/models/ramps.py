r"""Changes of temperature and field in the course of time: at once, smooth, or at constant speed.

Between its begin t_1 and its end t_2, a change has done the share S(x) of its way. If it is
``smooth``, x = ln(t / t_1) / ln(t_2 / t_1) and S(x) = x^5 (126 - 420 x + 540 x^2 - 315 x^3
+ 70 x^4), the step from 0 to 1 whose first four derivatives vanish at both ends, so that methods of
fourth order keep their order across the change. If it is ``linear``, x = (t - t_1) / (t_2 - t_1)
and S(x) = x: a system is cooled at a constant rate. A change without duration is complete at its
begin.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

SMOOTH, LINEAR = "smooth", "linear"
SMOOTH_STEP = np.polynomial.Polynomial([0, 0, 0, 0, 0, 126, -420, 540, -315, 70])


class Ramp(NamedTuple):
    """A change of the temperature, of the field, or of both.

    Attributes
    ----------
    begin, end
        Times between which the change happens; if they are the same, it happens at once.
    T, field
        Temperature and field from ``end`` on; None leaves them as they were.
    course
        ``smooth`` or ``linear``.
    """

    begin: float
    end: float
    T: float | None = None
    field: float | None = None
    course: str = SMOOTH

    def share(self, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The share S of the change that is done at times above 0, of their shape."""
        times = np.asarray(time, float)
        if self.end == self.begin:
            return np.where(times < self.begin, 0.0, 1.0)
        if self.course == LINEAR:
            return np.clip((times - self.begin) / (self.end - self.begin), 0.0, 1.0)
        late = np.log(np.maximum(times, self.begin) / self.begin)
        return SMOOTH_STEP(np.minimum(late / np.log(self.end / self.begin), 1.0))


def ramp_of(given: Mapping[str, Any]) -> Ramp:
    """A change as a study gives it; without ``end`` it happens at once.

    Parameters
    ----------
    given
        The mapping of the config, of which keys that are not fields of a ramp are left out.
    """
    known = {key: given[key] for key in Ramp._fields if key in given}
    times = {key: float(value) for key, value in known.items() if key != "course"}
    return Ramp(**{"end": times["begin"], **known, **times})


def in_course_of_time(
    first: float, changes: Iterable[tuple[Ramp, float | None]], time: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """The value of a temperature or a field at times above 0, of their shape.

    Parameters
    ----------
    first
        The value before all changes.
    changes
        Ramps in the order of time, each with the value that it leads to; None changes nothing.
    time
        Times above 0.
    """
    times = np.asarray(time, float)
    value = np.full(times.shape, first)
    for ramp, target in changes:
        if target is not None:
            value += (target - value) * ramp.share(times)
    return value


class Course(NamedTuple):
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

    def temperature_at(self, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """T at times above 0, of their shape."""
        return in_course_of_time(self.T, [(ramp, ramp.T) for ramp in self.ramps], time)

    def field_at(self, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """The field h at times above 0, of their shape."""
        return in_course_of_time(self.field, [(ramp, ramp.field) for ramp in self.ramps], time)

    def stages(self) -> list[tuple[float, float]]:
        """Temperature and field at first and after each change."""
        found = [(self.T, self.field)]
        for ramp in self.ramps:
            T, field = found[-1]
            found.append((T if ramp.T is None else ramp.T,
                          field if ramp.field is None else ramp.field))  # fmt: skip
        return found

    def hottest(self) -> float:
        """The highest temperature; during a change T lies between its values at the ends."""
        return max(T for T, _ in self.stages())

    def strongest_field(self) -> float:
        """The field of largest size at any time."""
        return max((field for _, field in self.stages()), key=abs)

    def has_field(self) -> bool:
        """Whether there is a field at any time."""
        return self.strongest_field() != 0

    def changes_field(self) -> bool:
        """Whether a change concerns the field."""
        return any(ramp.field is not None for ramp in self.ramps)
