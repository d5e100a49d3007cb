"""Responses along trajectories without a field, against exact responses of small systems."""

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special

from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.interface import VISIT_SIZE
from glasscore.dynamics.recorders.responses import recorder_of
from glasscore.dynamics.rules import rule_at
from glasscore.dynamics.stage import run, start_randomly
from glasscore.landscapes.energies.correlated import Correlated
from glasscore.landscapes.graphs import complete, hypercube
from glasscore.landscapes.interface import position
from tests import exact_response
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within, z_scores

N, T = 6, 0.8
STATES = np.arange(64)
ENERGIES = np.sqrt(6) * special.ndtri((37 * STATES % 64 + 0.5) / 64)
# A random perturbation of the energies.
FORCES = special.ndtri(((11 * STATES + 5) % 64 + 0.5) / 64)
WAITING_TIMES, LAGS = (0.0, 10.0, 100.0), (5.0, 20.0, 50.0)
# Of the mean over the spins: responses and correlations at these times, responses in equilibrium at
# the first and the last lag; of the random perturbation, the response at the second pair of times
# and that in equilibrium at the last lag.
TABLE = {
    "metropolis": (
        (0.102930, 0.202756, 0.229889),
        (0.645937, 0.810377, 0.805879),
        (0.028009, 0.122185),
        (0.413411, 0.201296),
    ),
    "heat_bath": (
        (0.112591, 0.192656, 0.224221),
        (0.657745, 0.815578, 0.810267),
        (0.026749, 0.118355),
        (0.395651, 0.198329),
    ),
}


def exact_means(rule: str) -> tuple[list[float], list[float]]:
    """Means over the spins of responses and correlations at the times of the table."""
    found = []
    for waited, lag in zip(WAITING_TIMES, LAGS, strict=True):
        start = exact_response.probabilities(ENERGIES, "hypercube", rule, 1 / T, waited)
        of_spins = exact_response.spins(N)
        known = exact_response.response(ENERGIES, of_spins, "hypercube", rule, 1 / T, start, lag)
        found.append((known.response.mean(), known.correlation.mean()))
    responses, correlations = zip(*found, strict=True)
    return list(responses), list(correlations)


@pytest.mark.parametrize("rule", TABLE)
def test_the_reference_has_the_known_digits(rule):
    """The table was computed independently; it has six digits."""
    responses, correlations, equilibrium, random = TABLE[rule]
    found = exact_means(rule)
    np.testing.assert_allclose(found[0], responses, rtol=0, atol=0.6e-6)
    np.testing.assert_allclose(found[1], correlations, rtol=0, atol=0.6e-6)
    balanced = exact_response.boltzmann(ENERGIES, 1 / T)
    told = (ENERGIES, exact_response.spins(N), "hypercube", rule, 1 / T, balanced)
    for lag, digits in zip((LAGS[0], LAGS[-1]), equilibrium, strict=True):
        known = exact_response.response(*told, lag)
        assert known.response.mean() == pytest.approx(digits, abs=0.6e-6)
        # The fluctuation-dissipation theorem holds for each spin.
        np.testing.assert_allclose(known.response, (1 - known.correlation) / T, atol=1e-8)
    waited = exact_response.probabilities(ENERGIES, "hypercube", rule, 1 / T, WAITING_TIMES[1])
    for start, lag, digits in ((waited, LAGS[1], random[0]), (balanced, LAGS[2], random[1])):
        told = ENERGIES, FORCES[np.newaxis], "hypercube", rule, 1 / T, start, lag
        assert exact_response.response(*told).response[0] == pytest.approx(digits, abs=0.6e-6)


def measured(landscape: Any, rule: Any, starts: Any, later: Any, samples: int) -> Any:
    """The record of independent trajectories in one landscape, each from a random state."""
    starts, later = np.array(starts), np.array(later)
    recorder = recorder_of(landscape, rule, starts, later, samples)
    import_module(f"glasscore.dynamics.graphs.{type(landscape).__name__.lower()}")
    room = rejection_free.create(landscape, rule, may_leap=False)
    rng = np.random.default_rng(20190129)
    end = np.nextafter(later.max(), np.inf)
    with np.errstate(over="ignore"):
        for sample in range(samples):
            where, visit = position(landscape), np.zeros(VISIT_SIZE)
            start_randomly(landscape, where, rng)
            rejection_free.trajectory(
                room, landscape, rule, recorder, sample, where, visit, end, rng
            )
    return recorder


def deviations(values: np.ndarray, expected: Any) -> np.ndarray:
    """Means over the first axis in standard errors from what is expected."""
    error = values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return z_scores(values.mean(axis=0), expected, error)


@pytest.mark.parametrize("rule", TABLE)
def test_responses_of_spins_in_a_given_landscape(rule):
    """Responses and correlations at three pairs of times; both rules share the false positives."""
    landscape = hypercube.create(N, Correlated(ENERGIES, np.uint64(63)))
    later = np.array(WAITING_TIMES)[:, np.newaxis] + np.array(LAGS)[:, np.newaxis]
    found = measured(landscape, rule_at(rule, T), WAITING_TIMES, later, 40_000)
    responses, correlations = exact_means(rule)
    z = deviations(found.response[:, :, 0], responses)
    assert_within(z, comparisons=12)
    assert_within(deviations(found.correlation[:, :, 0], correlations), comparisons=12)
