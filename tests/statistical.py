"""Statistical assertions with a stated false-positive rate.

A correct program fails each of these assertions with at most the given probability (for Gaussian
estimates, or in the limit of large counts), however many numbers it compares.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

FALSE_POSITIVE = 1e-6


def z_scores(value: ArrayLike, expected: ArrayLike, error: ArrayLike) -> NDArray[np.float64]:
    """Deviations in standard errors; the deviation of equal numbers without error is zero."""
    deviation = np.asarray(value, dtype=np.float64) - np.asarray(expected, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = deviation / np.asarray(error, dtype=np.float64)
    return np.where(deviation == 0, 0.0, z)


def threshold(comparisons: int, false_positive: float = FALSE_POSITIVE) -> float:
    """Two-sided normal threshold for several comparisons.

    The threshold is Bonferroni's. It exceeds Sidak's by less than ``false_positive`` but, unlike
    that one, it also holds for dependent comparisons.
    """
    return float(stats.norm.isf(0.5 * false_positive / comparisons))


def assert_within(
    z: ArrayLike, comparisons: int | None = None, false_positive: float = FALSE_POSITIVE
) -> None:
    """Assert that all deviations are compatible with Gaussian noise of unit variance.

    Parameters
    ----------
    z
        Deviations in standard errors.
    comparisons
        How many comparisons share the false-positive rate; as many as there are ``z`` by default.
        Give more when several calls of a test share it.
    false_positive
        Probability that a correct program fails.
    """
    z = np.atleast_1d(np.asarray(z, dtype=np.float64))
    count = z.size if comparisons is None else comparisons
    assert count >= z.size, "fewer comparisons declared than made"
    _assert_below(z, threshold(count, false_positive))


def assert_within_standard_errors(z: ArrayLike, limit: float = 4.0) -> None:
    """Assert that no deviation exceeds ``limit`` standard errors.

    At the limit 4 the false-positive rate is 6e-5 for each deviation.
    """
    _assert_below(np.atleast_1d(np.asarray(z, dtype=np.float64)), limit)


def assert_same_distribution(
    counts: ArrayLike,
    expected: ArrayLike,
    false_positive: float = FALSE_POSITIVE,
    smallest: float = 10.0,
) -> None:
    """Pearson's chi-square test of independent counts against expected counts.

    Parameters
    ----------
    counts, expected
        Shape (bins,), with equal sums.
    false_positive
        Probability that a correct program fails.
    smallest
        Neighbouring bins are merged until each expects at least as many counts, so that the
        chi-square law holds.
    """
    counts = np.asarray(counts, dtype=np.float64)
    expected = np.asarray(expected, dtype=np.float64)
    assert np.isclose(counts.sum(), expected.sum(), rtol=1e-9), "different totals"
    # A new merged bin begins whenever the expected counts before it reach another `smallest`.
    merged, group, filled = [], 0, 0.0
    for number in expected:
        merged.append(group)
        filled += number
        if filled >= smallest:
            group, filled = group + 1, 0.0
    bins = np.minimum(merged, group - 1) if group else np.zeros(len(merged), dtype=int)
    observed_merged = np.bincount(bins, weights=counts)
    expected_merged = np.bincount(bins, weights=expected)
    assert expected_merged.size > 1, "too few expected counts"
    chi_square = ((observed_merged - expected_merged) ** 2 / expected_merged).sum()
    probability = stats.chi2.sf(chi_square, expected_merged.size - 1)
    assert probability > false_positive, (
        f"chi-square {chi_square:.1f} in {expected_merged.size} bins: probability {probability:.1e}"
    )


def _assert_below(z: NDArray[np.float64], limit: float) -> None:
    assert np.all(np.isfinite(z)), f"{np.count_nonzero(~np.isfinite(z))} deviations are not finite"
    worst = np.abs(z).max()
    assert worst < limit, (
        f"{np.count_nonzero(np.abs(z) >= limit)} of {z.size} deviate by {limit:.2f} standard "
        f"errors or more; the largest by {worst:.2f}"
    )
