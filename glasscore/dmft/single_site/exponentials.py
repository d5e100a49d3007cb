"""Correlations as sums of decaying exponentials with positive weights.

The autocorrelation of a reversible system in equilibrium has exactly this form: C(t) is an average
of exp(-rate t) over a positive density of rates. A fit of a simulated correlation by positive
weights on a dense grid of rates therefore removes only noise.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

from glasscore.common.errors import CampaignError
from glasscore.dmft.single_site.interface import Array, Bath

# Weight of the given value at t = 0 in a fit, relative to the other values.
EMPHASIS = 1e4
ITERATIONS = 100


def in_time(bath: Bath, time: ArrayLike) -> Array:
    """C(t), shape of ``time``."""
    return np.exp(-np.multiply.outer(np.asarray(time, float), bath.rate)) @ bath.weight


def transform(bath: Bath, s: ArrayLike) -> NDArray[np.complex128]:
    """Laplace transform, sum_j weight_j / (s + rate_j), at real or complex s."""
    return (1 / np.add.outer(np.asarray(s), bath.rate)) @ bath.weight


def positive(matrix: Array, right: Array) -> Array:
    """Least squares over positive unknowns, shape (unknowns,).

    Raises
    ------
    CampaignError
        If the active set does not settle.
    """
    try:
        return np.asarray(nnls(matrix, right, maxiter=ITERATIONS * matrix.shape[1])[0])
    except RuntimeError:
        raise CampaignError(
            "the single site found no sum of exponentials that fits its correlation: more "
            "trajectories or another seed help."
        ) from None


def fitted(basis: NDArray, values: NDArray, weight: Array, total: float, rate: Array) -> Bath:
    """Least squares over positive weights whose sum, C(0), is given.

    Parameters
    ----------
    basis
        Contribution of each rate to each value; real or complex, shape (values, rates).
    values
        Values to be fitted, shape (values,).
    weight
        Weights of the deviations, shape (values,).
    total
        C(0), positive.
    rate
        Shape (rates,).
    """
    rows = [basis * weight[:, None], np.full((1, rate.size), EMPHASIS / total)]
    right = [values * weight, np.array([EMPHASIS])]
    if np.iscomplexobj(basis):
        rows = [rows[0].real, rows[0].imag, rows[1]]
        right = [right[0].real, right[0].imag, right[1]]
    found = positive(np.vstack(rows), np.concatenate(right))
    kept = found > 0
    return Bath(total * found[kept] / found.sum(), rate[kept])
