"""The verbs of a landscape: all functions of it that dynamics and observables may call.

A position describes the present state of a trajectory: the state, packed in 64-bit words, its
energy, and the fields that the energies update at each move. Moves change a position in place.
Moves are numbered. Each move is attempted at the rate ``move_weight`` per unit time, so that one
attempt is made per unit time on average.

The modules in ``graphs`` and ``energies`` register the bodies of the verbs; the compiler selects
the body by the type of the first argument. A law of energies for states of one word registers only
``level``. Laws whose energies are cheaper to update than to compute anew register ``field_count``,
``update_energy_and_fields``, ``flip``, ``energy_after_flip`` and ``energies_after_flips`` as well.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import generic, generic_with_default, inlined_kernel, kernel

WORD = 64
ONE = np.uint64(1)
# Number of doubles in the widest vector register; loops run over whole registers.
VECTOR = 8


class Position(NamedTuple):
    """The present state of a trajectory. All arrays are changed in place.

    Attributes
    ----------
    words
        The state, uint64. On the hypercube, bit k % 64 of word k // 64 is set if spin k is up.
    energy
        The energy of the state, shape (1,).
    spins, fields
        The spins as +-1, and the fields that the energies update at each move, both doubles; empty
        if the energies have no fields.
    """

    words: np.ndarray
    energy: np.ndarray
    spins: np.ndarray
    fields: np.ndarray


# Verbs of graphs ---------------------------------------------------------------------------------


@generic
def position(landscape):
    """Create the arrays of a position (not for kernels)."""


@generic
def place_randomly(landscape, position, rng):
    """Move to a uniformly random state: the start of a quench from infinite temperature."""


@generic
def update_energy(landscape, position):
    """Compute the energy and the fields of a position from its words."""


@generic
def move_count(landscape):
    """Number of moves out of a state; moves with destinations drawn at random count as one."""


@generic
def move_weight(landscape):
    """Number of attempts of each move per unit time."""


@generic
def destination_energy(landscape, position, number, rng):
    """Energy of the destination of one move."""


@generic
def destination_energies(landscape, position, energies):
    """Write the energy of each move's destination into the array ``energies``.

    The array may be longer than the number of moves, since whole vectors are computed; its further
    entries have no meaning. If the destination of a move is drawn only when the move is made, the
    energy is NaN.
    """


@generic
def move(landscape, position, number, energy_after, rng):
    """Make a move. ``energy_after`` is its ``destination_energy``, which may be NaN."""


@generic
def distance(landscape, words, others):
    """Distance between states; the last axis holds their words (plain NumPy, not for kernels)."""


# Verbs of energies on the hypercube --------------------------------------------------------------


@generic
def level(energies, word):
    """Energy of a state of one word, computed from the word alone."""


@generic_with_default
def field_count(energies):
    """Number of fields kept for a position; if there are any, the spins are kept, too."""
    return 0


@generic_with_default
def update_energy_and_fields(energies, position):
    """Compute energy and fields from the words and, if they are kept, from the spins."""
    position.energy[0] = level(energies, position.words[0])


@generic_with_default
def energy_after_flip(energies, position, spin):
    """Energy after the flip of one spin."""
    return level(energies, position.words[0] ^ (ONE << np.uint64(spin)))


@generic_with_default
def energies_after_flips(energies, position, after):
    """Write the energies after the flip of each spin; ``after`` may be padded to whole vectors."""
    word = position.words[0]
    for spin in range(after.size):
        after[spin] = level(energies, word ^ (ONE << np.uint64(spin)))


@generic_with_default
def flip(energies, position, spin, energy_after):
    """Flip one spin; ``energy_after`` is the energy after the flip."""
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
    """Copy the words of a state by a loop, since slice assignment takes seconds to compile."""
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
