"""Forces are gradients, couplings have their law, starts are where they should be."""

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.langevin.couplings import pair_couplings
from glasscore.langevin.models import linear, soft
from glasscore.langevin.space import SPACES
from tests.langevin.models import MODULES, OPTIONS, drawn
from tests.statistical import assert_within, z_scores

N = 6


def test_all_models_are_tested():
    assert set(MODULES) == set(discovery.names("langevin/models"))


@pytest.mark.parametrize("name", MODULES)
def test_force_is_minus_the_gradient_of_the_energy(name):
    """The derivative is a complex step, whose error is that of rounding."""
    model = drawn(name, N)
    states = np.random.default_rng(2).standard_normal((N, 3))
    found = model.force(states)
    for i in range(N):
        shifted = states.astype(complex)
        shifted[i] += 1e-30j
        slope = N * model.energy(shifted).imag / 1e-30
        np.testing.assert_allclose(-slope, found[i], rtol=1e-12, atol=1e-13)


def test_soft_spins_are_wells_and_pairs():
    options = OPTIONS["soft"]
    model = drawn("soft", N)
    S = np.random.default_rng(2).standard_normal(N)
    pairs = sum(model.couplings[i, j] * S[i] * S[j] for i in range(N) for j in range(i))
    wells = -options["r"] * S**2 / 2 + options["u"] * S**4 / 4 - options["field"] * S
    assert model.energy(S[:, None])[0] == pytest.approx((wells.sum() - pairs) / N, rel=1e-13)


def test_linear_is_soft_without_the_quartic_part():
    S = np.random.default_rng(2).standard_normal((N, 2))
    given = linear.draw(N, {"r0": 2.5, "J": 1.0, "field": 0.3}, np.random.default_rng(5))
    well = {"r": -2.5, "u": 0.0, "J": 1.0, "field": 0.3}
    same = soft.draw(N, well, np.random.default_rng(5))
    np.testing.assert_allclose(given.force(S), same.force(S), atol=1e-14)
    np.testing.assert_allclose(given.energy(S), same.energy(S), atol=1e-14)


def test_signal_favours_its_direction():
    S = np.random.default_rng(2).standard_normal((N, 2))
    given, noise = drawn("spiked_tensor", N), drawn("spiked_tensor", N, r=0.0)
    m = given.observables(S)["signal_overlap"]
    np.testing.assert_allclose(given.energy(S) - noise.energy(S), -1.2 * m**3, atol=1e-14)
    np.testing.assert_allclose(m, S.sum(axis=0) / N, rtol=1e-15)


def test_pair_couplings_have_variance_1_over_n_minus_1():
    J = pair_couplings(60, 2.0, np.random.default_rng(1))
    assert np.array_equal(J, J.T)
    assert not J.diagonal().any()
    above = J[np.triu_indices(60, 1)] * np.sqrt(59) / 2
    count = above.size
    # The mean is 0 with the error 1/sqrt(n), the mean square 1 with the error sqrt(2/n).
    z = np.array([above.mean(), ((above**2).mean() - 1) / np.sqrt(2)]) * np.sqrt(count)
    assert_within(z)


def test_gaussian_spins_start_in_equilibrium():
    model, T, count = drawn("linear", N), 0.7, 40000
    states = linear.equilibrium(model, T, (N, count), np.random.default_rng(3))
    covariance = T * np.linalg.inv(model.stiffness)
    mean = np.linalg.solve(model.stiffness, np.full(N, 0.3))
    variance = covariance.diagonal()
    found = (states - mean[:, None]) @ (states - mean[:, None]).T / count
    error = np.sqrt((np.outer(variance, variance) + covariance**2) / count)
    upper = np.triu_indices(N)
    z = z_scores(found[upper], covariance[upper], error[upper])
    z = np.append(z, z_scores(states.mean(axis=1), mean, np.sqrt(variance / count)))
    assert_within(z)


@pytest.mark.parametrize("space", SPACES)
def test_random_starts_have_length_root_n_and_no_direction(space):
    states = SPACES[space].random(N, 20000, np.random.default_rng(1))
    np.testing.assert_allclose((states**2).sum(axis=0), N, rtol=1e-14)
    moments = states @ states.T / 20000
    # Off the diagonal (S_i S_j)^2 has the mean 1 for free spins and N / (N + 2) on the sphere.
    off = moments[np.triu_indices(N, 1)] * np.sqrt(20000)
    assert_within(np.append(off, states.mean(axis=1) * np.sqrt(20000)))
