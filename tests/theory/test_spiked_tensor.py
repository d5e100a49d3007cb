"""Complexity of the spiked tensor: exact counts at small N, replicas, random matrices, limits."""

import numpy as np
import pytest
from scipy import optimize
from scipy.special import erf, gammaln

from glasscore.common.errors import CampaignError
from glasscore.theory import complexity as without_signal
from glasscore.theory.spiked_tensor import (
    band_edge,
    best_complexity,
    complexity_of_minima,
    cost_of_holding,
    informed_minimum,
    total_complexity,
    transitions,
    unstable_directions,
)
from tests.statistical import assert_within

CASES = [(3, 0.0, 3), (3, 0.7, 3), (4, 1.3, 4), (3, 0.9, 2), (4, 0.6, 1), (3, 0.5, 5)]


def log_density(e, m, N, p, r, k):
    """Logarithm of the density of stationary points in e and m, without the determinant.

    The factors are those of the sphere (the slice at m), of the gradient (N - 1 components of
    variance p / 2) and of the energy (variance 1 / (2 N)), in units of the sphere's unit radius.
    """
    n = N - 1
    slice_ = np.log(2) + n / 2 * np.log(np.pi) - gammaln(n / 2) + (N - 3) / 2 * np.log1p(-m * m)
    gradient = -n / 2 * np.log(np.pi * p) - N * (r * k * m ** (k - 1)) ** 2 * (1 - m * m) / p
    return (
        slice_ + n / 2 * np.log(N) + gradient + (0.5 * np.log(N / np.pi) - N * (e + r * m**k) ** 2)
    )


def log_mean_determinant(e, m, N, p, r, k):
    """Sign and logarithm of the mean determinant of the Hessian, by Hermite polynomials.

    The mean of det(x - G) over a Gaussian matrix G of n rows, of variance s^2 off the diagonal, is
    P_n(x) = x P_(n-1) - (n - 1) s^2 P_(n-2); a part of rank one adds -theta P_(n-1).
    """
    x, theta = (k - p) * r * m**k - p * e, 0.0
    if k > 1:
        theta = r * k * (k - 1) * m ** (k - 2) * (1 - m * m)
    variance = p * (p - 1) / (2 * N)
    before, last, scale = np.zeros_like(x + m), np.ones_like(x + m), np.zeros_like(x + m)
    for n in range(1, N):
        before, last = last, x * last - (n - 1) * variance * before
        size = np.maximum(np.abs(last), np.abs(before)) + (last == 0)
        before, last, scale = before / size, last / size, scale + np.log(size)
    value = last - theta * before
    with np.errstate(divide="ignore"):
        return np.sign(value), scale + np.log(np.abs(value))


@pytest.mark.parametrize("N", [2, 3, 4, 7])
@pytest.mark.parametrize(("p", "r", "k"), CASES)
def test_euler_characteristic(N, p, r, k):
    """Stationary points counted with the sign of their Hessian: 0 or 2, whatever the signal.

    The formula of Kac and Rice without the modulus, exact at any N.
    """
    energy, spacing = np.linspace(-8, 8, 1601, retstep=True)
    # Slices are (1 - m^2)^((N - 3) / 2): a polynomial in m, or a trigonometric one in the angle.
    m, weights = np.polynomial.legendre.leggauss(100)
    if N % 2 == 0:
        angle = (np.arange(100) + 0.5) * np.pi / 100
        m, weights = np.cos(angle), np.sin(angle) * np.pi / 100
    e = energy[:, None]
    sign, logarithm = log_mean_determinant(e, m, N, p, r, k)
    total = np.exp(log_density(e, m, N, p, r, k) + logarithm) * weights * spacing
    count, size = np.sum(sign * total), np.sum(total)
    # All rules converge exponentially; the terms cancel, which magnifies rounding.
    assert count == pytest.approx(2.0 if N % 2 else 0.0, abs=1e-12 * (1 + size))


