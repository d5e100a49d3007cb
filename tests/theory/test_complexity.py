"""Annealed complexity of the spherical p-spin model."""

import numpy as np
import pytest
from scipy import integrate, optimize

from glasscore.common.errors import CampaignError
from glasscore.theory.complexity import (
    complexity,
    lowest_energy,
    threshold_energy,
    total_complexity,
    unstable_fraction,
)


def one_step(mu, p):
    """Energy and complexity at slope mu = dSigma / de, from one step of replica-symmetry breaking.

    F(mu) = -min over chi of [p chi / 2 + mu / 2 + ln(1 + mu / chi) / mu] / 2, the ground state of
    Crisanti and Sommers (1992) at fixed mu; e = d(mu F) / dmu, Sigma = mu (e - F).
    """
    # p / 2 = 1 / (chi (chi + mu)) where it is stationary.
    chi = -mu / 2 + np.sqrt(mu**2 / 4 + 2 / p)
    free = -0.5 * (p * chi / 2 + mu / 2 + np.log1p(mu / chi) / mu)
    energy = -0.5 * (p * chi / 2 + mu + 1 / (chi + mu))
    return energy, mu * (energy - free)


@pytest.mark.parametrize(
    ("p", "threshold", "at_threshold", "ground"),
    [(3, -1.154701, 0.013240, -1.171675), (4, -1.224745, 0.049306, -1.268610)],
)
def test_table(p, threshold, at_threshold, ground):
    # Six digits printed.
    assert threshold_energy(p) == pytest.approx(threshold, abs=5e-7)
    assert complexity(threshold_energy(p), p) == pytest.approx(at_threshold, abs=5e-7)
    assert lowest_energy(p) == pytest.approx(ground, abs=5.1e-7)


def test_ground_state_with_unit_variance_per_spin():
    assert np.sqrt(2) * lowest_energy(3) == pytest.approx(-1.65700, abs=5e-6)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_minima_from_the_number_of_solutions_of_the_mean_field_equations(p):
    """The formula of Cavagna, Giardina and Parisi, which has another form, gives the same."""
    e = np.linspace(lowest_energy(p), threshold_energy(p), 7)
    z = (-e - np.sqrt(np.maximum(e**2 - threshold_energy(p) ** 2, 0.0))) / (p - 1)
    sigma = (2 - p) / p - np.log(p * z**2 / 2) + (p - 1) * z**2 / 2 - 2 / (p**2 * z**2)
    np.testing.assert_allclose(complexity(e, p), 0.5 * sigma, rtol=0, atol=1e-13)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_minima_from_replicas(p):
    """The Legendre transform of one step of replica-symmetry breaking at T = 0 gives the same."""
    # From the marginal states, chi = 1 / sqrt(f''(1)), to the ground state.
    marginal = np.sqrt(2 / (p * (p - 1)))
    lowest = 2 / (p * marginal) - marginal
    highest = optimize.brentq(lambda mu: one_step(mu, p)[1], lowest, 10 * lowest, xtol=1e-15)
    for mu in np.linspace(lowest, highest, 6):
        energy, sigma = one_step(mu, p)
        assert complexity(energy, p) == pytest.approx(sigma, abs=1e-12)
    assert one_step(lowest, p)[0] == pytest.approx(threshold_energy(p), rel=1e-14)
    assert one_step(highest, p)[0] == pytest.approx(lowest_energy(p), rel=1e-12)


def test_cost_of_an_eigenvalue():
    """I(x) = 2 int_1^x sqrt(y^2 - 1) dy, and the complexities differ by it."""
    p, x = 3, 1.01
    energy = x * threshold_energy(p)
    cost, error = integrate.quad(lambda y: 2 * np.sqrt(y * y - 1), 1, x, epsabs=1e-14)
    for k in (0, 1, 5):
        difference = complexity(energy, p, k) - complexity(energy, p, k + 1)
        assert difference == pytest.approx(cost, abs=error + 1e-14)
    assert total_complexity(energy, p) == complexity(energy, p)


def test_saddles():
    p = 3
    lowest = [lowest_energy(p, k) for k in range(5)]
    assert np.all(np.diff(lowest) > 0)
    assert lowest[-1] < threshold_energy(p)
    for k, energy in enumerate(lowest):
        assert complexity(energy, p, k) == pytest.approx(0.0, abs=1e-14)
    assert complexity(0.99 * threshold_energy(p), p) == -np.inf
    assert complexity(-1.16, p, 1) < complexity(-1.16, p, 0)


def test_all_stationary_points():
    for p in (3, 5):
        assert total_complexity(0.0, p) == pytest.approx(np.log(p - 1) / 2, rel=1e-15)
        edge = threshold_energy(p) * np.array([1 - 1e-9, 1.0, 1 + 1e-9])
        # The slope is of order one, and the cost of an eigenvalue rises as the power 3 / 2.
        np.testing.assert_allclose(np.diff(total_complexity(edge, p)), 0.0, atol=1e-8)


def test_unstable_fraction():
    p = 3
    x = np.array([0.0, 0.3, 0.8, 1.0, 1.1])
    found = unstable_fraction(x * threshold_energy(p), p)
    for one, fraction in zip(x, found, strict=True):
        low = min(one, 1.0)
        part = integrate.quad(lambda y: 2 / np.pi * np.sqrt(1 - y * y), low, 1, epsabs=1e-13)[0]
        assert fraction == pytest.approx(part, abs=1e-12)
    assert found[0] == 0.5
    assert found[-1] == 0.0


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (complexity, (-1.0, 2), "p = 2 .* from 3"),
        (lowest_energy, (2.5,), "p = 2.5"),
        (total_complexity, (0.1, 3), "positive"),
        (unstable_fraction, (np.nan, 3), "not finite"),
        (complexity, (-1.0, 3, -1), "index = -1 "),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)
