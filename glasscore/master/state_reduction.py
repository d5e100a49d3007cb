r"""Linear equations of a network, solved by eliminating one state after the other.

The equations are

.. math:: g_i u_i + \sum_j w_{ij} (u_i - u_j) = f_i

with the conductances w between states, the conductances g to the ground (absorbing states, where
u = 0) and the sources f. A state x is eliminated by

.. math:: w_{ij} \to w_{ij} + \frac{w_{ix} w_{xj}}{W_x}, \quad
          g_i \to g_i + \frac{w_{ix} g_x}{W_x}, \quad f_i \to f_i + \frac{w_{ix} f_x}{W_x}, \quad
          W_x = g_x + \sum_j w_{xj},

and in the end u_x = (f_x + sum_j w_xj u_j) / W_x, where the sum is over the states that were left
when x was eliminated. This is Gaussian elimination of a symmetric matrix, except that its diagonal
is always computed as a sum of positive numbers. Since nothing is subtracted, every number has a
relative error of about n eps for n states, however small it is and in whatever order states are
eliminated.

Sources: W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33, 1107 (1985); T. J. Sheskin,
Oper. Res. 33, 228 (1985); D. J. Wales, J. Chem. Phys. 130, 204111 (2009), for rates of barriers;
C. A. O'Cinneide, Numer. Math. 65, 109 (1993), for the error.
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running

# Number of states that are eliminated together, so that the change of the other conductances is one
# product of matrices.
BLOCK = 64


class Reduction(NamedTuple):
    """A network whose states have been eliminated, from the last to the first.

    Attributes
    ----------
    conductances
        The first x elements of row x are the conductances of state x to the states before it when
        it was eliminated; shape (n, n).
    totals
        W_x, shape (n,).
    """

    conductances: np.ndarray
    totals: np.ndarray


def eliminate_states(conductances: np.ndarray, ground: np.ndarray) -> Reduction:
    """Eliminate all states of a network.

    Parameters
    ----------
    conductances
        Conductances between states, symmetric, not negative, shape (n, n), C-contiguous. The
        diagonal has no effect. The array is overwritten.
    ground
        Conductances to the ground, not negative, shape (n,). The array is overwritten. If all are
        zero, the first state has W = 0, and the equations have no solution.

    Notes
    -----
    This takes 2/3 n^3 operations, nearly all of them in products of matrices of positive numbers.
    """
    n = ground.size
    totals = np.empty(n)
    np.fill_diagonal(conductances, 0.0)
    for end in range(n, 0, -BLOCK):
        start = max(end - BLOCK, 0)
        with kernels_running():
            _eliminate_block(conductances, ground, totals, start, end)
        left = conductances[start:end, :start]
        scaled = left / np.where(totals[start:end] > 0, totals[start:end], 1.0)[:, np.newaxis]
        conductances[:start, :start] += scaled.T @ left
        ground[:start] += ground[start:end] @ scaled
    np.fill_diagonal(conductances, 0.0)
    return Reduction(conductances, totals)


@kernel
def _eliminate_block(conductances, ground, totals, start, end):
    """Eliminate the states from ``start`` to ``end``, and update only their own rows."""
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
    """The solution u for sources f that are not negative, both of shape (n,)."""
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
