"""The verbs of a landscape: all that dynamics and observables may ask.

A position is where a trajectory is: a state, packed in 64-bit words, its energy, and what the
energies keep up to date there. Moves change it in place. Moves are numbered; a move is attempted at
the rate ``move_weight`` per unit time, so that one attempt costs one unit of time on the whole.

The bodies are registered by the modules in ``graphs`` and ``energies``; compiled code picks them
while compiling. An energy law of states of one word registers ``level`` alone. Energies that are
cheaper to update than to compute anew register ``field_count``, ``update_energy_and_fields``,
``flip``, ``energy_after_flip`` and ``energies_after_flips`` as well.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import generic, generic_with_default, inlined_kernel, kernel

WORD = 64
ONE = np.uint64(1)
# Doubles in the widest vector register: whole registers are filled.
VECTOR = 8


class Position(NamedTuple):
    """Where a trajectory is. All arrays are changed in place.

    Attributes
    ----------
    words
        The state, uint64. On the hypercube bit k % 64 of word k // 64 is spin k, set if it is up.
    energy
        Its energy, shape (1,).
    spins, fields
        The spins as +-1 and what the energies keep up to date, doubles; empty if nothing is kept.
    """

    words: np.ndarray
    energy: np.ndarray
    spins: np.ndarray
    fields: np.ndarray


# Verbs of graphs ---------------------------------------------------------------------------------


@generic
def position(landscape):
    """Room for a position (not for kernels)."""


@generic
def place_randomly(landscape, position, rng):
    """Go to a uniformly random state: the start of a quench from infinite temperature."""


@generic
def update_energy(landscape, position):
    """Bring the energy and the fields of a position in line with its words."""


@generic
def move_count(landscape):
    """Number of distinct moves out of a state."""


@generic
def move_weight(landscape):
    """Attempts of each move per unit time."""


@generic
def destination_energy(landscape, position, number, rng):
    """Energy behind one move."""


@generic
def destination_energies(landscape, position, energies):
    """Write the energy behind each move into the array ``energies``.

    The array may be longer than the number of moves (whole vectors are computed); what lies beyond
    means nothing. Where a move leads to a state drawn on arrival, its energy is NaN.
    """


@generic
def move(landscape, position, number, energy_after, rng):
    """Make a move. ``energy_after`` is the energy announced behind it, or NaN."""


@generic
def distance(landscape, words, others):
    """Distance of states, whose words are the last axis (plain NumPy, not for kernels)."""


# Verbs of energies on the hypercube --------------------------------------------------------------


@generic
def level(energies, word):
    """Energy of a state of one word, where it is a function that can be computed at once."""


@generic_with_default
def field_count(energies):
    """Number of fields kept for a position; spins are kept beside them if there are any."""
    return 0


@generic_with_default
def update_energy_and_fields(energies, position):
    """Energy and fields from the words (and the spins, if they are kept)."""
    position.energy[0] = level(energies, position.words[0])


@generic_with_default
def energy_after_flip(energies, position, spin):
    """Energy after the flip of one spin."""
    return level(energies, position.words[0] ^ (ONE << np.uint64(spin)))


@generic_with_default
def energies_after_flips(energies, position, after):
    """Energy after the flip of each spin; ``after`` may be longer, up to whole vectors."""
    word = position.words[0]
    for spin in range(after.size):
        after[spin] = level(energies, word ^ (ONE << np.uint64(spin)))


@generic_with_default
def flip(energies, position, spin, energy_after):
    """Flip one spin; the energy thereafter is known."""
    position.words[0] ^= ONE << np.uint64(spin)
    position.energy[0] = energy_after


# For all -----------------------------------------------------------------------------------------


@inlined_kernel
def random_word(rng):
    """Uniform 64-bit word from two draws of a generator."""
    high = np.uint64(rng.random() * 4294967296.0)
    low = np.uint64(rng.random() * 4294967296.0)
    return (high << np.uint64(32)) | low


@inlined_kernel
def copy_words(source, target):
    """Copy the words of a state; to compile an assignment of slices takes seconds."""
    for word in range(target.size):
        target[word] = source[word]


@kernel
def _fill_energies(landscape, where, states, energies):
    for index in range(states.shape[0]):
        copy_words(states[index], where.words)
        update_energy(landscape, where)
        energies[index] = where.energy[0]


def energies_at(landscape: Any, states: np.ndarray) -> np.ndarray:
    """Energies of states, for use outside kernels.

    Parameters
    ----------
    landscape
        Any landscape whose energies are functions of the state.
    states
        64-bit words, of shape (S,) or (S, W).
    """
    where = position(landscape)
    states = np.ascontiguousarray(states, np.uint64).reshape(-1, where.words.size)
    energies = np.empty(states.shape[0])
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        _fill_energies(landscape, where, states, energies)
    return energies
