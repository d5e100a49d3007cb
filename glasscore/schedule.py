"""When a trajectory is looked at: logarithmic times, waiting times and windows."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

# Recorded in every run, so that another choice among them needs no new dynamics.
STANDARD_WINDOWS = (
    *(float(f"{digit}e{power}") for power in range(-2, 2) for digit in (1, 2, 5)),
    100.0,
)


class Schedule(NamedTuple):
    """Observation times, all in units of one attempted move.

    Attributes
    ----------
    times
        Where one-time averages are taken.
    waiting_times, windows
        Where pairs of times t_w and t_w (1 + omega) are compared.
    end
        The length of the run.
    """

    times: np.ndarray
    waiting_times: np.ndarray
    windows: np.ndarray
    end: float

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
    recorded = np.array(sorted({*STANDARD_WINDOWS, *windows}))
    waiting_times = logarithmic_times(end, waiting_times_per_decade)
    observable = later_times(waiting_times, recorded[:1])[:, 0] <= end
    return Schedule(
        logarithmic_times(end, times_per_decade), waiting_times[observable], recorded, float(end)
    )


def logarithmic_times(end: float, per_decade: int) -> np.ndarray:
    """Times 10^(k / per_decade) from 1 to ``end``, to 12 digits."""
    # The margin keeps an end that is itself such a power.
    count = int(np.floor(np.log10(end) * per_decade + 1e-9)) + 1
    return np.minimum(_to_12_digits([10.0 ** (k / per_decade) for k in range(count)]), end)


def later_times(waiting_times: np.ndarray, windows: np.ndarray) -> np.ndarray:
    """t_w (1 + omega) to 12 digits, shape (waiting_time, window)."""
    later = np.asarray(waiting_times)[:, None] * (1.0 + np.asarray(windows))
    return _to_12_digits(later.ravel()).reshape(later.shape)


def _to_12_digits(times: Iterable[float]) -> np.ndarray:
    # Powers differ in the last bit from machine to machine, decimal numbers do not.
    return np.array([float(f"{time:.12g}") for time in times])
