r"""Integrated responses chi(t, t_w) to a small field since t_w, and the correlations C(t, t_w).

Trajectories run without a field: the response follows from their weights (``dynamics.responses``).
It is recorded at t = t_w (1 + omega), and at all later waiting times t, so that the slope of
chi(C) can be found at fixed t, where it defines the fluctuation-dissipation ratio:

.. math:: X = -T \frac{\partial \chi / \partial t_w}{\partial C / \partial t_w}

- Spins, with a rule that registers ``log_rate_slope``: the mean over the spins of the response of
  each spin to a field on it alone, and their correlation.
- Traps (the complete graph under Arrhenius' rule): the response to a field that shifts the depth of
  the trap that is left by independent random amounts, and the probability of the same trap.
- The step model of infinitely many states under Metropolis's rule: the same for the energies.
"""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.common.errors import Refusal
from glasscore.dynamics.interface import next_observation, observe, record_rates
from glasscore.dynamics.observation_times import (
    coordinates_of_pairs,
    next_time_of_sample,
    pass_times,
)
from glasscore.dynamics.responses import spins, step, traps
from glasscore.dynamics.responses.interface import (
    begin_field,
    correlation_since,
    follow,
    response_since,
)
from glasscore.dynamics.rules.arrhenius import Arrhenius
from glasscore.files.store import quantity
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.models.schedule import Schedule

NEEDS = ("rule",)
USES = ("windows", "waiting_times_per_decade")
NEEDS_EVERY_VISIT = True
AT_CONSTANT_RATES = True
WITHOUT_FIELD = True
# The times in all of finitely many traps are kept since each waiting time.
LARGEST_N_OF_TRAPS = 12
NO_START = -1


class ResponseRecorder(NamedTuple):
    """The response, the times at which it is recorded, and what was recorded.

    Attributes
    ----------
    source
        A named tuple of ``dynamics.responses``.
    times, next_time
        Observation times in order, and the number of the next one of each sample.
    starts, start_at
        Times t_w from which a field could act; for each observation time, which of them it is, or
        ``NO_START``.
    first_pair, start_of_pair, window_of_pair
        The pairs of t_w and omega that end at the observation time k are those with the numbers
        from ``first_pair[k]`` up to ``first_pair[k + 1]``.
    response, correlation
        Shape (sample, waiting time, window).
    later_response, later_correlation
        The same from each start to itself and to all later ones, shape (sample, start, start).
    """

    source: Any
    times: np.ndarray
    next_time: np.ndarray
    starts: np.ndarray
    start_at: np.ndarray
    first_pair: np.ndarray
    start_of_pair: np.ndarray
    window_of_pair: np.ndarray
    response: np.ndarray
    correlation: np.ndarray
    later_response: np.ndarray
    later_correlation: np.ndarray


def create(landscape: Any, schedule: Schedule, samples: int, rule: Any) -> ResponseRecorder:
    """An empty record."""
    return recorder_of(landscape, rule, schedule.starts, schedule.later(), samples)


def recorder_of(
    landscape: Any, rule: Any, starts: np.ndarray, later: np.ndarray, samples: int
) -> ResponseRecorder:
    """An empty record for any starts t_w and later times.

    Parameters
    ----------
    landscape, rule
        The landscape of a sample, and the rule at its temperature.
    starts
        Times t_w in rising order.
    later
        Times t of the pairs, shape (waiting time, window), whose rows belong to the first starts;
        infinite where no response is recorded.
    samples
        Number of samples.
    """
    times = np.unique(np.concatenate([starts, later[np.isfinite(later)]]))
    start_at = np.full(times.size, NO_START)
    start_at[np.searchsorted(times, starts)] = np.arange(starts.size)
    start_of_pair, window_of_pair = np.nonzero(np.isfinite(later))
    ends = np.searchsorted(times, later[start_of_pair, window_of_pair])
    order = np.argsort(ends, kind="stable")
    of_pairs, of_starts = (samples, *later.shape), (samples, starts.size, starts.size)
    return ResponseRecorder(
        _source(landscape, rule, starts, samples),
        times,
        np.zeros(samples, np.int64),
        starts,
        start_at,
        np.searchsorted(ends[order], np.arange(times.size + 1)),
        start_of_pair[order],
        window_of_pair[order],
        *(np.full(shape, np.nan) for shape in (of_pairs, of_pairs, of_starts, of_starts)),
    )


