"""When a trajectory is observed, and where it can be interrupted and continued."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

# These windows are recorded in every run, so that another choice among them needs no new dynamics.
STANDARD_WINDOWS = (
    *(float(f"{digit}e{power}") for power in range(-2, 2) for digit in (1, 2, 5)),
    100.0,
)
# Earlier times take seconds on hashed landscapes, so that simulating them again is cheaper than
# writing restart files.
FIRST_STOP = 1e7
STOPS_PER_DECADE = 10
MANY_VISITS = 1e6
LONGEST_RUN = 1e15


class Schedule(NamedTuple):
    """Observation times, all in units of one attempted move.

    A longer run, all else equal, has the same times up to the end of the shorter one.

    Attributes
    ----------
    times
        Times at which averages at one time are taken.
    waiting_times, windows
        The waiting times t_w and windows omega: configurations at t_w and t_w (1 + omega) are
        compared.
    pair_times
        All times of these pairs in ascending order, and those t_w whose partners only a longer run
        reaches.
    end
        The length of the run.
    times_per_decade
        The number of ``times`` per decade, from which times beyond the end follow.
    starts
        All waiting times within the run: ``waiting_times``, and those whose partners only a longer
        run reaches.
    """

    times: np.ndarray
    waiting_times: np.ndarray
    windows: np.ndarray
    pair_times: np.ndarray
    end: float
    times_per_decade: int
    starts: np.ndarray

    def later(self) -> np.ndarray:
        """t_w (1 + omega), shape (waiting_time, window); infinity where it lies beyond the end."""
        later = later_times(self.waiting_times, self.windows)
        return np.where(later <= self.end, later, np.inf)


def extra_windows(windows: Iterable[float]) -> list[float]:
    """The windows that a run must record in addition to the standard ones."""
    return sorted(set(windows) - set(STANDARD_WINDOWS))


def schedule(
    end: float,
    times_per_decade: int,
    waiting_times_per_decade: int,
    windows: Iterable[float],
    changes: Iterable[float] = (),
) -> Schedule:
    """A logarithmic schedule from time 1 to ``end``; ``windows`` are added to the standard ones.

    Times of one-time averages are also evenly spaced on a logarithmic axis of the time since each
    of the ``changes``, from that time on and from 1 attempt later.
    """
    end = float(to_12_digits([end])[0])
    recorded = np.array(sorted({*STANDARD_WINDOWS, *windows}))
    waiting_times = logarithmic_times(end, waiting_times_per_decade)
    later = later_times(waiting_times, recorded)
    observable = later[:, 0] <= end
    times = logarithmic_times(end, times_per_decade)
    for change in changes:
        since = np.concatenate([[0.0], logarithmic_times(end, times_per_decade)])
        times = np.union1d(times, to_12_digits(change + since))
    return Schedule(
        times[times <= end],
        waiting_times[observable],
        recorded,
        np.unique(np.concatenate([waiting_times, later[later <= end]])),
        end,
        times_per_decade,
        waiting_times,
    )


def logarithmic_times(end: float, per_decade: int) -> np.ndarray:
    """The times 10^(k / per_decade) from 1 to ``end``, rounded to 12 digits."""
    count = int(np.floor(np.log10(end) * per_decade)) + 2
    times = to_12_digits([10.0 ** (k / per_decade) for k in range(count)])
    return times[times <= to_12_digits([end])]


def later_times(waiting_times: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """t_w (1 + omega), rounded to 12 digits, shape (waiting_time, window)."""
    later = np.asarray(waiting_times)[:, None] * (1.0 + np.asarray(windows))
    return to_12_digits(later.ravel()).reshape(later.shape)


def after_lags(waiting_times: np.ndarray, lags: Iterable[float]) -> np.ndarray:
    """t_w + lag, rounded to 12 digits, shape (waiting_time, lag)."""
    later = np.add.outer(np.asarray(waiting_times), np.asarray(lags, float))
    return to_12_digits(later.ravel()).reshape(later.shape)


def to_12_digits(times: Iterable[float]) -> np.ndarray:
    """Times rounded to 12 digits."""
    # The last bit of a power may depend on the machine; that of a short decimal number does not.
    return np.array([float(f"{time:.12g}") for time in times])


_ALL_STOPS = logarithmic_times(LONGEST_RUN, STOPS_PER_DECADE)
_STOPS = _ALL_STOPS[_ALL_STOPS >= FIRST_STOP].tolist()


def next_stop(time: float, visits: float) -> float:
    """The next time after ``time`` at which another run could continue this trajectory.

    Stops are at the powers of ten from ``FIRST_STOP`` on, and after ``MANY_VISITS`` visits at every
    tenth of a decade. So an interrupted sample of many visits loses about a fifth of its work, and
    a sample of few visits spends no time on stops.

    Stops depend on the trajectory alone, neither on the length of the run nor on its speed. This
    matters because a clock may forget its memory at a stop, and then draws other random numbers.

    Parameters
    ----------
    time
        Departure time of the current visit.
    visits
        Number of visits so far.
    """
    index = bisect_right(_STOPS, time)
    if visits < MANY_VISITS:
        index += -index % STOPS_PER_DECADE
    return _STOPS[index] if index < len(_STOPS) else np.inf
