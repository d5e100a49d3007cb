"""The stationary linear model: Dyson's equations, closed forms, convolution quadrature."""

import numpy as np
import pytest
from scipy import integrate, linalg
from scipy.special import ive

from glasscore.common.errors import CampaignError
from glasscore.dyson.linear_model import (
    convolution_response,
    correlation,
    correlation_spectrum,
    critical_coefficient,
    iterated_response_spectrum,
    response,
    response_spectrum,
)

EPS = np.finfo(float).eps
FREQUENCIES = np.array([-30.0, -1.0, 1e-3, 0.1, 1.0, 2.0, 7.0, 1e4])
CASES = [(2.0, 1.0), (2.0 + 1e-9, 1.0), (2.3, 1.0), (9.0, 0.4)]


@pytest.mark.parametrize(("r0", "J"), CASES)
def test_dyson_equation_of_the_response(r0, J):
    G = response_spectrum(FREQUENCIES, r0, J)
    again = 1 / (-1j * FREQUENCIES + r0 - J**2 * G)
    np.testing.assert_allclose(again, G, rtol=8 * EPS)
    # The physical branch is causal, has positive dissipation, and tends to i / omega.
    assert np.all(G.imag * FREQUENCIES > 0)
    assert G[-1] * -1j * FREQUENCIES[-1] == pytest.approx(1.0, abs=2 * r0 / FREQUENCIES[-1])


@pytest.mark.parametrize(("r0", "J"), CASES)
def test_iterations_converge_at_the_rate_of_the_equation(r0, J):
    """(G_n - G) / (G_n - 1 / (J^2 G)) falls by J^2 G^2 each time: Dyson's map is a Moebius one."""
    frequency = np.array([0.3, 1.0, -2.0, 30.0])
    G = response_spectrum(frequency, r0, J)
    found = iterated_response_spectrum(frequency, r0, J, 12)
    other = 1 / (J**2 * G)
    for n in (1, 4, 12):
        expected = (J * G) ** (2 * n) * (found[0] - G) / (found[0] - other)
        # Rounding of G_n, of order one next to the difference of the two roots.
        lost = 50 * EPS * np.abs(G / (found[n] - other))
        np.testing.assert_array_less(
            np.abs((found[n] - G) / (found[n] - other) - expected), lost + EPS
        )
    # At the critical point G_n = (1 - 1 / (n + 2)) / J.
    critical = iterated_response_spectrum(0.0, 2.0, 1.0, 8)
    np.testing.assert_allclose(critical, 1 - 1 / (np.arange(9) + 2), rtol=8 * EPS)


def test_one_large_matrix():
    """G and C are traces over the eigenvalues of a matrix of 2,000 spins."""
    N, r0, T = 2000, 2.5, 0.8
    rng = np.random.default_rng(11)
    half = np.triu(rng.normal(size=(N, N)), 1) / np.sqrt(N)
    eigenvalues = linalg.eigvalsh(half + half.T, overwrite_a=True, check_finite=False)
    frequency = np.array([0.0, 0.3, 1.0, 2.0, 5.0])
    modes = 1 / (r0 - 1j * frequency[:, None] - eigenvalues)
    G = response_spectrum(frequency, r0)
    C = correlation_spectrum(frequency, r0, T)
    # Traces fluctuate by 1 / N times a Gaussian of variance below 2 sup |dg / dl|^2 (Lytova and
    # Pastur 2009), g = 1 / (r0 - i omega - l) of slope at most 1 / (r0 - 2)^2, and are shifted by
    # as much again: 4 in g, 100 T in C; times 7 deviations.
    assert np.abs(modes.mean(axis=1) - G).max() < 7 * 2 * 4 / N
    assert np.abs(2 * T * np.mean(np.abs(modes) ** 2, axis=1) - C).max() < 7 * 2 * 16 * 2 * T / N


@pytest.mark.parametrize(("r0", "J"), CASES)
def test_fluctuation_dissipation_in_frequency(r0, J):
    """The noise 2 T |G|^2 / (1 - J^2 |G|^2) equals the dissipation 2 T Im G / omega."""
    T = 0.7
    G = response_spectrum(FREQUENCIES, r0, J)
    C = correlation_spectrum(FREQUENCIES, r0, T, J)
    # Rounding of J^2 |G|^2 is magnified where it is near one, that of G where Im G is small.
    lost = 1 - J**2 * np.abs(G) ** 2
    deviation = np.abs(2 * T * np.abs(G) ** 2 / lost / C - 1)
    np.testing.assert_array_less(deviation, 8 * EPS * (1 + 1 / lost))
    deviation = np.abs(2 * T * G.imag / FREQUENCIES / C - 1)
    np.testing.assert_array_less(deviation, 8 * EPS * np.abs(G) / np.abs(G.imag))


@pytest.mark.parametrize(("r0", "J"), CASES)
def test_fluctuation_dissipation_in_time(r0, J):
    """C(t) - C(t') = T int_t^t' G, the two computed in different ways, to machine accuracy."""
    T = 0.7
    edges = np.array([0.0, 0.5, 1.0, 2.0, 4.0, 8.0])
    nodes, weights = np.polynomial.legendre.leggauss(24)
    C = correlation(edges, r0, T, J)
    for left, right, before, after in zip(edges[:-1], edges[1:], C[:-1], C[1:], strict=True):
        half = 0.5 * (right - left)
        whole = half * weights @ response(left + half * (nodes + 1), r0, J)
        assert before - after == pytest.approx(T * whole, abs=4 * EPS * C[0])


def test_static_limit():
    for r0, J in CASES:
        G = response_spectrum(0.0, r0, J)
        assert correlation(0.0, r0, 0.7, J) == pytest.approx(0.7 * G.real, rel=8 * EPS)
        assert G.imag == 0.0


