"""Exact equilibrium of soft and Ising spins: quadrature, limits, and what is refused."""

import numpy as np
import pytest
from scipy.integrate import quad

from glasscore.common.errors import CampaignError
from glasscore.dmft.single_site.interface import (
    checked_temperature,
    glass_temperature,
    kicks,
    statics,
)
from glasscore.dmft.single_site.models import glauber, soft
from glasscore.dyson import linear_model
from glasscore.models import quartic_well
from tests.statistical import assert_same_distribution

# Error of integrals over smooth functions: rounding, and the tolerance of the reference.
ROUNDING = 1e-10
WELLS = [(-1.5, 0.3), (0.0, 1.0), (3.0, 2.0)]


def average(function, model, T, second):
    def weight(S):
        energy = -model.r / 2 * S**2 + model.u / 4 * S**4
        return np.exp(-energy / T + model.J**2 * second * S**2 / (2 * T**2) - 20)

    settings = {"epsabs": 0, "epsrel": 1e-12, "limit": 500}
    return (
        quad(lambda S: function(S) * weight(S), 0, 12, **settings)[0]
        / (quad(weight, 0, 12, **settings)[0])
    )


@pytest.mark.parametrize(("r", "u"), WELLS)
@pytest.mark.parametrize("J", [1.0, 0.9])
def test_moments_are_those_of_the_self_consistent_weight(r, u, J):
    model = soft.create({"r": r, "u": u, "J": J})
    glass = glass_temperature(model)
    for T in (glass, 1.3 * glass):
        at = statics(model, T)
        second = average(lambda S: S**2, model, T, at.second_moment)
        assert at.second_moment == pytest.approx(second, rel=ROUNDING)
        well = average(lambda S: -r / 2 * S**2 + u / 4 * S**4, model, T, second)
        energy = well - J**2 * second**2 / (2 * T)
        assert at.energy == pytest.approx(energy, rel=ROUNDING, abs=ROUNDING)
    assert J * statics(model, glass).second_moment == pytest.approx(glass, rel=ROUNDING)
    assert J * statics(model, 1.3 * glass).second_moment < 1.3 * glass


def test_deep_wells_make_ising_spins():
    """For r = u, <S^2> is 1 + (J - T) / u + O(1 / u^2), so that T_g - J falls as 1 / u^2."""
    deviations = [
        glass_temperature(soft.create({"r": u, "u": u, "J": 1.0})) - 1 for u in (400.0, 800.0)
    ]
    # The next order is smaller than this one by a few times 1 / u.
    assert deviations[0] / deviations[1] == pytest.approx(4, rel=10 / 400)


def test_linear_statics_are_those_of_dyson_s_equation():
    model = soft.create({"r": -2.5, "u": 0.0, "J": 1.0})
    assert glass_temperature(model) == 0
    exact = linear_model.correlation(0.0, 2.5, 0.8)
    assert statics(model, 0.8).second_moment == pytest.approx(float(exact), rel=ROUNDING)


def test_a_soft_well_without_glass():
    assert glass_temperature(soft.create({"r": -2.0, "u": 1.0, "J": 1.0})) == 0
    assert glass_temperature(soft.create({"r": -1.9, "u": 1.0, "J": 1.0})) > 0


def test_initial_rate_of_ising_spins():
    at = statics(glauber.create({"J": 0.8}), 1.1)

    def density(h):
        mean = 0.8**2 / 1.1
        return np.exp(-((h - mean) ** 2) / (2 * 0.8**2)) / np.sqrt(2 * np.pi * 0.8**2)

    rate = quad(lambda h: density(h) / np.cosh(h / 1.1) ** 2, -8, 10, epsabs=1e-13)[0]
    assert at.initial_rate == pytest.approx(rate, rel=ROUNDING)
    assert glass_temperature(glauber.create({"J": 0.8})) == 0.8


def test_starts_follow_the_equilibrium():
    model = soft.create({"r": 1.0, "u": 1.0, "J": 1.0})
    T = 1.2 * glass_temperature(model)
    at = statics(model, T)
    start = kicks(model, at, 0.1, (1, 20_000), np.random.default_rng(5)).start
    edges = np.linspace(-3, 3, 25)
    S, weight = quartic_well.weight(model.r + at.second_moment / T, model.u, T)
    below = np.interp(edges, S, np.cumsum(weight) - weight / 2)
    expected = start.size * np.diff(np.concatenate([[0], below, [1]]))
    bins = np.concatenate([[-np.inf], edges, [np.inf]])
    assert_same_distribution(np.histogram(start, bins)[0], expected)


@pytest.mark.parametrize("T", [-1.0, 0.0, 0.99])
def test_temperatures_below_the_transition_are_refused(T):
    with pytest.raises(CampaignError, match=r"must be at least T_g = 1\."):
        checked_temperature(glauber.create({"J": 1.0}), T)


def test_a_rounded_glass_temperature_is_the_glass_temperature():
    model = glauber.create({"J": 1 / 3})
    assert checked_temperature(model, 0.3333333333) == 1 / 3


def test_unstable_linear_models_are_refused():
    with pytest.raises(CampaignError, match="r = -1.9 leaves the linear model"):
        soft.create({"r": -1.9, "u": 0.0, "J": 1.0})
