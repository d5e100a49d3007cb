"""Where steepest descent leads from each state: the first step of it, for all states.

A state with a lower neighbour goes to its lowest one; of equally low ones, to that behind the spin
of the least number, as the recorder ``inherent_structures`` does. The others are stuck. Where a
stuck state has neighbours of its own energy, it lies on a plateau, the connected states of one
energy: it goes, at once, to the lowest of the neighbours of the whole plateau (the lowest number
decides between equal ones) if that is lower, and else to the state of the plateau that has the
lowest number. Such a plateau, all of whose neighbours are higher, is one local minimum, named by
that state; so is a stuck state without equal neighbours, by itself.

Plateaus are the rule for number partitioning with few bits, and unheard of with real energies. The
recorder ``inherent_structures``, which knows no more than the neighbours of a state, stops on them.

Source: F. H. Stillinger, T. A. Weber, Phys. Rev. A 25, 978 (1982).
"""

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running


def first_steps(energies: np.ndarray) -> np.ndarray:
    """The state that each state goes to first; itself, if it is a local minimum.

    Parameters
    ----------
    energies
        Of all states of the hypercube, shape (2^N,), without NaN.

    Returns
    -------
    ndarray
        States, int32, shape (2^N,). Energies decrease along the steps, but for the last step of
        states on the plateau of a minimum.
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
    """Fill in the first steps; -1 on a plateau without a lower neighbour. Return their number."""
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
    """Decide the steps of the states ``starts``; ``plateau`` is room for the largest plateau."""
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
