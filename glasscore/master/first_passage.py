r"""Mean first-passage times to a set of states, accurate to all digits at any temperature.

The mean time t_i from state i to the set obeys sum_j k_ij (t_i - t_j) = 1 outside of the set and t
= 0 in it. By detailed balance this is sum_j w_ij (t_i - t_j) = pi_i. The second moment of the time
obeys the same equation with 2 pi_i t_i on the right, and the mean number of jumps with pi_i sum_j
k_ij. Source: J. G. Kemeny, J. L. Snell, Finite Markov Chains (1960).

States with an odd number of spins up are half of all states, and no two of them are neighbours. So
they are eliminated first, all at once, by sums over the neighbours of each.
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.master.network import Network
from glasscore.master.state_reduction import Reduction, eliminate_states, solve


class Passage(NamedTuple):
    """First passage to the targets from each state, shape (2^N,); zero for the targets.

    Attributes
    ----------
    mean, deviation
        Mean and standard deviation of the first-passage time, in attempts.
    jumps
        Mean number of jumps.
    """

    mean: np.ndarray
    deviation: np.ndarray
    jumps: np.ndarray


def first_passage(network: Network, targets: np.ndarray) -> Passage:
    """First passage from all states to the target that is reached first.

    Parameters
    ----------
    network
        From :func:`glasscore.master.network.network`.
    targets
        Whether a state is a target, shape (2^N,); at least one is.

    Returns
    -------
    Passage
        Times in attempts. Means and jumps have relative errors of about n eps with n = 2^N. The
        error of the deviation is larger by the ratio of the squared mean to the variance.

    Raises
    ------
    ValueError
        If no state is a target.
    """
    if not np.any(targets):
        raise ValueError("at least one state must be a target")
    equations = _Equations(network, np.asarray(targets, np.bool_))
    mean = equations.solve(network.weights)
    second = equations.solve(2.0 * network.weights * mean)
    # The law of the time is nearly as broad as an exponential law, or broader, so that this
    # difference loses no digits except for states from which a target is reached at once.
    variance = np.maximum(second - mean**2, 0.0)
    return Passage(mean, np.sqrt(variance), equations.solve(network.weights * network.exit_rates))


class _Equations:
    """The linear equations of all states but the targets, factorised once."""

    def __init__(self, network: Network, targets: np.ndarray) -> None:
        states = np.arange(targets.size)
        odd = np.bitwise_count(states) % 2 == 1
        self.conductances = network.conductances
        self.odd = states[odd & ~targets].astype(np.int64)
        self.even = states[~odd & ~targets].astype(np.int64)
        # The row of each state among the even ones, -1 for all others. The targets are the ground
        # of the network.
        self.rows = np.full(targets.size, -1, np.int64)
        self.rows[self.even] = np.arange(self.even.size)
        self.totals = np.empty(self.odd.size)
        matrix, ground = np.zeros((self.even.size, self.even.size)), np.zeros(self.even.size)
        with kernels_running():
            _eliminate_odd(self.conductances, self.odd, self.rows, self.totals, matrix, ground)
            _connect_targets(self.conductances, self.even, targets, ground)
        self.reduced: Reduction = eliminate_states(matrix, ground)

    def solve(self, sources: np.ndarray) -> np.ndarray:
        """The solution u for the sources of all states; those of targets have no effect."""
        solution = np.zeros(sources.size)
        to_even = sources[self.even]
        with kernels_running():
            _move_sources_to_even(
                self.conductances, self.odd, self.rows, self.totals, sources, to_even
            )
        solution[self.even] = solve(self.reduced, to_even)
        with kernels_running():
            _solve_odd(self.conductances, self.odd, self.totals, sources, solution)
        return solution


@kernel
def _eliminate_odd(conductances, odd, rows, totals, matrix, ground):
    spins = conductances.shape[1]
    for index, x in enumerate(odd):
        total = 0.0
        for spin in range(spins):
            total += conductances[x, spin]
        totals[index] = total
        for one in range(spins):
            i = rows[x ^ (1 << one)]
            if i < 0:
                continue
            share = conductances[x, one] / total
            for other in range(spins):
                j = rows[x ^ (1 << other)]
                if j < 0:
                    ground[i] += share * conductances[x, other]
                elif i != j:
                    matrix[i, j] += share * conductances[x, other]


@kernel
def _connect_targets(conductances, even, targets, ground):
    for i, state in enumerate(even):
        for spin in range(conductances.shape[1]):
            if targets[state ^ (1 << spin)]:
                ground[i] += conductances[state, spin]


@kernel
def _move_sources_to_even(conductances, odd, rows, totals, sources, to_even):
    for index, x in enumerate(odd):
        share = sources[x] / totals[index]
        for spin in range(conductances.shape[1]):
            i = rows[x ^ (1 << spin)]
            if i >= 0:
                to_even[i] += share * conductances[x, spin]


@kernel
def _solve_odd(conductances, odd, totals, sources, solution):
    for index, x in enumerate(odd):
        total = sources[x]
        for spin in range(conductances.shape[1]):
            total += conductances[x, spin] * solution[x ^ (1 << spin)]
        solution[x] = total / totals[index]
