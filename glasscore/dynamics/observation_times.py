"""Observation times in order, of which each sample has passed the first ones."""

from typing import Any

import numpy as np

from glasscore.compilation import inlined_kernel
from glasscore.landscapes.interface import distance
from glasscore.schedule import Schedule

NOT_OBSERVED = -1


@inlined_kernel
def following(times, next_time, sample):
    """The first time that a sample has not passed, infinite after the last."""
    index = next_time[sample]
    return times[index] if index < times.size else np.inf


@inlined_kernel
def passed(times, next_time, sample, departure):
    """Pass all times before ``departure``; returns the first of them and the one after the last."""
    first = next_time[sample]
    beyond = first
    while beyond < times.size and times[beyond] < departure:
        beyond += 1
    next_time[sample] = beyond
    return first, beyond


def distances_of_pairs(
    landscape: Any, schedule: Schedule, times: np.ndarray, states: np.ndarray
) -> np.ndarray:
    """Distances between t_w and t_w (1 + omega), ``NOT_OBSERVED`` beyond the end of the run.

    Parameters
    ----------
    landscape
        Of the states.
    schedule
        Its waiting times and windows.
    times, states
        Observation times, among them all of these pairs, and the states there, of shape
        (sample, time, word).

    Returns
    -------
    ndarray
        Shape (sample, waiting_time, window).
    """
    later = schedule.later()
    observed = np.isfinite(later)
    first = states[:, np.searchsorted(times, schedule.waiting_times)]
    second = states[:, np.searchsorted(times, np.where(observed, later, times[0]))]
    found = distance(landscape, first[:, :, None], second)
    return np.where(observed, found, np.int16(NOT_OBSERVED))
