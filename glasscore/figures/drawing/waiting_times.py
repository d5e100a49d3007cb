"""Which waiting times figures of spins show, in sweeps of N attempted moves."""

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import temperature_and_size

MOST_WAITING_TIMES = 5
# Recorded waiting times lie on a grid, so that the last one may lie this far, in decades, before a
# power of ten.
ROUNDING = 0.13


def waiting_times_in_sweeps(points: list[xr.Dataset]) -> list[float]:
    """A few waiting times in sweeps, from one sweep to the last whose windows all runs have.

    They are powers of ten if there are such within all runs, and the last ones of them.
    """
    ends = [_complete(point)[-1] / temperature_and_size(point)[1] for point in points]
    # A waiting time that is nearest to a power of ten may be a little earlier.
    last = float(np.floor(np.log10(min(ends)) + ROUNDING))
    if last < 0:
        return [float(min(ends))]
    return [10.0**power for power in np.arange(last + 1)[-MOST_WAITING_TIMES:]]


def nearest_waiting_time(point: xr.Dataset, sweeps: float) -> float:
    """The recorded waiting time, in attempts, that is nearest to a number of sweeps."""
    N, times = temperature_and_size(point)[1], _complete(point)
    return float(times[np.argmin(np.abs(np.log(times / (sweeps * N))))])


def _complete(point: xr.Dataset) -> np.ndarray:
    """The waiting times after which most windows end within the run, all of them if possible."""
    fitting = point.overlap.notnull().sum("window").values
    return point.waiting_time.values[fitting == fitting.max()]


def label_of_waiting_time(sweeps: float) -> str:
    """The entry of a legend for a waiting time."""
    power = np.log10(sweeps)
    number = f"10^{{{power:.0f}}}" if power == np.round(power) and power > 1 else f"{sweeps:.2g}"
    return f"$t_w={number}$ sweep{'s' if sweeps != 1 else ''}"


def on_waiting_times(points: list[xr.Dataset], sweeps: list[float]) -> str:
    """A sentence on the recorded times that are shown, which lie on a grid of attempts."""
    said = []
    for point in points:
        N = temperature_and_size(point)[1]
        times = [nearest_waiting_time(point, one) / N for one in sweeps]
        numbers = [f"{one:.3g}" if one < 1e3 else f"{one:.0f}" for one in times]
        said.append(f"{listed_in_words(numbers, 'and')} sweeps at $N={N:g}$")
    several = len(points) * len(sweeps) > 1
    return f"The waiting time{'s are' if several else ' is'} {'; '.join(said)}."
