r"""Means of durations of which some are not over.

Durations of one kind, each begun at a time that does not depend on how long it will last, are
independent of their censoring: the mean of those that have ended is too small, since long ones are
missing, but the estimate of Kaplan and Meier is right up to the longest time seen. E. L. Kaplan and
P. Meier, J. Am. Stat. Assoc. 53, 457 (1958); R. D. Gill, Z. Wahrsch. verw. Geb. 53, 97 (1980), for
processes that renew themselves and are stopped at a given time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
# More must not lie beyond the largest value, however large the error.
MOST_REMAINING = 0.05


class CensoredMean(NamedTuple):
    """A mean that is known up to what lies beyond the largest value.

    Attributes
    ----------
    mean, error
        The mean, values beyond the largest seen counted as that, and its standard error over
        samples; NaN where there is no value, or no more than one sample for an error.
    remaining
        Probability of values beyond the largest seen.
    spread
        Standard deviation of the values, those beyond the largest seen counted as that.
    """

    mean: float
    error: float
    remaining: float
    spread: float

    @property
    def is_determined(self) -> bool:
        """Whether what remains is little, and moves the mean by half an error at most.

        What remains is taken to lie further by the spread of the values: for exponential durations,
        whose logarithms scatter by 1.28, it is less, and where their law is broad it is as much.
        """
        moved = self.remaining * self.spread
        return bool(self.remaining <= MOST_REMAINING and moved <= 0.5 * self.error)


def censored_mean(
    values: Array, is_over: NDArray[np.bool_], sample: NDArray[np.int64]
) -> CensoredMean:
    r"""Mean by the estimate of Kaplan and Meier, with its error over independent samples.

    .. math:: \mu = y_{\max} - \int_{-\infty}^{y_{\max}} (1 - S(y)) dy, \qquad
              S(y) = \prod_{y_j \le y} \left( 1 - \frac{d_j}{r_j} \right)

    with d_j values that are over at y_j, and r_j values that are as large or larger.

    Parameters
    ----------
    values
        Of any sign, for instance logarithms of durations.
    is_over
        False for those that are known to be this large only.
    sample
        Which sample each belongs to.

    Returns
    -------
    CensoredMean

    Notes
    -----
    The error is the infinitesimal jackknife: with v_a the derivative of the mean by the weight of
    sample a, sigma^2 = m / (m - 1) sum_a v_a^2 over the m samples that have a value. Without
    censoring it is that of a ratio of two means.
    """
    if not is_over.any():
        return CensoredMean(np.nan, np.nan, 1.0 if values.size else np.nan, np.nan)
    survival = stats.ecdf(stats.CensoredData.right_censored(values, ~is_over)).sf
    times, S = survival.quantiles, survival.probabilities
    # Between the first value and the last, the area below S.
    area = np.append(S[:-1] * np.diff(times), 0.0)
    right = np.cumsum(area[::-1])[::-1]
    place = np.searchsorted(times, values)
    ended = np.bincount(place[is_over], minlength=times.size)
    at_risk = np.cumsum(np.bincount(place, minlength=times.size)[::-1])[::-1]
    # An end at times[j] takes away so much of the mean; to have been at risk up to there adds it.
    left = np.where(right > 0, at_risk - ended, 1.0)
    loss = right / left
    derivative = np.cumsum(loss * ended / at_risk)[place] - loss[place] * is_over
    _, rows = np.unique(sample, return_inverse=True)
    of_sample = np.bincount(rows, derivative)
    m = of_sample.size
    error = np.sqrt(m / (m - 1.0) * np.sum(of_sample**2)) if m > 1 else np.nan
    mean = times[0] + right[0]
    # The weights are those of the values that are over; what remains is at the largest.
    weights = -np.diff(S, prepend=1.0)
    weights[-1] += S[-1]
    spread = np.sqrt(np.sum(weights * (times - mean) ** 2))
    return CensoredMean(float(mean), float(error), float(S[-1]), float(spread))
