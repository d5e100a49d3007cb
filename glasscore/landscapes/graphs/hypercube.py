"""The hypercube: 2^N configurations of N Ising spins; a move flips one spin.

Bit k of a state is spin k. A spin is chosen uniformly at each attempt: W = (1/N) a(E, E') with the
rule's acceptance a, one attempted flip a unit of time.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.landscapes.interface import (
    destination_energies,
    distance,
    energy,
    level,
    move_count,
    move_weight,
    moved,
    random_state,
    random_word,
)

RULES = None
INFINITE_N = False
STATES_ARE_SPINS = True
EVERY_JUMP_FORGETS = False
ONE = np.uint64(1)
# Doubles in the widest vector register: whole registers are filled.
VECTOR = 8


class Hypercube(NamedTuple):
    """N spins with energies."""

    N: int
    energies: Any


def create(N: float, energies: Any) -> Hypercube:
    """The hypercube of N <= 64 spins."""
    return Hypercube(int(N), energies)


@energy.register
def _(landscape: Hypercube, state):
    return level(landscape.energies, state)


@random_state.register
def _(landscape: Hypercube, rng):
    return random_word(rng) >> np.uint64(64 - landscape.N)


@move_count.register
def _(landscape: Hypercube):
    return landscape.N


@move_weight.register
def _(landscape: Hypercube):
    return 1.0 / landscape.N


@destination_energies.register
def _(landscape: Hypercube, state, energies):
    for spin in range((landscape.N + VECTOR - 1) // VECTOR * VECTOR):
        energies[spin] = level(landscape.energies, state ^ (ONE << np.uint64(spin)))


@moved.register
def _(landscape: Hypercube, state, move, rng):
    return state ^ (ONE << np.uint64(move))


@distance.register
def _(landscape: Hypercube, states, others):
    return np.bitwise_count(states ^ others).astype(np.int16)