def test_stationary_points_on_a_circle_are_counted():
    """N = 2: the mean number, with the modulus, against roots of random trigonometric functions."""
    p, r, samples = 3, 0.4, 4000
    rng = np.random.default_rng(7)
    # H_p = sqrt(N / 2) (c . sigma^3 with a symmetric tensor of unit variances), N = 2:
    # sum over j of sqrt(binomial) g_j cos^(3-j) sin^j has the covariance cos(difference)^3.
    g = rng.normal(size=(samples, p + 1)) * np.sqrt([1, 3, 3, 1])
    angle = np.arange(64) * 2 * np.pi / 64
    basis = np.stack([np.cos(angle) ** (p - j) * np.sin(angle) ** j for j in range(p + 1)])
    values = g @ basis - 2 * r * np.cos(angle) ** p
    modes = np.fft.fft(values, axis=1) / 64
    # The derivative as a polynomial in z = exp(i angle), times z^p.
    orders = np.arange(-p, p + 1)
    polynomials = 1j * orders * modes[:, orders]
    roots = np.array([np.roots(one[::-1]) for one in polynomials])
    counts = np.sum(np.abs(np.abs(roots) - 1) < 1e-7, axis=1)
    assert set(counts) <= {2, 4, 6}

    def density(e, theta):
        m = np.cos(theta)
        mu = -p * e
        mean = mu - r * p * (p - 1) * m ** (p - 2) * np.sin(theta) ** 2
        # One diagonal element, of variance 2 sigma^2 / N.
        width = np.sqrt(p * (p - 1) / 2)
        modulus = width * np.sqrt(2 / np.pi) * np.exp(-0.5 * (mean / width) ** 2)
        modulus = modulus + mean * erf(mean / (width * np.sqrt(2)))
        return np.exp(log_density(e, m, 2, p, r, p)) * modulus * np.sin(theta)

    energy, spacing = np.linspace(-9, 9, 1801, retstep=True)
    theta = (np.arange(400) + 0.5) * np.pi / 400
    expected = np.sum(density(energy[:, None], theta)) * spacing * np.pi / 400
    error = counts.std(ddof=1) / np.sqrt(samples)
    assert_within([(counts.mean() - expected) / error], comparisons=1)


@pytest.mark.parametrize(("p", "r", "k"), CASES)
def test_limit_of_many_spins(p, r, k):
    """(ln density) / N tends to Sigma, with corrections ln N / N and 1 / N.

    Below the semicircle the determinant has one sign, and its mean is that of its modulus.
    """
    threshold = without_signal.threshold_energy(p)
    e = threshold * np.array([[1.3], [1.6], [2.0]])
    m = np.array([-0.4, 0.1, 0.6])
    mu = (k - p) * r * m**k - p * e
    assert np.all(mu > np.sqrt(2 * p * (p - 1)))
    sizes = [500, 1000, 2000]
    found = []
    for N in sizes:
        logarithm = log_mean_determinant(e, m, N, p, r, k)[1]
        # The prefactor is N, from the widths of e and m.
        found.append(log_density(e, m, N, p, r, k) + logarithm - np.log(N))
    exact = total_complexity(e, m, p, r, k)
    # The logarithm is N Sigma + c + d / N. Differences leave the error -d / (2 N^2) per spin, a
    # quarter of it at twice the size.
    slopes = [(found[i + 1] - found[i]) / (sizes[i + 1] - sizes[i]) for i in range(2)]
    first = np.abs(slopes[0] - exact)
    second = np.abs(slopes[1] - exact)
    np.testing.assert_array_less(second, 0.35 * first + 1e-12)
    assert np.max(second) < 1e-4


