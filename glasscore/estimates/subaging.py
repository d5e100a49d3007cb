r"""The subaging exponent mu: which function h(t) orders correlations of all waiting times.

While a system ages, its slow correlation may be a function of one variable,

.. math:: C(t_w + \tau, t_w) = F\!\left(\frac{h(t_w + \tau)}{h(t_w)}\right), \qquad
          h(t) = \exp \frac{t^{1 - \mu}}{1 - \mu} ,

where the relaxation time grows as t_w^mu: mu = 1 if the waiting time is the only time scale (h = t,
simple aging), mu < 1 for subaging, mu = 0 in equilibrium. The logarithm of the argument of F,
:func:`effective_time`, orders the correlations of all waiting times on one curve, if mu is right.

Source: E. Vincent, J. Hammann, M. Ocio, J.-P. Bouchaud, L. F. Cugliandolo, Lect. Notes Phys. 492,
184 (1997), for this form of h in experiments on spin glasses.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

DEGREE = 7
"""Degree of the polynomial in the logarithm of the effective time that stands for F. It is lower
where points have few ratios tau / t_w, since for mu = 1 they have as many effective times."""
FEWEST_RATIOS = 5
LEAST, LARGEST = -0.5, 2.0
"""Ends of the range in which the exponent is looked for."""
STEPS = (0.1, 0.02)
"""The exponents that are tried first, and then near the best of them, lie so far apart. A parabola
through the three best ones gives the exponent."""
AROUND = np.linspace(-0.3, 0.3, 13)
"""Distances of the exponents that are tried for replicates from that of all samples."""
FEWEST_WAITING_TIMES = 3
FEWEST_POINTS = 4 * (DEGREE + 1)


class SubagingExponent(NamedTuple):
    """A fitted exponent; all numbers are NaN where there are too few points.

    Attributes
    ----------
    exponent
        mu; NaN, too, if none of the exponents that are tried has the smallest residual within
        their range.
    error
        Its statistical standard error; NaN without replicates.
    systematic
        The largest change of mu if only a part of the points is used: the earlier or the later half
        of the waiting times, or the shorter or the longer half of the ratios tau / t_w, both on
        logarithmic axes. It is infinite if a part has no exponent in the range that is tried, and
        NaN if no part has points enough.
    residual
        Root mean square of what the polynomial misses.
    """

    exponent: float
    error: float
    systematic: float
    residual: float


UNKNOWN = SubagingExponent(np.nan, np.nan, np.nan, np.nan)


def effective_time(waiting_time: ArrayLike, lag: ArrayLike, mu: float) -> Array:
    r"""The logarithm of h(t_w + tau) / h(t_w), which is tau / t_w^mu for short lags.

    .. math:: L = \frac{(t_w + \tau)^{1 - \mu} - t_w^{1 - \mu}}{1 - \mu}, \qquad
              L = \ln(1 + \tau / t_w) \quad (\mu = 1)

    Parameters
    ----------
    waiting_time, lag
        t_w > 0 and tau > 0, in the same unit.
    mu
        The exponent.

    Returns
    -------
    ndarray
        L, in the unit of time to the power 1 - mu.
    """
    start, growth = np.asarray(waiting_time, float), np.log1p(np.divide(lag, waiting_time))
    power = 1.0 - mu
    ratio = growth if power == 0.0 else np.expm1(power * growth) / power
    return np.asarray(start**power * ratio)


def subaging_exponent(
    waiting_time: ArrayLike,
    lag: ArrayLike,
    values: ArrayLike,
    replicates: ArrayLike | None = None,
) -> SubagingExponent:
    r"""The exponent with which one polynomial in ln L misses the correlations least.

    .. math:: \min_{\mu, c} \sum_i \Big( C_i - \sum_{k \le 7} c_k \ln^k L_i(\mu) \Big)^2

    Parameters
    ----------
    waiting_time, lag, values
        t_w, tau and C of each point, shape (point,). Points have equal weights, since F is not a
        polynomial and errors of points that share samples are correlated.
    replicates
        The same correlations from other choices of the samples (a bootstrap), shape (replicate,
        point). The error is the standard deviation of their exponents.

    Returns
    -------
    SubagingExponent

    Notes
    -----
    Fast relaxation before the waiting time matters, and the end of aging in a finite system, do
    not obey the scaling and shift mu; the systematic error shows that. Give only points of the slow
    part, where it is known.
    """
    waiting_time, lag, values = (np.asarray(each, float) for each in (waiting_time, lag, values))
    if not _is_enough(waiting_time, lag):
        return UNKNOWN
    mu = _best(waiting_time, lag, values)
    if np.isnan(mu):
        return UNKNOWN
    error = np.nan
    if replicates is not None:
        tried = mu + AROUND
        error = _minima(tried, _squares(tried, waiting_time, lag, replicates)).std(ddof=1)
    changes = [
        abs(_best(waiting_time[part], lag[part], values[part]) - mu)
        for part in _parts(waiting_time, lag)
    ]
    systematic = np.nan_to_num(changes, nan=np.inf).max() if changes else np.nan
    missed = _squares(np.array([mu]), waiting_time, lag, values[np.newaxis])[0, 0]
    return SubagingExponent(
        mu, float(error), float(systematic), float(np.sqrt(missed / values.size))
    )


def _is_enough(waiting_time: Array, lag: Array) -> bool:
    """Whether points have waiting times and ratios enough, and are many more than coefficients."""
    several = bool(np.unique(waiting_time).size >= FEWEST_WAITING_TIMES)
    different = _number_of_ratios(waiting_time, lag) >= FEWEST_RATIOS
    return several and different and waiting_time.size >= FEWEST_POINTS


def _number_of_ratios(waiting_time: Array, lag: Array) -> int:
    return int(np.unique(np.round(np.log(lag / waiting_time), 6)).size)


def _parts(waiting_time: Array, lag: Array) -> Iterator[NDArray[np.bool_]]:
    """The halves of the points that are fitted alone, if they have enough points."""
    for place in (waiting_time, lag / waiting_time):
        middle = np.sqrt(place.min() * place.max())
        for part in (place <= middle, place >= middle):
            if _is_enough(waiting_time[part], lag[part]):
                yield part


def _best(waiting_time: Array, lag: Array, values: Array) -> float:
    """The exponent of the smallest residual; NaN if it is at an end of the range."""
    first, last = LEAST, LARGEST
    for step in STEPS:
        tried = np.linspace(first, last, round((last - first) / step) + 1)
        squares = _squares(tried, waiting_time, lag, values[np.newaxis])
        best = int(np.argmin(squares[:, 0]))
        if not 0 < best < tried.size - 1:
            return np.nan
        first, last = tried[best - 1], tried[best + 1]
    return float(_minima(tried, squares)[0])


def _squares(tried: Array, waiting_time: Array, lag: Array, values: ArrayLike) -> Array:
    """What polynomials miss, shape (exponent, row of values)."""
    values = np.asarray(values, float)
    degree = min(DEGREE, _number_of_ratios(waiting_time, lag) - 2)
    return np.array(
        [_missed(effective_time(waiting_time, lag, mu), values, degree) for mu in tried]
    )


def _minima(tried: Array, squares: Array) -> Array:
    """The minimum of a parabola through the three best exponents, for each column of squares."""
    best = np.clip(np.argmin(squares, axis=0), 1, tried.size - 2)
    below, at, above = (
        np.take_along_axis(squares, (best + step)[np.newaxis], axis=0)[0] for step in (-1, 0, 1)
    )
    curvature = np.maximum(below - 2 * at + above, np.finfo(float).tiny)
    shift = np.clip(0.5 * (below - above) / curvature, -1.0, 1.0)
    return np.asarray(tried[best] + shift * (tried[1] - tried[0]))


def _missed(L: Array, values: Array, degree: int) -> Array:
    """Sums of the squares that are left by the best polynomial in ln L, for each row of values."""
    place = np.log(L)
    middle, half = 0.5 * (place.max() + place.min()), 0.5 * (place.max() - place.min())
    powers = np.polynomial.chebyshev.chebvander((place - middle) / half, degree)
    orthogonal = np.linalg.qr(powers)[0]
    left = values - (values @ orthogonal) @ orthogonal.T
    return np.asarray((left**2).sum(axis=1))
