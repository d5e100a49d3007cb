r"""Temperature of the noise in the course of time: constant but for smooth ramps.

Between the times t_1 and t_2 of a ramp the temperature changes by S(x), x = ln(t / t_1) /
ln(t_2 / t_1), S(x) = x^5 (126 - 420 x + 540 x^2 - 315 x^3 + 70 x^4): the step from 0 to 1 whose
first four derivatives vanish at both ends, so that methods of fourth order follow it.
"""

from typing import NamedTuple

import numpy as np

from glasscore.errors import CampaignError

SMOOTH_STEP = np.polynomial.Polynomial([0, 0, 0, 0, 0, 126, -420, 540, -315, 70])
# Faster ones need columns and steps finer than the solver takes.
SHORTEST_RAMP = 1.6


class Ramp(NamedTuple):
    """A smooth change of temperature.

    Attributes
    ----------
    begin, end
        Times between which it happens.
    T
        The temperature from ``end`` on.
    """

    begin: float
    end: float
    T: float


class Temperature(NamedTuple):
    """T(t): a first value, and ramps in the order of time."""

    first: float
    ramps: tuple[Ramp, ...] = ()

    def at(self, time: float) -> float:
        """The temperature at a time."""
        T = self.first
        for ramp in self.ramps:
            if time <= ramp.begin:
                break
            share = min(1.0, np.log(time / ramp.begin) / np.log(ramp.end / ramp.begin))
            T += (ramp.T - T) * float(SMOOTH_STEP(share))
        return T

    def narrowest(self) -> float:
        """Width in ln t of the fastest ramp."""
        return float(min(np.log(ramp.end / ramp.begin) for ramp in self.ramps))

    def check(self, earliest: float) -> None:
        """Refuse ramps without a meaning.

        Parameters
        ----------
        earliest
            The first time from which on the temperature may change.

        Raises
        ------
        CampaignError
            If a ramp begins too early or before the one before has ended, is too fast, or ends at
            no temperature.
        """
        free = earliest
        for begin, end, T in self.ramps:
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
            if not 0 <= T < np.inf:
                raise CampaignError(f"ramps has T = {T:g}, which must be a temperature >= 0.")
            free = end
