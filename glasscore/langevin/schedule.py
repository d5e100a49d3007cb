"""The times of measurements, which are all whole multiples of two time steps.

So a run with steps of twice the length can be measured at the same times.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Steps = NDArray[np.int64]
PER_DECADE = 24
ROUNDING = 1e-9


class Schedule(NamedTuple):
    """Times of measurements, all in units of two time steps.

    Attributes
    ----------
    times
        When averages at one time are taken, ascending from 0 to the end of the run. They include
        the times of changes.
    waiting_times
        The waiting times t_w, ascending.
    lags
        The time differences t - t_w, ascending from 0 to what the first waiting time leaves of the
        run.
    """

    times: Steps
    waiting_times: Steps
    lags: Steps

    def measurement_times(self) -> list[int]:
        """All times at which something is measured, ascending."""
        later = np.add.outer(self.waiting_times, self.lags).ravel()
        return np.unique(np.concatenate([self.times, later[later <= self.times[-1]]])).tolist()


def schedule(
    t_max: float, step: float, waiting_times: list[float], changes: Sequence[float] = ()
) -> Schedule:
    """A schedule whose times and lags are evenly spaced on a logarithmic axis.

    Parameters
    ----------
    t_max
        The length of the run.
    step
        The time step.
    waiting_times
        The waiting times t_w, ascending, as whole multiples of two steps.
    changes
        Times, ascending, at which the temperature or the field begins or ceases to change. From
        each of them to the next one, the times since it are evenly spaced on a logarithmic axis
        too.
    """
    end = whole(t_max, step)
    waiting = np.array([whole(time, step) for time in waiting_times], np.int64)
    times, origins = _logarithmic(end), [whole(time, step) for time in changes]
    for begin, last in pairwise([*(one for one in origins if one < end), end]):
        if last > begin:
            times = np.union1d(times, begin + _logarithmic(last - begin))
    return Schedule(times, waiting, _logarithmic(end - int(waiting[0])))


def whole(time: float, step: float) -> int:
    """A time in units of two time steps, as a whole number."""
    return round(time / (2 * step))


def is_whole(time: float, step: float) -> bool:
    """Whether a time is a whole multiple of two time steps, up to rounding."""
    units = time / (2 * step)
    return abs(units - round(units)) <= ROUNDING * max(1.0, units)


def _logarithmic(end: int) -> Steps:
    count = int(PER_DECADE * np.log10(end)) + 1
    steps = np.round(10.0 ** (np.arange(count) / PER_DECADE)).astype(np.int64)
    return np.unique(np.concatenate([[0], steps[steps < end], [end]]))
