r"""Means of durations, some of which are not over when the observation ends.

If the time at which a duration begins does not depend on how long it will last, censoring by the
end of the observation is independent of the duration. The mean of the durations that are over is
then too small, because long ones are missing among them, but the estimate of Kaplan and Meier is
right up to the longest duration seen. E. L. Kaplan and P. Meier, J. Am. Stat. Assoc. 53, 457
(1958); R. D. Gill, Z. Wahrsch. verw. Geb. 53, 97 (1980), for processes that renew themselves and
are stopped at a given time.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]
# If a larger share of the values lies beyond the largest one seen, the mean counts as unknown.
MOST_REMAINING = 0.05


class CensoredMean(NamedTuple):
    """A mean that is known up to what lies beyond the largest value.

    Attributes
    ----------
    mean, error
        The mean, in which values beyond the largest one seen count as the largest, and its standard
        error over samples. The mean is NaN if there is no value, the error if there is one sample.
    remaining
        Probability of values beyond the largest one seen.
    spread
        Standard deviation of the values, where those beyond the largest one count as the largest.
    """

    mean: float
    error: float
    remaining: float
    spread: float

    @property
    def is_determined(self) -> bool:
        """Whether the values beyond the largest one are few and hardly change the mean.

        They must be at most :data:`MOST_REMAINING` of all, and shift the mean by half an error at
        most.

        These values are assumed to exceed the largest one by the spread of all values. The
        logarithms of exponential durations, whose spread is 1.28, exceed it by less; if the law of
        durations is broad, they exceed it by about as much.
        """
        moved = self.remaining * self.spread
        return bool(self.remaining <= MOST_REMAINING and moved <= 0.5 * self.error)


def censored_mean(
    values: Array, is_over: NDArray[np.bool_], sample: NDArray[np.int64]
) -> CensoredMean:
    r"""Mean by the estimate of Kaplan and Meier, with its error over independent samples.

    .. math:: \mu = y_{\max} - \int_{-\infty}^{y_{\max}} (1 - S(y)) dy, \qquad
              S(y) = \prod_{y_j \le y} \left( 1 - \frac{d_j}{r_j} \right)

    where d_j is the number of values that end at y_j, and r_j the number of those that are at least
    as large.

    Parameters
    ----------
    values
        Values of any sign, for instance logarithms of durations.
    is_over
        False for a value that is only known to be at least as large as this.
    sample
        The number of the sample that each value belongs to.

    Returns
    -------
    CensoredMean

    Notes
    -----
    The error is that of the infinitesimal jackknife: sigma^2 = m / (m - 1) sum_a v_a^2, where v_a
    is the derivative of the mean by the weight of sample a, and the sum is over the m samples that
    have a value. Without censoring this is the error of a ratio of two means.
    """
    if not is_over.any():
        return CensoredMean(np.nan, np.nan, 1.0 if values.size else np.nan, np.nan)
    survival = stats.ecdf(stats.CensoredData.right_censored(values, ~is_over)).sf
    times, S = survival.quantiles, survival.probabilities
    # The area below S in each interval between values, and the area to the right of each value.
    area = np.append(S[:-1] * np.diff(times), 0.0)
    right = np.cumsum(area[::-1])[::-1]
    place = np.searchsorted(times, values)
    ended = np.bincount(place[is_over], minlength=times.size)
    at_risk = np.cumsum(np.bincount(place, minlength=times.size)[::-1])[::-1]
    # Per unit of weight, a value that ends at times[j] lowers the mean by loss[j], and each value
    # at risk there raises it by loss[j] ended[j] / at_risk[j].
    left = np.where(right > 0, at_risk - ended, 1.0)
    loss = right / left
    derivative = np.cumsum(loss * ended / at_risk)[place] - loss[place] * is_over
    _, rows = np.unique(sample, return_inverse=True)
    of_sample = np.bincount(rows, derivative)
    m = of_sample.size
    error = np.sqrt(m / (m - 1.0) * np.sum(of_sample**2)) if m > 1 else np.nan
    mean = times[0] + right[0]
    # Each value that is over has the weight by which S falls there; the rest is at the largest
    # value.
    weights = -np.diff(S, prepend=1.0)
    weights[-1] += S[-1]
    spread = np.sqrt(np.sum(weights * (times - mean) ** 2))
    return CensoredMean(float(mean), float(error), float(S[-1]), float(spread))
