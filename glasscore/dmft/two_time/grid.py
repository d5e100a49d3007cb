r"""The scale-invariant grid of two-time functions: where its points lie and how they are read.

Rows are times t, uniform in u = ln t. Columns are earlier times t' = theta t, uniform in
y = ln(theta / (1 - theta)), which follows ln t' for old t' and -ln(t - t') for recent t'. The
memory integrals run over s = theta sigma t (before t') and s = (theta + (1 - theta) sigma) t (after
t'), where sigma takes the same values as theta does in the columns. Relative to t all these times
are the same in every row, so that their stencils are computed once.

The integrands decay exponentially at both ends of y, where the trapezoid rule is spectrally
accurate. Beyond the outermost columns functions are continued as polynomials in t' or t - t'.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.dmft.two_time.continuation import (
    CONTINUATION_POINTS,
    CONTINUATION_SPACING,
    continuation,
    sum_beyond,
)
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.models.covariance import Values

Integers = npt.NDArray[np.int64]

# Numbers of points of Lagrange interpolation between columns and between rows. With more rows, all
# of which lie on one side of the newest one, interpolation is unstable at late times.
COLUMN_POINTS = 16
ROW_POINTS = 4
# The stencil of d/dy has more points at larger y, from where values are advected as t grows.
DERIVATIVE_POINTS = 15
DERIVATIVE_FIRST = -6
# Every quadrature rule reaches at least this far in y, on either side.
LEAST_QUADRATURE = 1.8


class Grid(NamedTuple):
    """Columns, and the stencils of the memory integrals.

    Attributes
    ----------
    spacing
        d, the distance of columns in y.
    centre
        The column of theta = 1/2; columns k lie at y = d (k - centre).
    room
        Number of columns beyond the outermost in use, on either side.
    nodes
        Largest number of quadrature nodes on either side of sigma = 1/2. Nodes are spaced in sigma
        as columns are in theta.
    theta, omega
        theta and 1 - theta, shape (columns,).
    before_index, before_weight
        Stencils for functions of (t, s), s = theta sigma t: the first column, of shape
        (columns, 2 nodes + 1), and weights, of shape (columns, 2 nodes + 1, COLUMN_POINTS).
    after_index, after_weight
        The same for s = (theta + omega sigma) t.
    inner_index, inner_weight
        Stencils for functions of (s, t') in the row s = (theta + omega sigma) t.
    after_logarithm
        ln(s / t), shape (columns, 2 nodes + 1).
    quadrature
        Row J holds the weights in sigma of the rule with 2 J + 1 nodes; shape
        (nodes + 1, 2 nodes + 1).
    open, closed
        Row i holds the weights that continue a function by i columns beyond an end, from its values
        (for ``closed``, from their differences to a known limit) at columns 0, skip, .. from the
        end; shape (columns, CONTINUATION_POINTS).
    skip
        Distance of the columns that a continuation uses.
    derivative
        Weights of d/dy.
    """

    spacing: float
    centre: int
    room: int
    nodes: int
    theta: Values
    omega: Values
    before_index: Integers
    before_weight: Values
    after_index: Integers
    after_weight: Values
    inner_index: Integers
    inner_weight: Values
    after_logarithm: Values
    quadrature: Values
    open: Values
    closed: Values
    skip: int
    derivative: Values


class RowStencils(NamedTuple):
    """Stencils for reading the past, relative to the newest row, for rows a step h apart in ln t.

    Attributes
    ----------
    step
        h.
    node_row, node_weight
        Rows around t' = theta t: the first row, and weights of shape (columns, ROW_POINTS).
    after_row, after_weight
        Rows around s = (theta + omega sigma) t: the first row, and weights of shape
        (columns, 2 nodes + 1, ROW_POINTS).
    shift_index, shift_weight
        Stencils, in the m-th last row, at the points of the lines sinh(y) / t = constant through
        the columns of the newest row; m = 1..4.
    tilt
        exp(-m h), the time of the m-th last row divided by that of the newest.
    """

    step: float
    node_row: Integers
    node_weight: Values
    after_row: Integers
    after_weight: Values
    shift_index: Integers
    shift_weight: Values
    tilt: Values


def make_grid(spacing: float, reach: float) -> Grid:
    """The grid with columns out to |y| = ``reach``.

    Parameters
    ----------
    spacing
        d, the distance of columns in y.
    reach
        Largest |y| in use.
    """
    room = int(np.ceil(LEAST_QUADRATURE / spacing)) + COLUMN_POINTS
    half = int(np.ceil(reach / spacing))
    centre = half + room
    nodes = max(half + 1, shortest_rule(spacing))
    y = spacing * (np.arange(2 * centre + 1) - centre)
    theta, omega = 1 / (1 + np.exp(-y)), 1 / (1 + np.exp(y))
    skip = max(1, round(CONTINUATION_SPACING / spacing))
    shape = (y.size, 2 * nodes + 1)
    indices = [np.zeros(shape, np.int64) for _ in range(3)]
    weights = [np.zeros((*shape, COLUMN_POINTS)) for _ in range(3)]
    logarithm = np.zeros(shape)
    _fill_stencils(spacing, centre, nodes, theta, omega, *indices, *weights, logarithm)
    return Grid(
        spacing, centre, room, nodes, theta, omega,
        indices[0], weights[0], indices[1], weights[1], indices[2], weights[2], logarithm,
        _quadrature(spacing, nodes),
        continuation(spacing, skip, y.size, closed=False),
        continuation(spacing, skip, y.size, closed=True),
        skip,
        _derivative() / spacing,
    )  # fmt: skip


def shortest_rule(spacing: float) -> int:
    """Number of nodes on either side of sigma = 1/2 in the shortest quadrature rule."""
    return int(np.ceil(LEAST_QUADRATURE / spacing))


def trapezoid(grid: Grid, half: int) -> Values:
    """Weights for the integral over theta from the columns within ``half`` of the centre."""
    return _rule(grid.spacing, half, grid.skip)


def _rule(spacing: float, half: int, skip: int) -> Values:
    y = spacing * np.arange(-half, half + 1)
    weights = spacing / ((1 + np.exp(-y)) * (1 + np.exp(y)))
    ends = sum_beyond(spacing, spacing * half, skip)
    for point in range(CONTINUATION_POINTS):
        weights[point * skip] += ends[point]
        weights[-1 - point * skip] += ends[point]
    return weights


def _quadrature(spacing: float, nodes: int) -> Values:
    rules = np.zeros((nodes + 1, 2 * nodes + 1))
    skip = max(1, round(CONTINUATION_SPACING / spacing))
    for half in range(shortest_rule(spacing), nodes + 1):
        rules[half, nodes - half : nodes + half + 1] = _rule(spacing, half, skip)
    return rules


def _derivative() -> Values:
    """Weights of the derivative at 0 from equidistant points."""
    place = np.arange(DERIVATIVE_FIRST, DERIVATIVE_FIRST + DERIVATIVE_POINTS)
    # These are exact products of small integers; a linear solve would lose five digits.
    products = [float(np.prod([one - other for other in place if other != one])) for one in place]
    here = -DERIVATIVE_FIRST
    weights = np.array(
        [
            0.0 if point == here else -products[here] / (products[point] * one)
            for point, one in enumerate(place)
        ]
    )
    weights[here] = -np.sum(weights)
    return weights


def row_stencils(grid: Grid, step: float) -> RowStencils:
    """The stencils of the past for rows that lie ``step`` apart in ln t."""
    columns, rules = grid.after_logarithm.shape
    node_row, after_row = np.zeros(columns, np.int64), np.zeros((columns, rules), np.int64)
    node_weight = np.zeros((columns, ROW_POINTS))
    after_weight = np.zeros((columns, rules, ROW_POINTS))
    shift_index = np.zeros((4, columns), np.int64)
    shift_weight = np.zeros((4, columns, COLUMN_POINTS))
    _fill_rows(
        grid.spacing, grid.centre, step, grid.theta, grid.omega, grid.after_logarithm,
        node_row, node_weight, after_row, after_weight, shift_index, shift_weight,
    )  # fmt: skip
    return RowStencils(
        step,
        node_row,
        node_weight,
        after_row,
        after_weight,
        shift_index,
        shift_weight,
        np.exp(-step * np.arange(int(60 / step))),
    )


@inlined_kernel
def lagrange(place, weights):
    """Weights of the values at 0, 1, .. for the value at ``place``."""
    points = weights.size
    alternating = 1.0
    total = 0.0
    for point in range(points):
        distance = place - point
        if distance == 0.0:
            weights[:] = 0.0
            weights[point] = 1.0
            return
        weights[point] = alternating / distance
        total += weights[point]
        alternating *= -(points - 1.0 - point) / (point + 1.0)
    for point in range(points):
        weights[point] /= total


@inlined_kernel
def _between_columns(y, spacing, centre, columns, weights):
    place = y / spacing + centre
    points = weights.size
    first = int(np.floor(place)) - (points // 2 - 1)
    first = min(max(first, 0), columns - points)
    lagrange(place - first, weights)
    return first


@kernel
def _fill_stencils(
    spacing, centre, nodes, theta, omega,
    before_index, after_index, inner_index, before_weight, after_weight, inner_weight, logarithm,
):  # fmt: skip
    columns = theta.size
    for k in range(columns):
        for j in range(2 * nodes + 1):
            y = spacing * (j - nodes)
            sigma = 1.0 / (1.0 + np.exp(-y))
            rest = 1.0 / (1.0 + np.exp(y))
            early = theta[k] * sigma
            late_rest = omega[k] * rest
            late = theta[k] + omega[k] * sigma
            logarithm[k, j] = np.log(late) if late < 0.5 else np.log1p(-late_rest)
            before_index[k, j] = _between_columns(
                np.log(early) - np.log(omega[k] + theta[k] * rest),
                spacing, centre, columns, before_weight[k, j],
            )  # fmt: skip
            after_index[k, j] = _between_columns(
                np.log(late) - np.log(late_rest), spacing, centre, columns, after_weight[k, j]
            )
            inner_index[k, j] = _between_columns(
                np.log(theta[k]) - np.log(omega[k] * sigma),
                spacing, centre, columns, inner_weight[k, j],
            )  # fmt: skip


@inlined_kernel
def _between_rows(logarithm, step, weights):
    place = logarithm / step
    points = weights.size
    first = min(int(np.floor(place)) - (points // 2 - 1), 1 - points)
    lagrange(place - first, weights)
    return first


@kernel
def _fill_rows(
    spacing, centre, step, theta, omega, logarithm,
    node_row, node_weight, after_row, after_weight, shift_index, shift_weight,
):  # fmt: skip
    columns, rules = logarithm.shape
    for k in range(columns):
        own = np.log(theta[k]) if k < centre else np.log1p(-omega[k])
        node_row[k] = _between_rows(own, step, node_weight[k])
        for j in range(rules):
            after_row[k, j] = _between_rows(logarithm[k, j], step, after_weight[k, j])
        for back in range(1, shift_index.shape[0] + 1):
            y = np.arcsinh(np.sinh(spacing * (k - centre)) * np.exp(-back * step))
            shift_index[back - 1, k] = _between_columns(
                y, spacing, centre, columns, shift_weight[back - 1, k]
            )
