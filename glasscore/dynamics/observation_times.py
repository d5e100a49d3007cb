"""Observation times in order, of which each sample has passed the first ones."""

import numpy as np

from glasscore.compilation import inlined_kernel


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
