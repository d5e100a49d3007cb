r"""All relaxation rates of a network, each to the digits of a double.

The rates lambda are those of sum_j w_ij (u_i - u_j) = lambda pi_i u_i. State reduction
(``state_reduction``) writes the left-hand side as a sum of squares, a state at a time,

.. math:: \sum_{i<j} w_{ij} (u_i - u_j)^2 = \sum_x W_x \Big(u_x - \sum_y \frac{w_{xy}}{W_x}
          u_y\Big)^2

with the conductances w_xy and their sum W_x of when x is taken out, all without a subtraction. The
rates are the squares of the singular values of the matrix G with a column for each x,

.. math:: G_{xx} = \sqrt{W_x / \pi_x}, \qquad G_{yx} = - w_{xy} / \sqrt{W_x \pi_y};

the last state has none: it stands for the stationary law. Next is always the state that is left
fastest, of the largest W_x / pi_x. Then no element of a column exceeds the one of x (the elements
of a positive matrix are bounded by its diagonal), and G is a well conditioned matrix times a
diagonal one. One-sided Jacobi rotations find the singular values of such products with relative
errors near eps, the smallest like the largest, where methods that begin with a bidiagonal matrix
lose all that lies below eps times the largest.

Sources: J. Demmel, M. Gu, S. Eisenstat, I. Slapnicar, K. Veselic, Z. Drmac, Linear Algebra Appl.
299, 21 (1999), for decompositions that reveal ranks; Z. Drmac, K. Veselic, SIAM J. Matrix Anal.
Appl. 29, 1322 (2008), for the routine GEJSV of LAPACK.
"""

import numpy as np
from scipy.linalg import lapack

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.master.network import Network

# GEJSV, JOBA = 'C': the columns have scales of their own; JOBU = JOBV = 'N': singular values alone;
# JOBR = JOBT = JOBP = 'N': none is neglected, nothing is transposed or perturbed.
COLUMN_SCALES, NO_VECTORS, NO = 0, 3, 0


def relaxation_rates(network: Network) -> np.ndarray:
    """All rates but the stationary zero, the slowest first.

    Parameters
    ----------
    network
        From :func:`glasscore.master.network.network`.

    Returns
    -------
    ndarray
        Rates per attempt, shape (2^N - 1,).

    Raises
    ------
    CampaignError
        If the rotations do not converge.
    """
    return rates_of_network(dense(network), network.weights)


def dense(network: Network) -> np.ndarray:
    """Conductances between all pairs of states, shape (2^N, 2^N)."""
    states = np.arange(network.weights.size)
    matrix = np.zeros((states.size, states.size))
    for spin in range(network.conductances.shape[1]):
        matrix[states, states ^ (1 << spin)] = network.conductances[:, spin]
    return matrix


def rates_of_network(conductances: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Relaxation rates of any connected network.

    Parameters
    ----------
    conductances
        w between all pairs of states, symmetric, shape (n, n); the diagonal does not count.
        Overwritten.
    weights
        pi, shape (n,).

    Returns
    -------
    ndarray
        All rates but the zero, rising, shape (n - 1,).

    Raises
    ------
    CampaignError
        If the rotations do not converge.

    Notes
    -----
    Takes n^3 / 2 operations for the reduction, and several n^3 for the rotations.
    """
    np.fill_diagonal(conductances, 0.0)
    columns = np.zeros((weights.size - 1, weights.size))
    with kernels_running():
        _take_out_fastest(conductances, weights, np.sqrt(weights), columns)
    values, _, _, scaled, _, info = lapack.dgejsv(
        columns.T,
        joba=COLUMN_SCALES,
        jobu=NO_VECTORS,
        jobv=NO_VECTORS,
        jobr=NO,
        jobt=NO,
        jobp=NO,
        overwrite_a=1,
    )
    if info != 0:
        raise CampaignError(
            f"the relaxation rates of a sample of {weights.size} states did not converge (GEJSV: "
            f"{info}): a higher T helps, or observables without relaxation rates."
        )
    return np.sort((values * (scaled[0] / scaled[1])) ** 2)


@kernel
def _take_out_fastest(conductances, weights, roots, columns):
    """Take out all states but one, the one that is left fastest first; fill the columns of G."""
    states = weights.size
    totals = np.zeros(states)
    for i in range(states):
        for j in range(states):
            totals[i] += conductances[i, j]
    left = np.ones(states, np.bool_)
    for step in range(states - 1):
        x, fastest = -1, -1.0
        for i in range(states):
            if left[i] and totals[i] > fastest * weights[i]:
                x, fastest = i, totals[i] / weights[i]
        left[x] = False
        root = np.sqrt(totals[x])
        columns[step, x] = root / roots[x]
        row = conductances[x]
        for y in range(states):
            between = conductances[y, x]
            if not left[y] or between == 0.0:
                continue
            columns[step, y] = -between / root / roots[y]
            # What has been taken out has no conductances any more.
            conductances[y, x] = 0.0
            share = between / totals[x]
            total = 0.0
            for j in range(states):
                if j != y:
                    conductances[y, j] += share * row[j]
                    total += conductances[y, j]
            totals[y] = total
