r"""The rows before the newest one, read where the memory integrals of the newest row need them.

At a row t and an earlier time t', the integrals ask for C(s,t') and R(s,t') at s between t' and t,
and for C(t',s) and R(t',s) at s before t'. All of these lie in rows before t; but they are
interpolated between rows, so that the row t itself, which is still unknown, contributes to some.
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.models.covariance import Values


class Past(NamedTuple):
    """The known part of the integrands, before the new row itself is known.

    Attributes
    ----------
    after
        C(s,t') and R(s,t') at s after t', without the contribution of the new row; shape
        (2, columns, nodes).
    after_share
        The weight of the new row in ``after``, of the same shape.
    before
        C(t',s) and R(t',s) at s before t', without the contribution of the new row; shape
        (2, columns, nodes).
    before_share
        The weight of the new row in ``before``, shape (2, columns).
    one_time
        C(t',0) and m(t') without the contribution of the new row, shape (2, columns). The weight of
        the new row in them is ``before_share[0]``.
    """

    after: Values
    after_share: Values
    before: Values
    before_share: Values
    one_time: Values


def empty_past(columns: int, nodes: int) -> Past:
    """Arrays for the past of a row, filled with zeros."""
    shape = (columns, 2 * nodes + 1)
    return Past(
        np.zeros((2, *shape)),
        np.zeros((2, *shape)),
        np.zeros((2, *shape)),
        np.zeros((2, columns)),
        np.zeros((2, columns)),
    )


@kernel
def read_past(grid, stencils, rows, one_time, n, half, nodes_after, nodes_before, past):
    """Read the past of row n: all rows before it.

    ``rows`` (rows, 2, columns) holds C and R, ``one_time`` (rows, 2) C(t,0) and m(t). The columns
    within ``half`` of the centre are in use; ``nodes_after`` and ``nodes_before`` hold the nodes on
    either side of the centre of their quadrature rules.
    """
    sums = np.empty((2, grid.inner_weight.shape[2]))
    for k in range(grid.centre - half, grid.centre + half + 1):
        low, high = grid.nodes - nodes_before[k], grid.nodes + nodes_before[k] + 1
        _read_before(grid, stencils, rows, one_time, n, k, low, high, past)
        low, high = grid.nodes - nodes_after[k], grid.nodes + nodes_after[k] + 1
        _read_after(grid, stencils, rows, n, k, low, high, past, sums)


@inlined_kernel
def _read_before(grid, stencils, rows, one_time, n, k, low, high, past):
    """Read functions of (t',s), s < t', and of t', for one column and the nodes low..high - 1."""
    node_row, node_weight, before = stencils.node_row, stencils.node_weight, past.before
    past.before_share[:, k] = 0.0
    past.one_time[:, k] = 0.0
    first = max(n + node_row[k], 0)
    before[:, k, low:high] = 0.0
    for r in range(node_weight.shape[1]):
        row = first + r
        weight = node_weight[k, r]
        # t R is interpolated instead of R, so that the susceptibility int R ds is kept exactly
        tilted = weight * np.exp(stencils.step * (row - n)) / grid.theta[k]
        if row == n:
            past.before_share[0, k] = weight
            past.before_share[1, k] = tilted
        elif row < n:
            past.one_time[0, k] += weight * one_time[row, 0]
            past.one_time[1, k] += weight * one_time[row, 1]
            for j in range(low, high):
                column = grid.centre + j - grid.nodes
                before[0, k, j] += weight * rows[row, 0, column]
                before[1, k, j] += tilted * rows[row, 1, column]


@inlined_kernel
def _read_after(grid, stencils, rows, n, k, low, high, past, sums):
    """Read functions of (s,t'), s > t', for one column and the nodes low..high - 1."""
    after_row, after_weight, tilt = stencils.after_row, stencils.after_weight, stencils.tilt
    inner_index, inner_weight = grid.inner_index, grid.inner_weight
    row_points, points = after_weight.shape[2], inner_weight.shape[2]
    for j in range(low, high):
        first = max(n + after_row[k, j], 0)
        column = inner_index[k, j]
        sums[:] = 0.0
        share = 0.0
        for r in range(row_points):
            row = first + r
            weight = after_weight[k, j, r]
            tilted = weight * tilt[min(n - row, tilt.size - 1)]
            if row == n:
                share = weight
            elif row < n:
                for q in range(points):
                    sums[0, q] += weight * rows[row, 0, column + q]
                for q in range(points):
                    sums[1, q] += tilted * rows[row, 1, column + q]
        ratio = np.exp(-grid.after_logarithm[k, j])
        C, R = 0.0, 0.0
        for q in range(points):
            C += sums[0, q] * inner_weight[k, j, q]
            R += sums[1, q] * inner_weight[k, j, q]
        past.after[0, k, j] = C
        past.after[1, k, j] = R * ratio
        past.after_share[0, k, j] = share
        past.after_share[1, k, j] = share * ratio


@kernel
def read_along_lines(stencils, rows, n, low, high, shifted):
    """Read the last rows before n at the points of the lines along which d/dln t is taken.

    ``shifted`` (rows back, 2, columns) is filled in the columns low..high.
    """
    index, weight = stencils.shift_index, stencils.shift_weight
    for back in range(shifted.shape[0]):
        row = rows[n - 1 - back]
        for k in range(low, high + 1):
            first = index[back, k]
            C, R = 0.0, 0.0
            for q in range(weight.shape[2]):
                C += weight[back, k, q] * row[0, first + q]
                R += weight[back, k, q] * row[1, first + q]
            shifted[back, 0, k] = C
            shifted[back, 1, k] = R
