"""Configurations at pairs of times with fixed lags between them: t_w and t_w + lag.

The waiting times are 0 and those of the study. With lags that do not grow with the waiting time, a
system that reaches equilibrium has correlations that no longer depend on the waiting time, and a
start in equilibrium has them from t_w = 0 on.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dynamics.interface import next_observation, observe
from glasscore.dynamics.observation_times import (
    NOT_OBSERVED,
    next_time_of_sample,
    pass_times,
)
from glasscore.files.store import quantity
from glasscore.landscapes.interface import copy_words, distance, position
from glasscore.models.schedule import Schedule, after_lags

NEEDS = ("lags",)
USES = ("lags", "waiting_times_per_decade")


class FixedLagRecorder(NamedTuple):
    """Observation times in order, the next one of each sample, and the observed quantities.

    ``states``: shape (sample, time, word). ``departures`` (the times at which the states were
    left): shape (sample, time). ``lags``: the lags.
    """

    times: np.ndarray
    next_time: np.ndarray
    states: np.ndarray
    departures: np.ndarray
    lags: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int, lags: list[float]) -> FixedLagRecorder:
    """An empty record."""
    waiting_times = _waiting_times(schedule)
    later = after_lags(waiting_times, lags)
    times = np.unique(np.concatenate([waiting_times, later[later <= schedule.end]]))
    shape = (samples, times.size)
    return FixedLagRecorder(
        times,
        np.zeros(samples, np.int64),
        np.zeros((*shape, position(landscape).words.size), np.uint64),
        np.full(shape, np.nan),
        np.array(lags, float),
    )


@next_observation.register
def _(recorder: FixedLagRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: FixedLagRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        copy_words(position.words, recorder.states[sample, index])
        recorder.departures[sample, index] = departure


def variables(
    recorder: FixedLagRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Distances between t_w and t_w + lag, and when the configuration of t_w was left."""
    waiting_times = _waiting_times(schedule)
    later = after_lags(waiting_times, recorder.lags)
    observed = later <= schedule.end
    at_waiting_time = np.searchsorted(recorder.times, waiting_times)
    at_later_time = np.searchsorted(recorder.times, np.where(observed, later, 0.0))
    states = recorder.states
    apart = distance(landscape, states[:, at_waiting_time, None], states[:, at_later_time])
    return {
        "fixed_waiting_time": quantity(
            "fixed_waiting_time", waiting_times, "waiting time", "t_w", "attempts"
        ),
        "fixed_lag": quantity("fixed_lag", recorder.lags, "lag", "t - t_w", "attempts"),
        "lag_distance": quantity(
            ("sample", "fixed_waiting_time", "fixed_lag"),
            np.where(observed, apart, np.int16(NOT_OBSERVED)),
            "distance of the configurations at t_w and t_w + lag; -1: not observed",
            "d",
        ),
        "lag_departure": quantity(
            ("sample", "fixed_waiting_time"),
            recorder.departures[:, at_waiting_time],
            "time at which the configuration of the waiting time is left",
            "t_d",
            "attempts",
        ),
    }


def _waiting_times(schedule: Schedule) -> np.ndarray:
    """The start and the waiting times of the study."""
    return np.concatenate([[0.0], schedule.waiting_times])
