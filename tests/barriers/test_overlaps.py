"""The law of the overlap in equilibrium: by the sum over pairs, and by exact laws of its mean."""

from math import comb

import numpy as np
import pytest

from glasscore.barriers import stage
from glasscore.barriers.overlaps import overlap_laws
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.sample import sample_of_job
from glasscore.theory.participation import participation_ratio
from tests.statistical import assert_within, z_scores


def job(N, samples, energies="gaussian", T=(0.5, 1.5), **options):
    return {
        "seed": 20190129,
        "study": "overlaps",
        "landscape": {"graph": "hypercube", "energies": energies, **options},
        "N": N,
        "samples": samples,
        "branches": 2,
        "overlap_temperatures": list(T),
    }


@pytest.mark.parametrize("N", [2, 3, 7])
def test_it_is_the_sum_over_all_pairs(N):
    states = np.arange(2**N)
    energies = np.random.default_rng(N).normal(scale=2.0, size=2**N)
    distance = np.bitwise_count(states[:, np.newaxis] ^ states)
    for T, law in zip((0.3, 2.0), overlap_laws(energies, (0.3, 2.0)), strict=True):
        weights = np.exp(-energies / T) / np.exp(-energies / T).sum()
        pairs = np.outer(weights, weights)
        expected = [pairs[distance == d].sum() for d in range(N, -1, -1)]
        np.testing.assert_allclose(law, expected, atol=1e-15)
        assert law[-1] == pytest.approx((weights**2).sum(), rel=1e-12)


def test_infinite_temperature_has_the_binomial_law():
    (law,) = overlap_laws(np.random.default_rng(1).normal(size=2**10), (1e6,))
    np.testing.assert_allclose(law, [comb(10, d) / 2**10 for d in range(11)], rtol=1e-4)


@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
def test_independent_energies(energies):
    """Two different states are any pair with the same probability, whatever their weights.

    So P(d) = (1 - Y_2) C(N, d) / (2^N - 1) for d > 0, on average and exactly in N.
    """
    N, T = 8, 1.4
    result = stage.run(job(N, 500, energies, (T,)), [])
    Y_2 = float(participation_ratio(np.array([T]), N, energies)[0])
    binomial = np.array([comb(N, d) for d in range(N, -1, -1)]) / (2**N - 1)
    expected = (1 - Y_2) * binomial
    expected[-1] = Y_2
    found = result.isel(overlap_temperature=0)
    z = z_scores(found.overlap_density * 2 / N, expected, found.overlap_density_error * 2 / N)
    assert_within(z, comparisons=2 * z.size)
    np.testing.assert_allclose(result.overlap_value, np.linspace(-1, 1, N + 1), atol=1e-15)


@pytest.mark.parametrize(
    ("N", "reference", "error"), [(8, 1.447, 0.003), (12, 1.525, 0.004), (14, 1.552, 0.007)]
)
def test_spin_glass_above_its_transition(N, reference, error):
    """SK at T = 1.5: N <q^2> beside values that another program found by listing."""
    result = stage.run(job(N, {8: 2000, 12: 500, 14: 200}[N], "sk", (1.5,), field=0.0), [])
    square = N * result.square_overlap.values[0]
    own = N * result.square_overlap_error.values[0]
    assert_within((square - reference) / np.hypot(own, error), comparisons=3)
    # Symmetric under the flip of all spins.
    law = result.overlap_density.values[0]
    np.testing.assert_allclose(law, law[::-1], rtol=1e-9)


@pytest.mark.parametrize("T", [0.4, 1.0, 2.0])
def test_energy_follows_from_the_overlap(T):
    """SK without a field: <E> / N = -(1 - <q^2>) / (2 T), exactly at any N and T.

    By partial integration over the Gaussian couplings; the false-positive rate is 1e-6.
    """
    parameters = job(8, 1500, "sk", (T,), field=0.0)
    differences = []
    q = np.linspace(-1, 1, 9)
    for sample in range(1500):
        energies = energies_of_all_states(sample_of_job(parameters, sample))
        weights = np.exp(-(energies - energies.min()) / T)
        mean = (weights * energies).sum() / weights.sum() / 8
        (law,) = overlap_laws(energies, (T,))
        differences.append(mean + (1 - (law * q**2).sum()) / (2 * T))
    differences = np.array(differences)
    z = differences.mean() / (differences.std(ddof=1) / np.sqrt(1500))
    assert_within(z, comparisons=3)


def test_without_the_key_nothing_is_computed():
    parameters = job(4, 3)
    with_laws = stage.run(parameters, [])
    del parameters["overlap_temperatures"]
    result = stage.run(parameters, [])
    new = {"overlap_density", "overlap_density_error", "square_overlap", "square_overlap_error"}
    assert set(with_laws.variables) - set(result.variables) == {
        *new, "overlap_value", "overlap_temperature",
    }  # fmt: skip
    for name in result.variables:
        np.testing.assert_array_equal(result[name], with_laws[name])
