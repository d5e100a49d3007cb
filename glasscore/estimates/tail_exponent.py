r"""Exponent of a power-law tail, from histograms of many samples.

As a law of ln tau the density :math:`\tau^{-(1 + x)}` is exponential, also for x <= 0 if there is a
largest time to make it normalisable. Its binned likelihood (Virkar and Clauset, Ann. Appl. Stat. 8,
89 (2014)) is concave in x and depends on the data through the summed counts alone. Errors come from
the scatter between samples, because visits of one sample are not independent.

The package ``powerlaw`` 2.0 (Alstott, Bullmore and Plenz, PLoS ONE 9, e85777 (2014)) takes single
times instead of counts, and by default fits the law without its largest time whenever that gives
x > 0.5: where times end at 1024 and x is 0.5, it finds 0.56. Its standard error, x over the square
root of the number of visits, assumes that visits are independent and that the tail is infinite. So
it is too small for visits that repeat within a sample, zero at x = 0, and negative for x < 0.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

Array = NDArray[np.float64]

LEAST_EVENTS = 1000.0
"""Fewest events in a chosen range: with fewer the distance is noise (Clauset et al. 2009)."""

LEAST_BINS = 8
"""Fewest occupied bins in a chosen range: over few bins every law fits."""

LEAST_SHARE = 1e-12
"""Bins with a smaller share of events, and samples with less of the information, are ignored."""

REPLICATES = 9999
"""Number of replicates of the bootstrap; if none of them is as far, a bound takes their place."""

NEGLIGIBLE = 50.0
"""An exponent at which exp(-50) is far below rounding."""

ORDERS = 2 * np.arange(1, 12)
SERIES = -2.0 * (-1.0) ** (ORDERS // 2) * special.zeta(ORDERS) / (2.0 * np.pi) ** ORDERS
"""Bernoulli numbers B_n / n! for even n, by Euler's formula; beyond n = 22 they are negligible."""


class TailExponent(NamedTuple):
    """A fitted tail.

    Attributes
    ----------
    exponent, error
        x of the density ``tau^-(1 + x)`` and its standard error over samples, given the range;
        the error is NaN if the range holds events of one sample only.
    smallest, largest
        Range of the fit, in the unit of the edges.
    events
        Number of events in the range.
    distance
        The distance of Kolmogorov and Smirnov, which is the largest difference between the
        cumulative shares of data and law at the edges.
    probability
        Probability of a distance as large or larger if the law holds; NaN where the error is NaN.
    """

    exponent: float
    error: float
    smallest: float
    largest: float
    events: float
    distance: float
    probability: float


