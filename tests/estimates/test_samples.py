"""Errors against simulated scatter. Each test of random numbers fails falsely once in 1e7.

Seven or fewer such tests: the suite's false-positive rate is below 1e-6.
"""

import numpy as np
import pytest
from scipy import stats

from glasscore.estimates.samples import (
    jackknifed_ratio,
    mean_and_error,
    proportion_and_error,
    ratio_and_error,
)
from tests.statistical import assert_within

RATE = 1e-7


def assert_errors_cover(deviations, comparisons, slack=0.0):
    """Assert that squared deviations in units of the standard errors have the mean one.

    The sum of n squares of Gaussians has a chi-square law. ``slack`` is a known relative bias of
    the mean square.
    """
    n = deviations.size
    mean_square = np.mean(deviations**2)
    low, high = stats.chi2.ppf([0.5 * RATE, 1 - 0.5 * RATE], n) / n
    assert low - slack < mean_square < high + slack, mean_square
    centre = deviations.mean() * np.sqrt(n)
    assert_within(centre / np.sqrt(1 + slack), comparisons, RATE)


def test_mean_of_known_numbers():
    mean, error = mean_and_error([[1.0, 5.0], [2.0, 5.0], [6.0, 5.0]])
    np.testing.assert_allclose(mean, [3.0, 5.0])
    np.testing.assert_allclose(error, [np.sqrt(7.0 / 3.0), 0.0])
    values = np.arange(12.0).reshape(3, 4) ** 2
    for result, transposed in zip(
        mean_and_error(values, axis=1), mean_and_error(values.T), strict=True
    ):
        np.testing.assert_array_equal(result, transposed)


def test_mean_of_one_sample_or_missing_values():
    mean, error = mean_and_error([[1.0, 2.0]])
    np.testing.assert_array_equal(mean, [1.0, 2.0])
    assert np.all(np.isnan(error))
    mean, error = mean_and_error([[1.0, np.nan], [2.0, 3.0]])
    np.testing.assert_array_equal(np.isnan([mean, error]), [[False, True]] * 2)
    with pytest.raises(ValueError, match="sample"):
        mean_and_error(np.zeros((0, 3)))


def test_mean_coverage():
    values = np.random.default_rng(1).exponential(size=(400, 5000))
    mean, error = mean_and_error(values)
    # The scatter of an exponential's variance and its correlation with the mean add O(10 / n).
    assert_errors_cover((mean - 1.0) / error, 1, slack=10 / 400)


def test_proportion_of_known_numbers():
    proportion, error = proportion_and_error([[True, False], [True, False], [True, True]])
    np.testing.assert_allclose(proportion, [1.0, 1 / 3])
    np.testing.assert_allclose(error, [stats.beta(4, 1).std(), stats.beta(2, 3).std()])


def test_proportion_error_never_vanishes():
    for n in (1, 10, 1000):
        for value in (0, 1):
            proportion, error = proportion_and_error(np.full(n, value))
            assert proportion == value
            # sqrt((n + 1) / (n + 3)) / (n + 2): close to 1 / n
            assert 0.2 / n < error < 1.0 / n
    with pytest.raises(ValueError, match="0 or 1"):
        proportion_and_error([0, 2])


def test_proportion_error_in_the_limit_of_many_samples():
    for p in (0.01, 0.3, 0.5):
        n = 1_000_000
        error = proportion_and_error(np.arange(n) < p * n)[1]
        assert error == pytest.approx(np.sqrt(p * (1 - p) / n), rel=1 / (n * p))


@pytest.mark.parametrize("p", [0.05, 0.6])
def test_proportion_coverage(p):
    indicators = np.random.default_rng(2).random((2000, 5000)) < p
    proportion, error = proportion_and_error(indicators)
    # The error's own scatter adds terms of order 1 / (n p).
    assert_errors_cover((proportion - p) / error, 1, slack=4 / (2000 * p))


def test_ratio_of_known_numbers():
    ratio, error = ratio_and_error([1.0, 3.0], [10.0, 20.0])
    # Residuals 1 - 40/30 and 3 - 80/30 are -1/3 and 1/3; the bound 1 / 30 is larger than
    # sqrt(2 / 9 * 2) / 30.
    assert ratio == pytest.approx(4 / 30)
    assert error == pytest.approx(1 / 30)
    _, unbounded = ratio_and_error([1.0, 3.0], [10.0, 20.0], one_count=0.0)
    assert unbounded == pytest.approx(2 / 3 / 30)


