r"""Exponent of a power-law tail, from histograms of many samples.

In the logarithm of time a density :math:`\tau^{-(1 + x)}` is an exponential law, also for x <= 0
when a largest time makes it normalisable. Its binned likelihood (Virkar and Clauset, Ann. Appl.
Stat. 8, 89 (2014)) is concave in x and needs no more of the data than the summed counts. Errors
come from the scatter between samples, because visits of one sample are not independent.

The package ``powerlaw`` 2.0 (Alstott, Bullmore and Plenz, PLoS ONE 9, e85777 (2014)) takes single
times instead of counts, and by default fits the law without its largest time whenever that gives
x > 0.5: where times end at 1024 and x is 0.5, it finds 0.56. Its standard error, x over the square
root of the number of visits, takes these for independent and the tail for infinite: too small for
visits that repeat within a sample, zero at x = 0 and negative below.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special, stats

Array = NDArray[np.float64]

LEAST_EVENTS = 1000.0
"""Events that a chosen range keeps: with fewer the distance is noise (Clauset et al. 2009)."""

LEAST_BINS = 8
"""Bins with an event or more that a chosen range keeps: over few bins every law fits."""

LEAST_SHARE = 1e-12
"""A bin with less of the events, and a sample with less of the information, is lost in rounding."""

REPLICATES = 9999
"""Of the bootstrap; a probability below one over their number plus one has a bound in its place."""

NEGLIGIBLE = 50.0
"""exp(-50) is far below rounding."""

ORDERS = 2 * np.arange(1, 12)
SERIES = -2.0 * (-1.0) ** (ORDERS // 2) * special.zeta(ORDERS) / (2.0 * np.pi) ** ORDERS
"""Bernoulli's B_n / n! for even n, by Euler's formula: (2 pi)^-n is rounding beyond n = 22."""


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
        Kolmogorov and Smirnov's: largest difference between the cumulative shares, at the edges.
    probability
        Of a distance as large or larger if the law holds; NaN where the error is.
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
        Events in each bin, shape (samples, bins); they need not be whole. Samples are independent,
        events of a sample need not be.
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
    *Error.* With s_a the derivative of the likelihood of sample a, J = sum_a J_a minus its second
    derivative, and h_a = J_a / J,

    .. math:: \sigma^2 = \frac{1}{J^2} \sum_a \frac{s_a^2}{1 - h_a}

    is unbiased at leading order if events are independent (Bell and McCaffrey, Surv. Methodol. 28,
    169 (2002)) and consistent, for many samples, if they are not. It is too small where a few
    samples hold most of the events. The choice of ``smallest`` is not included: simulated power
    laws scattered by 10 to 40 per cent more where it was chosen.

    *Probability.* A bootstrap over whole samples: each one's contribution to the difference of the
    cumulative shares, with the part that a new fit takes back, is weighted with a Gaussian number
    (Kojadinovic and Yan, Can. J. Stat. 40, 480 (2012)). Given the counts the differences are then
    Gaussian with a known covariance, from which they are drawn, with a fixed seed. Where none of
    the :data:`REPLICATES` drawn is as far, the probability is bounded by the sum of those at the
    single edges (Boole's inequality), which has no least value. This too is a law for many samples,
    each with a small share of the events. It takes the range as given: where
    ``smallest`` was chosen for its small distance, the probability is too large.

    *Censoring.* Where events still going on at the end of a run are lost, those that remain do not
    end in a sharp cut-off: an event of length tau must begin early enough. If the number begun up
    to t grows like t^y, the density is multiplied by (1 - tau / t_run)^y, so ``largest`` should be
    much smaller than the run.
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
    """The exponential law of y = ln(tau / tau_min) with rate x, seen through bins."""

    def __init__(self, edges: Array):
        self.edges = edges
        y = np.log(edges / edges[0])
        self.start, self.width = y[:-1], np.diff(y)
        self.inner, self.length = y[1:-1], y[-1]

    def score(self, x: float) -> Array:
        """Derivative by x of the log-probability of each bin: by how much y is below its mean."""
        return _mean(x, self.length) - self.start - _mean(x, self.width)

    def information(self, x: float) -> Array:
        """Minus the derivative of the score, never negative."""
        return _variance(x, self.length) - _variance(x, self.width)

    def cumulative(self, x: float) -> Array:
        """Probability below each inner edge."""
        return _probability(x, self.inner, self.length)

    def fit(self, events: Array) -> float:
        """The root of the score, which decreases: with two occupied bins there is one."""
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
    # What one event in bin i adds to the difference at edge j, before and after the fit follows.
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
    # Reflected, so that no exponential overflows.
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
