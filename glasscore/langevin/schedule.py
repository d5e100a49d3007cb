"""When trajectories are looked at: all times are whole multiples of two steps.

So a run of twice the step can be looked at when a run of the step is.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
PER_DECADE = 24
ROUNDING = 1e-9


class Schedule(NamedTuple):
    """Times in units of two steps.

    Attributes
    ----------
    times
        For averages at one time, ascending from 0 to the end.
    waiting_times
        t_w, ascending.
    lags
        t - t_w, ascending from 0, as far as the first waiting time allows.
    """

    times: Steps
    waiting_times: Steps
    lags: Steps

    def looks(self) -> list[int]:
        """All times at which something is measured, in order."""
        later = np.add.outer(self.waiting_times, self.lags).ravel()
        return np.unique(np.concatenate([self.times, later[later <= self.times[-1]]])).tolist()


def schedule(t_max: float, step: float, waiting_times: list[float]) -> Schedule:
    """Times even on a logarithmic axis up to ``t_max``, and lags behind each waiting time."""
    end = whole(t_max, step)
    waiting = np.array([whole(time, step) for time in waiting_times], np.int64)
    return Schedule(_logarithmic(end), waiting, _logarithmic(end - int(waiting[0])))


def whole(time: float, step: float) -> int:
    """A time in units of two steps."""
    return round(time / (2 * step))


def is_whole(time: float, step: float) -> bool:
    """Whether a time is a whole multiple of two steps, but for rounding."""
    units = time / (2 * step)
    return abs(units - round(units)) <= ROUNDING * max(1.0, units)


def _logarithmic(end: int) -> Steps:
    count = int(PER_DECADE * np.log10(end)) + 1
    steps = np.round(10.0 ** (np.arange(count) / PER_DECADE)).astype(np.int64)
    return np.unique(np.concatenate([[0], steps[steps < end], [end]]))