def test_ratio_of_equal_denominators_is_the_mean():
    values = np.random.default_rng(3).exponential(size=(50, 3))
    ratio, error = ratio_and_error(values, 2.0, one_count=0.0)
    mean, mean_error = mean_and_error(values / 2)
    np.testing.assert_allclose(ratio, mean, rtol=1e-13)
    np.testing.assert_allclose(error, mean_error, rtol=1e-13)


def test_ratio_of_empty_and_full_bins():
    counts = np.array([[0.0, 40.0], [0.0, 60.0]])
    total = counts.sum(axis=1, keepdims=True)
    ratio, error = ratio_and_error(counts, total)
    np.testing.assert_array_equal(ratio, [0.0, 1.0])
    np.testing.assert_allclose(error, 0.01)
    # One visit in one of many samples has almost the same error.
    counts = np.zeros(1000)
    counts[5] = 1.0
    _, single = ratio_and_error(counts, np.full(1000, 50.0))
    assert single == pytest.approx(1 / 50_000, rel=1e-3)


def test_ratio_without_samples_or_visits():
    ratio, error = ratio_and_error([[3.0, 0.0]], [[6.0, 0.0]])
    np.testing.assert_array_equal(ratio, [0.5, np.nan])
    assert np.all(np.isnan(error))
    ratio, error = ratio_and_error([0.0, 0.0], [0.0, 0.0])
    assert np.isnan(ratio)
    assert np.isnan(error)
    with pytest.raises(ValueError, match="sample"):
        ratio_and_error(np.zeros((0, 2)), np.zeros((0, 1)))


def test_ratio_axis():
    generator = np.random.default_rng(4)
    numerator, denominator = generator.random((2, 6, 5))
    first = ratio_and_error(numerator, denominator)
    last = ratio_and_error(numerator.T, denominator.T, axis=1)
    np.testing.assert_allclose(first, last, rtol=1e-13)


def test_ratio_coverage_with_correlated_counts():
    """Samples have very different numbers of visits, which are correlated within a sample."""
    generator = np.random.default_rng(5)
    samples, trials = 500, 3000
    visits = generator.geometric(0.02, size=(samples, trials))
    # Each sample has its own probability of the bin, independent of its number of visits.
    in_bin = generator.binomial(visits, generator.beta(1.0, 4.0, size=visits.shape))
    ratio, error = ratio_and_error(in_bin, visits)
    # The delta method is right to O(1 / samples), times moments of the geometric law (~10).
    assert_errors_cover((ratio - 0.2) / error, 1, slack=20 / samples)
    # Errors that count visits as independent would be several times smaller.
    naive = np.sqrt(0.2 * 0.8 / visits.sum(axis=0))
    assert np.median(error / naive) > 3


def test_jackknife_of_known_numbers():
    """Leaving out one of three samples gives 5/3, 4/4 and 3/5; all give 6/6."""
    ratio, error = jackknifed_ratio([1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    without = np.array([5 / 3, 1.0, 3 / 5])
    assert ratio == pytest.approx(3 - 2 * without.mean())
    assert error == pytest.approx(np.sqrt(2 / 3 * ((without - without.mean()) ** 2).sum()))


def test_jackknife_of_equal_denominators_is_the_mean():
    values = np.random.default_rng(6).exponential(size=(50, 3))
    found = jackknifed_ratio(values, np.full(values.shape, 2.0))
    np.testing.assert_allclose(found, mean_and_error(values / 2), rtol=1e-12)
    last = jackknifed_ratio(values.T, np.full((3, 50), 2.0), axis=1)
    np.testing.assert_allclose(found, last, rtol=1e-12)


def test_jackknife_without_samples_or_denominators():
    ratio, error = jackknifed_ratio([[3.0, 1.0]], [[6.0, 0.0]])
    np.testing.assert_array_equal(ratio, [0.5, np.inf])
    assert np.all(np.isnan(error))
    with pytest.raises(ValueError, match="sample"):
        jackknifed_ratio(np.zeros((0, 2)), np.zeros((0, 2)))


def test_jackknife_coverage():
    """The ratio of gamma-distributed numbers of the means 1 and 2, with relative variances 1/9."""
    generator = np.random.default_rng(7)
    samples, trials = 500, 1000
    numerator = generator.gamma(9.0, 1 / 9, size=(samples, trials))
    denominator = generator.gamma(9.0, 2 / 9, size=(samples, trials))
    ratio, error = jackknifed_ratio(numerator, denominator)
    assert_errors_cover((ratio - 0.5) / error, 1, slack=20 / samples)
    # The plain ratio is biased by 1/2 times the relative variance of the denominator.
    plain = numerator.mean(axis=0) / denominator.mean(axis=0)
    assert plain.mean() - ratio.mean() == pytest.approx(0.5 / 9 / samples, rel=0.1)
