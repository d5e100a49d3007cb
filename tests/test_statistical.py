"""The statistical assertions accept correct samples and refuse wrong ones."""

import numpy as np
import pytest

from tests import statistical


def test_threshold_shares_the_false_positive_rate():
    # Two-sided normal quantiles of 1e-6 and 1e-8 (tables).
    assert statistical.threshold(1) == pytest.approx(4.8916, abs=1e-4)
    assert statistical.threshold(100) == pytest.approx(5.7307, abs=1e-4)


def test_assert_within():
    statistical.assert_within([4.8])
    with pytest.raises(AssertionError, match=r"by 4\.95"):
        statistical.assert_within([0.0, 0.1, -4.95], false_positive=1e-5)
    with pytest.raises(AssertionError, match="not finite"):
        statistical.assert_within(statistical.z_scores(1.0, 2.0, 0.0))
    with pytest.raises(AssertionError, match="declared"):
        statistical.assert_within([0.0, 0.0], comparisons=1)
    statistical.assert_within(statistical.z_scores(2.0, 2.0, 0.0))
    with pytest.raises(AssertionError):
        statistical.assert_within_standard_errors([4.1])


def test_chi_square_rate_and_power():
    # A test at rate 0.05 fails in 5 % of 2000 correct trials: 5 binomial deviations are 49.
    generator = np.random.default_rng(5)
    shares = np.array([0.5, 0.3, 0.15, 0.049, 0.001])
    failures = 0
    for counts in generator.multinomial(1000, shares, size=2000):
        try:
            statistical.assert_same_distribution(counts, 1000 * shares, false_positive=0.05)
        except AssertionError:
            failures += 1
    assert abs(failures - 100) < 49
    with pytest.raises(AssertionError, match="chi-square"):
        statistical.assert_same_distribution(1000 * shares[::-1], 1000 * shares)
