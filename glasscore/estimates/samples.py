"""Means over disorder samples with their standard errors.

Samples are independent of each other, but events within a sample need not be. So every error comes
from the scatter between samples, and never from the number of events. No value is skipped: a NaN in
one sample makes the mean NaN.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def mean_and_error(values: ArrayLike, axis: int = 0) -> tuple[Array, Array]:
    r"""Mean over samples and its standard error.

    .. math:: \sigma^2 = \frac{1}{n (n - 1)} \sum_a (v_a - \bar v)^2

    Parameters
    ----------
    values
        One entry per sample along ``axis``.
    axis
        The axis of the samples.

    Returns
    -------
    mean, error : ndarray
        In the shape of ``values`` without ``axis``, and in the same unit. With one sample the error
        is unknown and NaN.

    Raises
    ------
    ValueError
        If there is no sample.
    """
    values = np.asarray(values, dtype=np.float64)
    n = _sample_count(values, axis)
    mean = values.mean(axis=axis)
    if n == 1:
        return mean, np.full(np.shape(mean), np.nan)
    return mean, values.std(axis=axis, ddof=1) / np.sqrt(n)


def proportion_and_error(indicators: ArrayLike, axis: int = 0) -> tuple[Array, Array]:
    r"""Proportion of samples in which something holds, with an error that never vanishes.

    .. math:: \hat p = \frac{k}{n}, \qquad \sigma^2 = \frac{(k + 1)(n - k + 1)}{(n + 2)^2 (n + 3)}

    Parameters
    ----------
    indicators
        0 or 1 (or booleans), one per sample along ``axis``.
    axis
        The axis of the samples.

    Returns
    -------
    proportion, error : ndarray
        In the shape of ``indicators`` without ``axis``.

    Raises
    ------
    ValueError
        If there is no sample, or a value other than 0 and 1.

    Notes
    -----
    The error is the standard deviation of the probability given the k successes, under Laplace's
    uniform prior (derivation: a beta distribution). It tends to ``sqrt(p (1 - p) / n)`` and is
    about ``1 / n`` when all samples agree. The proportion itself stays unbiased. An error cannot
    make a count of a few events Gaussian: many-sigma tests need ``n p (1 - p)`` well above 10.
    """
    indicators = np.asarray(indicators)
    n = _sample_count(indicators, axis)
    if not np.all((indicators == 0) | (indicators == 1)):
        raise ValueError("indicators must be 0 or 1")
    return share_and_error(indicators.sum(axis=axis, dtype=np.float64), n)


def share_and_error(k: ArrayLike, n: ArrayLike) -> tuple[Array, Array]:
    """The same as :func:`proportion_and_error`, from k successes among n samples."""
    k, n = np.asarray(k, dtype=np.float64), np.asarray(n)
    error = np.sqrt((k + 1.0) * (n - k + 1.0) / (n + 3.0)) / (n + 2.0)
    return k / n, error


def ratio_and_error(
    numerator: ArrayLike, denominator: ArrayLike, axis: int = 0, one_count: float = 1.0
) -> tuple[Array, Array]:
    r"""Ratio of two means over samples with its error by the delta method, as for a histogram.

    .. math:: R = \frac{\sum_a n_a}{\sum_a d_a}, \qquad
              \sigma^2 = \frac{m}{m - 1} \frac{\sum_a (n_a - R d_a)^2}{(\sum_a d_a)^2}

    over m samples, and never below ``one_count / sum(d)``.

    Parameters
    ----------
    numerator
        Counts in each sample, for instance of a bin.
    denominator
        The total counts, of which the numerator is a share. It is broadcast against ``numerator``:
        if bins are on the last axis, give it the shape (samples, 1).
    axis
        The axis of the samples, counted in the broadcast shape.
    one_count
        What a single event adds to the numerator. If the numerator is not a count, give zero, which
        removes the lower bound of the error.

    Returns
    -------
    ratio, error : ndarray
        In the broadcast shape without ``axis``. With one sample the error is NaN; where the sum of
        the denominators is zero, both are NaN.

    Raises
    ------
    ValueError
        If there is no sample.

    Notes
    -----
    Numerator and denominator come from the same samples, and their correlation is accounted for.
    The lower bound is the error of a bin that one sample visited once. So an empty bin has the
    ratio 0 and this error, which covers, at one standard deviation, the ratios that an empty bin is
    compatible with if events of one sample are independent. The ratio has a bias of order 1 / m.
    """
    numerator, denominator = np.broadcast_arrays(
        np.asarray(numerator, dtype=np.float64), np.asarray(denominator, dtype=np.float64)
    )
    m = _sample_count(numerator, axis)
    total = denominator.sum(axis=axis, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(total != 0, numerator.sum(axis=axis, keepdims=True) / total, np.nan)
        residuals = numerator - ratio * denominator
        smallest = np.abs(one_count / total)
        if m == 1:
            error = np.full(ratio.shape, np.nan)
        else:
            scatter = np.sqrt((residuals**2).sum(axis=axis, keepdims=True) * (m / (m - 1.0)))
            error = np.where(total != 0, np.maximum(scatter / np.abs(total), smallest), np.nan)
    return ratio.squeeze(axis), error.squeeze(axis)


def jackknifed_ratio(
    numerator: ArrayLike, denominator: ArrayLike, axis: int = 0
) -> tuple[Array, Array]:
    r"""Ratio of two means over samples with its error, both by the jackknife.

    .. math:: R_a = \frac{\sum_{b \neq a} n_b}{\sum_{b \neq a} d_b}, \qquad
              R = m R_{\rm all} - (m - 1) \bar R_a, \qquad
              \sigma^2 = \frac{m - 1}{m} \sum_a (R_a - \bar R_a)^2

    over m samples a, with the ratio of all samples, R_all.

    Parameters
    ----------
    numerator, denominator
        One entry per sample along ``axis``, in the same shape.
    axis
        The axis of the samples.

    Returns
    -------
    ratio, error : ndarray
        In the shape without ``axis``, without the bias of order 1 / m. With one sample the error is
        NaN; where a sum of denominators is zero, the ratio is not finite.

    Raises
    ------
    ValueError
        If there is no sample.

    Notes
    -----
    The error holds if the denominator differs from zero by many of its own standard errors.
    """
    numerator = np.asarray(numerator, dtype=np.float64)
    denominator = np.asarray(denominator, dtype=np.float64)
    m = _sample_count(numerator, axis)
    above, below = (each.sum(axis=axis, keepdims=True) for each in (numerator, denominator))
    with np.errstate(divide="ignore", invalid="ignore"):
        whole = (above / below).squeeze(axis)
        if m == 1:
            return whole, np.full(whole.shape, np.nan)
        without = (above - numerator) / (below - denominator)
        mean = without.mean(axis=axis)
        error = np.sqrt((m - 1.0) * without.var(axis=axis))
        return m * whole - (m - 1.0) * mean, error


def _sample_count(values: NDArray, axis: int) -> int:
    if values.ndim == 0 or values.shape[axis] == 0:
        raise ValueError("at least one sample is needed")
    return values.shape[axis]
