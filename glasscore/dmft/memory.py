r"""One row of the two-time equations: what the past gives, the residual, and its derivative.

In u = ln t the equations of :mod:`glasscore.dmft.uniform_grid` read dX/du = t (right-hand side).
The functions vary slowly with t at fixed t' if that is old, at fixed t - t' if that is recent. The
derivative is taken along lines that join both smoothly, sinh(y) / t = constant: there dy/du =
tanh(y), while dy/du = -1 / omega at fixed t', so that dX/du at fixed t' is the derivative along the
line less (tanh(y) + 1 / omega) dX/dy.
"""

from typing import NamedTuple

import numpy as np

from glasscore.dmft.logarithmic_grid import CONTINUATION_POINTS, DERIVATIVE_FIRST
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.models.covariance import Values

# Of a real power: what is less is noise, where derivatives of high order would be anything.
LEAST_CORRELATION = 1e-9


class Past(NamedTuple):
    """What the memory integrals of a row know before the row itself is known.

    Attributes
    ----------
    inner
        C(s,t') and R(s,t') at s after t', without the part of the new row; (2, columns, nodes).
    inner_share
        The weight of the new row in them; (columns, nodes).
    node
        C(t',s) and R(t',s) at s before t', in the same manner; (2, columns, nodes).
    node_share
        The weight of the new row in them, (columns,).
    one_time
        C(t',0) and m(t'), in the same manner, (2, columns).
    """

    inner: Values
    inner_share: Values
    node: Values
    node_share: Values
    one_time: Values


def empty_past(columns: int, nodes: int) -> Past:
    """Room for the past of a row."""
    shape = (columns, 2 * nodes + 1)
    return Past(
        np.zeros((2, *shape)),
        np.zeros((2, *shape)),
        np.zeros((2, *shape)),
        np.zeros((2, columns)),
        np.zeros((2, columns)),
    )


@kernel
def gather(grid, stencils, rows, one_time, n, half, after, before, past):
    """Read the past of row n: all rows before it.

    ``rows`` (rows, 2, columns) holds C and R, ``one_time`` (rows, 2) C(t,0) and m(t). The columns
    within ``half`` of the centre are in use; ``after`` and ``before`` hold the nodes on either
    side of their rules.
    """
    centre, nodes = grid.centre, grid.nodes
    inner, inner_share, node = past.inner, past.inner_share, past.node
    node_row, node_weight = stencils.node_row, stencils.node_weight
    tilt, logarithm = stencils.tilt, grid.after_logarithm
    after_row, after_weight = stencils.after_row, stencils.after_weight
    inner_index, inner_weight = grid.inner_index, grid.inner_weight
    row_points, points = after_weight.shape[2], inner_weight.shape[2]
    sums = np.empty((2, points))
    for k in range(centre - half, centre + half + 1):
        past.node_share[:, k] = 0.0
        past.one_time[:, k] = 0.0
        low, high = nodes - before[k], nodes + before[k] + 1
        first = max(n + node_row[k], 0)
        node[:, k, low:high] = 0.0
        for r in range(node_weight.shape[1]):
            row = first + r
            weight = node_weight[k, r]
            # t R is interpolated, so that the susceptibility int R ds is kept exactly
            tilted = weight * np.exp(stencils.step * (row - n)) / grid.theta[k]
            if row == n:
                past.node_share[0, k] = weight
                past.node_share[1, k] = tilted
            elif row < n:
                past.one_time[0, k] += weight * one_time[row, 0]
                past.one_time[1, k] += weight * one_time[row, 1]
                for j in range(low, high):
                    column = centre + j - nodes
                    node[0, k, j] += weight * rows[row, 0, column]
                    node[1, k, j] += tilted * rows[row, 1, column]
        for j in range(nodes - after[k], nodes + after[k] + 1):
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
            ratio = np.exp(-logarithm[k, j])
            of_c = 0.0
            of_r = 0.0
            for q in range(points):
                of_c += sums[0, q] * inner_weight[k, j, q]
                of_r += sums[1, q] * inner_weight[k, j, q]
            inner[0, k, j] = of_c
            inner[1, k, j] = of_r * ratio
            inner_share[0, k, j] = share
            inner_share[1, k, j] = share * ratio


@kernel
def continued(values, low, high, skip, left, right, limit, reach):
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
def _folded(sums, low, high, skip, left, right, reach):
    """The transpose of ``continued``: what is asked of columns beyond, asked of those within."""
    for i in range(1, reach + 1):
        for point in range(CONTINUATION_POINTS):
            sums[low + point * skip] += left[i, point] * sums[low - i]
            sums[high - point * skip] += right[i, point] * sums[high + i]


