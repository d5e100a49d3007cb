"""Barrier trees against brute force, to the last bit, since energies are only compared."""

from itertools import permutations

import numpy as np
import pytest

from glasscore.barriers.flooding import barrier_tree, saddle_between
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory.independent_energies import (
    mean_number_of_minima,
    variance_of_number_of_minima,
)
from tests.barriers.brute_force import descended, highest_on_best_paths, minima
from tests.statistical import assert_within

MODELS = {
    "exponential": {"energies": "exponential"},
    "gaussian": {"energies": "gaussian"},
    "correlated": {"energies": "correlated", "alpha": 1.0},
    "pspin": {"energies": "pspin", "p": 3},
    "sk": {"energies": "sk", "field": 0.0},
    "partition": {"energies": "number_partitioning", "logarithm": True, "bits": np.inf},
    "coarse_partition": {"energies": "number_partitioning", "logarithm": False, "bits": 2},
}


def sample_of(name, N, sample=0):
    model = {"graph": "hypercube", **MODELS[name]}
    return disorder_sample(20190129, "barriers", N, sample, model)


@pytest.mark.parametrize("name", MODELS)
def test_energies_of_all_states(name):
    landscape = sample_of(name, 8)
    expected = energies_at(landscape, np.arange(2**8, dtype=np.uint64))
    assert np.array_equal(energies_of_all_states(landscape), expected)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("N", [3, 6, 9])
def test_minima_saddles_and_basins(name, N):
    energies = energies_of_all_states(sample_of(name, N))
    assert_tree_is_right(energies)


def test_all_pairs_at_ten_spins():
    assert_tree_is_right(energies_of_all_states(sample_of("sk", 10)), basins=False)


@pytest.mark.uncompiled
@pytest.mark.parametrize("levels", [1, 2, 3, 5])
def test_plateaus(levels):
    """With few values of the energy most states lie on plateaus, and minima may be equally low."""
    rng = np.random.default_rng(levels)
    for _ in range(20):
        assert_tree_is_right(rng.integers(levels, size=2**5).astype(np.float64))


def assert_tree_is_right(energies, basins=True):
    tree, best, found = barrier_tree(energies), highest_on_best_paths(energies), minima(energies)
    assert tree.states.tolist() == found
    assert np.array_equal(tree.energies, energies[found])
    assert np.all(tree.joined[1:] < np.arange(1, len(found)))
    assert np.all(tree.barriers > 0)
    for rank, state in enumerate(found[1:], start=1):
        to_deeper = best[state, found[:rank]].min()
        assert tree.saddle_energies[rank] == to_deeper
        assert energies[tree.saddle_states[rank]] == to_deeper
        assert best[state, tree.saddle_states[rank]] == to_deeper
        assert best[state, found[tree.joined[rank]]] == to_deeper
    for one, state in enumerate(found):
        for other, another in enumerate(found):
            assert saddle_between(tree, one, other) == best[state, another]
    assert (tree.saddle_states[0], tree.saddle_energies[0], tree.joined[0]) == (-1, np.inf, -1)
    assert tree.basin_sizes.sum() == energies.size
    if basins:
        assert tree.basins.tolist() == [found.index(state) for state in descended(energies)]


@pytest.mark.parametrize("name", ["sk", "partition"])
def test_mirror_images_share_all_but_their_number(name):
    """Flipping all spins does not change the energy, so that minima come in pairs."""
    N = 9
    tree = barrier_tree(energies_of_all_states(sample_of(name, N)))
    where = {int(state): rank for rank, state in enumerate(tree.states)}
    twins = [where[2**N - 1 - int(state)] for state in tree.states]
    assert np.array_equal(tree.energies, tree.energies[twins])
    assert np.array_equal(tree.basin_sizes, tree.basin_sizes[twins])
    # The lowest saddle to a lower minimum is the same; that to the twin may be lower still.
    assert twins[0] == 1
    assert tree.saddle_energies[1] == saddle_between(tree, 0, 1)


@pytest.mark.parametrize("name", ["exponential", "gaussian"])
def test_number_of_minima_of_independent_energies(name):
    N, samples = 10, 200
    numbers = [
        barrier_tree(energies_of_all_states(sample_of(name, N, sample))).states.size
        for sample in range(samples)
    ]
    mean, variance = mean_number_of_minima(N), variance_of_number_of_minima(N)
    deviations = np.array(numbers) - mean
    # The square of a nearly Gaussian number scatters by sqrt 2 times its mean.
    z = [
        deviations.sum() / np.sqrt(samples * variance),
        ((deviations**2).mean() / variance - 1.0) / np.sqrt(2.0 / samples),
    ]
    assert_within(z, comparisons=4)


def test_exact_moments_of_the_number_of_minima():
    """Two spins: all orders of four energies are equally likely."""
    N = 2
    numbers = [len(minima(np.array(order, float))) for order in permutations(range(2**N))]
    assert np.mean(numbers) == pytest.approx(mean_number_of_minima(N), rel=1e-15)
    assert np.var(numbers) == pytest.approx(variance_of_number_of_minima(N), rel=1e-14)