@pytest.mark.parametrize("p", [3, 4, 6])
def test_without_a_signal(p):
    e = np.linspace(1.2, 0.0, 7)[:, None] * without_signal.threshold_energy(p)
    m = np.array([-0.7, 0.0, 0.3])
    room = 0.5 * np.log1p(-(m**2))
    exact = without_signal.total_complexity(e, p) + room
    np.testing.assert_allclose(total_complexity(e, m, p, 0.0), exact, rtol=0, atol=1e-14)
    exact = without_signal.complexity(e, p) + room
    np.testing.assert_allclose(complexity_of_minima(e, m, p, 0.0), exact, rtol=0, atol=1e-14)
    # The sum over overlaps is that of m = 0.
    assert best_complexity(0.0, p, 0.0, minima=False)[0] == pytest.approx(0.5 * np.log(p - 1))
    found, energy = best_complexity(0.0, p, 0.0)
    assert energy == pytest.approx(without_signal.threshold_energy(p), rel=1e-14)
    assert found == pytest.approx(without_signal.complexity(energy, p), abs=1e-14)
    # Where (p - 1)(1 - m^2) = 1.
    edge = band_edge(p, 0.0, minima=False)
    assert edge == pytest.approx(np.sqrt((p - 2) / (p - 1)), rel=1e-12)


@pytest.mark.parametrize(("p", "k"), [(3, 3), (4, 4), (3, 4), (4, 3), (3, 2), (3, 1)])
@pytest.mark.parametrize("r", [1.5, 2.0, 6.0])
def test_the_informed_minimum_is_one(p, k, r):
    """At the replica-symmetric solution Sigma and both its slopes vanish: it is one point."""
    found = informed_minimum(p, r, k)
    e, m = found.energy, found.overlap
    assert total_complexity(e, m, p, r, k) == pytest.approx(0.0, abs=1e-13)
    by_e, by_m = (
        (
            total_complexity(e + d * one, m + d * (1 - one), p, r, k)
            - total_complexity(e - d * one, m - d * (1 - one), p, r, k)
        )
        / (2 * d)
        for one, d in ((1, 1e-5), (0, 1e-5 * (1 - m)))
    )
    # Third derivatives, up to 1e3 next to the edge (1e3 / (1 - m)^3), and rounding.
    assert by_e == pytest.approx(0.0, abs=1e-7 + 1e-11)
    assert by_m == pytest.approx(0.0, abs=(1e-7 + 1e-11) / (1 - m))
    assert found.smallest_eigenvalue > 0
    assert complexity_of_minima(e, m, p, r, k) == pytest.approx(0.0, abs=1e-13)
    assert unstable_directions(e, m, p, r, k) == 0
    top, energy = best_complexity(m, p, r, k)
    assert top == pytest.approx(0.0, abs=1e-13)
    assert energy == pytest.approx(e, abs=1e-6)  # where Sigma is flat, to the root of rounding


@pytest.mark.parametrize(("p", "k"), [(3, 3), (4, 4), (3, 4), (4, 3), (3, 2), (3, 1)])
def test_where_the_informed_minimum_appears(p, k):
    """The Hessian's spectrum touches zero there: at its edge, or its eigenvalue that is apart."""
    with pytest.raises(CampaignError, match="must be at least") as refused:
        informed_minimum(p, 0.0, k)
    weakest = float(str(refused.value).split()[-1].rstrip("."))
    eigenvalues = [
        informed_minimum(p, weakest * (1 + d), k).smallest_eigenvalue for d in (1e-4, 4e-4)
    ]
    # Six digits of r; from a fold the eigenvalue grows as the root or, from the edge, in line.
    assert 0 < eigenvalues[0] < eigenvalues[1] < 0.3


def test_transitions():
    found = transitions(3)
    # sqrt(p / 2) / (k m^(k-2) sqrt(1 - m^2)) is least at m^2 = 1 / 2.
    assert found.appearance == pytest.approx(np.sqrt(2 / 3), rel=1e-15)
    assert informed_minimum(3, found.appearance).overlap == pytest.approx(np.sqrt(0.5), rel=1e-15)
    lowest = informed_minimum(3, found.recovery)
    assert lowest.energy == pytest.approx(without_signal.lowest_energy(3), rel=1e-14)
    assert found.appearance < found.recovery
    assert lowest.smallest_eigenvalue > 0
    # Before it there are minima on the way to the signal, after it none: a gap opens.
    between = 0.5 * (band_edge(3, found.recovery) + lowest.overlap)
    assert best_complexity(between, 3, found.recovery)[0] < -1e-4


