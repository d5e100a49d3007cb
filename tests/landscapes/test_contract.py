"""What every landscape promises: one contract, all models.

A new landscape is added to ``LANDSCAPES``, a new law of energies to ``LAWS``.
"""

from importlib import import_module

import numpy as np
import pytest
from scipy import stats

from glasscore.compilation import kernel
from glasscore.landscapes.interface import (
    destination_energies,
    distance,
    energies_at,
    move_count,
    move_weight,
    moved,
    random_state,
)
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory.random_energy import critical_temperature
from tests.statistical import assert_within

LANDSCAPES = [
    ("hypercube", "exponential", 7),
    ("hypercube", "gaussian", 64),
    ("complete", "exponential", 5),
    ("complete", "exponential", np.inf),
    ("complete", "gaussian", 64),
]
LAWS = {
    "exponential": lambda N: lambda energy: np.exp(np.minimum(energy, 0.0)),
    "gaussian": lambda N: stats.norm(scale=np.sqrt(N)).cdf,
}
SAMPLES = 2000


@kernel
def walk(landscape, states, rng):
    """A random walk; states, shape (steps,)."""
    state = random_state(landscape, rng)
    for step in range(states.size):
        states[step] = state
        state = moved(landscape, state, int(rng.random() * move_count(landscape)), rng)


@kernel
def neighbours(landscape, state, announced, found, rng):
    """The energies announced behind all moves of a state, and the states the moves lead to."""
    destination_energies(landscape, state, announced)
    for move in range(found.size):
        found[move] = moved(landscape, state, move, rng)


@kernel
def attempts(landscape):
    return move_count(landscape), move_count(landscape) * move_weight(landscape)


@pytest.fixture(params=LANDSCAPES, ids=lambda one: "-".join(map(str, one)))
def chosen(request):
    return request.param


@pytest.fixture(autouse=True)
def _words_wrap_around():
    with np.errstate(over="ignore"):
        yield


def landscape_of(chosen, sample=0):
    graph, energies, N = chosen
    return disorder_sample(1, "contract", N, sample, {"graph": graph, "energies": energies})


def visited(landscape, steps, seed=3):
    states = np.zeros(steps, np.uint64)
    walk(landscape, states, np.random.default_rng(seed))
    return states


@pytest.mark.uncompiled
def test_energies_are_quenched(chosen):
    states = np.unique(visited(landscape_of(chosen), 20))
    first, again, other = (energies_at(landscape_of(chosen, k), states) for k in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.isin(first, other).any()


@pytest.mark.uncompiled
def test_a_move_leads_to_another_state_whose_energy_was_announced(chosen):
    landscape = landscape_of(chosen)
    moves, _ = attempts(landscape)
    for state in visited(landscape, 5):
        announced, found = np.zeros(moves + 8), np.zeros(moves, np.uint64)
        neighbours(landscape, state, announced, found, np.random.default_rng(4))
        assert np.all(distance(landscape, found, state) == 1)
        assert np.unique(found).size == moves
        known = ~np.isnan(announced[:moves])
        assert np.array_equal(announced[:moves][known], energies_at(landscape, found)[known])


@pytest.mark.uncompiled
def test_all_moves_together_are_attempted_once_per_unit_of_time(chosen):
    graph, _, N = chosen
    _, total = attempts(landscape_of(chosen))
    # On the complete graph the own state is a vain target.
    assert total == pytest.approx(1.0 - 2.0**-N if graph == "complete" else 1.0, rel=1e-15)


@pytest.mark.uncompiled
def test_distance(chosen):
    landscape = landscape_of(chosen)
    states = visited(landscape, 10)
    assert np.all(distance(landscape, states, states) == 0)
    assert np.all(distance(landscape, states[1:], states[:-1]) == 1)


def test_energies_follow_their_law(chosen):
    """Kolmogorov-Smirnov over samples; false-positive rate 1e-6 for all models together."""
    _, law, N = chosen
    values = [
        energies_at(landscape, visited(landscape, 1, k))[0]
        for k, landscape in enumerate(landscape_of(chosen, k) for k in range(SAMPLES))
    ]
    assert stats.kstest(values, LAWS[law](N)).pvalue > 1e-6 / len(LANDSCAPES)


def test_start_is_uniform(chosen):
    N = chosen[2]
    landscape = landscape_of(chosen)
    states = np.concatenate([visited(landscape, 1, seed) for seed in range(SAMPLES)])
    if np.inf == N:
        assert np.all(states == 0)  # each sample's first trap is as random as any
        return
    assert int(states.max()) < 2**N
    ones = np.array([((states >> np.uint64(bit)) & np.uint64(1)).sum() for bit in range(N)])
    assert_within((ones - SAMPLES / 2) / np.sqrt(SAMPLES / 4), comparisons=64 * len(LANDSCAPES))


@pytest.mark.parametrize("energies", LAWS)
def test_critical_temperature_agrees_with_theory(energies):
    module = import_module(f"glasscore.landscapes.energies.{energies}")
    assert pytest.approx(critical_temperature(energies), rel=1e-15) == module.CRITICAL_TEMPERATURE


@pytest.mark.parametrize("energies", LAWS)
def test_density_is_the_slope_of_the_law(energies):
    module = import_module(f"glasscore.landscapes.energies.{energies}")
    energy, step = np.linspace(-12.0, -0.1, 100), 1e-4
    law = LAWS[energies](20)
    slope = (law(energy + step) - law(energy - step)) / (2 * step)
    # Central difference: error step^2/6 of the third derivative, plus rounding 1e-16/step.
    assert np.allclose(module.density(energy, 20), slope, rtol=0, atol=step**2 + 1e-16 / step)
