"""The barrier tree: a landscape is flooded, and pools meet at saddles.

States are taken in the order of their energies (of equal ones, in that of their numbers). A local
minimum begins a pool; any other state joins the pool of its basin, and where a neighbour already
lies in another pool, the two become one. The state at which pools meet is a saddle: its energy is
the least that the highest state of a path between them can have. Of two pools that meet, the one
with the higher minimum ends (the elder rule; of equally low minima the one of the higher number is
the higher), so that each minimum but the lowest of all has one saddle, its way to a deeper minimum.
These saddles are exactly the tree of the least highest energies between all pairs of minima, the
tree of single-linkage clustering.

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
        The minima: their states (a plateau by its state of lowest number) and energies, which
        increase; of equal ones, states increase. Shape (minima,).
    saddle_states, saddle_energies
        The lowest saddle from the minimum to any deeper one; -1 and infinity for the deepest.
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
        """What it costs to leave each minimum for a deeper one; infinite for the deepest."""
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
        Of all 2^N states, without NaN: see :func:`glasscore.barriers.all_states`.

    Returns
    -------
    BarrierTree

    Notes
    -----
    Takes 2^N (32 + N/2) bytes at most and a time of order N 2^N.
    """
    spins = energies.size.bit_length() - 1
    basins = first_steps(energies)
    order = np.argsort(energies, kind="stable").astype(np.int32)
    # Each minimum has N neighbours, which are none, so there are no more than half of all states.
    room = energies.size // 2 + 1
    states, saddles, joined = (np.full(room, -1, np.int32) for _ in range(3))
    with kernels_running():
        minima = _flood(spins, order, basins, states, saddles, joined, np.empty(room, np.int32))
    states, saddles, joined = (array[:minima].copy() for array in (states, saddles, joined))
    saddle_energies = np.where(saddles >= 0, energies[saddles], np.inf)
    return BarrierTree(states, energies[states], saddles, saddle_energies, joined, basins)


@kernel
def _bottom(parents, minimum):
    """The deepest minimum of the pool that a minimum belongs to, with its path made shorter."""
    while parents[minimum] != minimum:
        parents[minimum] = parents[parents[minimum]]
        minimum = parents[minimum]
    return minimum


@kernel
def _flood(spins, order, steps, states, saddles, joined, parents):
    """Flood from the deepest state; replace the first steps by basins; return the minima's number.

    What is not yet flooded has -2 - step in place of its basin.
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
        bottom = _bottom(parents, basin)
        deepest, pools_meet = bottom, False
        for spin in range(spins):
            neighbour = steps[state ^ (1 << spin)]
            if neighbour >= 0 and parents[neighbour] != bottom:
                other = _bottom(parents, neighbour)
                pools_meet |= other != bottom
                deepest = min(deepest, other)
        if not pools_meet:
            continue
        # Pools that meet in one state all join the deepest of them, whatever spin leads there.
        for spin in range(-1, spins):
            neighbour = basin if spin < 0 else steps[state ^ (1 << spin)]
            if neighbour >= 0:
                other = _bottom(parents, neighbour)
                if other != deepest:
                    saddles[other] = state
                    joined[other] = deepest
                    parents[other] = deepest
    return minima


def saddle_between(tree: BarrierTree, one: int, other: int) -> float:
    """The least energy that the highest state of a path between two minima can have.

    Parameters
    ----------
    tree
        From :func:`barrier_tree`.
    one, other
        Indices of minima.

    Returns
    -------
    float
        In units of J; the energy of the minimum itself if they are the same.
    """
    highest = -np.inf if one != other else tree.energies[one]
    while one != other:
        # Saddles get higher towards the root: the lower of the two lies on the way.
        if tree.saddle_energies[one] > tree.saddle_energies[other]:
            one, other = other, one
        highest = tree.saddle_energies[one]
        one = int(tree.joined[one])
    return float(highest)
