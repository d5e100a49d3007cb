"""Parisi's functional of the Sherrington-Kirkpatrick model, step by step."""

import numpy as np
import pytest
from scipy import integrate

from glasscore.common.errors import CampaignError
from glasscore.theory import parisi
from glasscore.theory.parisi import _Functional, breaking, ground_state_energy
from glasscore.theory.sk import replica_symmetric

GROUND_STATE = -0.7631667  # Crisanti and Rizzo 2002, seven digits


def free_energy_of_one_step(T, q, m):
    """Parisi's functional at k = 1 and h = 0 as it is printed, by adaptive quadrature."""
    a = np.sqrt(q) / T

    def integrand(z):
        return np.exp(m * np.logaddexp(a * z, -a * z) - 0.5 * z * z)

    total = 2 * integrate.quad(integrand, 0, 12 + m * a, epsabs=0, epsrel=1e-13, limit=200)[0]
    logarithm = np.log(total / np.sqrt(2 * np.pi)) / m
    return -T * ((1 - 2 * q + (1 - m) * q**2) / (4 * T**2) + logarithm)


@pytest.fixture(scope="module")
def cold():
    return {steps: breaking(0.05, steps=steps) for steps in (1, 2, 4, 8)}


def test_ground_state_energy(cold):
    found = (2 * cold[8].free_energy + cold[8].energy) / 3
    assert ground_state_energy(1) == (2 * cold[1].free_energy + cold[1].energy) / 3
    # What is left at k = 8: fifteen times less than between k = 4 and k = 8.
    assert abs(found - GROUND_STATE) < 1e-5
    assert cold[8].energy == pytest.approx(-0.76317, abs=1e-4)


def test_free_energies_rise_at_fourth_order_in_the_steps():
    """A lower bound at any k, that misses as k^-4."""
    values = [breaking(0.5, steps=steps).free_energy for steps in (2, 4, 8)]
    first, second = np.diff(values)
    assert 0 < second < first
    assert np.log2(first / second) == pytest.approx(4.0, abs=0.2)


def test_few_steps_at_zero_temperature(cold):
    # -0.7652 and -0.7636 are known for T = 0; between T = 0.05 and it there is a T^3 of order one,
    # and with a negative entropy a linear term.
    for steps, energy in ((1, -0.7652), (2, -0.7636)):
        found = cold[steps].free_energy + 0.05 * cold[steps].entropy
        assert found == pytest.approx(energy, abs=0.05 * abs(cold[steps].entropy) + 3e-3)


def test_one_step_is_the_minimum_of_the_printed_functional():
    T, d = 0.3, 1e-4
    found = breaking(T, steps=1)
    q, m = found.overlaps[1], found.breaking_points[0]
    here = free_energy_of_one_step(T, q, m)
    assert found.free_energy == pytest.approx(here, abs=1e-11)
    for change in ((d, 0), (-d, 0), (0, d), (0, -d)):
        there = free_energy_of_one_step(T, q + change[0], m + change[1])
        # -f is minimal: f falls, by half a curvature below 10 times d^2.
        assert here - 10 * d**2 < there < here


@pytest.mark.parametrize(("T", "h"), [(0.3, 0.0), (0.3, 0.2)])
def test_gradient(T, h):
    """Exact derivatives against differences of step d, which leave d^2 and rounding over d."""
    q, x, d = np.array([0.0, 0.5, 0.7, 0.85]), np.array([0.1, 0.3, 0.5]), 1e-5
    if h > 0:
        q[0] = 0.3
    functional = _Functional(T, h, q, x)
    start = np.log(np.diff(q[q > 0], prepend=0.0) / (1 - q[-1]))
    start = np.concatenate([start, np.log(np.diff(x, prepend=0.0) / (1 - x[-1]))])
    gradient = functional.of_logits(start)[1]
    for direction, slope in zip(np.eye(start.size), gradient, strict=True):
        above, below = (functional.of_logits(start + sign * d * direction)[0] for sign in (1, -1))
        assert slope == pytest.approx((above - below) / (2 * d), abs=d**2 / T**2 + 1e-14 / d)


