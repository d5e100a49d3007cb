"""Energies in equilibrium: closed forms, densities that are known, and samples listed elsewhere."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate, special

from glasscore.theory.equilibrium_energy import (
    independent_levels,
    planted_exponential,
    planted_gaussian,
    planted_partition,
)
from tests.statistical import assert_within_standard_errors, z_scores


def sum_of_uniforms(D, N):
    """Density of the sum of N numbers that are uniform in (-1, 1), by the law of Irwin and Hall."""
    x = 0.5 * (D + N)
    terms = [(-1) ** k * math.comb(N, k) * max(x - k, 0.0) ** (N - 1) for k in range(N + 1)]
    return 0.5 * sum(terms) / math.factorial(N - 1)


@pytest.mark.parametrize(("N", "accuracy"), [(2, 1e-6), (3, 1e-8), (5, 1e-9), (8, 1e-9)])
@pytest.mark.parametrize("T", [1.3, 2.0, 10.0])
def test_partitions_of_few_numbers(N, accuracy, T):
    """The density of D times |D|^(-1/T), with y = |D|^(1 - 1/T) as the variable."""
    power = 1.0 - 1.0 / T

    def moment(n):
        def integrand(y):
            D = y ** (1 / power)
            return sum_of_uniforms(D, N) * math.log(D) ** n if y > 0 else 0.0

        kinks = [D**power for D in range(N % 2 or 2, N, 2)]
        ends = [0.0, 1e-3**power, *kinks, float(N) ** power]
        return sum(
            integrate.quad(integrand, *part, epsabs=1e-13, epsrel=1e-12, limit=500)[0]
            for part in itertools.pairwise(ends)
        )

    whole, first, second = (moment(n) for n in range(3))
    mean = first / whole + 0.5 * math.log(6 / (math.pi * N))
    found = planted_partition(N, T)
    assert found.mean == pytest.approx(mean, abs=10 * accuracy)
    assert found.variance == pytest.approx(second / whole - (first / whole) ** 2, rel=10 * accuracy)


@pytest.mark.parametrize("T", [1.2, 2.0, 5.0])
def test_partitions_of_many_numbers(T):
    """For many numbers D is normal; the corrections are of the order 1/N."""
    half = 0.5 * (1 - 1 / T)
    mean = 0.5 * (special.digamma(half) + math.log(4 / math.pi))
    variance = 0.25 * special.polygamma(1, half)
    for N in (100, 1000):
        found = planted_partition(N, T)
        assert found.mean == pytest.approx(mean, abs=1 / N)
        assert found.variance == pytest.approx(variance, rel=1 / N)
    assert planted_partition(4096, 2.0).mean == pytest.approx(-1.99294, abs=3e-4)


def test_partitions_and_an_independent_simulation():
    assert_within_standard_errors(z_scores(planted_partition(20, 2.0).mean, -1.973, 0.008))


def test_planted_laws():
    assert planted_gaussian(64.0, 0.5) == (-128.0, 64.0)
    assert planted_exponential(1.5) == pytest.approx((-3.0, 9.0))


@pytest.mark.parametrize("T", [0.4, 1.0, 3.0])
def test_two_levels(T):
    """With the mean m and the difference d of two normal energies, <E> is that of d alone."""

    def excess(d, power):
        weight = np.exp(-d * d / 4) / np.sqrt(4 * np.pi)
        # E = m - d tanh(d / 2T) / 2 on average, E^2 = m^2 + d^2 / 4 - m d tanh(d / 2T).
        return weight * (-0.5 * d * np.tanh(d / (2 * T)) if power == 1 else 0.25 * d * d)

    # The energies have the variance 1, so that m has the variance 1/2.
    mean = integrate.quad(excess, -40, 40, args=(1,), points=[0])[0]
    square = 0.5 + integrate.quad(excess, -40, 40, args=(2,), points=[0])[0]
    found = independent_levels(T, 1, "gaussian")
    assert found.mean == pytest.approx(mean, rel=1e-8)
    assert found.variance == pytest.approx(square - mean**2, rel=1e-8)


def test_many_levels_at_high_temperature():
    """Planted and other samples differ by exponentially little far above T_c."""
    found, planted = independent_levels(4.0, 20, "gaussian"), planted_gaussian(20.0, 4.0)
    assert found == pytest.approx(planted, rel=1e-4)
    assert independent_levels(8.0, 24, "exponential") == pytest.approx(
        planted_exponential(8.0), rel=1e-5
    )


def test_levels_that_were_listed_in_an_independent_simulation():
    """The random energy model at N = 16, above and below T_c = 0.849."""
    found = [independent_levels(T, 16, "gaussian").mean for T in (1.2, 0.6)]
    assert_within_standard_errors(z_scores(found, [-12.750, -16.505], [0.064, 0.068]))


def test_bad_input_is_refused():
    for law in (planted_exponential, lambda T: planted_partition(8, T)):
        with pytest.raises(ValueError, match="T must be above T_c = 1 and finite, got 1"):
            law(1.0)
    with pytest.raises(ValueError, match="T must be positive"):
        independent_levels(0.0, 8, "gaussian")
    with pytest.raises(ValueError, match="must be exponential or gaussian, got sk"):
        independent_levels(1.0, 8, "sk")