@pytest.mark.parametrize(("p", "k"), [(3, 3), (3, 4), (4, 3)])
def test_strong_signals_confine_the_band(p, k):
    """The edge tends to ln(p - 1) / 2 = (r k m^(k-1))^2 / p: m is small, e and room are those of 0.

    The energy -r m^k that the signal adds, of relative order m, counts by its square.
    """
    r = np.array([1e4, 1e6])
    edges = np.array([band_edge(p, one, k, minima=False) for one in r])
    expected = (np.sqrt(p * np.log(p - 1) / 2) / (r * k)) ** (1 / (k - 1))
    np.testing.assert_array_less(np.abs(edges / expected - 1), 10 * expected**2)


@pytest.mark.parametrize("pull", [0.5, 1.0, 1.2, 2.0, 2.5])
def test_cost_of_holding_an_eigenvalue(pull):
    """Against the optimal share of the signal's direction in the modes of a semicircle.

    The eigenvalue is below t where sum_i w_i / (t - l_i) < 1 / pull with random weights w of sum
    one: the entropy of weights gives max over b of (1/2) <ln[1 + b (1 / (t - l) - 1 / pull)]>.
    With a larger pull the modes would give way too, at the other edge.
    """
    outlier = max(pull, 1.0) + 1 / max(pull, 1.0)
    angle = np.pi * (np.arange(2000) + 0.5) / 2000
    modes, weights = 2 * np.cos(angle), np.sin(angle) ** 2 / 1000
    for t in (2.1, 2.3, 3.0, 5.0):
        gain = 1 / (t - modes) - 1 / pull
        found = cost_of_holding(t, pull)
        if t >= outlier:
            assert found == 0.0
            continue

        def entropy(b, gain=gain):
            return -0.5 * weights @ np.log1p(b * gain)

        largest = -1 / gain.min()
        best = optimize.minimize_scalar(
            entropy, bounds=(0, largest), method="bounded", options={"xatol": 1e-10}
        )
        # The rule is exact to rounding, the optimum is quadratic.
        assert found == pytest.approx(-best.fun, abs=1e-9)


def test_typical_index():
    p = 3
    th = without_signal.threshold_energy(p)
    assert unstable_directions([0.5 * th, 1.01 * th], 0.0, p, 1.0).tolist() == [np.inf, 0.0]
    # Where the eigenvalue of the signal's direction is negative there are minima, but fewer.
    assert unstable_directions(1.01 * th, 0.5, p, 2.0) == 1
    all_of_them = total_complexity(1.01 * th, 0.5, p, 2.0)
    assert complexity_of_minima(1.01 * th, 0.5, p, 2.0) < all_of_them
    assert complexity_of_minima(0.99 * th, 0.5, p, 2.0) == -np.inf


def test_best_is_best():
    for p, r, k in CASES:
        for m in (-0.5, 0.0, 0.4, 0.8):
            e = np.linspace(-6, 6, 4001)
            for minima, function in ((True, complexity_of_minima), (False, total_complexity)):
                top = float(best_complexity(m, p, r, k, minima)[0])
                grid = np.max(function(e, m, p, r, k))
                # Near its top it falls by curvature times the square of half a step at most, and
                # at the edge of the semicircle by the slope, of order 10, times a step.
                assert grid - 1e-14 <= top <= grid + 10 * 0.003


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (total_complexity, (-1.0, 0.0, 2, 1.0), "p = 2 .* from 3"),
        (total_complexity, (-1.0, 1.0, 3, 1.0), "overlap holds"),
        (total_complexity, (np.inf, 0.0, 3, 1.0), "energy holds"),
        (complexity_of_minima, (-1.0, 0.0, 3, -1.0), "r = -1 "),
        (best_complexity, (0.0, 3, 1.0, 0), "power = 0 "),
        (informed_minimum, (3, 0.8), "r = 0.8 is too weak .* at least 0.816497"),
        (transitions, (4, 3), "power = 3 .* at least p = 4"),
        (cost_of_holding, (1.0, 2.0), "below 2"),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)
