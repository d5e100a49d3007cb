"""Gaussian couplings of continuous spins, drawn from the random stream of a disorder sample."""

import math

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import Refusal

Array = NDArray[np.float64]
GIB = 1 << 30
BYTES = 8
BLOCK = 256


def pair_couplings(N: int, J: float, generator: np.random.Generator) -> Array:
    """Symmetric J_ij of variance J^2 / (N - 1), zero where i = j; shape (N, N).

    The lower triangle is drawn row by row. Samples of two sizes have different random streams, so
    that their first spins do not share couplings.
    """
    couplings = np.zeros((N, N))
    for i in range(1, N):
        couplings[i, :i] = generator.standard_normal(i)
    couplings *= J / math.sqrt(N - 1)
    # The transposed copy is made block by block, because the elements of a column of the whole
    # matrix are far apart in memory.
    for begin in range(0, N, BLOCK):
        rows = slice(begin, begin + BLOCK)
        for left in range(0, begin, BLOCK):
            columns = slice(left, left + BLOCK)
            couplings[columns, rows] = couplings[rows, columns].T
        couplings[rows, rows] += couplings[rows, rows].T.copy()
    return couplings


def too_large(N: int, size: int) -> Refusal | None:
    """What is refused of N if ``size`` couplings take more memory than 1 GiB."""
    if BYTES * size <= GIB:
        return None
    requirement = (
        f"be smaller, since all couplings are kept and those of {N} spins would take "
        f"{BYTES * size / GIB:.3g} GiB, of which 1 is allowed"
    )
    return "N", N, requirement
