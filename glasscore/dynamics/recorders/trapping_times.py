"""Histogram of trapping times: how long each visit to a configuration lasts.

Every visit that begins before the end of the run counts with its whole length, also the last one,
whose end lies beyond. By Wald's identity the counts are then unbiased: stopping at a given time
does not favour short visits.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import record
from glasscore.schedule import Schedule
from glasscore.store import quantity

LEAST_POWER = -8
POWERS_BEYOND_END = 10
# A double's exponent and its first mantissa bit split every octave into [1, 1.5) and [1.5, 2).
BIN_SHIFT = np.int64(51)
BINS_PER_OCTAVE = 2
EXPONENT_OF_ONE = 1023


class TrappingTimeRecorder(NamedTuple):
    """Counts, shape (sample, bin); the first and the last bin are open."""

    counts: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> TrappingTimeRecorder:
    """An empty record."""
    return TrappingTimeRecorder(np.zeros((samples, edges(schedule.end).size - 1), np.int64))


def edges(end: float) -> np.ndarray:
    """Bin edges: zero, 2^k and 1.5 * 2^k, infinity."""
    powers = 2.0 ** np.arange(LEAST_POWER, int(np.ceil(np.log2(end))) + POWERS_BEYOND_END)
    return np.concatenate([[0.0], np.outer(powers, [1.0, 1.5]).ravel(), [np.inf]])


@record.register
def _(recorder: TrappingTimeRecorder, sample, arrival, departure, state, energy):
    half_octave = np.float64(departure - arrival).view(np.int64) >> BIN_SHIFT
    lowest = BINS_PER_OCTAVE * (EXPONENT_OF_ONE + LEAST_POWER)
    last = recorder.counts.shape[1] - 1
    recorder.counts[sample, min(max(half_octave - lowest + 1, 0), last)] += 1


def variables(
    recorder: TrappingTimeRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """``trapping_time_count(sample, trapping_time)`` with the edges of its bins."""
    edge = edges(schedule.end)
    return {
        "trapping_time_lower": quantity(
            "trapping_time", edge[:-1], "lower edge of a bin of trapping times", r"\tau", "attempts"
        ),
        "trapping_time_upper": quantity(
            "trapping_time", edge[1:], "upper edge of a bin of trapping times", r"\tau", "attempts"
        ),
        "trapping_time_count": quantity(
            ("sample", "trapping_time"), recorder.counts, "visits of this length", "n"
        ),
    }
