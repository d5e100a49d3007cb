"""Responses of infinitely many traps against integrals of the correlation and a known table."""

import numpy as np
import pytest
from scipy import integrate

from glasscore.theory import trap_model
from glasscore.theory.trap_response import aging_response, response


@pytest.mark.parametrize(
    ("x", "table"),
    [
        (0.5, [0.188999, 0.345966, 0.409155, 0.494017]),
        (0.7, [0.411901, 0.583082, 0.638059, 0.697320]),
    ],
)
def test_the_limit_of_late_times_has_the_known_digits(x, table):
    found = aging_response([0.1, 0.5, 1.0, 10.0], x)
    np.testing.assert_allclose(found, table, rtol=0, atol=0.5e-6)


def test_closed_form_and_ends():
    omega = np.array([0.0, 0.3, 7.0, np.inf])
    with np.errstate(invalid="ignore"):
        closed = (np.sqrt(omega) / (1 + omega) + np.arctan(np.sqrt(omega))) / np.pi
    np.testing.assert_allclose(aging_response(omega[:3], 0.5), closed[:3], rtol=1e-12)
    np.testing.assert_array_equal(aging_response(omega[[0, 3]], 0.7), [0.0, 0.7])


@pytest.mark.parametrize("x", [0.3, 0.5, 0.7, 0.9])
def test_the_ratio_is_the_share_of_the_waiting_time(x):
    """At fixed t, X = - (d G / d t_w) / (d C / d t_w) = t_w / t = 1 / (1 + omega)."""
    omega = np.array([0.05, 0.5, 2.0, 20.0])
    step = 1e-5 * omega
    slope = aging_response(omega + step, x) - aging_response(omega - step, x)
    slope /= trap_model.aging_function(omega - step, x) - trap_model.aging_function(omega + step, x)
    np.testing.assert_allclose(slope, 1 / (1 + omega), rtol=1e-6)


@pytest.mark.parametrize("x", [0.3, 0.5, 0.7, 1.0, 1.5])
@pytest.mark.parametrize(("waited", "omega"), [(1.0, 0.5), (100.0, 0.1), (100.0, 10.0)])
def test_any_time_is_the_integral_of_the_correlation(x, waited, omega):
    """G = - int dC(t, t') / dt dt', with the derivative of the law of no jump."""
    end = waited * (1 + omega)

    def slope(time):
        lag = end - time
        # The probability of no jump falls by a quarter of the time of order 1 at most.
        step = 1e-3 * max(1.0, lag)
        around = lag + step * np.array([-2.0, -1.0, 1.0, 2.0])
        law = trap_model.no_jump(time, around / time, x)
        return -(law @ [1.0, -8.0, 8.0, -1.0]) / (12 * step)

    near = end - 5e-3
    integral = integrate.quad(slope, waited, near, epsabs=1e-9, epsrel=1e-9, limit=200)[0]
    # At the end of the last bit the derivative would need negative lags; its middle is enough.
    integral += (end - near) * slope(0.5 * (near + end))
    assert float(response(waited, omega, x)) == pytest.approx(integral, abs=2e-7)


def test_late_times_approach_the_limit():
    omega = np.array([0.1, 1.0, 10.0])
    for x, error in ((0.5, 1e-4), (0.3, 1e-5)):
        np.testing.assert_allclose(response(1e10, omega, x), aging_response(omega, x), atol=error)


def test_equilibrium_obeys_the_theorem():
    """Above T_c, at late times, G = 1 - C."""
    lag, x = np.array([1.0, 30.0]), 2.5
    found = response(1e8, lag / 1e8, x)
    np.testing.assert_allclose(found, 1 - trap_model.equilibrium_no_jump(lag, x), atol=1e-8)


def test_short_windows_and_bad_arguments():
    np.testing.assert_array_equal(response([0.0, 5.0], [3.0, 0.0], 0.4), [0.0, 0.0])
    # The first response is that of the field on the trap of the time t_w: G = <u> (t - t_w).
    mean_rate = 0.5 / 1.5
    assert float(response(1e-4, 0.5, 0.5)) == pytest.approx(mean_rate * 0.5e-4, rel=1e-3)
    for bad in ((-1.0, 1.0, 0.5), (1.0, -1.0, 0.5), (1.0, 1.0, 0.0)):
        with pytest.raises(ValueError, match="must be"):
            response(*bad)
    with pytest.raises(ValueError, match="between 0 and 1"):
        aging_response(1.0, 1.0)
