"""When a trajectory is looked at, and where it stops: times, waiting times, windows, stops."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

# Recorded in every run, so that another choice among them needs no new dynamics.
STANDARD_WINDOWS = (
    *(float(f"{digit}e{power}") for power in range(-2, 2) for digit in (1, 2, 5)),
    100.0,
)
# What comes before takes seconds on hashed landscapes: it is sooner done again than kept.
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
        Where one-time averages are taken.
    waiting_times, windows
        Where pairs of times t_w and t_w (1 + omega) are compared.
    pair_times
        All times of these pairs in order, with those t_w that only a longer run can compare.
    end
        The length of the run.
    times_per_decade
        The density of ``times``, for those beyond the end.
    """

    times: np.ndarray
    waiting_times: np.ndarray
    windows: np.ndarray
    pair_times: np.ndarray
    end: float
    times_per_decade: int

    def later(self) -> np.ndarray:
        """t_w (1 + omega), shape (waiting_time, window); infinite where it lies beyond the end."""
        later = later_times(self.waiting_times, self.windows)
        return np.where(later <= self.end, later, np.inf)


def extra_windows(windows: Iterable[float]) -> list[float]:
    """Those windows that a run must record beside the standard ones."""
    return sorted(set(windows) - set(STANDARD_WINDOWS))


def schedule(
    end: float, times_per_decade: int, waiting_times_per_decade: int, windows: Iterable[float]
) -> Schedule:
    """Logarithmic schedule from time 1 to ``end``; ``windows`` come beside the standard ones."""
    end = float(_to_12_digits([end])[0])
    recorded = np.array(sorted({*STANDARD_WINDOWS, *windows}))
    waiting_times = logarithmic_times(end, waiting_times_per_decade)
    later = later_times(waiting_times, recorded)
    observable = later[:, 0] <= end
    return Schedule(
        logarithmic_times(end, times_per_decade),
        waiting_times[observable],
        recorded,
        np.unique(np.concatenate([waiting_times, later[later <= end]])),
        end,
        times_per_decade,
    )


def logarithmic_times(end: float, per_decade: int) -> np.ndarray:
    """Times 10^(k / per_decade) from 1 to ``end``, to 12 digits."""
    count = int(np.floor(np.log10(end) * per_decade)) + 2
    times = _to_12_digits([10.0 ** (k / per_decade) for k in range(count)])
    return times[times <= _to_12_digits([end])]


def later_times(waiting_times: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """t_w (1 + omega) to 12 digits, shape (waiting_time, window)."""
    later = np.asarray(waiting_times)[:, None] * (1.0 + np.asarray(windows))
    return _to_12_digits(later.ravel()).reshape(later.shape)


def _to_12_digits(times: Iterable[float]) -> np.ndarray:
    # Powers differ in the last bit from machine to machine, decimal numbers do not.
    return np.array([float(f"{time:.12g}") for time in times])


_ALL_STOPS = logarithmic_times(LONGEST_RUN, STOPS_PER_DECADE)
_STOPS = _ALL_STOPS[_ALL_STOPS >= FIRST_STOP].tolist()


def next_stop(time: float, visits: float) -> float:
    """Where a trajectory stops next, so that another run can go on from there; after ``time``.

    Stops are powers of ten from ``FIRST_STOP``; after ``MANY_VISITS`` visits, tenths of a decade.
    So a sample of many visits, if it is cut off, loses about a fifth of its work, and one of few
    visits spends no time on stopping.

    They are a function of the trajectory, and depend neither on the length of the run nor on how
    fast it goes: a clock may forget at a stop what it remembers, and draw other random numbers
    from there on.

    Parameters
    ----------
    time
        Departure of the visit going on.
    visits
        Visits so far.
    """
    index = bisect_right(_STOPS, time)
    if visits < MANY_VISITS:
        index += -index % STOPS_PER_DECADE
    return _STOPS[index] if index < len(_STOPS) else np.inf
