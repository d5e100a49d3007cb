"""Temperature of the noise and field in the course of time: constant except for smooth ramps.

A field may act from the first moment on. A later change of the field takes a time that grows with
the age of the system, since a grid whose rows are uniform in ln t does not resolve faster changes.
"""

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.models.ramps import Course

# Least ratio t_2 / t_1 of a ramp: faster ramps need columns and steps finer than the solver takes.
SHORTEST_RAMP = 1.6


class Protocol(Course):
    """T(t) and h(t) of a solution, whose changes are ramps that are smooth in ln t."""

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
