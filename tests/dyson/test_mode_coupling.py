"""The mode-coupling equation: closed forms, its exponents, and the order of its solver."""

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq
from scipy.special import gamma

from glasscore.common.errors import CampaignError
from glasscore.dyson.mode_coupling import (
    Relaxation,
    exponents,
    fitted_times,
    power_law_of_times,
    relaxation,
    relaxation_time,
)
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import two_spin_equilibrium_correlation

TWO_SPIN = covariance({2: 0.5})
THREE_SPIN = covariance({3: 0.5})
MIXED = covariance({3: 0.5, 4: 0.5})
RELAXED = Relaxation(np.arange(4.0), np.array([1.0, 0.5, 0.2, 0.1]), np.zeros(4))


@pytest.mark.parametrize(
    ("coefficients", "expected", "digit"),
    [
        # Seven to ten digits printed.
        ({3: 0.5}, (0.6123724357, 0.5, 0.5, 0.3952631, 1.0, 1.7649803), 5e-8),
        ({4: 0.5}, (0.5443311, 2 / 3, 0.5, 0.3952631, 1.0, 1.7649803), 5e-8),
        (
            {3: 0.5, 4: 0.5},
            (0.8051659, 0.5902302, 0.5350552, 0.3850397, 0.9315352, 1.8353157),
            5e-8,
        ),
    ],
)
def test_exponent_table(coefficients, expected, digit):
    assert exponents(covariance(coefficients)) == pytest.approx(expected, abs=digit)


def test_exponents_solve_their_equation():
    found = exponents(covariance({3: 0.3, 12: 0.7}))
    assert found.parameter == pytest.approx(0.6065293, abs=5e-8)  # seven digits printed
    a, b = found.a, found.b
    assert gamma(1 - a) ** 2 / gamma(1 - 2 * a) == pytest.approx(found.parameter, rel=1e-14)
    assert gamma(1 + b) ** 2 / gamma(1 + 2 * b) == pytest.approx(found.parameter, rel=1e-14)


def test_two_spins_at_third_order():
    """The correlation has a closed form; the error falls as the third power of the points."""
    T, errors = 1.2, []
    for points in (64, 128, 256, 512):
        found = relaxation(TWO_SPIN, T, 1e3, points)
        error = np.abs(found.correlation - two_spin_equilibrium_correlation(found.time, T))
        errors.append(error.max())
        assert errors[-1] < found.error.max()
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    # About 2.9 where it was measured; 2.5 separates the third order from the second.
    assert np.all(orders > 2.5)
    assert errors[-1] < 1e-9


def test_relaxation_time_of_three_spins_at_third_order():
    times = [relaxation_time(relaxation(THREE_SPIN, 0.62, 1e12, n)) for n in (128, 256, 512, 1024)]
    changes = -np.diff(times)
    assert np.all(np.log2(changes[:-1] / changes[1:]) > 2.5)
    # The next change would be an eighth, and all that follow a seventh of the last.
    assert times[-1] == pytest.approx(845.57723, abs=changes[-1] / 4)


def test_solution_obeys_the_equation():
    """The solution is inserted into the equation at one late time, with splines and quadrature."""
    T, t = 0.62, 300.0
    found = relaxation(THREE_SPIN, T, 1e4, 1024)
    log_time = np.log(found.time[1:])
    C = CubicSpline(log_time, found.correlation[1:])
    nodes, weights = np.polynomial.legendre.leggauss(400)
    # The recent half in ln(t - t'), the remote half in ln t'.
    lowest = log_time[0]
    u = lowest + 0.5 * (np.log(t / 2) - lowest) * (nodes + 1)
    du = 0.5 * (np.log(t / 2) - lowest) * weights
    rate = C(u, 1)  # dC / dt times t
    other = np.log(t - np.exp(u))
    remote = du @ (1.5 / T * C(other) ** 2 * rate)
    recent = du @ (1.5 / T * C(u) ** 2 * C(other, 1) / np.exp(other) * np.exp(u))
    # Between 0 and the first time, 2e-7: C' = -T there, m = m(0).
    first = np.exp(lowest)
    ends = 1.5 / T * (C(np.log(t)) ** 2 * -T * first + C(np.log(t), 1) / t * first)
    terms = [C(np.log(t), 1) / t, T * C(np.log(t)), remote, recent, ends]
    # Errors of C are below 3e-7 by the solver's own bound; m is at most 1.5 / T.
    bound = 10 * found.error.max() * (T + 1.5 / T)
    assert abs(np.sum(terms)) < bound < 1e-4 * np.max(np.abs(terms))


