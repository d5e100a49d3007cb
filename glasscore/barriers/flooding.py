"""The barrier tree of a landscape, found by flooding: pools of water meet at saddles.

States are flooded in the order of their energies, and states of equal energy in the order of their
numbers. A local minimum begins a pool. Any other state joins the pool of its basin; if a neighbour
already lies in another pool, the two pools become one. The state at which pools meet is a saddle:
every path between their minima has a state that is at least as high. When two pools meet, the one
with the higher minimum ends (the elder rule; if the minima are equally low, the one with the larger
number counts as the higher). So each minimum except the lowest of all has one saddle, which leads
to a deeper minimum. These saddles make up the tree of single-linkage clustering, which gives the
barrier between any two minima.

Sources: C. Flamm, I. L. Hofacker, P. F. Stadler, M. T. Wolfinger, Z. Phys. Chem. 216, 155 (2002),
for barrier trees of discrete landscapes; R. E. Tarjan, J. ACM 22, 215 (1975), for disjoint sets.
"""

from typing import NamedTuple

import numpy as np

from glasscore.barriers.descent import first_steps
from glasscore.kernels.compilation import kernel, kernels_running


class BarrierTree(NamedTuple):
    """All local minima, the deepest first, and where each is joined to a deeper one.

    Attributes
    ----------
    states, energies
        States and energies of the minima, shape (minima,), where a plateau is represented by its
        smallest state. Energies ascend, and among equal energies states ascend.
    saddle_states, saddle_energies
        The lowest saddle between the minimum and any deeper one; -1 and infinity for the deepest.
    joined
        Index of the minimum at the bottom of the pool that forms at the saddle; -1 for the
        deepest.
    basins
        Index of the minimum that steepest descent reaches from each state, shape (2^N,).
    """

    states: np.ndarray
    energies: np.ndarray
    saddle_states: np.ndarray
    saddle_energies: np.ndarray
    joined: np.ndarray
    basins: np.ndarray

    @property
    def barriers(self) -> np.ndarray:
        """Energy of the saddle above each minimum; infinite for the deepest."""
        return self.saddle_energies - self.energies

    @property
    def basin_sizes(self) -> np.ndarray:
        """Number of states from which steepest descent reaches each minimum."""
        return np.bincount(self.basins, minlength=self.states.size)


def barrier_tree(energies: np.ndarray) -> BarrierTree:
    """All minima and saddles of a landscape on the hypercube.

    Parameters
    ----------
    energies
        The energies of all 2^N states, without NaN: see :mod:`glasscore.landscapes.all_states`.

    Returns
    -------
    BarrierTree

    Notes
    -----
    This takes at most 2^N (32 + N/2) bytes, and a time of order N 2^N.
    """
    spins = energies.size.bit_length() - 1
    basins = first_steps(energies)
    order = np.argsort(energies, kind="stable").astype(np.int32)
    # No neighbour of a minimum is a minimum, so that at most half of all states are minima.
    room = energies.size // 2 + 1
    states, saddles, joined = (np.full(room, -1, np.int32) for _ in range(3))
    with kernels_running():
        minima = _flood(spins, order, basins, states, saddles, joined, np.empty(room, np.int32))
    states, saddles, joined = (array[:minima].copy() for array in (states, saddles, joined))
    saddle_energies = np.where(saddles >= 0, energies[saddles], np.inf)
    return BarrierTree(states, energies[states], saddles, saddle_energies, joined, basins)


@kernel
def _deepest_of_pool(parents, minimum):
    """The deepest minimum of the pool that a minimum belongs to.

    The path through ``parents`` is made shorter on the way, for later calls.
    """
    while parents[minimum] != minimum:
        parents[minimum] = parents[parents[minimum]]
        minimum = parents[minimum]
    return minimum


@kernel
def _flood(spins, order, steps, states, saddles, joined, parents):
    """Flood the states in their order, and return the number of minima.

    ``steps`` holds the first steps of descent, and at the end the basin of each state. States that
    are not yet flooded have -2 - step in place of their basin.
    """
    for state in range(steps.size):
        steps[state] = -2 - steps[state]
    minima = 0
    for state in order:
        step = -2 - steps[state]
        if step == state:
            states[minima] = state
            parents[minima] = minima
            steps[state] = minima
            minima += 1
            continue
        basin = steps[step]
        steps[state] = basin
        bottom = _deepest_of_pool(parents, basin)
        deepest, pools_meet = bottom, False
        for spin in range(spins):
            neighbour = steps[state ^ (1 << spin)]
            if neighbour >= 0 and parents[neighbour] != bottom:
                other = _deepest_of_pool(parents, neighbour)
                pools_meet |= other != bottom
                deepest = min(deepest, other)
        if not pools_meet:
            continue
        # All pools that meet at this state join the deepest of them.
        for spin in range(-1, spins):
            neighbour = basin if spin < 0 else steps[state ^ (1 << spin)]
            if neighbour >= 0:
                other = _deepest_of_pool(parents, neighbour)
                if other != deepest:
                    saddles[other] = state
                    joined[other] = deepest
                    parents[other] = deepest
    return minima


def saddle_between(tree: BarrierTree, one: int, other: int) -> float:
    """The energy of the lowest saddle between two minima.

    Parameters
    ----------
    tree
        The tree that :func:`barrier_tree` returns.
    one, other
        Indices of minima.

    Returns
    -------
    float
        The energy in units of J; that of the minimum itself if the two are the same.
    """
    highest = -np.inf if one != other else tree.energies[one]
    while one != other:
        # Saddles rise towards the root of the tree, so that the lower of the two is on the path.
        if tree.saddle_energies[one] > tree.saddle_energies[other]:
            one, other = other, one
        highest = tree.saddle_energies[one]
        one = int(tree.joined[one])
    return float(highest)
