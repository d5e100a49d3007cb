"""The hypercube: 2^N configurations of N Ising spins; a move flips one spin.

Each attempt chooses a spin uniformly, so that a flip has the rate W = (1/N) a(E, E') with the rate
a of the rule. One flip is attempted per unit time.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.landscapes.interface import (
    ONE,
    VECTOR,
    WORD,
    Position,
    destination_energies,
    destination_energy,
    distance,
    energies_after_flips,
    energy_after_flip,
    field_count,
    flip,
    move,
    move_count,
    move_weight,
    place_randomly,
    position,
    random_word,
    update_energy,
    update_energy_and_fields,
)

RULES = None
INFINITE_N = False
LARGEST_N = 4096
STATES_ARE_SPINS = True
EVERY_JUMP_FORGETS = False


class Hypercube(NamedTuple):
    """The number N of spins, and the energies."""

    N: int
    energies: Any


def create(N: float, energies: Any) -> Hypercube:
    """The hypercube of N spins."""
    return Hypercube(int(N), energies)


@position.register
def _(landscape: Hypercube):
    kept = field_count(landscape.energies)
    return Position(
        np.zeros(-(-landscape.N // WORD), np.uint64),
        np.zeros(1),
        np.ones(landscape.N if kept else 0),
        np.zeros(kept),
    )


@place_randomly.register
def _(landscape: Hypercube, position, rng):
    for word in range(position.words.size):
        unused = max(0, WORD * (word + 1) - landscape.N)
        position.words[word] = random_word(rng) >> np.uint64(unused)
    update_energy(landscape, position)


@update_energy.register
def _(landscape: Hypercube, position):
    for spin in range(position.spins.size):
        up = (position.words[spin // WORD] >> np.uint64(spin % WORD)) & ONE
        position.spins[spin] = 1.0 if up == ONE else -1.0
    update_energy_and_fields(landscape.energies, position)


@move_count.register
def _(landscape: Hypercube):
    return landscape.N


@move_weight.register
def _(landscape: Hypercube):
    return 1.0 / landscape.N


@destination_energy.register
def _(landscape: Hypercube, position, number, rng):
    return energy_after_flip(landscape.energies, position, number)


@destination_energies.register
def _(landscape: Hypercube, position, energies):
    vectors = (landscape.N + VECTOR - 1) // VECTOR
    energies_after_flips(landscape.energies, position, energies[: vectors * VECTOR])


@move.register
def _(landscape: Hypercube, position, number, energy_after, rng):
    flip(landscape.energies, position, number, energy_after)


@distance.register
def _(landscape: Hypercube, words, others):
    return np.bitwise_count(words ^ others).sum(axis=-1, dtype=np.int16)
