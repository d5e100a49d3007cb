"""Responses along trajectories without a field, against exact responses of small systems."""

import math
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy import special

from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.interface import VISIT_SIZE
from glasscore.dynamics.recorders.responses import recorder_of
from glasscore.dynamics.rules import rule_at
from glasscore.dynamics.stage import run, start_randomly
from glasscore.landscapes.energies.correlated import Correlated
from glasscore.landscapes.graphs import complete, hypercube
from glasscore.landscapes.interface import position
from glasscore.theory import trap_response
from tests import exact_response
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within, z_scores

T = 0.8
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


def exact_means(rule: str, energies: np.ndarray = ENERGIES) -> tuple[list[float], list[float]]:
    """Means over the spins of responses and correlations at the times of the table."""
    found = []
    for waited, lag in zip(WAITING_TIMES, LAGS, strict=True):
        start = exact_response.probabilities(energies, "hypercube", rule, 1 / T, waited)
        of_spins = exact_response.spins(energies.size.bit_length() - 1)
        known = exact_response.response(energies, of_spins, "hypercube", rule, 1 / T, start, lag)
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
    told = (ENERGIES, exact_response.spins(6), "hypercube", rule, 1 / T, balanced)
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


# Independent energies, and two levels with many equal energies, of which a flip keeps every other.
TWO_LEVELS = np.where(STATES[:16] % 3 == 0, 0.0, 1.0)
CASES = [
    ("metropolis", ENERGIES),
    ("heat_bath", ENERGIES),
    ("metropolis", TWO_LEVELS),
    ("heat_bath", TWO_LEVELS),
]


@pytest.mark.parametrize(("rule", "energies"), CASES)
def test_responses_of_spins_in_a_given_landscape(rule, energies):
    """Responses and correlations at three pairs of times."""
    spins = energies.size.bit_length() - 1
    landscape = hypercube.create(spins, Correlated(energies, np.uint64(energies.size - 1)))
    later = np.array(WAITING_TIMES)[:, np.newaxis] + np.array(LAGS)[:, np.newaxis]
    found = measured(landscape, rule_at(rule, T), WAITING_TIMES, later, 8000)
    responses, correlations = exact_means(rule, energies)
    comparisons = 2 * len(WAITING_TIMES) * len(CASES)
    assert_within(deviations(found.response[:, :, 0], responses), comparisons)
    assert_within(deviations(found.correlation[:, :, 0], correlations), comparisons)


def test_responses_of_few_traps():
    """The mean over random perturbations is the sum of the responses to one on each trap."""
    energies, beta = -np.array([0.1, 2.5, 0.7, 1.6, 0.2, 3.0, 1.1, 0.4]), 1 / T
    landscape = complete.create(3, Correlated(energies, np.uint64(7)))
    # The first two fields begin during one visit, as a rule, and the last one in equilibrium.
    starts, lags = np.array([0.0, 0.1, 4.0, 1e3]), np.array([0.5, 30.0])
    found = measured(landscape, rule_at("arrhenius", T), starts, np.add.outer(starts, lags), 8000)
    perturbations = np.eye(energies.size)
    for index, waited in enumerate(starts):
        start = exact_response.probabilities(energies, "complete", "arrhenius", beta, waited)
        for window, lag in enumerate(lags):
            known = exact_response.response(
                energies, perturbations, "complete", "arrhenius", beta, start, lag
            )
            pair = (slice(None), index, window)
            z = [
                deviations(found.response[pair], known.response.sum()),
                deviations(found.correlation[pair], known.correlation.sum()),
            ]
            assert_within(z, comparisons=2 * starts.size * lags.size)


def responses_of(model: tuple[Any, ...], samples: int, t_max: float, **others: Any) -> Any:
    """The result of a job that records responses alone."""
    return run(dynamics_parameters(*model, samples, t_max, recorders=["responses"], **others), [])


@pytest.mark.parametrize("x", [0.5, 0.7])
def test_responses_of_infinitely_many_traps(x):
    """T chi at all pairs of times against the exact law, after a quench."""
    found = responses_of(("complete", "exponential", "arrhenius", np.inf, x), 4000, 1e5)
    found = found.isel(waiting_time=slice(0, None, 4), window=slice(None, None, 3))
    law = trap_response.response(found.waiting_time.values[:, None], found.window.values, x)
    known = found.response.notnull().all("sample").values
    z = deviations(x * found.response.values, law)[known]
    assert z.size > 15
    assert_within(z, comparisons=2 * z.size)


EQUILIBRIA = [
    ("metropolis", "hypercube", "sk", 64),
    ("heat_bath", "hypercube", "sk", 70),
    ("arrhenius", "complete", "exponential", np.inf),
    ("arrhenius", "complete", "exponential", 6),
    ("metropolis", "complete", "exponential", np.inf),
]


