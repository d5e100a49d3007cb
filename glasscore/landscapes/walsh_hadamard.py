"""The fast Walsh-Hadamard transform, which diagonalises functions of the distance.

The 2^N characters (-1)^(number of spins up in both a and b) of the hypercube are eigenvectors of
every matrix whose entries depend only on the Hamming distance of a and b.
"""

import math

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, kernel

# A block of 2^12 doubles takes 32 KiB and stays in the first-level cache while it is transformed.
BLOCK = 4096
# When distant rows are combined, so many neighbouring columns (eight cache lines) are done at once.
COLUMNS = 64
ROWS = BLOCK // COLUMNS


def krawtchouk(N: int) -> list[list[int]]:
    r"""Exact sums of characters over spheres.

    .. math:: K_{kd} = \sum_{b: |b| = d} (-1)^{|a \wedge b|} \quad (|a| = k)
              = [x^d]\, (1 - x)^k (1 + x)^{N - k}

    Parameters
    ----------
    N
        Number of spins.

    Returns
    -------
    list of lists of int
        The entries K_kd as [k][d], with k and d from 0 to N. A matrix c(distance) on the 2^N states
        has the eigenvalues sum_d c(d) K_kd, each with the multiplicity binomial(N, k).

    Notes
    -----
    Source: M. Krawtchouk, C. R. Acad. Sci. Paris 189, 620 (1929).
    """
    rows = [[math.comb(N, d) for d in range(N + 1)]]
    for _ in range(N):
        # The coefficients of the new row obey (1 + x) new = (1 - x) old.
        old, new = rows[-1], [1]
        for d in range(1, N + 1):
            new.append(old[d] - old[d - 1] - new[-1])
        rows.append(new)
    return rows


@inlined_kernel
def _first_three_levels(values):
    """Form sums and differences at the distances 1, 2 and 4, eight values at a time."""
    for base in range(0, values.size, 8):
        a0, a1 = values[base] + values[base + 1], values[base] - values[base + 1]
        a2, a3 = values[base + 2] + values[base + 3], values[base + 2] - values[base + 3]
        a4, a5 = values[base + 4] + values[base + 5], values[base + 4] - values[base + 5]
        a6, a7 = values[base + 6] + values[base + 7], values[base + 6] - values[base + 7]
        b0, b1, b2, b3 = a0 + a2, a1 + a3, a0 - a2, a1 - a3
        b4, b5, b6, b7 = a4 + a6, a5 + a7, a4 - a6, a5 - a7
        values[base], values[base + 1] = b0 + b4, b1 + b5
        values[base + 2], values[base + 3] = b2 + b6, b3 + b7
        values[base + 4], values[base + 5] = b0 - b4, b1 - b5
        values[base + 6], values[base + 7] = b2 - b6, b3 - b7


@inlined_kernel
def _levels(values, first):
    """Form sums and differences at the distances ``first``, 2 ``first``, ... within one block."""
    half = first
    while half < values.size:
        for base in range(0, values.size, 2 * half):
            for low in range(base, base + half):
                plus = values[low] + values[low + half]
                minus = values[low] - values[low + half]
                values[low] = plus
                values[low + half] = minus
        half *= 2


@kernel
def _transform_block(values):
    first = 1
    if values.size >= 8:
        _first_three_levels(values)
        first = 8
    _levels(values, first)


@kernel
def _combine_rows(values, stride, rows, tile):
    """Do the levels between ``stride`` and ``stride * rows``, a tile of 64 columns at a time."""
    for base in range(0, values.size, stride * rows):
        for column in range(base, base + stride, COLUMNS):
            for row in range(rows):
                for within in range(COLUMNS):
                    tile[row * COLUMNS + within] = values[column + row * stride + within]
            _levels(tile, COLUMNS)
            for row in range(rows):
                for within in range(COLUMNS):
                    values[column + row * stride + within] = tile[row * COLUMNS + within]


@kernel
def transform(values):
    """Replace f(a) by sum_b (-1)^(number of bits set in both) f(b), in place.

    ``values`` is a contiguous array of 2^N doubles. The transform needs 32 KiB besides. It passes
    through memory once for the first 12 levels and once for each 6 further levels. The sums are
    those of the textbook algorithm in the same order, so that the blocks change no bit.
    """
    block = min(values.size, BLOCK)
    for start in range(0, values.size, block):
        _transform_block(values[start : start + block])
    stride = block
    while stride < values.size:
        rows = min(ROWS, values.size // stride)
        _combine_rows(values, stride, rows, np.empty(rows * COLUMNS))
        stride *= rows
