r"""Transition probabilities at the times 1, 2, 4, 8, ... by squaring: P(2t) = P(t)^2.

P(t) at a short time is a sum over powers of a stochastic matrix with Poisson weights
(uniformisation). Only positive numbers are added and multiplied, and each row is normalised after
each squaring. So even the probabilities of rare transitions have a small relative error, about n
eps for each of the few dozen squarings to the latest time. The method reaches powers of two alone,
but over any number of decades.

The transition probabilities between basins, in equilibrium inside each basin, are
P_AB(t) = sum_(i in A) pi_i / pi_A sum_(j in B) P_ij(t).

Sources: A. Jensen, Skand. Aktuarietidskr. 36, 87 (1953), for uniformisation; J. Xue, Q. Ye, Math.
Comp. 82, 1577 (2013), for relative errors of exponentials by scaling and squaring.
"""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from glasscore.master.network import Network

# The largest exit rate, per unit of time, at which the sum over powers begins.
FASTEST = 0.5
# Terms of the sum after the N jumps that lead from any state to any other. They give all digits,
# since the number of jumps has a Poisson law of mean 1.
SPARE_TERMS = 40


def transition_probabilities(network: Network, doublings: int) -> Iterator[np.ndarray]:
    """P(1), P(2), P(4), ..., P(2^doublings), each of shape (2^N, 2^N).

    Element ij of a matrix is the probability to be in j at the time t, from i at the time 0.

    Parameters
    ----------
    network
        From :func:`glasscore.master.network.network`.
    doublings
        Number of squarings after P(1).
    """
    halvings = max(0, int(np.ceil(np.log2(network.exit_rates.max() / FASTEST))))
    probabilities = _after_unit_time(network.rates / 2.0**halvings)
    for _ in range(halvings):
        probabilities = squared(probabilities)
    yield probabilities
    for _ in range(doublings):
        probabilities = squared(probabilities)
        yield probabilities


def squared(probabilities: np.ndarray) -> np.ndarray:
    """P(2t) from P(t), with rows that sum to one."""
    later = probabilities @ probabilities
    later /= later.sum(axis=1, keepdims=True)
    return later


def coarse_grained(
    probabilities: np.ndarray, basins: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Transition probabilities between basins, in equilibrium inside each basin.

    Parameters
    ----------
    probabilities
        P_ij, shape (states, states).
    basins
        Index of each state's basin, shape (states,).
    weights
        Boltzmann's weights, not normalised.

    Returns
    -------
    ndarray
        P_AB, shape (basins, basins); rows sum to one.
    """
    member = (np.arange(basins.max() + 1)[:, np.newaxis] == basins).astype(float)
    found = (member * weights) @ probabilities @ member.T
    return found / found.sum(axis=1, keepdims=True)


def _after_unit_time(rates: np.ndarray) -> np.ndarray:
    """P(1) for rates up to ``FASTEST``, by uniformisation with one attempt per unit of time."""
    states, spins = rates.shape
    index = np.arange(states)
    targets = (index[:, np.newaxis] ^ (1 << np.arange(spins))).ravel()
    moves = sparse.csr_array((rates.ravel(), targets, spins * np.arange(states + 1)))
    stays = sparse.diags_array(1.0 - rates.sum(axis=1))
    attempt = (moves + stays).tocsr()
    power, weight = np.eye(states), np.exp(-1.0)
    result = weight * power
    for term in range(1, 2 * spins + SPARE_TERMS):
        power = attempt @ power
        weight /= term
        result += weight * power
    return result / result.sum(axis=1, keepdims=True)
