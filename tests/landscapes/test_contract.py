"""Test the contract of landscapes for all models.

A new landscape needs a line in ``LANDSCAPES``.
"""

from importlib import import_module

import numpy as np
import pytest
from scipy import stats

from glasscore.common import discovery
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import (
    destination_energies,
    destination_energy,
    distance,
    energies_at,
    move,
    move_count,
    move_weight,
    place_randomly,
    position,
    update_energy,
)
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory.random_energy import critical_temperature
from tests.statistical import assert_within

EXPONENTIAL = stats.expon().sf
REAL = {"logarithm": True, "bits": np.inf}
WHOLE = {"logarithm": False, "bits": 20}
# Each landscape has graph, energies, their options, N, and the distribution function of the
# energies, or None if it has no closed form. For the exponential law, P(energy < E) = exp(E) is the
# survival function of -E.
LANDSCAPES = [
    ("hypercube", "exponential", {}, 7, lambda energy: EXPONENTIAL(-energy)),
    ("hypercube", "gaussian", {}, 64, stats.norm(scale=8.0).cdf),
    ("complete", "exponential", {}, 5, lambda energy: EXPONENTIAL(-energy)),
    ("complete", "exponential", {}, np.inf, lambda energy: EXPONENTIAL(-energy)),
    ("complete", "gaussian", {}, 64, stats.norm(scale=8.0).cdf),
    ("hypercube", "correlated", {"alpha": 0.5}, 8, stats.norm(scale=np.sqrt(8.0)).cdf),
    ("hypercube", "number_partitioning", REAL, 64, None),
    ("hypercube", "number_partitioning", WHOLE, 100, None),
    ("complete", "number_partitioning", REAL, 20, None),
    ("hypercube", "sk", {"field": 0.3}, 12, None),
    ("hypercube", "pspin", {"p": 3}, 12, None),
]
SPINS = int(sum(one[3] for one in LANDSCAPES if np.isfinite(one[3])))
SAMPLES = 2000


@kernel
def walk(landscape, where, states, rng):
    """The states along a random walk, shape (steps, words)."""
    place_randomly(landscape, where, rng)
    for step in range(states.shape[0]):
        states[step] = where.words
        number = int(rng.random() * move_count(landscape))
        after = destination_energy(landscape, where, number, rng)
        move(landscape, where, number, after, rng)


@kernel
def neighbours(landscape, where, state, announced, found, energies, rng):
    """Destination energies of all moves of a state, and the destinations with their energies."""
    for number in range(found.shape[0]):
        where.words[:] = state
        update_energy(landscape, where)
        destination_energies(landscape, where, announced)
        move(landscape, where, number, announced[number], rng)
        found[number] = where.words
        energies[number] = where.energy[0]


@kernel
def attempts(landscape):
    return move_count(landscape), move_count(landscape) * move_weight(landscape)


@pytest.fixture(params=LANDSCAPES, ids=lambda one: "-".join(map(str, one[:4])))
def chosen(request):
    return request.param


@pytest.fixture(
    params=[one for one in LANDSCAPES if one[4] is not None],
    ids=lambda one: "-".join(map(str, one[:4])),
)
def chosen_with_law(request):
    return request.param


@pytest.fixture(autouse=True)
def _words_wrap_around():
    with np.errstate(over="ignore"):
        yield


def landscape_of(chosen, sample=0):
    graph, energies, options, N, _ = chosen
    model = {"graph": graph, "energies": energies, **options}
    return disorder_sample(1, "contract", N, sample, model)


def visited(landscape, steps, seed=3):
    where = position(landscape)
    states = np.zeros((steps, where.words.size), np.uint64)
    walk(landscape, where, states, np.random.default_rng(seed))
    return states


def test_all_landscapes_are_tested():
    graphs, energies = (set(names) for names in list(zip(*LANDSCAPES, strict=True))[:2])
    assert graphs == set(discovery.names("landscapes/graphs"))
    assert energies == set(discovery.names("landscapes/energies"))


@pytest.mark.uncompiled
def test_energies_are_quenched(chosen):
    states = np.unique(visited(landscape_of(chosen), 20), axis=0)
    first, again, other = (energies_at(landscape_of(chosen, k), states) for k in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.isin(first, other).any()


@pytest.mark.uncompiled
def test_a_move_leads_to_another_state_whose_energy_was_announced(chosen):
    landscape = landscape_of(chosen)
    moves, _ = attempts(landscape)
    for state in visited(landscape, 5):
        announced, energies = np.zeros(moves + 8), np.zeros(moves)
        found = np.zeros((moves, state.size), np.uint64)
        rng = np.random.default_rng(4)
        neighbours(landscape, position(landscape), state, announced, found, energies, rng)
        assert np.all(distance(landscape, found, state) == 1)
        assert np.unique(found, axis=0).shape[0] == moves
        known = ~np.isnan(announced[:moves])
        assert np.array_equal(announced[:moves][known], energies[known])
        assert np.array_equal(energies, energies_at(landscape, found))


@pytest.mark.uncompiled
def test_all_moves_together_are_attempted_once_per_unit_of_time(chosen):
    graph, _, _, N, _ = chosen
    _, total = attempts(landscape_of(chosen))
    # On the complete graph an attempt whose target is the present state makes no move.
    assert total == pytest.approx(1.0 - 2.0**-N if graph == "complete" else 1.0, rel=1e-15)


@pytest.mark.uncompiled
def test_distance(chosen):
    landscape = landscape_of(chosen)
    states = visited(landscape, 10)
    assert np.all(distance(landscape, states, states) == 0)
    assert np.all(distance(landscape, states[1:], states[:-1]) == 1)


def sampled(chosen):
    """The energy of one state, in each of many samples."""
    landscapes = (landscape_of(chosen, sample) for sample in range(SAMPLES))
    return [energies_at(one, visited(one, 1, k))[0] for k, one in enumerate(landscapes)]


def test_energies_follow_their_law(chosen_with_law):
    """Test by Kolmogorov-Smirnov over samples, with false-positive rate 1e-6 for all models."""
    energies, law = sampled(chosen_with_law), chosen_with_law[4]
    assert stats.kstest(energies, law).pvalue > 1e-6 / len(LANDSCAPES)


def test_density_integrates_to_the_law(chosen_with_law):
    _, energies, options, N, law = chosen_with_law
    module = import_module(f"glasscore.landscapes.energies.{energies}")
    low, high = np.quantile(sampled(chosen_with_law), [0.1, 0.9])
    fine, coarse = (
        np.trapezoid(module.density(grid, N, options), grid)
        for grid in (np.linspace(low, high, 2001), np.linspace(low, high, 1001))
    )
    # Second order: the finer sum is nearer by three quarters of the difference.
    assert abs(fine - (law(high) - law(low))) <= abs(fine - coarse) + 1e-13


def test_start_is_uniform(chosen):
    N = chosen[3]
    landscape = landscape_of(chosen)
    states = np.concatenate([visited(landscape, 1, seed) for seed in range(SAMPLES)])
    if np.inf == N:
        assert np.all(states == 0)  # The first trap of each sample is as random as any other.
        return
    spins = np.unpackbits(states.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    assert not spins[:, N:].any()
    ones = spins[:, :N].sum(axis=0)
    assert_within((ones - SAMPLES / 2) / np.sqrt(SAMPLES / 4), comparisons=SPINS)


@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
def test_critical_temperature_agrees_with_theory(energies):
    module = import_module(f"glasscore.landscapes.energies.{energies}")
    expected = pytest.approx(critical_temperature(energies), rel=1e-15)
    assert module.critical_temperature({}) == expected
