"""Laws and fits of critical slowing down."""

import numpy as np
import pytest

from glasscore.dyson import linear_model
from glasscore.theory.critical_slowing import amplitude, decay_exponent, time_exponent
from tests.statistical import assert_within


def test_the_amplitude_is_that_of_the_linear_model():
    """Where b = 1 and T_g = T: corrections to C(t) at r_0 = 2 J are 1 / (16 J t)."""
    J, T, time = 0.8, 1.3, 1e4
    exact = linear_model.correlation(time, 2 * J, T, J)
    # That of the linear model's J C(0) = T, whatever T is.
    assert exact == pytest.approx(amplitude(T, J, 1.0) / np.sqrt(time), rel=1 / (8 * J * time))


def test_exponents_of_exact_laws_are_exact():
    distance = np.geomspace(0.05, 1, 6)
    law = 2.5 * distance**-1.1 * np.exp(0.3 * distance - 0.1 * distance**2)
    fit = time_exponent(distance, law, 1e-3 * law)
    assert (fit.exponent, fit.slope, fit.curvature) == pytest.approx((1.1, 0.3, -0.1), rel=1e-9)
    assert fit.at(distance) == pytest.approx(law, rel=1e-10)
    time = np.geomspace(1, 1000, 30)
    fit = decay_exponent(time, np.outer([1.0, 1.1, 1.2], time**-0.5))
    assert (fit.exponent, fit.error) == pytest.approx((0.5, 0), abs=1e-12)


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