def test_short_times():
    T, found = 0.9, relaxation(MIXED, 0.9, 1e-2, 64)
    first = 3.5
    t = found.time
    series = 1 - T * t + (T**2 + first) * t**2 / 2
    # The third term is -(T + 3.5 / T)(T^2 + 3.5) - 9 T, over 6.
    coefficient = ((T + first / T) * (T**2 + first) + 9 * T) / 6
    np.testing.assert_allclose(found.correlation, series, atol=1e-8 + coefficient * 1.01e-6)
    last = (found.correlation[-1] - series[-1]) / t[-1] ** 3
    # The fourth term over the third is of order T + 3.5 / T, times t.
    assert last == pytest.approx(-coefficient, rel=10 * t[-1])


def test_plateau_below_the_transition():
    """Between T_s and T_d the correlation stops at the largest root of T^2 q = f'(q) (1 - q)."""
    T = 0.6
    found = relaxation(THREE_SPIN, T, 1e10, 128)
    q = brentq(lambda q: 1.5 * q**2 * (1 - q) - T**2 * q, 0.5, 1.0, xtol=1e-15)
    # Statics is exact at any number of points: exponential convergence leaves rounding.
    assert found.correlation[-1] == pytest.approx(q, abs=1e-12)
    with pytest.raises(CampaignError, match="stays above 0.36"):
        relaxation_time(found)


def test_broken_powers_at_late_times():
    found = relaxation(covariance({2.5: 0.7}), 1.2, 1e8, 64)
    assert np.all(np.isfinite(found.correlation))
    # It decays to zero up to the error of the extrapolation.
    assert np.all(np.abs(found.correlation[found.time > 1e4]) <= found.error.max())
    assert found.correlation[-1] == 0.0


def test_critical_decay():
    """The correlation decays as C - q_d ~ t^-a at T_d."""
    T, q, _, a, _, _ = exponents(THREE_SPIN)
    found = relaxation(THREE_SPIN, T, 1e9, 512)
    rise = found.correlation - q
    local = -np.diff(np.log(rise[1:])) / np.diff(np.log(found.time[1:]))
    middle = np.sqrt(found.time[1:-1] * found.time[2:])
    # The next term is t^-2a, relative t^-a, with a coefficient of order one.
    for time in (1e4, 1e6, 1e8):
        place = np.searchsorted(middle, time)
        assert local[place] == pytest.approx(a, abs=time**-a)


def test_relaxation_times_grow_with_gamma():
    """tau ~ (T - T_d)^-gamma, from a fit over four decades of T - T_d, with corrections."""
    T = exponents(THREE_SPIN).temperature
    distance = 10 ** np.arange(-2, -6.1, -0.5)
    times = [relaxation_time(relaxation(THREE_SPIN, T * (1 + e), 1e12, 256)) for e in distance]
    found, change = power_law_of_times(distance, times, corrections=3)
    # The step's error is a power law in time: it decays in points, 2e-5 at 256.
    assert found == pytest.approx(1.7649803, abs=2 * change + 3e-5)
    assert change < 1e-4


def test_power_law_is_found():
    distance = np.geomspace(1e-5, 1e-2, 9)
    times = 3 * distance**-1.8 * np.exp(0.7 * distance**0.5)
    found, change = power_law_of_times(distance, times)
    assert found == pytest.approx(1.8, abs=1e-12)
    between = np.sqrt(distance[1:] * distance[:-1])
    law = 3 * between**-1.8 * np.exp(0.7 * between**0.5)
    assert fitted_times(distance, times, 1, between) == pytest.approx(law, rel=1e-11)
    assert change == pytest.approx(abs(power_law_of_times(distance, times, 0)[0] - found))
    assert change > 1e-4


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (exponents, (TWO_SPIN,), "continuously"),
        (relaxation, (THREE_SPIN, 0.58), "T = 0.58 .* static transition, T = 0.586"),
        (relaxation, (THREE_SPIN, np.nan), "T = nan"),
        (relaxation, (THREE_SPIN, 0.7, 0.0), "t_max = 0 "),
        (relaxation, (THREE_SPIN, 0.7, 1.0, 30), "points = 30 "),
        (relaxation, (THREE_SPIN, 0.7, 1.0, 66), "multiple of 4"),
        (relaxation_time, (RELAXED, 1.0), "level = 1 "),
        (power_law_of_times, ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), "3 temperatures"),
        (power_law_of_times, ([1.0, 2.0, 3.0, 0.0], [1.0] * 4), "positive"),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)
