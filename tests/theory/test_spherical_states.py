"""Equilibrium of the spherical p-spin model: its equations, thermodynamics, and transitions."""

import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.models.covariance import covariance
from glasscore.theory.complexity import lowest_energy
from glasscore.theory.spherical_pspin import dynamical_transition, static_transition
from glasscore.theory.spherical_states import equilibrium


def free_energy(p, T, q, m):
    """beta f, as printed."""
    elastic = -(1 - (1 - m) * q**p) / (4 * T**2)
    return elastic - 0.5 * ((1 - 1 / m) * np.log(1 - q) + np.log(1 - q + m * q) / m)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_stationary_below_the_static_transition(p):
    T = 0.6 * static_transition(covariance({p: 0.5})).temperature
    found = equilibrium(p, T)
    q, m, d = found.overlap, found.breaking, 1e-5
    by_q = (free_energy(p, T, q + d, m) - free_energy(p, T, q - d, m)) / (2 * d)
    by_m = (free_energy(p, T, q, m + d) - free_energy(p, T, q, m - d)) / (2 * d)
    # Third derivatives by q are of order 1 / (1 - q)^3.
    assert [by_q, by_m] == pytest.approx([0, 0], abs=d**2 / (1 - q) ** 3 + 1e-14 / d)
    assert found.energy / T - found.entropy == pytest.approx(free_energy(p, T, q, m), abs=1e-14)
    assert 0 < m < 1
    assert found.replicon > 0
    assert found.complexity == 0


@pytest.mark.parametrize("p", [3, 5])
def test_between_the_transitions(p):
    model = covariance({p: 0.5})
    static, dynamic = static_transition(model), dynamical_transition(model)
    T = 0.5 * (static.temperature + dynamic.temperature)
    found = equilibrium(p, T)
    q, d = found.overlap, 1e-5
    # The complexity is the derivative by m at m = 1; the third one is of order 10.
    by_m = (free_energy(p, T, q, 1 + d) - free_energy(p, T, q, 1 - d)) / (2 * d)
    assert found.complexity == pytest.approx(by_m, abs=10 * d**2 + 1e-15 / d)
    # States and their inside together have the paramagnet's energy and entropy.
    assert found.energy == pytest.approx(-1 / (2 * T), rel=1e-15)
    assert found.entropy == pytest.approx(-1 / (4 * T**2), rel=1e-13)
    below = equilibrium(p, static.temperature * (1 - 1e-9))
    above = equilibrium(p, static.temperature * (1 + 1e-9))
    assert below == pytest.approx(above, abs=1e-7)
    assert above.overlap == pytest.approx(static.overlap, abs=1e-7)
    # The overlap falls to q_d as the root of the distance.
    edge = equilibrium(p, dynamic.temperature * (1 - 1e-10))
    assert edge.overlap == pytest.approx(dynamic.overlap, abs=1e-4)
    assert edge.replicon == pytest.approx(0.0, abs=1e-3)
    assert equilibrium(p, dynamic.temperature).overlap == 0.0


@pytest.mark.parametrize(("p", "T"), [(3, 0.2), (4, 0.45), (3, 0.6), (3, 1.5)])
def test_thermodynamics(p, T):
    """dE = T dS; differences of step d leave d^2 times third derivatives, about 1 / T^4."""
    d = 1e-4
    low, high = equilibrium(p, T - d), equilibrium(p, T + d)
    heat = (high.energy - low.energy) / (2 * d)
    assert heat == pytest.approx(T * (high.entropy - low.entropy) / (2 * d), abs=d**2 / T**4)


@pytest.mark.parametrize("p", [3, 4])
def test_cold_states_are_the_ground_state_of_the_complexity(p):
    # Two degrees of freedom at T / 2 each, that is e = e_0 + T / 2; the next term is T^2.
    T = 1e-4
    found = equilibrium(p, T)
    assert found.energy - T / 2 == pytest.approx(lowest_energy(p), abs=10 * T**2)


@pytest.mark.parametrize(("p", "T"), [(2, 0.5), (3.5, 0.5), (3, 0.0), (3, np.nan)])
def test_refusals(p, T):
    with pytest.raises(CampaignError, match="p =" if T == 0.5 else "T ="):
        equilibrium(p, T)