def _source(landscape: Any, rule: Any, starts: np.ndarray, samples: int) -> Any:
    """The response of a landscape under a rule, without any visit."""
    if isinstance(landscape, Hypercube):
        return spins.create(landscape, rule, starts, samples)
    kind = traps if isinstance(rule, Arrhenius) else step
    return kind.create(landscape, rule, starts, samples)


@record_rates.register
def _(recorder: ResponseRecorder, sample, arrival, position, work):
    follow(recorder.source, sample, arrival, position, work)


@next_observation.register
def _(recorder: ResponseRecorder, sample):
    return next_time_of_sample(recorder.times, recorder.next_time, sample)


@observe.register
def _(recorder: ResponseRecorder, sample, departure, position):
    first, beyond = pass_times(recorder.times, recorder.next_time, sample, departure)
    for index in range(first, beyond):
        _observe(recorder, sample, index, position)


@kernel
def _observe(recorder, sample, index, position):
    """Record all responses at one observation time."""
    source, starts, time = recorder.source, recorder.starts, recorder.times[index]
    for pair in range(recorder.first_pair[index], recorder.first_pair[index + 1]):
        start, window = recorder.start_of_pair[pair], recorder.window_of_pair[pair]
        told = sample, start, starts[start], time, position
        recorder.response[sample, start, window] = response_since(source, *told)
        recorder.correlation[sample, start, window] = correlation_since(source, *told)
    later = recorder.start_at[index]
    if later != NO_START:
        begin_field(source, sample, later, time, position)
        for start in range(later + 1):
            told = sample, start, starts[start], time, position
            recorder.later_response[sample, start, later] = response_since(source, *told)
            recorder.later_correlation[sample, start, later] = correlation_since(source, *told)


def variables(
    recorder: ResponseRecorder, landscape: Any, schedule: Schedule
) -> dict[str, xr.Variable]:
    """Responses and correlations between t_w and t_w (1 + omega), and between waiting times."""
    pair, later = ("sample", "waiting_time", "window"), ("sample", "field_time", "response_time")
    end, time = "t_w and t_w (1 + omega)", "the field time and the response time"
    response = "integrated response to a field between"
    return {
        **coordinates_of_pairs(schedule),
        "field_time": quantity(
            "field_time", recorder.starts, "time from which the field acts", "t_w", "attempts"
        ),
        "response_time": quantity(
            "response_time", recorder.starts, "time of the response", "t", "attempts"
        ),
        "response": quantity(pair, recorder.response, f"{response} {end}", r"\chi", "1 / J"),
        "correlation": quantity(pair, recorder.correlation, f"correlation between {end}", "C"),
        "later_response": quantity(
            later,
            recorder.later_response,
            f"{response} {time}",
            r"\chi",
            "1 / J",
        ),
        "later_correlation": quantity(
            later, recorder.later_correlation, f"correlation between {time}", "C"
        ),
    }


def refusal(
    *, landscape: dict[str, Any], rule: str | dict[str, Any], clock: str, N: float, T: float
) -> Refusal | None:
    """The complaint about a study without a known response, or None."""
    name, beside = rule if isinstance(rule, str) else rule["name"], "with the recorder responses"
    if not getattr(import_module(f"glasscore.dynamics.clocks.{clock}"), "GIVES_RATES", False):
        requirement = f"be rejection_free {beside}, which needs the rates of all moves in a visit"
        return "clock", clock, requirement
    if T == 0:
        return "T", T, f"be above 0 {beside}, since rates at T = 0 have no derivative by a field"
    if landscape["graph"] == "hypercube":
        if not getattr(import_module(f"glasscore.dynamics.rules.{name}"), "HAS_RESPONSE", False):
            return "rule", name, f"be metropolis or heat_bath {beside} on the graph hypercube"
    elif name == "arrhenius":
        if LARGEST_N_OF_TRAPS < N < np.inf:
            requirement = f"be at most {LARGEST_N_OF_TRAPS}, or .inf, {beside} of traps, since the "
            return "N", N, f"{requirement}time in each trap is kept"
    elif name != "metropolis":
        return "rule", name, f"be arrhenius or metropolis {beside} on the graph complete"
    elif np.isfinite(N):
        return "N", N, f"be .inf {beside} and the rule metropolis on the graph complete"
    return None