def tail_exponent(
    counts: ArrayLike, edges: ArrayLike, smallest: float | None = None, largest: float = np.inf
) -> TailExponent:
    r"""Maximum-likelihood exponent of a power-law tail.

    .. math:: \psi(\tau) \propto \tau^{-(1 + x)}, \qquad
              L(x) = \sum_i n_i \ln \frac{a_i^{-x} - b_i^{-x}}
                                         {\tau_{\min}^{-x} - \tau_{\max}^{-x}}

    over the bins [a_i, b_i) within [tau_min, tau_max].

    Parameters
    ----------
    counts
        Number of events in each bin, shape (samples, bins), not necessarily whole. Samples are
        independent; events of a sample need not be.
    edges
        Edges of the bins, shape (bins + 1,), increasing from zero or more. The last may be
        infinite.
    smallest
        Where the tail begins. None chooses the edge with the smallest distance between the
        cumulative shares of data and fit (Clauset, Shalizi and Newman, SIAM Rev. 51, 661 (2009)),
        among those that keep :data:`LEAST_EVENTS` events in :data:`LEAST_BINS` bins.
    largest
        Where the fitted law is cut off. Both limits are moved inwards to the next edge.

    Returns
    -------
    TailExponent

    Raises
    ------
    ValueError
        If counts or edges have the wrong shape or are not as described, the limits leave no bin,
        all events in the range fall into one bin, or no range has enough events to choose from.

    Notes
    -----
    *Error.* Let s_a be the derivative of the log-likelihood of sample a by x, J_a minus its second
    derivative, J = sum_a J_a, and h_a = J_a / J. The estimate

    .. math:: \sigma^2 = \frac{1}{J^2} \sum_a \frac{s_a^2}{1 - h_a}

    is unbiased at leading order if events are independent (Bell and McCaffrey, Surv. Methodol. 28,
    169 (2002)) and consistent, for many samples, if they are not. It is too small where a few
    samples hold most of the events. The choice of ``smallest`` is not included: simulated power
    laws scattered by 10 to 40 per cent more where it was chosen.

    *Probability.* This is a bootstrap over whole samples (Kojadinovic and Yan, Can. J. Stat. 40,
    480 (2012)). Each sample contributes to the difference of the cumulative shares, after a new fit
    has reduced it; these contributions are multiplied by Gaussian random numbers. For given counts
    the differences are then Gaussian with a known covariance, from which :data:`REPLICATES` are
    drawn with a fixed seed. If none of them is as far as the data, the result is an upper bound,
    the sum of the probabilities at the single edges (Boole's inequality), which may be arbitrarily
    small. This holds for many samples, each with a small share of the events. The range is taken as
    given: if ``smallest`` was chosen for its small distance, the probability is too large.

    *Censoring.* If events that are not over at the end of a run are not counted, the density of the
    others has no sharp cut-off, since an event of length tau is counted only if it begins early
    enough. If the number of events that begin before t grows as t^y, the density is multiplied by
    (1 - tau / t_run)^y. So ``largest`` should be much smaller than the length of the run.
    """
    counts, edges = _checked(counts, edges)
    if not 0.0 <= (smallest or 0.0) < largest:
        raise ValueError(
            f"smallest and largest must fulfil 0 <= smallest < largest, got {smallest}, {largest}"
        )
    least = max(smallest or 0.0, np.nextafter(0.0, 1.0))
    first = int(np.searchsorted(edges, least))
    end = int(np.searchsorted(edges, largest, side="right")) - 1
    if end - first < 1:
        raise ValueError(f"no bin lies between {smallest} and {largest}")
    total = counts.sum(axis=0)
    if smallest is None:
        first = _best_start(total, edges, first, end)
    tail = _Tail(edges[first : end + 1])
    events = total[first:end]
    x = tail.fit(events)
    distance = tail.distance(events, x)
    error, probability = _scatter(counts[:, first:end], tail, x, distance)
    begin, cut = float(edges[first]), float(edges[end])
    return TailExponent(x, error, begin, cut, float(events.sum()), distance, probability)


class _Tail:
    """The binned exponential law of y = ln(tau / tau_min) with rate x."""

    def __init__(self, edges: Array):
        self.edges = edges
        y = np.log(edges / edges[0])
        self.start, self.width = y[:-1], np.diff(y)
        self.inner, self.length = y[1:-1], y[-1]

    def score(self, x: float) -> Array:
        """Derivative by x of the log-probability of each bin: mean of y minus mean in the bin."""
        return _mean(x, self.length) - self.start - _mean(x, self.width)

    def information(self, x: float) -> Array:
        """Minus the derivative of the score, which is never negative."""
        return _variance(x, self.length) - _variance(x, self.width)

    def cumulative(self, x: float) -> Array:
        """Probability below each inner edge."""
        return _probability(x, self.inner, self.length)

    def fit(self, events: Array) -> float:
        """The x of largest likelihood, for which the score of the events is zero.

        The score decreases with x, so that there is one root if two bins or more are occupied.
        """
        occupied = np.count_nonzero(events > LEAST_SHARE * events.sum())
        if occupied < 2:
            raise ValueError(
                f"an exponent needs events in two bins or more between {self.edges[0]:g} and "
                f"{self.edges[-1]:g}, got {events.sum():g} in {occupied}"
            )
        share = events / events.sum()

        def excess(x: float) -> float:
            return float(self.score(x) @ share)

        lower, upper = -1.0, 1.0
        if np.isinf(self.length):
            lower = 1.0
            while excess(lower) < 0:
                lower *= 0.5
        else:
            while excess(lower) < 0:
                lower *= 2.0
        while excess(upper) > 0:
            upper *= 2.0
        return float(optimize.brentq(excess, lower, upper, xtol=1e-15, rtol=1e-15))

    def distance(self, events: Array, x: float) -> float:
        """Largest difference between the cumulative shares of data and law."""
        below = np.cumsum(events)
        return float(np.abs(below[:-1] / below[-1] - self.cumulative(x)).max(initial=0.0))


