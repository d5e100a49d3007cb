"""Observation times in order, of which each sample has passed the first ones."""

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
    """The first time that a sample has not passed, infinite after the last."""
    index = next_time[sample]
    return times[index] if index < times.size else np.inf


@inlined_kernel
def pass_times(times, next_time, sample, departure):
    """Pass all times before ``departure``; returns the first of them and the one after the last."""
    first = next_time[sample]
    beyond = first
    while beyond < times.size and times[beyond] < departure:
        beyond += 1
    next_time[sample] = beyond
    return first, beyond


def coordinate_of_times(schedule: Schedule) -> dict[str, xr.Variable]:
    """The times of observables at single times, as a variable of the result file."""
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
    """Where t_w and t_w (1 + omega) stand among the observation times.

    Parameters
    ----------
    schedule
        Its waiting times and windows.
    times
        Observation times, among them all of these pairs.

    Returns
    -------
    tuple of ndarray
        Numbers of the waiting times; of the later times, shape (waiting_time, window); and whether
        these are observed, or lie beyond the end of the run.
    """
    later = schedule.later()
    observed = np.isfinite(later)
    at_later_time = np.searchsorted(times, np.where(observed, later, times[0]))
    return np.searchsorted(times, schedule.waiting_times), at_later_time, observed


def distances_of_pairs(
    landscape: Any, schedule: Schedule, times: np.ndarray, states: np.ndarray
) -> np.ndarray:
    """Distances between t_w and t_w (1 + omega), ``NOT_OBSERVED`` beyond the end of the run.

    Parameters
    ----------
    landscape
        Of the states.
    schedule, times
        As of :func:`indices_of_pairs`.
    states
        Of the observation times, shape (sample, time, word).

    Returns
    -------
    ndarray
        Shape (sample, waiting_time, window).
    """
    at_waiting_time, at_later_time, observed = indices_of_pairs(schedule, times)
    found = distance(landscape, states[:, at_waiting_time, None], states[:, at_later_time])
    return np.where(observed, found, np.int16(NOT_OBSERVED))
