"""2^N states on a ring: a move leads to the next state or to the one before."""

from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import inlined_kernel
from glasscore.landscapes.interface import (
    ONE,
    Position,
    destination_energies,
    destination_energy,
    distance,
    level,
    move,
    move_count,
    move_weight,
    place_randomly,
    position,
    random_word,
    update_energy,
)

STATES_ARE_SPINS = False
EVERY_JUMP_FORGETS = False


class Ring(NamedTuple):
    """The binary logarithm of the number of states, and the energies of the states."""

    bits: int
    energies: Any


def create(N: float, energies: Any) -> Ring:
    """The ring of 2^N states."""
    return Ring(int(N), energies)


@inlined_kernel
def neighbour(landscape, word, number):
    """The state that a move leads to: one step forward, or all but one step around the ring."""
    steps = ONE if number == 0 else (ONE << np.uint64(landscape.bits)) - ONE
    return (word + steps) & ((ONE << np.uint64(landscape.bits)) - ONE)


@position.register
def _(landscape: Ring):
    return Position(np.zeros(1, np.uint64), np.zeros(1), np.zeros(0), np.zeros(0))


@place_randomly.register
def _(landscape: Ring, position, rng):
    position.words[0] = random_word(rng) >> np.uint64(64 - landscape.bits)
    update_energy(landscape, position)


@update_energy.register
def _(landscape: Ring, position):
    position.energy[0] = level(landscape.energies, position.words[0])


@move_count.register
def _(landscape: Ring):
    return 2


@move_weight.register
def _(landscape: Ring):
    return 0.5


@destination_energy.register
def _(landscape: Ring, position, number, rng):
    return level(landscape.energies, neighbour(landscape, position.words[0], number))


@destination_energies.register
def _(landscape: Ring, position, energies):
    for number in range(2):
        energies[number] = level(
            landscape.energies, neighbour(landscape, position.words[0], number)
        )


@move.register
def _(landscape: Ring, position, number, energy_after, rng):
    position.words[0] = neighbour(landscape, position.words[0], number)
    position.energy[0] = energy_after


@distance.register
def _(landscape: Ring, words, others):
    apart = (words - others)[..., 0] % np.uint64(2**landscape.bits)
    return np.minimum(apart, np.uint64(2**landscape.bits) - apart).astype(np.int16)