def _checked(counts: ArrayLike, edges: ArrayLike) -> tuple[Array, Array]:
    counts = np.asarray(counts, dtype=np.float64)
    edges = np.asarray(edges, dtype=np.float64)
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"counts must have the shape (samples, bins), got {counts.shape}")
    if edges.shape != (counts.shape[1] + 1,):
        raise ValueError(
            f"edges must be one more than the {counts.shape[1]} bins, got shape {edges.shape}"
        )
    if not (edges[0] >= 0.0 and np.all(edges[1:] > edges[:-1])):
        raise ValueError("edges must increase from zero or more")
    if not (np.isfinite(counts.sum()) and counts.min() >= 0.0):
        raise ValueError("counts must be finite and not negative")
    return counts, edges


def _best_start(total: Array, edges: Array, first: int, end: int) -> int:
    """Index of the edge from which the law is nearest to the data."""
    best, nearest = None, np.inf
    for start in range(first, end):
        events = total[start:end]
        if events.sum() < LEAST_EVENTS or np.count_nonzero(events >= 1) < LEAST_BINS:
            break
        tail = _Tail(edges[start : end + 1])
        distance = tail.distance(events, tail.fit(events))
        if distance < nearest:
            best, nearest = start, distance
    if best is None:
        raise ValueError(
            f"choosing where the tail begins needs {LEAST_EVENTS:g} events in {LEAST_BINS} bins, "
            f"got {total[first:end].sum():g} in {np.count_nonzero(total[first:end] >= 1)}"
        )
    return best


def _scatter(counts: Array, tail: _Tail, x: float, distance: float) -> tuple[float, float]:
    """Standard error of x, and probability of the distance, from the scatter between samples."""
    own = counts @ tail.information(x)
    information = own.sum()
    contributes = own > LEAST_SHARE * information
    if np.count_nonzero(contributes) < 2:
        return np.nan, np.nan
    weighted = counts[contributes] / np.sqrt(1.0 - own[contributes] / information)[:, np.newaxis]
    products = weighted.T @ weighted
    shift = tail.score(x) / information
    error = np.linalg.norm(weighted @ shift)
    if tail.inner.size < 2:
        return float(error), np.nan
    # What one event in bin i adds to the difference at edge j, less what the new fit takes back.
    cumulative = tail.cumulative(x)
    slope = cumulative * (_mean(x, tail.length) - _mean(x, tail.inner))
    below = np.arange(shift.size)[:, np.newaxis] <= np.arange(cumulative.size)
    influence = (below - cumulative) / counts.sum() - np.outer(shift, slope)
    variance, modes = np.linalg.eigh(influence.T @ products @ influence)
    normal = np.random.default_rng(0).standard_normal((REPLICATES, variance.size))
    drawn = np.abs((normal * np.sqrt(np.maximum(variance, 0.0))) @ modes.T).max(axis=1)
    farther = np.count_nonzero(drawn >= distance)
    probability = (1.0 + farther) / (REPLICATES + 1.0)
    if farther == 0:
        spread = np.sqrt(modes**2 @ np.maximum(variance, 0.0))
        probability = min(probability, 2.0 * stats.norm.sf(distance / spread[spread > 0]).sum())
    return float(error), float(probability)


def _mean(x: float, length: Array) -> Array:
    """Mean of y in [0, length] under the density exp(-x y)."""
    # For x < 0 the interval is reflected, so that no exponential overflows.
    reach = np.minimum(length, NEGLIGIBLE / abs(x)) if x else length
    z = abs(x) * reach
    far = np.maximum(z, 1.0)
    series = 0.5 - z * np.polynomial.polynomial.polyval(np.minimum(z, 1.0) ** 2, SERIES)
    mean = reach * np.where(z < 1.0, series, 1.0 / far - 1.0 / np.expm1(far))
    return mean if x >= 0 else length - mean


def _variance(x: float, length: Array) -> Array:
    """Variance of y in [0, length] under the density exp(-x y)."""
    reach = np.minimum(length, NEGLIGIBLE / abs(x)) if x else length
    z = abs(x) * reach
    far = np.maximum(z, 1.0)
    series = np.polynomial.polynomial.polyval(np.minimum(z, 1.0) ** 2, SERIES * (ORDERS - 1))
    return reach**2 * np.where(z < 1.0, series, far**-2 - 0.25 / np.sinh(0.5 * far) ** 2)


def _probability(x: float, y: Array, length: float) -> Array:
    """Probability below y under the density exp(-x y) in [0, length]."""
    if x == 0:
        return y / length
    share = np.expm1(-abs(x) * y) / np.expm1(-abs(x) * length)
    return share if x > 0 else np.exp(x * (length - y)) * share