def test_critical_correlation_is_a_bessel_function():
    time, J, T = np.array([0.0, 1e-3, 1.0, 10.0, 1e3, 1e8]), 0.8, 1.3
    bessel = T / J * (ive(0, 2 * J * time) + ive(1, 2 * J * time))
    np.testing.assert_allclose(correlation(time, 2 * J, T, J), bessel, rtol=8 * EPS)


def test_correlation_as_a_series_of_bessel_functions():
    # 1 / (1 - 2 g cos x + g^2) generates Chebyshev's polynomials: C(t) is the sum over n of
    # g^n 2 (n + 1) I_(n+1)(2 J t) / (2 J t), times T exp(-r0 t) g / J, with r0 = J (g + 1 / g).
    g, J, T = 0.5, 0.8, 1.3
    r0, n = J * (g + 1 / g), np.arange(60)
    for time in (0.3, 1.0, 5.0):
        x = 2 * J * time
        series = np.sum(g**n * 2 * (n + 1) * ive(n + 1, x)) / x
        expected = T * np.exp(-(r0 - 2 * J) * time) * g / J * series
        assert correlation(time, r0, T, J) == pytest.approx(expected, rel=8 * EPS)


def test_spectra_are_transforms():
    r0, T = 2.5, 0.7
    nodes, weights = np.polynomial.legendre.leggauss(24)
    starts = 5.0 * np.arange(16)[:, np.newaxis]  # exp(-(r0 - 2) 80) is below rounding
    time, weights = (starts + 2.5 * (nodes + 1)).ravel(), np.tile(2.5 * weights, 16)
    for omega in (0.0, 0.5, 3.0):
        wave = weights * np.exp(1j * omega * time)
        found = wave @ response(time, r0)
        assert found == pytest.approx(complex(response_spectrum(omega, r0)), abs=1e-14)
        found = 2 * (wave @ correlation(time, r0, T)).real
        assert found == pytest.approx(float(correlation_spectrum(omega, r0, T)), abs=1e-14)
    total, error = integrate.quad(lambda w: float(correlation_spectrum(w, r0, T)), 0, np.inf)
    assert total / np.pi == pytest.approx(float(correlation(0.0, r0, T)), abs=error)


def test_critical_power_laws():
    J, T = 0.8, 1.3
    time = np.array([1e6, 1e8])
    # Corrections of relative order 1 / (J t) in time and sqrt(omega / J) in frequency.
    tail = response(time, 2 * J, J) * 2 * np.sqrt(np.pi) * (J * time) ** 1.5
    np.testing.assert_array_less(np.abs(tail - 1), 1 / (J * time))
    tail = correlation(time, 2 * J, T, J) / T * np.sqrt(np.pi * J**3 * time)
    np.testing.assert_array_less(np.abs(tail - 1), 1 / (J * time))
    omega = np.array([1e-6, 1e-10])
    head = correlation_spectrum(omega, 2 * J, T, J) * J * np.sqrt(J * omega / 2) / T
    np.testing.assert_array_less(np.abs(head - 1), 2 * np.sqrt(omega / J))
    assert correlation_spectrum(0.0, 2 * J, T, J) == np.inf


def test_critical_coefficient():
    assert critical_coefficient(0.8) == 1.6
    for function in (response_spectrum, response):
        assert np.isfinite(function(0.0, 1.6, 0.8))
        with pytest.raises(CampaignError, match=r"r0 = 1.599 .* at least 2 J = 1.6"):
            function(0.0, 1.599, 0.8)
    for function in (correlation_spectrum, correlation):
        with pytest.raises(CampaignError, match="unstable"):
            function(0.0, 1.599, 1.0, 0.8)


@pytest.mark.parametrize("order", [1, 2, 3, 4, 5])
def test_convolution_quadrature_converges_with_its_order(order):
    r0, end = 2.0, 4.0
    errors = []
    for count in (200, 400, 800):
        time = end / count * np.arange(1, count + 1)
        late = time >= 1
        found = convolution_response(end / count, count, r0, order=order)
        errors.append(np.max(np.abs(found - response(time, r0))[late]))
    orders = np.log2(np.divide(errors[:-1], errors[1:]))
    # Corrections to the order are linear in the step: they halve.
    assert abs(orders[1] - order) < 0.08
    assert abs(orders[1] - order) < 0.75 * abs(orders[0] - order)


def test_convolution_quadrature_agrees_with_bessel_s_function():
    step, count = 0.005, 2000
    for r0, J in ((2.0, 1.0), (2.3, 1.0), (3.0, 0.5)):
        time = step * np.arange(1, count + 1)
        late = time >= 1
        found = convolution_response(step, count, r0, J, order=5)
        # h^5 t^-6 J t^-3/2, and rounding of 1e-16 / h per step.
        difference = np.abs(found - response(time, r0, J))[late]
        assert np.max(difference) < 100 * step**5 + 1e-16 / step


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (critical_coefficient, (0.0,), "J = 0 "),
        (critical_coefficient, (np.nan,), "J = nan"),
        (response, (-1.0, 3.0), "negative"),
        (correlation, (1.0, 3.0, -1.0), "T = -1 "),
        (correlation_spectrum, (1.0, np.inf, 1.0), "r0 = inf"),
        (convolution_response, (0.0, 10, 3.0), "step = 0 "),
        (convolution_response, (0.1, 0, 3.0), "count = 0 "),
        (convolution_response, (0.1, 10, 3.0, 1.0, 6), "order = 6 .* 1 to 5"),
        (convolution_response, (0.1, 10, 1.9), "unstable"),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)
