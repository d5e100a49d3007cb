"""Continuation of functions beyond the outermost columns of the grid, as polynomials.

Columns lie at equal distances in y. Towards the ends t' or t - t' falls as exp(-|y|); there, a
function of a row is a polynomial in t', or t - t', through some of the last columns in use.
"""

import numpy as np

from glasscore.dmft.two_time import polynomials
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.models.covariance import Values

# number of columns that the polynomial goes through, and their distance in y
CONTINUATION_POINTS = 4
CONTINUATION_SPACING = 0.7


def continuation(spacing: float, skip: int, count: int, closed: bool) -> Values:
    """Weights of the columns 0, skip, .. from the end for values 0..count - 1 columns beyond it.

    The column i beyond the last one lies at x = exp(-spacing i), if x is t' or t - t' in units of
    that of the last column. The polynomial in x is of third degree or, if ``closed``, of fourth
    degree and zero at x = 0.
    """
    wanted = np.exp(-spacing * np.arange(count))
    known = np.exp(spacing * skip * np.arange(CONTINUATION_POINTS))
    weights = polynomials.weights(known, wanted)
    return weights * wanted[:, None] / known if closed else weights


def start_weights(spacing: float, skip: int) -> Values:
    """Weights of the columns 0, skip, .. from the left end for the value at t' = 0."""
    known = np.exp(spacing * skip * np.arange(CONTINUATION_POINTS))
    return polynomials.weights(known, np.zeros(1))[0]


def sum_beyond(spacing: float, last: float, skip: int) -> Values:
    """Weights of the columns 0, skip, .. from the end y = ``last`` for the trapezoid sum beyond."""
    beyond = np.arange(1, int(np.ceil(40 / spacing)))
    y = last + spacing * beyond
    measure = spacing / ((1 + np.exp(-y)) * (1 + np.exp(y)))
    return measure @ continuation(spacing, skip, beyond.size + 1, closed=False)[1:]


@kernel
def fill_beyond(values, low, high, skip, left, right, limit, reach):
    """Fill the columns up to ``reach`` beyond either end; at t' = t the value is ``limit``."""
    for i in range(1, reach + 1):
        before = 0.0
        beyond = limit
        for point in range(CONTINUATION_POINTS):
            before += left[i, point] * values[low + point * skip]
            beyond += right[i, point] * (values[high - point * skip] - limit)
        values[low - i] = before
        values[high + i] = beyond


@inlined_kernel
def fold_back(gradient, low, high, skip, left, right, reach):
    """Turn derivatives by values beyond the ends into derivatives by values in columns in use.

    This is the transpose of ``fill_beyond``.
    """
    for i in range(1, reach + 1):
        for point in range(CONTINUATION_POINTS):
            gradient[low + point * skip] += left[i, point] * gradient[low - i]
            gradient[high - point * skip] += right[i, point] * gradient[high + i]
