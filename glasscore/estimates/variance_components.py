"""Variance within samples and between them, from several measurements in each sample."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class VarianceComponents(NamedTuple):
    """Variances in the squared unit of the values, each as (value, standard error).

    Attributes
    ----------
    within
        Mean over samples of the variance within a sample (thermal fluctuations, if samples are
        samples of the disorder).
    between
        Variance over samples of the expectation in a sample (fluctuations due to the disorder).
    total
        Their sum, the variance of a single measurement in a single sample.
    """

    within: tuple[Array, Array]
    between: tuple[Array, Array]
    total: tuple[Array, Array]


def variance_components(values: ArrayLike) -> VarianceComponents:
    r"""Both parts of a variance without bias, with standard errors by the jackknife over samples.

    .. math:: V_{\rm within} = \frac{1}{S} \sum_s v_s, \qquad
              V_{\rm between} = {\rm Var}_s (\bar q_s) - \frac{1}{R S} \sum_s v_s

    where v_s is the variance, without bias, of the R measurements of sample s and q_s their mean.
    The mean of R measurements scatters by v_s / R beyond the scatter of the expectations, which is
    therefore subtracted.

    Parameters
    ----------
    values
        Shape (..., sample, measurement). Measurements in a sample are independent of each other
        and equally distributed, and samples are independent.

    Returns
    -------
    VarianceComponents
        Each in the shape of ``values`` without the last two axes. Variances between samples can
        be negative within their errors. With one sample they are NaN, and with fewer than three
        all errors are.

    Raises
    ------
    ValueError
        If there is no sample, or one measurement in each.

    Notes
    -----
    The method of moments of a random-effects model, S. R. Searle, G. Casella, C. E. McCulloch,
    Variance Components (Wiley, 1992), chapter 3.
    """
    values = np.asarray(values, dtype=np.float64)
    if values.ndim < 2 or values.shape[-2] < 1 or values.shape[-1] < 2:
        raise ValueError("at least one sample with two measurements is needed")
    samples, measurements = values.shape[-2:]
    means, own = values.mean(axis=-1), values.var(axis=-1, ddof=1)
    sums, squares = own.sum(axis=-1), (means - means.mean(axis=-1, keepdims=True)) ** 2
    between = squares.sum(axis=-1)
    if samples > 2:
        # The same without each sample in turn.
        without = (sums[..., np.newaxis] - own) / (samples - 1)
        lost = samples / (samples - 1) * squares
        between_without = (between[..., np.newaxis] - lost) / (samples - 2)
    else:
        without = between_without = np.full(squares.shape, np.nan)
    within = sums / samples
    known = between / (samples - 1) if samples > 1 else np.full(between.shape, np.nan)
    between = known - within / measurements
    between_without = between_without - without / measurements
    return VarianceComponents(
        (within, _jackknife(without)),
        (between, _jackknife(between_without)),
        (within + between, _jackknife(without + between_without)),
    )


def _jackknife(without: Array) -> Array:
    """Standard error from the estimates without each sample in turn, on the last axis."""
    n = without.shape[-1]
    deviation = without - without.mean(axis=-1, keepdims=True)
    error: Array = np.sqrt((n - 1) / n * (deviation**2).sum(axis=-1))
    return error
