"""Observation times in rising order, and the first of them that each sample has not passed."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.files.store import quantity
from glasscore.kernels.compilation import inlined_kernel
from glasscore.landscapes.interface import distance
from glasscore.models.schedule import Schedule

NOT_OBSERVED = -1


@inlined_kernel
def next_time_of_sample(times, next_time, sample):
    """The first time that a sample has not passed; infinite when it has passed all times."""
    index = next_time[sample]
    return times[index] if index < times.size else np.inf


@inlined_kernel
def pass_times(times, next_time, sample, departure):
    """Pass all times before ``departure``; return their first index and the one after the last."""
    first = next_time[sample]
    beyond = first
    while beyond < times.size and times[beyond] < departure:
        beyond += 1
    next_time[sample] = beyond
    return first, beyond


def coordinate_of_times(schedule: Schedule) -> dict[str, xr.Variable]:
    """The times at which one-time observables are recorded, as a variable of the result file."""
    return {"time": quantity("time", schedule.times, "time since the quench", "t", "attempts")}


def coordinates_of_pairs(schedule: Schedule) -> dict[str, xr.Variable]:
    """Waiting times t_w and windows omega, as variables of the result file."""
    return {
        "waiting_time": quantity(
            "waiting_time", schedule.waiting_times, "waiting time", "t_w", "attempts"
        ),
        "window": quantity("window", schedule.windows, "window t / t_w", r"\omega"),
    }


def indices_of_pairs(
    schedule: Schedule, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices of t_w and t_w (1 + omega) among the observation times.

    Parameters
    ----------
    schedule
        The schedule, whose waiting times and windows are used.
    times
        Observation times in rising order, among them both times of every pair.

    Returns
    -------
    tuple of ndarray
        The indices of the waiting times; the indices of the later times, shape (waiting_time,
        window); and, in the same shape, whether the later time lies within the run.
    """
    later = schedule.later()
    observed = np.isfinite(later)
    at_later_time = np.searchsorted(times, np.where(observed, later, times[0]))
    return np.searchsorted(times, schedule.waiting_times), at_later_time, observed


def distances_of_pairs(
    landscape: Any, schedule: Schedule, times: np.ndarray, states: np.ndarray
) -> np.ndarray:
    """Distances between the states at t_w and t_w (1 + omega); ``NOT_OBSERVED`` after the end.

    Parameters
    ----------
    landscape
        The landscape that the states belong to.
    schedule, times
        As in :func:`indices_of_pairs`.
    states
        The states at the observation times, shape (sample, time, word).

    Returns
    -------
    ndarray
        Shape (sample, waiting_time, window).
    """
    at_waiting_time, at_later_time, observed = indices_of_pairs(schedule, times)
    found = distance(landscape, states[:, at_waiting_time, None], states[:, at_later_time])
    return np.where(observed, found, np.int16(NOT_OBSERVED))
