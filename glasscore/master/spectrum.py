r"""All relaxation rates of a network, each accurate to nearly all digits of a double.

The rates lambda are the eigenvalues of sum_j w_ij (u_i - u_j) = lambda pi_i u_i. Elimination of
one state after the other (``state_reduction``) writes the quadratic form of the left-hand side as a
sum of squares,

.. math:: \sum_{i<j} w_{ij} (u_i - u_j)^2 = \sum_x W_x \Big(u_x - \sum_y \frac{w_{xy}}{W_x}
          u_y\Big)^2

where w_xy are the conductances of x when it is eliminated and W_x is their sum. No subtraction is
needed for this. The rates are the squares of the singular values of the matrix G with one column
for each x,

.. math:: G_{xx} = \sqrt{W_x / \pi_x}, \qquad G_{yx} = - w_{xy} / \sqrt{W_x \pi_y};

except for the last state, which has no column: it stands for the stationary law. The state to be
eliminated next is always the one that is left fastest, with the largest W_x / pi_x. Then no element
of a column exceeds the one of x (the elements of a positive definite matrix are bounded by its
diagonal), and G is a well-conditioned matrix times a diagonal one. One-sided Jacobi rotations find
all singular values of such products with relative errors near eps, the smallest like the largest.
Methods that begin with a bidiagonal matrix would lose all that lies below eps times the largest.

Sources: J. Demmel, M. Gu, S. Eisenstat, I. Slapnicar, K. Veselic, Z. Drmac, Linear Algebra Appl.
299, 21 (1999), for rank-revealing decompositions; Z. Drmac, K. Veselic, SIAM J. Matrix Anal.
Appl. 29, 1322 (2008), for the routine GEJSV of LAPACK.
"""

import numpy as np
from scipy.linalg import lapack

from glasscore.common.errors import CampaignError
from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.master.network import Network

# Options of GEJSV. JOBA = 'C': the columns have different scales. JOBU = JOBV = 'N': only singular
# values are computed. JOBR = JOBT = JOBP = 'N': none is neglected, and the matrix is neither
# transposed nor perturbed.
COLUMN_SCALES, NO_VECTORS, NO = 0, 3, 0


def relaxation_rates(network: Network) -> np.ndarray:
    """All relaxation rates of a sample but the stationary zero, the slowest first.

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
    return rates_of_network(dense_conductances(network), network.weights)


def dense_conductances(network: Network) -> np.ndarray:
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
        w between all pairs of states, symmetric, shape (n, n). The diagonal has no effect. The
        array is overwritten.
    weights
        The weights pi, shape (n,).

    Returns
    -------
    ndarray
        All rates but the zero, ascending, shape (n - 1,).

    Raises
    ------
    CampaignError
        If the rotations do not converge.

    Notes
    -----
    The elimination takes n^3 / 2 operations, and the rotations several n^3.
    """
    np.fill_diagonal(conductances, 0.0)
    columns = np.zeros((weights.size - 1, weights.size))
    with kernels_running():
        _eliminate_fastest_first(conductances, weights, np.sqrt(weights), columns)
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
def _eliminate_fastest_first(conductances, weights, roots, columns):
    """Eliminate all states but one, always the one that is left fastest; fill the columns of G."""
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
            # A state that has been eliminated has no conductances any more.
            conductances[y, x] = 0.0
            share = between / totals[x]
            total = 0.0
            for j in range(states):
                if j != y:
                    conductances[y, j] += share * row[j]
                    total += conductances[y, j]
            totals[y] = total
