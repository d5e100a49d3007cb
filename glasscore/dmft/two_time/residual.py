r"""The residual of one row of the two-time equations on the grid, and the residual's derivative.

The columns of a row are earlier times t' = theta t, at equal distances in
y = ln(theta / omega) with omega = 1 - theta (:mod:`glasscore.dmft.two_time.grid`).

In u = ln t the equations of :mod:`glasscore.dmft.two_time.interface` read dX/du = t (right-hand
side). C and R vary slowly with t at fixed t' if t' is old, and at fixed t - t' if t' is recent. The
derivative is taken along lines sinh(y) / t = constant, which pass smoothly from the one to the
other. On these lines dy/du = tanh(y), while dy/du = -1 / omega at fixed t'. Hence dX/du at fixed t'
is the derivative along the line minus (tanh(y) + 1 / omega) dX/dy.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from glasscore.dmft.two_time.continuation import fill_beyond, fold_back
from glasscore.dmft.two_time.grid import DERIVATIVE_FIRST
from glasscore.dmft.two_time.interface import Gradients, MemoryKernels, Row, one_time_functions
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.models.covariance import Values

# Number of work arrays, each with one number per column.
WORK_ARRAYS = len(MemoryKernels._fields) + len(Gradients._fields)


class Discretisation(NamedTuple):
    """A row on the grid, without the values of C and R in it.

    Attributes
    ----------
    time
        t.
    half
        The columns within ``half`` of the centre are in use.
    nodes_after, nodes_before
        Nodes on either side of the centre of the quadrature rules for s after and before t';
        (columns,).
    weight
        Weights of the integral over t' from 0 to t, for the columns in use.
    start_weight
        Weights of columns at the left end for C(t,0).
    leading, known
        dX/du = ``leading`` X + ``known`` along the lines above; ``known`` has shape (2, columns).
    """

    time: float
    half: int
    nodes_after: npt.NDArray[np.int64]
    nodes_before: npt.NDArray[np.int64]
    weight: Values
    start_weight: Values
    leading: float
    known: Values


class Derivatives(NamedTuple):
    """Derivatives of one column's residuals by the values in all columns, shape (columns,) each.

    Attributes
    ----------
    c_by_memory, c_by_noise, r_by_memory
        Derivatives of the integrals in the equations of C and R with respect to Sigma(t,s) and
        D(t,s).
    c_by_c, c_by_r, r_by_r
        Derivatives with respect to C(t,s) and R(t,s) at fixed kernels: at first those of the
        integrals, in the end those of the residual.
    """

    c_by_memory: Values
    c_by_noise: Values
    r_by_memory: Values
    c_by_c: Values
    c_by_r: Values
    r_by_r: Values


@kernel
def residual(equations, grid, past, discretised, functions, out, matrix, work):
    """Compute the residual of a row at a guess, and its derivative if ``matrix`` has room for it.

    Parameters
    ----------
    equations
        The equations at the time of the row.
    functions
        The guess for C and R, (2, columns); it is continued beyond the columns in use.
    out, matrix
        The residual of C and then of R in the L columns in use, (2 L,); its derivative, (2 L, 2 L).
    work
        Work space, (WORK_ARRAYS, columns).

    Returns
    -------
    energy, multiplier, C(t,0), m(t)
    """
    half, room, skip = discretised.half, grid.room, grid.skip
    low, high = grid.centre - half, grid.centre + half
    C, R = functions[0], functions[1]
    fill_beyond(C, low, high, skip, grid.open, grid.closed, 1.0, room)
    fill_beyond(R, low, high, skip, grid.open, grid.closed, 1.0, room)
    start = 0.0
    for point in range(discretised.start_weight.size):
        start += discretised.start_weight[point] * C[low + point * skip]
    kernels = MemoryKernels(work[0], work[1], work[2], work[3], work[4])
    gradients = Gradients(work[5], work[6], work[7])
    row = Row(low, high, discretised.weight, C, R, start, discretised.start_weight, skip)
    one_time = one_time_functions(equations, row, kernels, gradients)
    fill_beyond(kernels.memory, low, high, skip, grid.open, grid.open, 0.0, room)
    fill_beyond(kernels.noise, low, high, skip, grid.open, grid.open, 0.0, room)
    space = np.zeros((6, C.size))
    by = Derivatives(space[0], space[1], space[2], space[3], space[4], space[5])
    wanted = matrix.size > 1
    for k in range(low, high + 1):
        rate_c, rate_r = -one_time.multiplier * C[k], -one_time.multiplier * R[k]
        if wanted:
            space[:] = 0.0
        rate_c, rate_r = _integrals_after(
            rate_c, rate_r, grid, past, discretised, row, kernels, by, wanted, k
        )
        rate_c = _integrals_before(rate_c, grid, past, discretised, row, kernels, by, wanted, k)
        rate_c = _separable(rate_c, past, row, one_time, k)
        _residual_of_column(grid, discretised, row, rate_c, rate_r, out, k)
        if wanted:
            _add_all_else(grid, past, discretised, row, one_time, by, k)
            _assemble(past, discretised, row, kernels, gradients, one_time, by, matrix, k)
    return one_time.energy, one_time.multiplier, start, one_time.magnetisation


@inlined_kernel
def _integrals_after(rate_c, rate_r, grid, past, discretised, row, kernels, by, wanted, k):
    """Add the integrals over s from t' to t: of Sigma(t,s) C(s,t') and of Sigma(t,s) R(s,t').

    Their derivatives are added to those of the column, if they are wanted.
    """
    # Arrays are taken out of named tuples before the loop: inside, that would take time.
    C, R, sigma = row.correlation, row.response, kernels.memory
    known, share = past.after, past.after_share
    index, weights, points = grid.after_index, grid.after_weight, grid.after_weight.shape[2]
    inner_index, inner_weights = grid.inner_index, grid.inner_weight
    c_by_memory, r_by_memory, c_by_c, r_by_r = by.c_by_memory, by.r_by_memory, by.c_by_c, by.r_by_r
    middle, side = grid.nodes, discretised.nodes_after[k]
    rule, length = grid.quadrature[side], grid.omega[k] * discretised.time
    for j in range(middle - side, middle + side + 1):
        first, then = index[k, j], inner_index[k, j]
        memory, of_c, of_r = 0.0, 0.0, 0.0
        for q in range(points):
            memory += weights[k, j, q] * sigma[first + q]
            of_c += inner_weights[k, j, q] * C[then + q]
            of_r += inner_weights[k, j, q] * R[then + q]
        share_c, share_r = share[0, k, j], share[1, k, j]
        of_c = known[0, k, j] + share_c * of_c
        of_r = known[1, k, j] + share_r * of_r
        weight = rule[j] * length
        rate_c += weight * memory * of_c
        rate_r += weight * memory * of_r
        if wanted:
            of_c, of_r = weight * of_c, weight * of_r
            share_c, share_r = weight * memory * share_c, weight * memory * share_r
            for q in range(points):
                c_by_memory[first + q] += of_c * weights[k, j, q]
            for q in range(points):
                r_by_memory[first + q] += of_r * weights[k, j, q]
            if share_c != 0.0:
                for q in range(points):
                    c_by_c[then + q] += share_c * inner_weights[k, j, q]
                for q in range(points):
                    r_by_r[then + q] += share_r * inner_weights[k, j, q]
    return rate_c, rate_r


@inlined_kernel
def _integrals_before(rate_c, grid, past, discretised, row, kernels, by, wanted, k):
    """Add the integrals over s from 0 to t': of Sigma(t,s) C(t',s) and of D(t,s) R(t',s).

    Their derivatives are added to those of the column, if they are wanted.
    """
    C, R, sigma, D = row.correlation, row.response, kernels.memory, kernels.noise
    known, share_c, share_r = past.before, past.before_share[0, k], past.before_share[1, k]
    index, weights, points = grid.before_index, grid.before_weight, grid.before_weight.shape[2]
    c_by_memory, c_by_noise, c_by_c, c_by_r = by.c_by_memory, by.c_by_noise, by.c_by_c, by.c_by_r
    middle, side = grid.nodes, discretised.nodes_before[k]
    rule, length = grid.quadrature[side], grid.theta[k] * discretised.time
    first_column = grid.centre - middle
    for j in range(middle - side, middle + side + 1):
        first, column = index[k, j], first_column + j
        memory, noise = 0.0, 0.0
        for q in range(points):
            memory += weights[k, j, q] * sigma[first + q]
            noise += weights[k, j, q] * D[first + q]
        of_c = known[0, k, j] + share_c * C[column]
        of_r = known[1, k, j] + share_r * R[column]
        weight = rule[j] * length
        rate_c += weight * (memory * of_c + noise * of_r)
        if wanted:
            of_c, of_r = weight * of_c, weight * of_r
            for q in range(points):
                c_by_memory[first + q] += of_c * weights[k, j, q]
            for q in range(points):
                c_by_noise[first + q] += of_r * weights[k, j, q]
            c_by_c[column] += weight * memory * share_c
            c_by_r[column] += weight * noise * share_r
    return rate_c


@inlined_kernel
def _separable(rate_c, past, row, one_time, k):
    """Add the products of a function of t and one of t': b F(t) C(t',0) + h(t) m(t')."""
    share = past.before_share[0, k]
    start = past.one_time[0, k] + share * row.start
    rate_c += one_time.start_strength * one_time.start_force * start
    rate_c += one_time.field * (past.one_time[1, k] + share * one_time.magnetisation)
    return rate_c


@inlined_kernel
def _advection(grid, k):
    """Factor of dX/dy: dy/du at fixed t' minus dy/du along a line of the time derivative."""
    return -1.0 / grid.omega[k] - np.tanh(grid.spacing * (k - grid.centre))


@inlined_kernel
def _residual_of_column(grid, discretised, row, rate_c, rate_r, out, k):
    t, leading, known = discretised.time, discretised.leading, discretised.known
    C, R, derivative = row.correlation, row.response, grid.derivative
    of_c, of_r = k - row.first, row.last + 1 - row.first + k - row.first
    out[of_c] = leading * C[k] + known[0, k] - t * rate_c
    out[of_r] = leading * R[k] + known[1, k] - t * rate_r
    advection = _advection(grid, k)
    for q in range(derivative.size):
        out[of_c] += advection * derivative[q] * (C[k + DERIVATIVE_FIRST + q] - 1.0)
        out[of_r] += advection * derivative[q] * (R[k + DERIVATIVE_FIRST + q] - 1.0)


@inlined_kernel
def _add_all_else(grid, past, discretised, row, one_time, by, k):
    """Add the other derivatives by C and R at fixed kernels, multiplier and magnetisation."""
    t, room, skip, low, high = discretised.time, grid.room, row.start_skip, row.first, row.last
    fold_back(by.c_by_memory, low, high, skip, grid.open, grid.open, room)
    fold_back(by.r_by_memory, low, high, skip, grid.open, grid.open, room)
    fold_back(by.c_by_noise, low, high, skip, grid.open, grid.open, room)
    for q in range(low - room, high + room + 1):
        by.r_by_r[q] *= -t
        by.c_by_c[q] *= -t
        by.c_by_r[q] *= -t
    derivative, advection = grid.derivative, _advection(grid, k)
    for q in range(derivative.size):
        by.r_by_r[k + DERIVATIVE_FIRST + q] += advection * derivative[q]
        by.c_by_c[k + DERIVATIVE_FIRST + q] += advection * derivative[q]
    by.r_by_r[k] += discretised.leading + t * one_time.multiplier
    by.c_by_c[k] += discretised.leading + t * one_time.multiplier
    fold_back(by.r_by_r, low, high, skip, grid.open, grid.closed, room)
    fold_back(by.c_by_c, low, high, skip, grid.open, grid.closed, room)
    fold_back(by.c_by_r, low, high, skip, grid.open, grid.closed, room)
    share = past.before_share[0, k]
    start = past.one_time[0, k] + share * row.start
    stiffness, force = one_time.start_stiffness, one_time.start_force
    for point in range(row.start_weight.size):
        by.c_by_c[low + point * skip] -= (
            t
            * one_time.start_strength
            * row.start_weight[point]
            * (stiffness * start + force * share)
        )


@inlined_kernel
def _assemble(past, discretised, row, kernels, gradients, one_time, by, matrix, k):
    """Fill in the rows of the matrix that belong to column k, by the chain rule."""
    t, low = discretised.time, row.first
    size, of_c = row.last + 1 - low, k - low
    of_r = size + of_c
    by_mu_c, by_mu_r = t * row.correlation[k], t * row.response[k]
    by_m = t * one_time.field * past.before_share[0, k]
    for q in range(size):
        column = low + q
        memory_by_c, memory_by_r = kernels.memory_by_c[column], kernels.memory_by_r[column]
        matrix[of_c, q] = (
            by.c_by_c[column]
            + by_mu_c * gradients.multiplier_by_c[column]
            - t
            * (
                by.c_by_memory[column] * memory_by_c
                + by.c_by_noise[column] * kernels.noise_by_c[column]
            )
        )
        matrix[of_c, size + q] = (
            by.c_by_r[column]
            + by_mu_c * gradients.multiplier_by_r[column]
            - t * by.c_by_memory[column] * memory_by_r
            - by_m * gradients.magnetisation_by_r[column]
        )
        matrix[of_r, q] = (
            by_mu_r * gradients.multiplier_by_c[column] - t * by.r_by_memory[column] * memory_by_c
        )
        matrix[of_r, size + q] = (
            by.r_by_r[column]
            + by_mu_r * gradients.multiplier_by_r[column]
            - t * by.r_by_memory[column] * memory_by_r
        )