@pytest.mark.parametrize(("rule", "graph", "energies", "size"), EQUILIBRIA)
def test_the_fluctuation_dissipation_theorem_holds_in_equilibrium(rule, graph, energies, size):
    """T chi = 1 - C at all pairs of times. Differences are taken in each sample."""
    T, start = 1.5, "planted" if size != 6 else "equilibrium"
    others = {"start": {"name": start, "T": T}, "extra_windows": [0.64, 2.56, 10.24]}
    if energies == "sk":
        others["landscape"] = {"graph": graph, "energies": energies, "field": 0.0}
    found = responses_of((graph, energies, rule, size, T), 2000, 1.2e3, **others)
    for name, time in (("", "waiting_time"), ("later_", "field_time")):
        pairs = T * found[f"{name}response"] + found[f"{name}correlation"]
        pairs = pairs.isel({time: slice(0, None, 4)})
        known = pairs.notnull().all("sample").values
        z = deviations(pairs.values, 1.0)[known]
        assert_within(z, comparisons=2 * z.size * len(EQUILIBRIA))
    if (rule, energies) == ("metropolis", "sk"):
        # Correlations after 1, 4 and 16 sweeps were measured independently, with these errors.
        at = found.sel(waiting_time=100.0, window=[0.64, 2.56, 10.24])
        values, errors = np.array([0.4426, 0.1145, 0.0056]), np.array([6e-4, 8e-4, 8e-4])
        for one, other in ((at.correlation, values), (1 - T * at.response, values)):
            error = np.hypot(one.std("sample", ddof=1).values / np.sqrt(2000), errors)
            assert_within(z_scores(one.mean("sample"), other, error), comparisons=6)


def test_the_step_model_far_from_equilibrium():
    """T chi of T = 0.25 at t_w = 1e5 was measured independently, with these errors."""
    found = responses_of(("complete", "exponential", "metropolis", np.inf, 0.25), 10_000, 1.2e6)
    found = 0.25 * found.response.sel(waiting_time=1e5, window=[0.5, 10.0]).values
    error = np.hypot(found.std(axis=0, ddof=1) / 100, [6e-4, 1e-3])
    assert_within(z_scores(found.mean(axis=0), [0.1624, 0.249], error))


STUDY = {
    "rule": "metropolis", "clock": "rejection_free", "N": [8], "T": [0.5], "samples": 2,
    "t_max": 1e3, "recorders": ["responses"],
}  # fmt: skip
HYPERCUBE = {"graph": "hypercube", "energies": "gaussian"}
COMPLETE = {"graph": "complete", "energies": "exponential"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"clock": "superbasin"}, "a.clock is 'superbasin', but must be rejection_free with the"),
        ({"clock": "rejection"}, "a.clock is 'rejection', but must be rejection_free with the"),
        ({"T": [0]}, "a.T is 0, but must be above 0 with the recorder responses"),
        ({"rule": "arrhenius"}, "a.rule is 'arrhenius', but must be metropolis or heat_bath with"),
        (
            {"rule": {"name": "barrier", "top": -1.0}},
            "a.rule is 'barrier', but must be metropolis or heat_bath with the recorder responses",
        ),
        (
            {"landscape": COMPLETE, "rule": "arrhenius", "N": [13]},
            "a.N is 13, but must be at most 12, or .inf, with the recorder responses of traps",
        ),
        (
            {"landscape": COMPLETE, "rule": "heat_bath", "N": [math.inf]},
            "a.rule is 'heat_bath', but must be arrhenius or metropolis with the recorder",
        ),
        ({"landscape": COMPLETE}, "a.N is 8, but must be .inf with the recorder responses and the"),
    ],
)
def test_studies_without_a_response_are_refused(changes, said):
    study = {**STUDY, "landscape": HYPERCUBE, **changes}
    with pytest.raises(CampaignError) as refusal:
        validated({"campaign": "test", "seed": 1, "activated": {"a": study}})
    assert said in str(refusal.value)
    # The rule, or clock, is refused once for all sizes and temperatures.
    several = {**study, "T": [*study["T"], *([] if 0 in study["T"] else [0.7])]}
    with pytest.raises(CampaignError) as refusal:
        validated({"campaign": "test", "seed": 1, "activated": {"a": several}})
    assert str(refusal.value).count("with the recorder responses") == 1


def test_studies_with_a_response_are_not_refused():
    for changes in (
        {},
        {"landscape": COMPLETE, "rule": "arrhenius", "N": [12, math.inf]},
        {"landscape": COMPLETE, "N": [math.inf]},
    ):
        study = {**STUDY, "landscape": HYPERCUBE, **changes}
        validated({"campaign": "test", "seed": 1, "activated": {"a": study}})
