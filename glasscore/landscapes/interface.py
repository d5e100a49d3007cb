"""The verbs of a landscape: all that dynamics and observables may ask.

States are 64-bit words. Moves are numbered; a move is attempted at the rate ``move_weight`` per
unit time, so that one attempt costs one unit of time on the whole. The bodies are registered by the
modules in ``graphs`` and ``energies``; compiled code picks them while compiling.
"""

from typing import Any

import numpy as np

from glasscore.compilation import generic, inlined_kernel, kernel


@generic
def level(energies, state):
    """Energy of a state, as a law of energies gives it."""


@generic
def energy(landscape, state):
    """Energy of a state."""


@generic
def random_state(landscape, rng):
    """A state drawn uniformly: the start of a quench from infinite temperature."""


@generic
def move_count(landscape):
    """Number of distinct moves out of a state."""


@generic
def move_weight(landscape):
    """Attempts of each move per unit time."""


@generic
def destination_energies(landscape, state, energies):
    """Write the energy behind each move into the array ``energies``.

    The array may be longer than the number of moves (whole vectors are computed); what lies beyond
    means nothing. Where a move leads to a state drawn on arrival, its energy is NaN.
    """


@generic
def moved(landscape, state, move, rng):
    """The state that a move leads to."""


@generic
def distance(landscape, states, others):
    """Distance of two states, elementwise for arrays (plain NumPy, not for kernels)."""


@inlined_kernel
def random_word(rng):
    """Uniform 64-bit word from two draws of a generator."""
    high = np.uint64(rng.random() * 4294967296.0)
    low = np.uint64(rng.random() * 4294967296.0)
    return (high << np.uint64(32)) | low


@kernel
def _fill_energies(landscape, states, energies):
    for index in range(states.size):
        energies[index] = energy(landscape, states[index])


def energies_at(landscape: Any, states: np.ndarray) -> np.ndarray:
    """Energies of an array of states, for use outside kernels.

    Parameters
    ----------
    landscape
        Any landscape.
    states
        64-bit words, of shape (S,).
    """
    energies = np.empty(states.size)
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        _fill_energies(landscape, np.ascontiguousarray(states, np.uint64), energies)
    return energies