@kernel
def covariance_derivatives(model, overlap, values):
    """f, f', f'' and f''' of an array of overlaps, into ``values`` (4, columns)."""
    for k in range(overlap.size):
        for order in range(4):
            values[order, k] = 0.0
        for term in range(model.exponents.size):
            power = model.exponents[term]
            weight = model.coefficients[term]
            base = overlap[k]
            if power != np.floor(power):
                base = max(base, LEAST_CORRELATION)
            for order in range(4):
                if weight != 0.0:
                    values[order, k] += weight * base ** (power - order)
                weight *= power - order


@kernel
def residual(
    grid, past, model, T, field, inverse_initial, t, leading, known, functions,
    half, after, before, measure, zero, out, matrix, kernels,
):  # fmt: skip
    """Residual of row t at a guess, and its derivative if ``matrix`` has room for it.

    Parameters
    ----------
    field
        h at the times of the columns, and h(t) behind them; (columns + 1,).
    leading, known
        dX/du = leading X + known along the lines above; ``known`` has shape (2, columns).
    functions
        The guess for C and R, (2, columns); filled beyond the columns in use.
    measure
        Weights of the integral over theta, for the columns in use.
    zero
        Weights of C(t,0).
    out, matrix
        Residual (2 L,) for the C, then the R of the L columns in use; derivative (2 L, 2 L).
    kernels
        Work space, (8, columns).

    Returns
    -------
    energy, multiplier, C(t,0), m(t)
    """
    centre, nodes, room, skip = grid.centre, grid.nodes, grid.room, grid.skip
    theta, omega, opened, closed = grid.theta, grid.omega, grid.open, grid.closed
    points = grid.before_weight.shape[2]
    before_index, before_weight = grid.before_index, grid.before_weight
    after_index, after_weight = grid.after_index, grid.after_weight
    inner_index, inner_weight = grid.inner_index, grid.inner_weight
    quadrature, derivative = grid.quadrature, grid.derivative
    inner, inner_share, node = past.inner, past.inner_share, past.node
    low, high = centre - half, centre + half
    size = 2 * half + 1
    C, R = functions[0], functions[1]
    continued(C, low, high, skip, opened, closed, 1.0, room)
    continued(R, low, high, skip, opened, closed, 1.0, room)
    values = kernels[:4]
    covariance_derivatives(model, C[low : high + 1], values[:, low : high + 1])
    f1, f2, f3 = kernels[1], kernels[2], kernels[3]
    sigma, slope_c, slope_r, slope_m = kernels[4], kernels[5], kernels[6], kernels[7]
    field_now = field[C.size]
    origin = 0.0
    for point in range(CONTINUATION_POINTS):
        origin += zero[point] * C[low + point * skip]
    multiplier = T
    energy = 0.0
    magnetisation = 0.0
    for k in range(low, high + 1):
        weight = measure[k - low] * t
        slope_m[k] = weight * field[k]
        magnetisation += slope_m[k] * R[k]
        sigma[k] = f2[k] * R[k]
        multiplier += weight * (sigma[k] * C[k] + f1[k] * R[k])
        energy -= weight * f1[k] * R[k]
        slope_c[k] = weight * (f3[k] * C[k] + 2.0 * f2[k]) * R[k]
        slope_r[k] = weight * (f2[k] * C[k] + f1[k]) + field_now * slope_m[k]
    multiplier += field_now * magnetisation
    energy -= field_now * magnetisation
    force0 = 0.0
    force1 = 0.0
    if inverse_initial > 0.0:
        at_start = np.array([origin])
        start_values = np.empty((4, 1))
        covariance_derivatives(model, at_start, start_values)
        force0, force1 = start_values[1, 0], start_values[2, 0]
        multiplier += inverse_initial * force0 * origin
        energy -= inverse_initial * start_values[0, 0]
        for point in range(CONTINUATION_POINTS):
            slope_c[low + point * skip] += (
                inverse_initial * (force1 * origin + force0) * zero[point]
            )
    continued(sigma, low, high, skip, opened, opened, 0.0, room)
    continued(f1, low, high, skip, opened, opened, 0.0, room)
    wanted = matrix.size > 1
    columns = C.size
    by_sigma_c, by_sigma_r = np.zeros(columns), np.zeros(columns)
    by_force, by_inner, by_node_c, by_node_r = (
        np.zeros(columns), np.zeros(columns), np.zeros(columns), np.zeros(columns),
    )  # fmt: skip
    for k in range(low, high + 1):
        rate_c = -multiplier * C[k]
        rate_r = -multiplier * R[k]
        if wanted:
            by_sigma_c[:] = 0.0
            by_sigma_r[:] = 0.0
            by_force[:] = 0.0
            by_inner[:] = 0.0
            by_node_c[:] = 0.0
            by_node_r[:] = 0.0
        rule = quadrature[after[k]]
        length = omega[k] * t
        for j in range(nodes - after[k], nodes + after[k] + 1):
            first = after_index[k, j]
            then = inner_index[k, j]
            share = inner_share[0, k, j]
            share_r = inner_share[1, k, j]
            memory = 0.0
            of_c = 0.0
            of_r = 0.0
            for q in range(points):
                memory += after_weight[k, j, q] * sigma[first + q]
                of_c += inner_weight[k, j, q] * C[then + q]
                of_r += inner_weight[k, j, q] * R[then + q]
            of_c = inner[0, k, j] + share * of_c
            of_r = inner[1, k, j] + share_r * of_r
            weight = rule[j] * length
            rate_c += weight * memory * of_c
            rate_r += weight * memory * of_r
            if wanted:
                by_c, by_r = weight * of_c, weight * of_r
                by_row, by_row_r = weight * memory * share, weight * memory * share_r
                for q in range(points):
                    by_sigma_c[first + q] += by_c * after_weight[k, j, q]
                for q in range(points):
                    by_sigma_r[first + q] += by_r * after_weight[k, j, q]
                if by_row != 0.0:
                    for q in range(points):
                        by_node_c[then + q] += by_row * inner_weight[k, j, q]
                    for q in range(points):
                        by_inner[then + q] += by_row_r * inner_weight[k, j, q]
        rule = quadrature[before[k]]
        length = theta[k] * t
        share, share_r = past.node_share[0, k], past.node_share[1, k]
        for j in range(nodes - before[k], nodes + before[k] + 1):
            first = before_index[k, j]
            column = centre + j - nodes
            memory = 0.0
            force = 0.0
            for q in range(points):
                memory += before_weight[k, j, q] * sigma[first + q]
                force += before_weight[k, j, q] * f1[first + q]
            of_c = node[0, k, j] + share * C[column]
            of_r = node[1, k, j] + share_r * R[column]
            weight = rule[j] * length
            rate_c += weight * (memory * of_c + force * of_r)
            if wanted:
                by_c, by_r = weight * of_c, weight * of_r
                for q in range(points):
                    by_sigma_c[first + q] += by_c * before_weight[k, j, q]
                for q in range(points):
                    by_force[first + q] += by_r * before_weight[k, j, q]
                by_node_c[column] += weight * memory * share
                by_node_r[column] += weight * force * share_r
        of_start = past.one_time[0, k] + share * origin
        rate_c += inverse_initial * force0 * of_start
        rate_c += field_now * (past.one_time[1, k] + share * magnetisation)
        row = k - low
        out[row] = leading * C[k] + known[0, k] - t * rate_c
        out[size + row] = leading * R[k] + known[1, k] - t * rate_r
        advection = -1.0 / omega[k] - np.tanh(grid.spacing * (k - centre))
        for q in range(derivative.size):
            out[row] += advection * derivative[q] * (C[k + DERIVATIVE_FIRST + q] - 1.0)
            out[size + row] += advection * derivative[q] * (R[k + DERIVATIVE_FIRST + q] - 1.0)
        if not wanted:
            continue
        _folded(by_sigma_c, low, high, skip, opened, opened, room)
        _folded(by_sigma_r, low, high, skip, opened, opened, room)
        _folded(by_force, low, high, skip, opened, opened, room)
        for q in range(low - room, high + room + 1):
            by_inner[q] *= -t
            by_node_c[q] *= -t
            by_node_r[q] *= -t
        for q in range(derivative.size):
            by_inner[k + DERIVATIVE_FIRST + q] += advection * derivative[q]
            by_node_c[k + DERIVATIVE_FIRST + q] += advection * derivative[q]
        by_inner[k] += leading + t * multiplier
        by_node_c[k] += leading + t * multiplier
        _folded(by_inner, low, high, skip, opened, closed, room)
        _folded(by_node_c, low, high, skip, opened, closed, room)
        _folded(by_node_r, low, high, skip, opened, closed, room)
        for point in range(CONTINUATION_POINTS):
            by_node_c[low + point * skip] -= (
                t * inverse_initial * zero[point] * (force1 * of_start + force0 * share)
            )
        of_c, of_r = t * C[k], t * R[k]
        of_m = t * field_now * share
        for q in range(size):
            column = low + q
            by_c, by_r = f3[column] * R[column], f2[column]
            matrix[row, q] = (
                by_node_c[column]
                + of_c * slope_c[column]
                - t * (by_sigma_c[column] * by_c + by_force[column] * by_r)
            )
            matrix[row, size + q] = (
                by_node_r[column]
                + of_c * slope_r[column]
                - t * by_sigma_c[column] * by_r
                - of_m * slope_m[column]
            )
            matrix[size + row, q] = of_r * slope_c[column] - t * by_sigma_r[column] * by_c
            matrix[size + row, size + q] = (
                by_inner[column] + of_r * slope_r[column] - t * by_sigma_r[column] * by_r
            )
    return energy, multiplier, origin, magnetisation
