"""Temperature of the noise and field in the course of time: constant except for smooth ramps.

A field may act from the first moment on. A later change of the field takes a time that grows with
the age of the system, since a grid whose rows are uniform in ln t does not resolve faster changes.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.common.errors import CampaignError
from glasscore.models.covariance import Values
from glasscore.models.ramps import Ramp, in_course_of_time

# Least ratio t_2 / t_1 of a ramp: faster ramps need columns and steps finer than the solver takes.
SHORTEST_RAMP = 1.6


class Protocol(NamedTuple):
    """T(t) and h(t): first values, and ramps in the order of time.

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

    def temperature_at(self, time: float) -> float:
        """T at a time."""
        return float(in_course_of_time(self.T, [(ramp, ramp.T) for ramp in self.ramps], time))

    def field_at(self, time: npt.ArrayLike) -> Values:
        """The field h at positive times, of their shape."""
        return in_course_of_time(self.field, [(ramp, ramp.field) for ramp in self.ramps], time)

    def has_field(self) -> bool:
        """Whether there is a field at any time."""
        return self.strongest_field() != 0

    def strongest_field(self) -> float:
        """The field of largest size at any time."""
        return max((field for _, field in self.stages()), key=abs)

    def stages(self) -> list[tuple[float, float]]:
        """Temperature and field at first and after each ramp."""
        found = [(self.T, self.field)]
        for ramp in self.ramps:
            T, field = found[-1]
            found.append((T if ramp.T is None else ramp.T,
                          field if ramp.field is None else ramp.field))  # fmt: skip
        return found

    def narrowest(self) -> float:
        """Width in ln t of the fastest ramp."""
        return float(min(np.log(ramp.end / ramp.begin) for ramp in self.ramps))

    def check(self, earliest: float) -> None:
        """Refuse a protocol that has no meaning.

        Parameters
        ----------
        earliest
            The first time from which on temperature and field may change.

        Raises
        ------
        CampaignError
            If the field is not finite, or if a ramp begins too early or before the end of the
            previous one, is too fast, changes nothing, or ends at a negative or infinite
            temperature or an infinite field.
        """
        if not abs(self.field) < np.inf:
            raise CampaignError(f"field = {self.field:g} is no field: give a finite number.")
        free = earliest
        for begin, end, T, field, _ in self.ramps:
            if not free <= begin < np.inf:
                raise CampaignError(
                    f"ramps has begin = {begin:g}, which must be a time of at least {free:.3g}, "
                    "the end of what came before."
                )
            if not SHORTEST_RAMP * begin <= end < np.inf:
                raise CampaignError(
                    f"ramps has end = {end:g} after begin = {begin:g}, which must be at least "
                    f"{SHORTEST_RAMP:g} times later."
                )
            if T is None and field is None:
                raise CampaignError(f"ramps has begin = {begin:g} but neither T nor field.")
            if T is not None and not 0 <= T < np.inf:
                raise CampaignError(f"ramps has T = {T:g}, which must be a temperature >= 0.")
            if field is not None and not abs(field) < np.inf:
                raise CampaignError(f"ramps has field = {field:g}, which must be a finite number.")
            free = end
