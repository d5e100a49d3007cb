"""Variances and quantiles over samples, with their errors."""

from itertools import product

import numpy as np
import pytest

from glasscore.estimates.distribution import quantiles_and_error, variance_and_error
from tests.statistical import assert_within

RNG_SEED = 4


def table(values):
    """The distinct values of a sample in ascending order, and how often each of them is there."""
    return np.unique(values, return_counts=True)


class TestVariance:
    def test_it_is_the_mean_squared_deviation_without_bias(self):
        values = np.random.default_rng(RNG_SEED).normal(size=(3, 40))
        found = variance_and_error(values)[0]
        np.testing.assert_allclose(found, values.var(axis=1, ddof=1), rtol=1e-13)

    def test_its_error_is_that_of_the_jackknife_by_definition(self):
        values = np.random.default_rng(RNG_SEED).exponential(size=17)
        without = np.array([np.delete(values, a).var(ddof=1) for a in range(values.size)])
        error = np.sqrt(16 / 17 * np.sum((without - without.mean()) ** 2))
        assert variance_and_error(values)[1] == pytest.approx(error, rel=1e-12)

    def test_counts_stand_for_equal_values(self):
        values = np.random.default_rng(RNG_SEED).integers(0, 5, size=60)
        found = variance_and_error(*table(values))
        np.testing.assert_allclose(found, variance_and_error(values), rtol=1e-13)

    def test_indicators_have_the_variance_of_their_probability(self):
        """For 0 or 1, such as a kept trap, Var = p (1 - p) n / (n - 1) without any noise."""
        n, k = 50, np.array([0.0, 10.0, 50.0])
        counts = np.stack([n - k, k], axis=-1)
        variance, error = variance_and_error([0.0, 1.0], counts)
        np.testing.assert_allclose(variance, k / n * (1 - k / n) * n / (n - 1), rtol=1e-13)
        assert error[0] == error[2] == 0.0

    def test_its_error_is_that_of_repeated_experiments(self):
        """Normal numbers: Var s^2 = 2 / (n - 1). The false-positive rate is 1e-6."""
        n, times = 400, 2000
        values = np.random.default_rng(RNG_SEED).normal(size=(times, n))
        variance, error = variance_and_error(values)
        exact = np.sqrt(2 / (n - 1))
        # The mean of s^2 has the error exact / sqrt(times), and its scatter exact / sqrt(2 times).
        z = np.array(
            [(variance.mean() - 1) * times**0.5, (variance.std() - exact) * (2 * times) ** 0.5]
        )
        assert_within(z / exact)
        # The jackknife is too large by a share of order 1 / n, and its own mean has little noise.
        assert error.mean() == pytest.approx(exact, rel=0.02)

    @pytest.mark.parametrize(("number", "known"), [(1, [False, False]), (2, [True, False])])
    def test_few_samples(self, number, known):
        found = variance_and_error(np.arange(float(number)))
        assert np.isfinite(found).tolist() == known

    def test_without_samples_there_is_none(self):
        with pytest.raises(ValueError, match="at least one"):
            variance_and_error([1.0, 2.0], [0, 0])


class TestQuantiles:
    def test_they_are_values_of_samples(self):
        """Of 20 values the quantile 0.05 is the lowest, and the median that of rank 10."""
        values = np.random.default_rng(RNG_SEED).permutation(20) + 1.0
        found, _ = quantiles_and_error([0.05, 0.06, 0.5, 0.95], np.sort(values))
        assert found.tolist() == [1.0, 2.0, 10.0, 19.0]

    def test_their_errors_are_those_of_all_choices_of_samples(self):
        """All 4^4 choices of four samples among four, listed."""
        values = np.array([-1.0, 0.0, 0.5, 3.0])
        choices = np.sort(np.array(list(product(values, repeat=4))), axis=1)
        _, error = quantiles_and_error([0.25, 0.5, 0.75], values)
        np.testing.assert_allclose(error, choices[:, :3].std(axis=0), rtol=1e-12)

    def test_counts_stand_for_equal_values(self):
        values = np.random.default_rng(RNG_SEED).integers(0, 9, size=70)
        found = quantiles_and_error([0.1, 0.5, 0.9], *table(values))
        every = quantiles_and_error([0.1, 0.5, 0.9], np.sort(values))
        np.testing.assert_allclose(found, every, rtol=1e-12)

    def test_each_row_has_its_own(self):
        values = np.sort(np.random.default_rng(RNG_SEED).normal(size=(2, 3, 30)), axis=-1)
        found, error = quantiles_and_error([0.3, 0.6], values)
        assert found.shape == error.shape == (2, 3, 2)
        alone = quantiles_and_error([0.3, 0.6], values[1, 2])
        np.testing.assert_array_equal((found[1, 2], error[1, 2]), alone)

    def test_their_errors_are_those_of_repeated_experiments(self):
        """Uniform numbers: the value of rank m has the variance of a beta law, exactly."""
        n, times, p = 400, 400, np.array([0.25, 0.5, 0.95])
        values = np.sort(np.random.default_rng(RNG_SEED).random((times, n)), axis=1)
        found, error = quantiles_and_error(p, values)
        m = p * n
        exact = np.sqrt(m * (n - m + 1) / (n + 1) ** 2 / (n + 2))
        assert_within((found.mean(axis=0) - m / (n + 1)) / exact * np.sqrt(times))
        # One estimate of an error scatters by about a fifth here.
        np.testing.assert_allclose(error.mean(axis=0), exact, rtol=0.05)

    def test_one_sample_has_no_error(self):
        found, error = quantiles_and_error([0.5], [2.0])
        assert found == [2.0]
        assert np.isnan(error)

    @pytest.mark.parametrize("p", [0.0, 1.0, -0.1])
    def test_a_share_is_between_0_and_1(self, p):
        with pytest.raises(ValueError, match="between 0 and 1"):
            quantiles_and_error([p], [1.0, 2.0])
