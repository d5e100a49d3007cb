"""Spread of a quantity over independent samples: variance, quantiles and their standard errors.

A mean says little of a broad law. All functions take tables of values with the number of samples
that have each of them, so that discrete quantities of very many samples need little memory.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc

Array = NDArray[np.float64]


def variance_and_error(values: ArrayLike, counts: ArrayLike | None = None) -> tuple[Array, Array]:
    r"""Variance over samples, without bias, and its standard error by the jackknife.

    .. math:: s^2 = \frac{1}{n - 1} \sum_a e_a^2, \qquad
              \sigma^2 = \frac{n - 1}{n} \sum_a (s_{(a)}^2 - \overline{s_{(\cdot)}^2})^2
              = \frac{n}{(n - 1) (n - 2)^2} \sum_a (e_a^2 - \overline{e^2})^2

    where e_a is the deviation of sample a from the mean, and s_(a) leaves sample a out.

    Parameters
    ----------
    values
        The values along the last axis.
    counts
        How many samples have each value, in a shape that is broadcast against ``values``; one
        sample for each value if it is not given. The sum n is the same along all other axes.

    Returns
    -------
    variance, error : ndarray
        In the broadcast shape without the last axis, and in the squared unit of ``values``. With
        one sample both are NaN, with two the error is.

    Raises
    ------
    ValueError
        If there is no sample.

    Notes
    -----
    The second form of the error is exact: to leave sample a out lowers the sum of squares by
    n / (n - 1) e_a^2. Source of the jackknife: B. Efron and C. Stein, Ann. Stat. 9, 586 (1981).
    """
    values, counts, n = _table(values, counts)
    mean = (counts * values).sum(axis=-1, keepdims=True) / n
    squares = (values - mean) ** 2
    total = (counts * squares).sum(axis=-1)
    if n < 2:
        return np.full(total.shape, np.nan), np.full(total.shape, np.nan)
    variance = total / (n - 1)
    if n < 3:
        return variance, np.full(total.shape, np.nan)
    spread = (counts * (squares - total[..., np.newaxis] / n) ** 2).sum(axis=-1)
    return variance, np.sqrt(n / (n - 1) * spread) / (n - 2)


def quantiles_and_error(
    probabilities: ArrayLike, values: ArrayLike, counts: ArrayLike | None = None
) -> tuple[Array, Array]:
    r"""Quantiles of a law and their standard errors by the exact bootstrap.

    The quantile of the probability p is the value of rank m = ceil(p n) among n samples, so that a
    share p of them, or slightly more, have this value or a smaller one. In a random choice of n
    samples, each of which may come several times, the value of rank m is at most y with the
    probability

    .. math:: P(Y_{(m)} \le y) = I_{F(y)}(m, n - m + 1)

    where F(y) is the share of samples with values up to y and I the incomplete beta function. The
    error is the standard deviation of this law; no random numbers are drawn.

    Parameters
    ----------
    probabilities
        Above 0 and below 1.
    values
        The values in ascending order along the last axis.
    counts
        As in :func:`variance_and_error`.

    Returns
    -------
    quantiles, error : ndarray
        With the probabilities along the last axis, in the unit of ``values``. With one sample the
        errors are NaN.

    Raises
    ------
    ValueError
        If there is no sample, or a probability is not between 0 and 1.

    Notes
    -----
    Source: J. S. Maritz and R. G. Jarrett, J. Am. Stat. Assoc. 73, 194 (1978), for the median.
    Where nearly all samples have one discrete value the error can vanish. Quantiles with n p or
    n (1 - p) of order one are poorly known, and so are their errors.
    """
    chosen = np.atleast_1d(np.asarray(probabilities, dtype=np.float64))
    if not np.all((chosen > 0) & (chosen < 1)):
        raise ValueError(f"probabilities must lie between 0 and 1, got {chosen.tolist()}")
    values, counts, n = _table(values, counts)
    # Whole numbers up to rounding: ceil(0.05 * 20) is 1.
    ranks = np.maximum(1.0, np.ceil(np.round(chosen * n, 9)))
    below = np.cumsum(counts, axis=-1)
    shape = (*np.broadcast_shapes(values.shape, counts.shape)[:-1], ranks.size)
    found, error = np.empty(shape), np.full(shape, np.nan)
    for place, rank in enumerate(ranks):
        at = np.argmax(np.broadcast_to(below >= rank, (*shape[:-1], below.shape[-1])), axis=-1)
        wide = np.broadcast_to(values, (*shape[:-1], values.shape[-1]))
        found[..., place] = np.take_along_axis(wide, at[..., np.newaxis], axis=-1)[..., 0]
        if n > 1:
            law = np.diff(betainc(rank, n - rank + 1, np.minimum(below / n, 1.0)), prepend=0.0)
            mean = (law * values).sum(axis=-1, keepdims=True)
            error[..., place] = np.sqrt((law * (values - mean) ** 2).sum(axis=-1))
    return found, error


def _table(values: ArrayLike, counts: ArrayLike | None) -> tuple[Array, Array, float]:
    """Values, counts and the number of samples, which is the same in each row of the table."""
    values = np.asarray(values, dtype=np.float64)
    if counts is None:
        counts = np.ones(values.shape[-1])
    counts = np.asarray(counts, dtype=np.float64)
    totals = np.unique(counts.sum(axis=-1))
    if totals.size != 1 or totals[0] < 1:
        raise ValueError("each row needs the same number of samples, which is at least one")
    return values, counts, float(totals[0])
