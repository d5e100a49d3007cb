"""What is written down of a sequence of traps: when each was occupied, how deep it is.

A trap, be it a basin or a metabasin, is occupied from its arrival to its departure and known by
the lowest configuration met there. One after another they are written into histograms of trapping
times, and into the label of every observation time: the number of the trap occupied then, or 0
between traps. The last traps of each sample are kept one by one, for tests of renewal; of the first
samples also those that are occupied at any observation time, for pictures of trajectories.

Which traps are among the last depends on how long they take. For the law of trapping times at a
given depth the first :data:`FIRST` traps of each depth are kept as well: whether a trap is one of
these is settled before it is entered, so that they favour neither long nor short ones.

The trap occupied at the end of a run is not over: its age and its depth so far are kept, and it
enters neither the histogram nor the sequences.

The ridge before a trap is the highest energy on the way from the trap before; the first trap has
none. Ridges are summed by the time at which their trap was first reached.
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

# Traps that are kept one by one.
KEPT = 64
# Depths that are told apart, the last one open, and traps that are kept of each.
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
"""When a trap was occupied, the lowest configuration met in it (many words: fingerprint), and the
highest energy on the way there."""


class TrapRecord(NamedTuple):
    """Arrays with one row a sample, but for the observation times.

    ``next_time``: the first observation time without a final label; ``labels`` (sample, time);
    ``number``: traps so far; ``trapping_times`` (sample, bin): their histogram; ``energies``,
    ``durations``, ``states`` (sample, :data:`KEPT`): of the last traps, trap n in column
    ``(n - 1) % KEPT``; ``first_durations`` (sample, :data:`DEPTHS`, :data:`FIRST`): of the first
    traps of each depth below ``threshold``, in bins of ``depth_width``; ``at_depth`` (sample,
    :data:`DEPTHS`): their number; ``age``, ``age_energy``: of the trap occupied at the end, once
    the record is completed, else NaN; ``ridge_counts``, ``ridge_sums`` (sample, time): of ridges
    that are behind the trajectory at each of ``ridge_times`` but not at the one before;
    ``trajectories``: of how many samples the traps occupied at observation times are kept, in
    ``seen`` (sample, rank), ``seen_number`` in each.
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
    """A record without traps, of which that of the first ``trajectories`` samples is complete."""
    # Bins of depths are as wide as T, or wider, so that N J have bins of their own.
    depth_width = max(T, getattr(landscape, "N", 0) / DEPTHS) or 1.0
    # The first time beyond the end closes what a longer run goes on with.
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
        # In every block: a longer run goes on with one whose jobs had other samples.
        records((samples, schedule.pair_times.size), TRAP),
        np.zeros(samples, np.int64),
    )


@borrowing_kernel
def write_trap(record, sample, trap):
    """Write down a trap that is over."""
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
    """Write down one of the last traps at the end of the run, in the order of time.

    Nothing may follow the trap that is still occupied at the ``end``.
    """
    if trap.departure <= end:
        write_trap(record, sample, trap)
    else:
        _label_times(record, sample, trap)
        # It has had its label, and is not one of the traps that are over.
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
    """A record that can be completed while a longer run goes on with the original."""
    copies: dict[str, Any] = {
        name: value.copy() for name, value in record._asdict().items() if np.ndim(value)
    }
    return record._replace(**copies)


def trap_variables(
    record: TrapRecord, landscape: Any, schedule: Schedule, trap: str
) -> dict[str, xr.Variable]:
    """The variables of a completed record, their names beginning with the kind of ``trap``.

    Parameters
    ----------
    record
        With the traps that :func:`write_last_trap` has added.
    landscape, schedule
        Of the run.
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
    """The first trapping times of each depth, and the trap that is not over."""
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
    """Numbers and sums of ridges since the time before."""
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
    """The traps of the first samples that are occupied at observation times, blanks last."""
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
    """A function that brings the kept traps into the order of time, blanks last."""
    first = np.where(record.number > KEPT, record.number % KEPT, 0)
    columns = (first[:, None] + np.arange(KEPT)) % KEPT
    return lambda kept: np.take_along_axis(kept, columns, axis=1)
