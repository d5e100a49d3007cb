"""The complete graph: M = 2^N states, or infinitely many, each one move away from every other.

Each attempt chooses a target uniformly among all M states; if the target is the present state, no
move is made. With Arrhenius' rule, W(i -> j) = (1/M) exp(beta E_i), j != i, this is the trap model
of J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992); with the heat bath, or Metropolis's rule, the
step model of A. Barrat and M. Mezard, J. Phys. I France 5, 941 (1995).

For M = infinity every visited state is new: the n-th visited state has the number n, and no state
is visited twice. If rates do not depend on the destination, the energy of a state is a function of
its number. If they do, the workspace of the rule draws the energy of the destination with the move;
the energy is then stored in the position and cannot be computed from the number.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.landscapes.interface import (
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

RULES = ("arrhenius", "metropolis", "heat_bath")
# Rules whose rates depend on the destination need a table of all states, with 24 bytes per state:
# 0.4 GiB at N = 24.
LARGEST_N_OF_RULES = {"metropolis": 24, "heat_bath": 24}
INFINITE_N = True
# These energies are functions of a word, and no two states have equal energies.
ENERGIES = ("correlated", "exponential", "gaussian")
STATES_ARE_SPINS = False
EVERY_JUMP_FORGETS = True
UNOBSERVED_ENERGY = np.nan


class Complete(NamedTuple):
    """The binary logarithm of the number of states (0 if infinite), and the energies."""

    bits: int
    energies: Any


def create(N: float, energies: Any) -> Complete:
    """The complete graph of 2^N states, N <= 64 or infinite."""
    return Complete(0 if np.isinf(N) else int(N), energies)


@position.register
def _(landscape: Complete):
    return Position(np.zeros(1, np.uint64), np.zeros(1), np.zeros(0), np.zeros(0))


@place_randomly.register
def _(landscape: Complete, position, rng):
    word = random_word(rng)
    shifted = word >> np.uint64(64 - landscape.bits) if landscape.bits > 0 else np.uint64(0)
    position.words[0] = shifted
    update_energy(landscape, position)


@update_energy.register
def _(landscape: Complete, position):
    position.energy[0] = level(landscape.energies, position.words[0])


@move_count.register
def _(landscape: Complete):
    return 1


@move_weight.register
def _(landscape: Complete):
    return 1.0 - 2.0**-landscape.bits if landscape.bits > 0 else 1.0


@destination_energy.register
def _(landscape: Complete, position, number, rng):
    return UNOBSERVED_ENERGY


@destination_energies.register
def _(landscape: Complete, position, energies):
    energies[0] = UNOBSERVED_ENERGY


@move.register
def _(landscape: Complete, position, number, energy_after, rng):
    if landscape.bits == 0:
        position.words[0] += np.uint64(1)
    else:
        target = position.words[0]
        while target == position.words[0]:
            target = random_word(rng) >> np.uint64(64 - landscape.bits)
        position.words[0] = target
    update_energy(landscape, position)


@distance.register
def _(landscape: Complete, words, others):
    return (words != others).any(axis=-1).astype(np.int16)
