r"""Linear equations of a network, solved by taking out one state after the other.

Of

.. math:: g_i u_i + \sum_j w_{ij} (u_i - u_j) = f_i

with conductances w between states, g to the ground (absorbing states, where u = 0) and sources f, a
state x is taken out by

.. math:: w_{ij} \to w_{ij} + \frac{w_{ix} w_{xj}}{W_x}, \quad
          g_i \to g_i + \frac{w_{ix} g_x}{W_x}, \quad f_i \to f_i + \frac{w_{ix} f_x}{W_x}, \quad
          W_x = g_x + \sum_j w_{xj},

and in the end u_x = (f_x + sum_j w_xj u_j) / W_x over the states that were left. It is Gauss'
elimination of a symmetric matrix, but with the diagonal formed anew from what is positive: no
subtraction anywhere, so that every number is right to about n eps relative, however small, for n
states and whatever their order.

Sources: W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33, 1107 (1985); T. J. Sheskin,
Oper. Res. 33, 228 (1985); D. J. Wales, J. Chem. Phys. 130, 204111 (2009), for rates of barriers;
C. A. O'Cinneide, Numer. Math. 65, 109 (1993), for the error.
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running

# States taken out together; what that does to the others is one product of matrices.
BLOCK = 64


class Reduction(NamedTuple):
    """States taken out, the last first.

    Attributes
    ----------
    conductances
        Row x up to x: the conductances of state x to those before it when it was taken out.
    totals
        W_x, shape (n,).
    """

    conductances: np.ndarray
    totals: np.ndarray


def reduction(conductances: np.ndarray, ground: np.ndarray) -> Reduction:
    """Take out all states.

    Parameters
    ----------
    conductances
        Symmetric, not negative, shape (n, n), C-contiguous; the diagonal does not count. It is
        overwritten.
    ground
        Conductances to the ground, not negative, shape (n,). Overwritten. If all are zero, the
        first state has W = 0: there the equations have no solution.

    Notes
    -----
    Takes 2/3 n^3 operations, nearly all of them in products of matrices of positive numbers.
    """
    n = ground.size
    totals = np.empty(n)
    np.fill_diagonal(conductances, 0.0)
    for end in range(n, 0, -BLOCK):
        start = max(end - BLOCK, 0)
        with kernels_running():
            _take_out_block(conductances, ground, totals, start, end)
        left = conductances[start:end, :start]
        scaled = left / np.where(totals[start:end] > 0, totals[start:end], 1.0)[:, np.newaxis]
        conductances[:start, :start] += scaled.T @ left
        ground[:start] += ground[start:end] @ scaled
    np.fill_diagonal(conductances, 0.0)
    return Reduction(conductances, totals)


@kernel
def _take_out_block(conductances, ground, totals, start, end):
    """Take out the last states, but update only the rows from ``start`` on."""
    for x in range(end - 1, start - 1, -1):
        total = ground[x]
        for j in range(x):
            total += conductances[x, j]
        totals[x] = total
        for y in range(start, x):
            share = conductances[y, x]
            if share > 0.0:
                share /= total
                for j in range(x):
                    conductances[y, j] += share * conductances[x, j]
                ground[y] += share * ground[x]
                conductances[y, y] = 0.0


def solve(reduced: Reduction, sources: np.ndarray) -> np.ndarray:
    """Solution u for the sources f, both of shape (n,); f is not negative."""
    u = sources.copy()
    with kernels_running():
        _substitute(reduced.conductances, reduced.totals, u)
    return u


@kernel
def _substitute(conductances, totals, u):
    for x in range(u.size - 1, -1, -1):
        share = u[x] / totals[x]
        for j in range(x):
            u[j] += share * conductances[x, j]
    for x in range(u.size):
        total = u[x]
        for j in range(x):
            total += conductances[x, j] * u[j]
        u[x] = total / totals[x]
