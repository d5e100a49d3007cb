r"""Mean first-passage times to a set of states, to all digits at any temperature.

The mean time t_i from state i to the set obeys sum_j k_ij (t_i - t_j) = 1 outside of it and t = 0
in it: with detailed balance sum_j w_ij (t_i - t_j) = pi_i. Its second moment has 2 pi_i t_i on the
right, and the mean number of jumps pi_i sum_j k_ij. Source: J. G. Kemeny, J. L. Snell, Finite
Markov Chains (1960).

Half of the states, those of an odd number of spins up, are neighbours of none of their own kind:
they are taken out first, all at once and by sums over neighbours alone.
"""

from typing import NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.master.network import Network
from glasscore.master.state_reduction import Reduction, reduction, solve


class Passage(NamedTuple):
    """First passage to the targets from each state, zero for the targets; shape (2^N,).

    Attributes
    ----------
    mean, deviation
        Mean and standard deviation of the time, in attempts.
    jumps
        Mean number of jumps.
    """

    mean: np.ndarray
    deviation: np.ndarray
    jumps: np.ndarray


def first_passage(network: Network, targets: np.ndarray) -> Passage:
    """First passage from all states to whichever of some targets comes first.

    Parameters
    ----------
    network
        From :func:`glasscore.master.network.network`.
    targets
        Whether a state is a target, shape (2^N,); at least one is.

    Returns
    -------
    Passage
        Times in attempts. Means and jumps are right to about n eps relative, for n = 2^N; the
        deviation loses what the square of the mean is more than the variance.

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
    # Times are broader than exponential ones or nearly so: no digits are lost but where a state
    # leads to the targets at once.
    variance = np.maximum(second - mean**2, 0.0)
    return Passage(mean, np.sqrt(variance), equations.solve(network.weights * network.exit_rates))


class _Equations:
    """Equations of all states but the targets, factorised once."""

    def __init__(self, network: Network, targets: np.ndarray) -> None:
        states = np.arange(targets.size)
        odd = np.bitwise_count(states) % 2 == 1
        self.conductances = network.conductances
        self.odd = states[odd & ~targets].astype(np.int64)
        self.even = states[~odd & ~targets].astype(np.int64)
        # Where a state stands among the even ones; targets, and they alone, are the ground.
        self.rows = np.full(targets.size, -1, np.int64)
        self.rows[self.even] = np.arange(self.even.size)
        self.totals = np.empty(self.odd.size)
        matrix, ground = np.zeros((self.even.size, self.even.size)), np.zeros(self.even.size)
        with kernels_running():
            _take_out_odd(self.conductances, self.odd, self.rows, self.totals, matrix, ground)
            _add_targets(self.conductances, self.even, targets, ground)
        self.reduced: Reduction = reduction(matrix, ground)

    def solve(self, sources: np.ndarray) -> np.ndarray:
        """The solution for sources of all states; those of targets do not count."""
        solution = np.zeros(sources.size)
        to_even = sources[self.even]
        with kernels_running():
            _pass_on(self.conductances, self.odd, self.rows, self.totals, sources, to_even)
        solution[self.even] = solve(self.reduced, to_even)
        with kernels_running():
            _recover_odd(self.conductances, self.odd, self.totals, sources, solution)
        return solution


@kernel
def _take_out_odd(conductances, odd, rows, totals, matrix, ground):
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
def _add_targets(conductances, even, targets, ground):
    for i, state in enumerate(even):
        for spin in range(conductances.shape[1]):
            if targets[state ^ (1 << spin)]:
                ground[i] += conductances[state, spin]


@kernel
def _pass_on(conductances, odd, rows, totals, sources, to_even):
    for index, x in enumerate(odd):
        share = sources[x] / totals[index]
        for spin in range(conductances.shape[1]):
            i = rows[x ^ (1 << spin)]
            if i >= 0:
                to_even[i] += share * conductances[x, spin]


@kernel
def _recover_odd(conductances, odd, totals, sources, solution):
    for index, x in enumerate(odd):
        total = sources[x]
        for spin in range(conductances.shape[1]):
            total += conductances[x, spin] * solution[x ^ (1 << spin)]
        solution[x] = total / totals[index]
