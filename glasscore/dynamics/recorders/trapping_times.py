"""Histograms of trapping times: how long the trajectory remains in single configurations.

A *visit* ends with the first jump. A *stay* goes on while every excursion leads straight back: in
the sequence A B A B A C the trajectory stays in A from its first visit to its last. Where a deep
configuration is left for a neighbour that leads back at once, visits are short and many, and only
stays are traps.

Every visit that begins before the end of the run counts with its whole length, also the last one,
whose end lies beyond. By Wald's identity the counts are then unbiased: stopping at a given time
does not favour short visits. Stays that are not over at the end of the run are not counted.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.compilation import inlined_kernel
from glasscore.dynamics.interface import record
from glasscore.schedule import Schedule
from glasscore.store import quantity

LEAST_POWER = -8
POWERS_BEYOND_END = 10
# A double's exponent and its first mantissa bit split every octave into [1, 1.5) and [1.5, 2).
BIN_SHIFT = np.int64(51)
BINS_PER_OCTAVE = 2
EXPONENT_OF_ONE = 1023
NOWHERE, AT_THE_ANCHOR, ON_AN_EXCURSION = 0, 1, 2


class TrappingTimeRecorder(NamedTuple):
    """Counts of visits and stays, shape (sample, bin), and the stay that is going on.

    A stay has an anchor, the configuration that it returns to. ``place`` says whether the
    trajectory is there or one jump away; ``anchor`` and ``excursion`` are the two configurations;
    ``times`` are the begin and the end of the visits to them: anchor's first arrival and last
    departure, excursion's arrival and departure. All have one row a sample.
    """

    visits: np.ndarray
    stays: np.ndarray
    place: np.ndarray
    anchor: np.ndarray
    excursion: np.ndarray
    times: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> TrappingTimeRecorder:
    """An empty record."""
    shape = (samples, edges(schedule.end).size - 1)
    return TrappingTimeRecorder(
        np.zeros(shape, np.int64),
        np.zeros(shape, np.int64),
        np.full(samples, NOWHERE),
        np.zeros(samples, np.uint64),
        np.zeros(samples, np.uint64),
        np.zeros((samples, 4)),
    )


def edges(end: float) -> np.ndarray:
    """Bin edges: zero, 2^k and 1.5 * 2^k, infinity; the first and the last bin are open."""
    powers = 2.0 ** np.arange(LEAST_POWER, int(np.ceil(np.log2(end))) + POWERS_BEYOND_END)
    return np.concatenate([[0.0], np.outer(powers, [1.0, 1.5]).ravel(), [np.inf]])


@inlined_kernel
def _bin(length, bins):
    half_octave = np.float64(length).view(np.int64) >> BIN_SHIFT
    lowest = BINS_PER_OCTAVE * (EXPONENT_OF_ONE + LEAST_POWER)
    return min(max(half_octave - lowest + 1, 0), bins - 1)


@record.register
def _(recorder: TrappingTimeRecorder, sample, arrival, departure, state, energy):
    bins = recorder.visits.shape[1]
    recorder.visits[sample, _bin(departure - arrival, bins)] += 1
    times = recorder.times[sample]
    place = recorder.place[sample]
    if place == ON_AN_EXCURSION and state == recorder.anchor[sample]:
        times[1] = departure
        recorder.place[sample] = AT_THE_ANCHOR
    elif place == NOWHERE:
        recorder.anchor[sample] = state
        times[0] = arrival
        times[1] = departure
        recorder.place[sample] = AT_THE_ANCHOR
    else:
        if place == ON_AN_EXCURSION:
            recorder.stays[sample, _bin(times[1] - times[0], bins)] += 1
            recorder.anchor[sample] = recorder.excursion[sample]
            times[0] = times[2]
            times[1] = times[3]
        recorder.excursion[sample] = state
        times[2] = arrival
        times[3] = departure
        recorder.place[sample] = ON_AN_EXCURSION


def variables(
    recorder: TrappingTimeRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Counts of visits and stays (sample, trapping_time), with the edges of their bins."""
    edge = edges(schedule.end)
    bins = ("sample", "trapping_time")
    return {
        "trapping_time_lower": quantity(
            "trapping_time", edge[:-1], "lower edge of a bin of trapping times", r"\tau", "attempts"
        ),
        "trapping_time_upper": quantity(
            "trapping_time", edge[1:], "upper edge of a bin of trapping times", r"\tau", "attempts"
        ),
        "trapping_time_count": quantity(bins, recorder.visits, "visits of this length", "n"),
        "stay_count": quantity(
            bins, recorder.stays, "stays of this length, immediate returns merged", "n"
        ),
    }
