"""The bath of a single site: noise, sums of exponentials, Dyson's equation."""

import numpy as np
import pytest
from scipy.linalg import toeplitz

from glasscore.dmft.single_site import dyson_equation, equilibrium, noise
from glasscore.dmft.single_site.exponentials import fitted, in_time, transform
from glasscore.dmft.single_site.interface import Bath, Statics, statics
from glasscore.dmft.single_site.models import soft
from glasscore.dyson import linear_model
from glasscore.theory.critical_slowing import amplitude

NONE = Bath(np.empty(0), np.empty(0))
# Largest error of a sum of exponentials with ten rates per decade and given C(0), relative to C(0).
# It is reached where C is a power law. It was measured in the two tests of the linear model, where
# more rates make it five times smaller.
RESOLUTION = 3e-4


def test_noise_has_its_covariance_exactly():
    """The noise is a linear map of white noise, whose rows give the covariance up to rounding."""
    n = noise.length(40)
    time = np.arange(n + 1)
    covariance = 0.7 * np.exp(-0.3 * time) + 0.2 * np.exp(-0.01 * time)
    rows = noise.stationary(covariance, np.eye(2 * n))
    assert np.abs(rows @ rows.T - toeplitz(covariance)).max() < 1e-13


def test_sums_of_exponentials_are_recovered():
    rate = np.geomspace(0.01, 10, 31)
    bath = Bath(np.array([0.5, 0.3]), rate[[8, 20]])
    time = np.geomspace(0.1, 100, 40)
    found = fitted(np.exp(-np.outer(time, rate)), in_time(bath, time), np.ones(40), 0.8, rate)
    assert found.weight.sum() == pytest.approx(0.8, rel=1e-12)
    # Neighbouring rates can replace one another up to the rounding of the fit.
    assert np.abs(in_time(found, time) - in_time(bath, time)).max() < 1e-7
    assert np.isclose(transform(found, 0.3), transform(bath, 0.3), rtol=1e-6)


@pytest.mark.parametrize("r0", [2.0, 2.5])
def test_without_local_memory_dyson_s_equation_is_that_of_the_linear_model(r0):
    at = statics(soft.create({"r": -r0, "u": 0.0, "J": 1.0}), 0.9)
    time = np.geomspace(0.05, 100, 50)
    bath = dyson_equation.self_consistent(NONE, at, 0.05, 100.0)
    exact = linear_model.correlation(time, r0, 0.9)
    assert np.abs(in_time(bath, time) - exact).max() < RESOLUTION * at.second_moment
    s = np.array([0.1, 1.0])
    assert dyson_equation.response(NONE, at, -1j * s) == pytest.approx(
        linear_model.response_spectrum(s, r0), rel=1e-12
    )


def test_the_local_memory_of_a_solution_is_the_one_it_was_made_with():
    at = Statics(T=1.4, J=1.0, second_moment=1.1, initial_rate=1.4, energy=0.0)
    memory = Bath(np.array([0.4]), np.array([0.8]))
    bath = dyson_equation.self_consistent(memory, at, 0.05, 50.0)
    s = np.geomspace(0.05, 5, 9)
    found = dyson_equation.local_memory(bath, bath, at, s)
    # The error of C(s) enters twice, each time multiplied by (s + Omega) / Omega.
    bound = RESOLUTION * (1 + s / at.decay) ** 2 * (1 + s) / s
    assert np.all(np.abs(found - transform(memory, s).real) < bound)


def test_at_the_transition_correlations_decay_as_one_over_the_root_of_time():
    at = Statics(T=1.2, J=1.0, second_moment=1.2, initial_rate=1.2, energy=0.0)
    memory = Bath(np.array([0.4]), np.array([0.8]))
    b = dyson_equation.slope(memory, at)
    assert b == pytest.approx(1.5)
    assert dyson_equation.relaxation_time(memory, at) == np.inf
    time = np.array([30.0, 100.0])
    value = in_time(dyson_equation.self_consistent(memory, at, 0.05, 100.0), time)
    ratio = value / (amplitude(1.2, 1.0, b) / np.sqrt(time))
    # Corrections are smaller by 1 / t (1 / 16 t in the linear model), times factors b and m_loc.
    assert np.all(np.abs(ratio - 1) < 1 / time + RESOLUTION / value)


def test_regression_on_a_control_leaves_its_exact_part():
    random = np.random.default_rng(2)
    control = random.normal(size=(40, 3))
    values = 2.0 + 0.7 * control
    found = equilibrium._controlled(values, control, np.zeros(3))
    assert found == pytest.approx(np.full(3, 2.0), abs=1e-13)
