"""The first step of steepest descent from each state.

A state with a lower neighbour goes to its lowest neighbour. If several are equally low, the flipped
spin with the smallest number decides, as for the recorder ``inherent_structures``. A state without
a lower neighbour either is a local minimum or lies on a plateau, which is a set of connected states
of equal energy. From a plateau descent goes, in one step, to the lowest neighbour of the whole
plateau if it is lower than the plateau; between equally low ones the smallest state decides. If no
neighbour of the plateau is lower, the plateau is one local minimum, which is represented by its
smallest state, and all its states go to that state.

Plateaus are common in number partitioning with few bits, and do not occur if energies are real
numbers. The recorder ``inherent_structures``, which looks at the neighbours of a single state only,
stops on a plateau.

Source: F. H. Stillinger, T. A. Weber, Phys. Rev. A 25, 978 (1982).
"""

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running


def first_steps(energies: np.ndarray) -> np.ndarray:
    """The state that each state goes to first, which is the state itself for local minima.

    Parameters
    ----------
    energies
        The energies of all states of the hypercube, shape (2^N,), without NaN.

    Returns
    -------
    ndarray
        States, int32, shape (2^N,). The energy decreases in each step, except for the last step
        from states on the plateau of a minimum.
    """
    spins = energies.size.bit_length() - 1
    steps = np.empty(energies.size, np.int32)
    with kernels_running():
        if _steepest(energies, spins, steps):
            on_plateaus = np.flatnonzero(steps < 0).astype(np.int32)
            seen = np.zeros(energies.size, np.bool_)
            _cross_plateaus(energies, spins, on_plateaus, steps, seen, np.empty_like(steps))
    return steps


@kernel
def _steepest(energies, spins, steps):
    """Fill in the first steps, with -1 for states on plateaus; return how many these are."""
    undecided = 0
    for state in range(energies.size):
        here = energies[state]
        lowest, least = state, np.inf
        for spin in range(spins):
            other = state ^ (1 << spin)
            if energies[other] < least:
                lowest, least = other, energies[other]
        if least > here:
            lowest = state
        elif least == here:
            lowest = -1
            undecided += 1
        steps[state] = lowest
    return undecided


@kernel
def _cross_plateaus(energies, spins, starts, steps, seen, plateau):
    """Fill in the steps of the states ``starts``, which lie on plateaus.

    ``seen`` and ``plateau`` are working memory, the latter with room for the largest plateau.
    """
    for start in starts:
        if seen[start]:
            continue
        here = energies[start]
        seen[start] = True
        plateau[0] = start
        size, done = 1, 0
        lowest, least = -1, here
        first = start
        while done < size:
            state = plateau[done]
            done += 1
            first = min(first, state)
            for spin in range(spins):
                other = state ^ (1 << spin)
                energy = energies[other]
                if energy < least or (energy == least and energy < here and other < lowest):
                    lowest, least = other, energy
                elif energy == here and not seen[other]:
                    seen[other] = True
                    plateau[size] = other
                    size += 1
        goal = first if lowest < 0 else lowest
        for index in range(size):
            if steps[plateau[index]] < 0:
                steps[plateau[index]] = goal
