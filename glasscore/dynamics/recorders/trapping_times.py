"""Histograms of trapping times: how long the trajectory remains in single configurations.

A *visit* ends with the first jump. A *stay* (``glasscore.dynamics.stays``) goes on while every
excursion leads straight back. If the trajectory keeps leaving a deep configuration for a neighbour
and returning at once, its visits are short and many, and only its stay measures the trapping time.

Every visit that begins before the end of the run counts with its whole length, also the last one,
which ends after the end of the run. By Wald's identity the counts are then unbiased: stopping at a
given time does not favour short visits. Stays that are not over at the end of the run do not count.

A clock that leaps over visits knows their mean number. This number is distributed over the bins by
the probability of each bin, so that counts need not be whole numbers, but have the right mean.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import record_return, record_skipped_visits, record_visit
from glasscore.dynamics.stays import (
    add_visit,
    empty_stays,
    return_to_anchor,
    stay_duration,
    visit_ends_stay,
)
from glasscore.files.store import quantity
from glasscore.kernels.arithmetic import exponential
from glasscore.kernels.compilation import inlined_kernel
from glasscore.kernels.hashing import name_of
from glasscore.models.schedule import Schedule

LEAST_POWER = -8
# The last edge lies beyond the longest run, 1e15 = 2^50 attempts.
LARGEST_POWER = 60
# A double's exponent and its first mantissa bit split every octave into [1, 1.5) and [1.5, 2).
BIN_SHIFT = np.int64(51)
BINS_PER_OCTAVE = 2
EXPONENT_OF_ONE = 1023

USES = ()
AT_CONSTANT_RATES = True


class TrappingTimeRecorder(NamedTuple):
    """Edges of the bins, counts of visits and stays (sample, bin), and the present stays."""

    edges: np.ndarray
    visits: np.ndarray
    stays: np.ndarray
    going_on: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int) -> TrappingTimeRecorder:
    """An empty record."""
    edge = edges()
    shape = (samples, edge.size - 1)
    return TrappingTimeRecorder(edge, np.zeros(shape), np.zeros(shape), empty_stays(samples))


def edges() -> np.ndarray:
    """Bin edges: zero, 2^k and 1.5 * 2^k, infinity; the first and the last bin are open."""
    powers = 2.0 ** np.arange(LEAST_POWER, LARGEST_POWER)
    return np.concatenate([[0.0], np.outer(powers, [1.0, 1.5]).ravel(), [np.inf]])


def coordinates_of_bins() -> dict[str, xr.Variable]:
    """The edges of the bins, as variables of the result file."""
    return {
        f"trapping_time_{side}": quantity(
            "trapping_time", edge, f"{side} edge of a bin of trapping times", r"\tau", "attempts"
        )
        for side, edge in (("lower", edges()[:-1]), ("upper", edges()[1:]))
    }


@inlined_kernel
def bin_of(length, bins):
    """Index of the bin of a trapping time; ``bins`` is the number of all bins."""
    half_octave = np.float64(length).view(np.int64) >> BIN_SHIFT
    lowest = BINS_PER_OCTAVE * (EXPONENT_OF_ONE + LEAST_POWER)
    return min(max(half_octave - lowest + 1, 0), bins - 1)


@record_visit.register
def _(recorder: TrappingTimeRecorder, sample, arrival, departure, position):
    bins = recorder.visits.shape[1]
    recorder.visits[sample, bin_of(departure - arrival, bins)] += 1.0
    state = name_of(position.words)
    stay = recorder.going_on[sample]
    # The histogram is updated at every visit, by 0 or 1: looking up an array inside a branch would
    # cost the counting of its references.
    stays = recorder.stays
    ended = 1.0 if visit_ends_stay(stay, state) else 0.0
    stays[sample, bin_of(stay_duration(stay), bins)] += ended
    add_visit(stay, arrival, departure, state, position.energy[0])


@record_skipped_visits.register
def _(recorder: TrappingTimeRecorder, sample, exit_rate, visits):
    longer = 1.0
    for bin in range(recorder.visits.shape[1] - 1):
        longer_than_upper = exponential(-exit_rate * recorder.edges[bin + 1])
        recorder.visits[sample, bin] += visits * (longer - longer_than_upper)
        longer = longer_than_upper
    recorder.visits[sample, recorder.visits.shape[1] - 1] += visits * longer


@record_return.register
def _(recorder: TrappingTimeRecorder, sample, departure):
    return_to_anchor(recorder.going_on[sample], departure)


def variables(
    recorder: TrappingTimeRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Counts of visits and stays (sample, trapping_time), with the edges of their bins."""
    bins = ("sample", "trapping_time")
    return {
        **coordinates_of_bins(),
        "trapping_time_count": quantity(bins, recorder.visits, "visits of this length", "n"),
        "stay_count": quantity(
            bins, recorder.stays, "stays of this length, immediate returns merged", "n"
        ),
    }
