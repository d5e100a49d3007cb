"""The energies of all 2^N states of a landscape on the hypercube."""

from typing import Any

import numpy as np

from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.landscapes.interface import destination_energy, move, position, update_energy

# States are numbered with 32 bits, and memory grows as 2^N.
LARGEST_N = 24


@kernel
def _walk_through_all(landscape, where, energies):
    """Visit all states in the order of the Gray code, in which each state follows a neighbour."""
    where.words[:] = 0
    update_energy(landscape, where)
    energies[where.words[0]] = where.energy[0]
    for step in range(1, energies.size):
        spin = 0
        while (step >> spin) & 1 == 0:
            spin += 1
        after = destination_energy(landscape, where, spin, None)
        move(landscape, where, spin, after, None)
        energies[where.words[0]] = after


def energies_of_all_states(landscape: Any, states: int | None = None) -> np.ndarray:
    """Energies of all states, in the order of the words that name them.

    Parameters
    ----------
    landscape
        A landscape on the hypercube of at most ``LARGEST_N`` spins.
    states
        If given, only the energies of so many first states are computed, a power of two.

    Returns
    -------
    ndarray
        Energies in units of J, shape (2^N,) or (states,). Bit k of the index is 1 if spin k is up.

    Notes
    -----
    One spin is flipped at a time, which takes N operations a state in a spin glass instead of N^2.
    The energy of a state does not depend, to the last bit, on the flips that lead to it.
    """
    energies = np.empty(states or 2**landscape.N)
    # Hashes overflow on purpose; NumPy warns of it when kernels run uncompiled.
    with kernels_running(), np.errstate(over="ignore"):
        _walk_through_all(landscape, position(landscape), energies)
    return energies
