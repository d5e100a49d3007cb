"""The record of a sequence of traps: the times of occupation and the depth of each trap.

A trap is a basin or a metabasin. It is occupied from its arrival to its departure and identified by
the lowest configuration that the trajectory visits in it. Each trap enters a histogram of trapping
times, and its number becomes the label of every observation time at which it is occupied; the label
is 0 between traps. The last traps of each sample are kept one by one, for tests of renewal. For the
first samples, the traps that are occupied at any observation time are kept, too, for pictures of
trajectories.

A selection of the last traps depends on their trapping times. For the distribution of trapping
times at a given depth, the first :data:`FIRST` traps of each depth are therefore kept as well: this
selection is settled before a trap is entered, so that it favours neither long nor short trapping
times.

The trap that is occupied at the end of a run is unfinished: its age and its depth so far are kept,
and it enters neither the histogram nor the sequences.

The ridge before a trap is the highest energy on the way from the previous trap; the first trap has
none. Ridges are summed in bins of the time at which the trap behind the ridge was first reached.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.observation_times import (
    NOT_OBSERVED,
    coordinate_of_times,
    coordinates_of_pairs,
    indices_of_pairs,
)
from glasscore.dynamics.recorders.trapping_times import bin_of, coordinates_of_bins, edges
from glasscore.files.store import quantity
from glasscore.kernels.compilation import borrowing_kernel, kernel, records
from glasscore.landscapes.interface import position
from glasscore.models.schedule import Schedule, logarithmic_times

# The number of last traps that are kept one by one.
KEPT = 64
# The number of bins of the depth, the last of which is open, and of traps kept in each bin.
DEPTHS = 128
FIRST = 4
BETWEEN_TRAPS = 0
PAIR = ("sample", "waiting_time", "window")
TRAP = np.dtype(
    [
        ("arrival", np.float64),
        ("departure", np.float64),
        ("lowest", np.uint64),
        ("lowest_energy", np.float64),
        ("ridge_energy", np.float64),
    ]
)
"""One trap: the times of its occupation; its lowest configuration, or the fingerprint of this if it
has several words; the energy of this configuration; the highest energy on the way to the trap."""


class TrapRecord(NamedTuple):
    """The record of the traps of all samples of a job.

    All arrays but ``times`` and ``ridge_times`` have one row per sample. ``times``: the observation
    times; ``next_time``: the index of the first of them without a final label; ``labels`` (sample,
    time): the labels; ``number``: the number of traps so far; ``trapping_times`` (sample, bin):
    their histogram; ``energies``, ``durations``, ``states`` (sample, :data:`KEPT`): the last traps,
    with trap n in column ``(n - 1) % KEPT``; ``first_durations`` (sample, :data:`DEPTHS`,
    :data:`FIRST`): the trapping times of the first traps of each depth below ``threshold``, in bins
    of the width ``depth_width``; ``at_depth`` (sample, :data:`DEPTHS`): the number of these traps;
    ``age``, ``age_energy``: the age and the lowest energy of the trap that is occupied at the end,
    NaN until the record is completed; ``ridge_counts``, ``ridge_sums`` (sample, time): the number
    and the sum of the ridges crossed up to each of ``ridge_times``, but after the time before;
    ``trajectories``: the number of samples whose traps at observation times are kept in ``seen``
    (sample, rank), of which ``seen_number`` are used in each sample.
    """

    threshold: float
    depth_width: float
    times: np.ndarray
    next_time: np.ndarray
    labels: np.ndarray
    number: np.ndarray
    trapping_times: np.ndarray
    energies: np.ndarray
    durations: np.ndarray
    states: np.ndarray
    first_durations: np.ndarray
    at_depth: np.ndarray
    age: np.ndarray
    age_energy: np.ndarray
    ridge_times: np.ndarray
    ridge_counts: np.ndarray
    ridge_sums: np.ndarray
    trajectories: int
    seen: np.ndarray
    seen_number: np.ndarray


def empty_record(
    landscape: Any,
    schedule: Schedule,
    samples: int,
    threshold: float,
    T: float,
    trajectories: int,
) -> TrapRecord:
    """A record without traps; single traps are kept for the first ``trajectories`` samples."""
    # Bins of depths are as wide as T or wider, so that the bins cover depths up to N J.
    depth_width = max(T, getattr(landscape, "N", 0) / DEPTHS) or 1.0
    # The first time beyond the end collects the ridges with which a longer run goes on.
    ridge_times = logarithmic_times(10.0 * schedule.end, schedule.times_per_decade)
    return TrapRecord(
        threshold,
        depth_width,
        schedule.pair_times,
        np.zeros(samples, np.int64),
        np.zeros((samples, schedule.pair_times.size), np.int64),
        np.zeros(samples, np.int64),
        np.zeros((samples, edges().size - 1)),
        np.full((samples, KEPT), np.nan),
        np.full((samples, KEPT), np.nan),
        np.zeros((samples, KEPT), np.uint64),
        np.full((samples, DEPTHS, FIRST), np.nan),
        np.zeros((samples, DEPTHS), np.int64),
        np.full(samples, np.nan),
        np.full(samples, np.nan),
        ridge_times,
        np.zeros((samples, ridge_times.size)),
        np.zeros((samples, ridge_times.size)),
        trajectories,
        # Every block has these arrays, since a longer run may take them over from a block with
        # other samples.
        records((samples, schedule.pair_times.size), TRAP),
        np.zeros(samples, np.int64),
    )


@borrowing_kernel
def write_trap(record, sample, trap):
    """Record a trap that has been left for good."""
    _label_times(record, sample, trap)
    number = record.number[sample]
    duration = trap.departure - trap.arrival
    bins = record.trapping_times.shape[1]
    record.trapping_times[sample, bin_of(duration, bins)] += 1.0
    column = (number - 1) % KEPT
    record.energies[sample, column] = trap.lowest_energy
    record.durations[sample, column] = duration
    record.states[sample, column] = trap.lowest
    depth = (record.threshold - trap.lowest_energy) / record.depth_width
    bin = int(min(depth, DEPTHS - 1.0))
    rank = record.at_depth[sample, bin]
    if rank < FIRST:
        record.first_durations[sample, bin, rank] = duration
        record.at_depth[sample, bin] = rank + 1


@borrowing_kernel
def write_last_trap(record, sample, trap, end):
    """Record one of the traps that are still held at the end of the run, in the order of time.

    No trap may follow the trap that is still occupied at ``end``.
    """
    if trap.departure <= end:
        write_trap(record, sample, trap)
    else:
        _label_times(record, sample, trap)
        # The trap keeps its label, but does not count among the finished traps.
        record.number[sample] -= 1
        record.age[sample] = end - trap.arrival
        record.age_energy[sample] = trap.lowest_energy


@borrowing_kernel
def _label_times(record, sample, trap):
    """Label the observation times within a trap, and note the ridge before it."""
    record.number[sample] += 1
    number = record.number[sample]
    times = record.times
    index = record.next_time[sample]
    is_seen = False
    while index < times.size and times[index] < trap.departure:
        is_inside = times[index] >= trap.arrival
        record.labels[sample, index] = number if is_inside else BETWEEN_TRAPS
        is_seen = is_seen or is_inside
        index += 1
    record.next_time[sample] = index
    if is_seen and sample < record.trajectories:
        _copy_trap(record.seen[sample, record.seen_number[sample]], trap)
        record.seen_number[sample] += 1
    if number > 1:
        reached = np.searchsorted(record.ridge_times, trap.arrival)
        record.ridge_counts[sample, reached] += 1.0
        record.ridge_sums[sample, reached] += trap.ridge_energy


@kernel
def _copy_trap(place, trap):
    place.arrival = trap.arrival
    place.departure = trap.departure
    place.lowest = trap.lowest
    place.lowest_energy = trap.lowest_energy
    place.ridge_energy = trap.ridge_energy


def copy_of(record: TrapRecord) -> TrapRecord:
    """A copy of a record, to be completed while a longer run goes on with the original."""
    copies: dict[str, Any] = {
        name: value.copy() for name, value in record._asdict().items() if np.ndim(value)
    }
    return record._replace(**copies)


def trap_variables(
    record: TrapRecord, landscape: Any, schedule: Schedule, trap: str
) -> dict[str, xr.Variable]:
    """The variables of a completed record, named after the kind of ``trap``.

    Parameters
    ----------
    record
        A record to which :func:`write_last_trap` has added the last traps.
    landscape, schedule
        The landscape and the schedule of the run.
    trap
        ``"basin"`` or ``"metabasin"``.
    """
    at_waiting_time, at_later_time, observed = indices_of_pairs(schedule, record.times)
    labels = record.labels[:, at_waiting_time]
    inside = labels > BETWEEN_TRAPS
    same = inside[:, :, None] & (labels[:, :, None] == record.labels[:, at_later_time])
    sequence = ("sample", trap)
    in_order = _last_in_order(record)
    variables = {
        **coordinates_of_pairs(schedule),
        **coordinates_of_bins(),
        f"in_{trap}": quantity(
            PAIR[:2], inside.astype(np.int8), f"whether in a {trap} at the waiting time", "n"
        ),
        f"same_{trap}": quantity(
            PAIR,
            np.where(observed, same, NOT_OBSERVED).astype(np.int8),
            f"whether in the same {trap} at t_w and t_w (1 + omega); -1: not observed",
            "n",
        ),
        f"{trap}_count": quantity(
            ("sample", "trapping_time"),
            record.trapping_times,
            f"{trap}s of this trapping time",
            "n",
        ),
        f"{trap}_energy": quantity(
            sequence, in_order(record.energies), f"lowest energy met in a {trap}", "E", "J"
        ),
        f"{trap}_duration": quantity(
            sequence, in_order(record.durations), f"trapping time of a {trap}", r"\tau", "attempts"
        ),
        **_at_depths(record, trap),
        **_ridges(record, schedule, trap),
    }
    if position(landscape).words.size == 1:
        variables[f"{trap}_configuration"] = quantity(
            sequence, in_order(record.states), f"lowest configuration met in a {trap}", "s"
        )
    return variables | _trajectories(record, trap)


def _at_depths(record: TrapRecord, trap: str) -> dict[str, xr.Variable]:
    """The first trapping times of each depth, and the age of the unfinished trap."""
    centres = record.depth_width * (np.arange(DEPTHS) + 0.5)
    centres[-1] = np.inf
    return {
        "depth": quantity(
            "depth", centres, "threshold minus lowest energy, bin centre; the last is open",
            "D", "J",
        ),
        f"{trap}_first_duration": quantity(
            ("sample", "depth", "rank"), record.first_durations,
            f"trapping times of the first {trap}s of each depth, in order", r"\tau", "attempts",
        ),
        f"{trap}_age": quantity(
            "sample", record.age, f"age of the {trap} occupied at the end", "a", "attempts"
        ),
        f"{trap}_age_energy": quantity(
            "sample", record.age_energy, f"lowest energy met so far in that {trap}", "E", "J"
        ),
    }  # fmt: skip


def _ridges(record: TrapRecord, schedule: Schedule, trap: str) -> dict[str, xr.Variable]:
    """Numbers and sums of the ridges between each time and the time before."""
    seen = slice(schedule.times.size)
    return {
        **coordinate_of_times(schedule),
        f"{trap}_ridge_count": quantity(
            ("sample", "time"), record.ridge_counts[:, seen],
            f"{trap}s reached since the time before, the first one not counted", "n",
        ),
        f"{trap}_ridge_sum": quantity(
            ("sample", "time"), record.ridge_sums[:, seen],
            f"sum of the highest energies on the way to these {trap}s", "E_R", "J",
        ),
    }  # fmt: skip


def _trajectories(record: TrapRecord, trap: str) -> dict[str, xr.Variable]:
    """The traps of the first samples at observation times; unused places, at the end, are NaN."""
    if not record.trajectories:
        return {}
    seen = record.seen[: record.trajectories]
    blank = np.arange(seen.shape[1]) >= record.seen_number[: len(seen), None]
    return {
        f"trajectory_{trap}_{name}": quantity(
            ("trajectory", f"trajectory_{trap}"),
            np.where(blank, np.nan, seen[field]),
            f"{about} a {trap} that is occupied at one of trajectory_time",
            symbol,
            units,
        )
        for name, field, about, symbol, units in (
            ("arrival", "arrival", "first arrival at", "t_a", "attempts"),
            ("departure", "departure", "last departure from", "t_d", "attempts"),
            ("energy", "lowest_energy", "lowest energy met in", "E", "J"),
        )
    }


def _last_in_order(record: TrapRecord) -> Any:
    """A function that brings the kept traps into the order of time, with unused places last."""
    first = np.where(record.number > KEPT, record.number % KEPT, 0)
    columns = (first[:, None] + np.arange(KEPT)) % KEPT
    return lambda kept: np.take_along_axis(kept, columns, axis=1)
