r"""Spins in a field: energies of any law plus the energy of all spins in a uniform field.

.. math:: H(s) = E(s) - h \sum_i s_i

If the law of E is the same for s_i and -s_i, as for all laws here with random couplings or
independent energies, a uniform field acts like one with random signs. The field is rounded to a
multiple of 2^-26, so that sums of couplings and the field stay exact.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import inlined_kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import (
    field_count,
    flip,
    level,
    update_energy_and_fields,
)
from glasscore.landscapes.local_fields import keeps_local_fields, with_local_fields

UNIT = 2.0**-26
# Bits of each pair, each four and each eight bits of a word, and a one in each eight bits.
PAIRS, FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
EIGHTS, ONES = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x0101010101010101)


class LevelsInField(NamedTuple):
    """Energies that follow from the word of a state, the number of spins, and the field."""

    energies: Any
    N: int
    field: float


@with_local_fields
class CouplingsInField(NamedTuple):
    """Energies with local fields, and the field that acts on each spin besides."""

    energies: Any
    field: float


def in_field(landscape: Hypercube, field: float) -> Hypercube:
    """The landscape of the same disorder sample in a field; without one, the landscape itself."""
    h = UNIT * round(field / UNIT)
    if h == 0.0:
        return landscape
    energies = landscape.energies
    if keeps_local_fields(energies):
        return landscape._replace(energies=CouplingsInField(energies, h))
    return landscape._replace(energies=LevelsInField(energies, landscape.N, h))


@inlined_kernel
def spins_up(word):
    """Number of set bits of a word.

    Bits are added in pairs, then in fours and in eights; the product adds up the eight sums.
    Source: H. S. Warren, Hacker's Delight, 2nd edition (2012), section 5-1.
    """
    word -= (word >> np.uint64(1)) & PAIRS
    word = (word & FOURS) + ((word >> np.uint64(2)) & FOURS)
    word = (word + (word >> np.uint64(4))) & EIGHTS
    return np.int64((word * ONES) >> np.uint64(56))


@level.register
def _(energies: LevelsInField, word):
    return level(energies.energies, word) - energies.field * (2 * spins_up(word) - energies.N)


@field_count.register
def _(energies: CouplingsInField):
    return field_count(energies.energies)


@update_energy_and_fields.register
def _(energies: CouplingsInField, position):
    update_energy_and_fields(energies.energies, position)
    total = 0.0
    for spin in range(position.spins.size):
        position.fields[spin] += energies.field
        total += position.spins[spin]
    position.energy[0] -= energies.field * total


@flip.register
def _(energies: CouplingsInField, position, spin, energy_after):
    flip(energies.energies, position, spin, energy_after)
