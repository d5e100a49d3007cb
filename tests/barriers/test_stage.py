"""The barriers stage: means over samples of what the trees say, and the deepest branches."""

import numpy as np
import pytest

from glasscore.barriers import stage
from glasscore.barriers.averages import averages_by_energy, barrier_density
from glasscore.barriers.flooding import barrier_tree, saddle_between
from glasscore.barriers.survey import bin_width, survey
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.sample import disorder_sample
from tests.statistical import assert_within

PARAMETERS = {
    "seed": 1,
    "study": "rem",
    "landscape": {"graph": "hypercube", "energies": "gaussian"},
    "N": 8,
    "samples": 6,
    "branches": 12,
}


@pytest.fixture(scope="module")
def result():
    return stage.run(PARAMETERS, [])


@pytest.fixture(scope="module")
def trees():
    model = PARAMETERS["landscape"]
    return [
        barrier_tree(energies_of_all_states(disorder_sample(1, "rem", 8, sample, model)))
        for sample in range(6)
    ]


def test_means_and_their_errors(result, trees):
    expected = {
        "minima": [tree.states.size for tree in trees],
        "ground_energy": [tree.energies[0] for tree in trees],
        "ground_barrier": [saddle_between(tree, 0, 1) - tree.energies[0] for tree in trees],
        "largest_barrier": [tree.barriers[1:].max() for tree in trees],
        "mean_barrier": [tree.barriers[1:].mean() for tree in trees],
        "ground_basin": [np.mean(tree.basins == 0) for tree in trees],
    }
    for name, values in expected.items():
        # Sums of six numbers, rounded in another order.
        assert float(result[name]) == pytest.approx(np.mean(values), rel=1e-14)
        error = np.std(values, ddof=1) / np.sqrt(6)
        assert float(result[f"{name}_error"]) == pytest.approx(error, rel=1e-13)


def test_the_deepest_branches(result, trees):
    for sample, tree in enumerate(trees):
        count = min(12, tree.states.size)
        one = result.isel(sample=sample, minimum=slice(count))
        assert np.array_equal(one.minimum_state, tree.states[:count])
        assert np.array_equal(one.minimum_energy, tree.energies[:count])
        assert np.array_equal(one.saddle_state, tree.saddle_states[:count])
        assert np.array_equal(one.saddle_energy[1:], tree.saddle_energies[1:count])
        assert np.isnan(one.saddle_energy[0])
        assert np.array_equal(one.joined, tree.joined[:count])
        assert np.array_equal(one.basin_size, tree.basin_sizes[:count])
        rest = result.isel(sample=sample, minimum=slice(count, None))
        assert np.isnan(rest.minimum_energy).all()
        assert (rest.joined == -1).all()


def test_densities(result, trees):
    width = bin_width(8)
    assert (result.barrier_density.sum() * width).item() == pytest.approx(1.0, rel=1e-14)
    others = np.concatenate([tree.energies[1:] for tree in trees])
    saddles = np.concatenate([tree.saddle_energies[1:] for tree in trees])
    sizes = np.concatenate([tree.basin_sizes[1:] for tree in trees])
    for row, centre in enumerate(result.energy.values):
        inside = (others >= centre - width / 2) & (others < centre + width / 2)
        assert float(result.minima_density[row]) * 6 * width == pytest.approx(inside.sum())
        if inside.any():
            # Squares of energies up to 20 lose at most 400 eps in a difference.
            scatter = saddles[inside].std()
            assert float(result.saddle_mean[row]) == pytest.approx(saddles[inside].mean())
            assert float(result.saddle_spread[row]) == pytest.approx(scatter, abs=1e-6)
            assert float(result.basin_mean[row]) == pytest.approx(sizes[inside].mean())


def test_densities_of_two_spins_have_their_values():
    """Exponential energies of four states in a ring: both laws are closed forms.

    The two lowest states lie opposite with probability 1/3. Then both are minima, and the third
    lowest is their saddle. With x_1 > x_2 > x_3 > x_4 = -E, the spacings x_i - x_(i+1) are
    independent and exponential with rates i: the barrier x_2 - x_3 has the density 2 exp(-2 b), and
    x_1 - x_3 the density 2 exp(-b) - 2 exp(-2 b), so that a barrier has the density exp(-b), up to
    the edge at 0. The other minimum has 12 exp(-2 x) (1 - exp(-x))^2 / 3, the law of x_2.
    """
    samples = 20_000
    energies = np.log(np.random.default_rng(1).random((samples, 4)))
    surveys = [survey(barrier_tree(one), branches=2, N=2) for one in energies]
    one = barrier_density(surveys, N=2) | averages_by_energy(surveys, N=2)
    width = bin_width(2)

    def averaged(integral, centres):
        return (integral(centres + width / 2) - integral(centres - width / 2)) / width

    def minima(energy):
        u = np.exp(energy)
        return 4 * (u**2 / 2 - 2 * u**3 / 3 + u**4 / 4)

    assert one["barrier"][0] == width / 2
    assert one["energy"][-1] < 0
    for name, axis, integral in (
        ("barrier_density", "barrier", lambda b: -np.exp(-b)),
        ("minima_density", "energy", minima),
    ):
        law = averaged(integral, one[axis].values)
        # Bins that a hundred minima reach have errors of many events.
        often = law * width * samples > 100
        assert often.sum() > 20
        z = (one[name].values - law)[often] / one[f"{name}_error"].values[often]
        assert_within(z, comparisons=200)


def test_the_samples_are_those_of_the_study_s_name(result, trees):
    other = stage.run({**PARAMETERS, "study": "other", "samples": 1}, [])
    assert float(other.ground_energy) != float(result.minimum_energy[0, 0])


def test_a_landscape_of_one_minimum_has_no_barrier():
    """Two spins in a strong field: all energies increase from the ground state."""
    landscape = {"graph": "hypercube", "energies": "sk", "field": 100.0}
    one = stage.run({**PARAMETERS, "landscape": landscape, "N": 2, "samples": 2}, [])
    assert float(one.minima) == 1.0
    assert np.isnan(one.ground_barrier)
    assert one.sizes["barrier"] == 0
