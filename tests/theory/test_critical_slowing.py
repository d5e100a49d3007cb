"""Laws and fits of critical slowing down."""

import numpy as np
import pytest

from glasscore.dyson import linear_model
from glasscore.theory.critical_slowing import (
    amplitude,
    correlation_time,
    decay_exponent,
    time_exponent,
)
from tests.statistical import assert_within


def test_the_amplitude_is_that_of_the_linear_model():
    """The linear model has b = 1 and T_g = T; corrections to C(t) at r_0 = 2 J are 1 / (16 J t)."""
    J, T, time = 0.8, 1.3, 1e4
    exact = linear_model.correlation(time, 2 * J, T, J)
    # For the linear model J C(0) = T holds at any T.
    assert exact == pytest.approx(amplitude(T, J, 1.0) / np.sqrt(time), rel=1 / (8 * J * time))


def test_exponents_of_exact_laws_are_exact():
    distance = np.geomspace(0.05, 1, 6)
    law = 2.5 * distance**-1.1 * np.exp(0.3 * distance)
    for z in (None, 1.1):
        fit = time_exponent(distance, law, 1e-3 * law, z)
        assert (fit.exponent, fit.slope) == pytest.approx((1.1, 0.3), rel=1e-9)
        assert fit.at(distance) == pytest.approx(law, rel=1e-10)
        assert fit.chi_squared == pytest.approx(0, abs=1e-15)
        assert fit.free == (3 if z is None else 4)
    assert time_exponent(distance, law, 1e-3 * law, 1.0).chi_squared > 100
    time = np.geomspace(1, 1000, 30)
    fit = decay_exponent(time, np.outer([1.0, 1.1, 1.2], time**-0.5))
    assert (fit.exponent, fit.error) == pytest.approx((0.5, 0), abs=1e-12)


def test_the_error_of_a_decay_is_that_of_repetitions():
    """Samples deviate at all times together, and correlations of single samples are negative."""
    random, time = np.random.default_rng(6), np.geomspace(0.1, 50, 40)
    count, samples = 300, 20
    deviation = 0.1 * random.standard_normal((count, samples, 2))
    noisy = time**-0.5 * (1 + deviation[..., :1] + deviation[..., 1:] * np.log(time))
    noisy += 0.1 * random.standard_normal((count, samples, time.size))
    fits = [decay_exponent(time, each) for each in noisy]
    z = np.array([(fit.exponent - 0.5) / fit.error for fit in fits])
    # Student's t of 19 degrees: its mean square is 19 / 17, of which kurtosis makes an error.
    assert_within((np.mean(z**2) - 19 / 17) / np.sqrt(2.8 / count))
    lost = decay_exponent(time, np.full((2, 40), -1.0))
    assert np.isnan([lost.exponent, lost.error]).all()


def test_the_time_of_a_decayed_correlation_is_its_integral():
    """As by G(s) = C(0) / T - s C(s) / T of a sum of exponentials, to the fourth order."""
    errors = []
    for points in (40, 80):
        time = np.concatenate([[0.0], np.geomspace(0.01, 60, points)])
        found = correlation_time(time, 0.7 * np.exp(-0.5 * time) + 0.3 * np.exp(-2 * time), 1.3)
        errors.append(found - 1.3 * (0.7 / 0.5 + 0.3 / 2))
    assert abs(errors[1]) < 1e-3
    assert np.log2(abs(errors[0] / errors[1])) > 3.5


def test_errors_of_fitted_exponents_are_those_of_repetitions():
    random = np.random.default_rng(4)
    distance, count = np.geomspace(0.05, 1, 6), 400
    law = 2.0 / distance
    noisy = law * (1 + 0.01 * random.standard_normal((count, 6)))
    fits = [time_exponent(distance, each, 0.01 * law) for each in noisy]
    z = np.array([(fit.exponent - 1) / fit.error for fit in fits])
    # The mean square of z is one up to sqrt(2 / count), the logarithm's bias being 1e-2 of that.
    assert_within((np.mean(z**2) - 1) / np.sqrt(2 / count))
    assert_within(z.mean() * np.sqrt(count))
    # chi^2 has three degrees of freedom and the variance 6.
    chi = np.array([fit.chi_squared for fit in fits])
    assert_within((chi.mean() - 3) / np.sqrt(6 / count))
