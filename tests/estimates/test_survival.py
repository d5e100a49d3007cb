"""Means of censored values against exact laws, with processes that renew themselves in a window."""

import numpy as np
import pytest
from scipy import stats

from glasscore.estimates.survival import censored_mean
from tests.statistical import FALSE_POSITIVE, assert_within

MEAN_DURATION = 5.0
# <ln tau> of an exponential law of mean mu: ln mu less Euler's constant.
LAW = np.log(MEAN_DURATION) - np.euler_gamma
LAW_DEVIATION = np.pi / np.sqrt(6.0)


def renewals(rng, samples, window, most=4):
    """The first durations of each sample, begun one after another, seen until the window ends."""
    tau = rng.exponential(MEAN_DURATION, (samples, most))
    begin = np.cumsum(tau, axis=1) - tau
    seen = begin < window
    over = begin + tau <= window
    length = np.minimum(tau, window - begin)[seen]
    return np.log(length), over[seen], np.nonzero(seen)[0]


def test_without_censoring_it_is_the_mean():
    values = np.random.default_rng(1).normal(size=50)
    found = censored_mean(values, np.ones(50, bool), np.arange(50))
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.error == pytest.approx(values.std(ddof=1) / np.sqrt(50), rel=1e-12)
    assert found.remaining == 0.0


def test_the_error_is_the_derivative_by_weights():
    """Repeating a sample k + 1 times of k changes the mean by its derivative over k."""
    rng = np.random.default_rng(2)
    values, over, sample = renewals(rng, 12, 2 * MEAN_DURATION)
    found = censored_mean(values, over, sample)
    k = 2000
    moved = []
    for one in range(12):
        repeats = np.where(sample == one, k + 1, k)
        again = censored_mean(*(np.repeat(each, repeats) for each in (values, over, sample)))
        moved.append(k * (again.mean - found.mean))
    # The difference is of second order in 1/k.
    assert found.error == pytest.approx(np.sqrt(12 / 11 * np.sum(np.square(moved))), rel=10 / k)


def test_renewals_in_a_window():
    """Means that count as determined agree with the law; those of what is over do not.

    The mean square of the deviations has the law of chi-square: the errors hold.
    """
    rng = np.random.default_rng(3)
    trials, samples = 200, 300
    z, naive = [], []
    for _ in range(trials):
        values, over, sample = renewals(rng, samples, 6 * MEAN_DURATION)
        found = censored_mean(values, over, sample)
        assert found.is_determined
        z.append((found.mean - LAW) / found.error)
        naive.append((values[over].mean() - LAW) / found.error)
    # A share exp(-6) remains, whose logarithms are too small by E[ln(1 + x / 6)], 0.15 at most.
    hidden = 0.15 * np.exp(-6.0) / (LAW_DEVIATION / np.sqrt(4 * samples))
    assert abs(np.mean(z)) < hidden + stats.norm.isf(FALSE_POSITIVE / 2) / np.sqrt(trials)
    low, high = stats.chi2.ppf([FALSE_POSITIVE, 1 - FALSE_POSITIVE], trials) / trials
    assert low - 0.1 < np.mean(np.square(z)) < high + 0.1
    # Ten standard errors of their mean.
    assert np.mean(naive) < -10.0 / np.sqrt(trials)


@pytest.mark.parametrize("window", [0.5, 1.0, 2.0])
def test_short_windows_determine_nothing(window):
    values, over, sample = renewals(np.random.default_rng(4), 300, window * MEAN_DURATION)
    found = censored_mean(values, over, sample)
    # The survival function is exact up to the window, so that exp(-window) remains.
    assert_within((found.remaining - np.exp(-window)) * np.sqrt(300) / 0.5)
    assert not found.is_determined


def test_nothing_over_is_nothing_known():
    found = censored_mean(np.ones(3), np.zeros(3, bool), np.arange(3))
    assert np.isnan(found.mean)
    assert found.remaining == 1.0
    assert not found.is_determined
    assert not censored_mean(np.ones(0), np.ones(0, bool), np.arange(0)).is_determined
    one = censored_mean(np.ones(3), np.ones(3, bool), np.zeros(3, int))
    assert np.isnan(one.error)
    assert not one.is_determined