def test_grid_does_not_matter():
    q, x = np.array([0.0, 0.5, 0.7, 0.85]), np.array([0.1, 0.3, 0.5])
    coarse, fine = _Functional(0.3, 0.0, q, x), _Functional(0.3, 0.0, q, x)
    fine.spacing = coarse.spacing / 2
    fine.fields = fine.spacing * np.arange(2 * coarse.fields[0] / coarse.spacing, 1) * 1.0
    fine.fields = np.concatenate([fine.fields, -fine.fields[:-1][::-1]])
    # exp(-3 pi^2) = 1e-13 is left by the coarse grid.
    assert coarse(q, x)[0] == pytest.approx(fine(q, x)[0], abs=1e-12)


def test_stationary_and_thermodynamic():
    """Residuals vanish, S = -dF/dT and M = -dF/dh."""
    T, h, d = 0.3, 0.2, 1e-3
    found = breaking(T, h, 4)
    assert found.residual < 1e-10
    warm, cool = breaking(T + d, h, 4).free_energy, breaking(T - d, h, 4).free_energy
    assert found.entropy == pytest.approx((cool - warm) / (2 * d), abs=10 * d**2)
    high, low = breaking(T, h + d, 4).free_energy, breaking(T, h - d, 4).free_energy
    m = (low - high) / (2 * d)
    energy = -(1 - np.diff([0, *found.breaking_points, 1]) @ found.overlaps**2) / (2 * T) - h * m
    assert found.energy == pytest.approx(energy, abs=10 * d**2)


def test_marginal_stability_and_susceptibility(cold):
    """chi goes to 1 and the replicon to 0: both as k^-2."""
    off = np.array([[cold[k].susceptibility - 1, -cold[k].replicon] for k in (2, 4, 8)])
    assert np.all(off > 0)
    assert np.all(np.log2(off[1] / off[2]) == pytest.approx(1.8, abs=0.2))
    assert np.all(off[2] < off[1])


def test_entropy_is_positive_and_quadratic():
    # 0.72 T^2 is known at low temperature (Crisanti and Rizzo 2002); k = 8 leaves 1e-4 of entropy.
    for T in (0.1, 0.05):
        found = breaking(T, steps=8)
        assert found.entropy == pytest.approx(0.72 * T**2, abs=1e-4)
    assert replica_symmetric(0.05).entropy < 0


def test_overlap_function_near_the_transition():
    """q(x) = x / 2 up to x = 2 (1 - T), with corrections of relative order 1 - T."""
    T, steps = 0.95, 4
    found = breaking(T, steps=steps)
    x = found.breaking_points
    middle = 0.5 * (found.overlaps[1:] + found.overlaps[:-1])
    assert middle == pytest.approx(x / 2, rel=4 * (1 - T))
    assert found.overlaps[-1] == pytest.approx(1 - T, rel=4 * (1 - T))
    assert found.overlap(0.0) == 0.0
    assert found.overlap([x[0] * 1.01, 1.0]).tolist() == [found.overlaps[1], found.overlaps[-1]]


def test_symmetric_where_that_is_stable():
    for T, h in ((1.5, 0.0), (1.0, 0.0), (0.5, 0.6)):
        found, symmetric = breaking(T, h), replica_symmetric(T, h)
        assert found.breaking_points.size == 0
        assert found.overlaps.tolist() == [symmetric.overlap]
        assert found.free_energy == symmetric.energy - T * symmetric.entropy
        assert found.overlap(0.3) == symmetric.overlap


def test_symmetry_breaks_below_the_line():
    found, symmetric = breaking(0.5, 0.5, 2), replica_symmetric(0.5, 0.5)
    # A better lower bound, by the cube of the small instability.
    gain = found.free_energy - (symmetric.energy - 0.5 * symmetric.entropy)
    assert 0 < gain < abs(symmetric.replicon) ** 3
    assert np.all(np.diff(found.overlaps) > 0)
    assert abs(found.replicon) < abs(symmetric.replicon) / 10


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((0.0,), "T = 0 .* from T = 0.03"),
        ((np.nan,), "T = nan"),
        ((0.5, -0.1), "h = -0.1 "),
        ((0.5, 6.0), "from 0 to 5"),
        ((0.5, 0.0, 0), "steps = 0 "),
    ],
)
def test_refusals(arguments, told):
    with pytest.raises(CampaignError, match=told):
        breaking(*arguments)


def test_says_where_the_minimum_is_not_reached(monkeypatch):
    monkeypatch.setattr(parisi, "RESIDUAL", 0.0)
    with pytest.raises(CampaignError, match=r"not reached its minimum with 1 steps .* left \d"):
        breaking(0.5)
