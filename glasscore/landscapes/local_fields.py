"""Energies after a flip, for laws of energies that keep the local fields h_i = -dH/ds_i.

If the Hamiltonian is linear in each single spin, a flip of spin i changes the energy by 2 s_i h_i.
"""

from typing import Any, TypeVar

from glasscore.landscapes.interface import energies_after_flips, energy_after_flip

Energies = TypeVar("Energies", bound=type)
_known: set[type] = set()


def with_local_fields(energies: Energies) -> Energies:
    """Register the energies after flips for a law of energies, as a decorator of its class.

    The positions of this law must hold the local fields in ``fields``.
    """
    _known.add(energies)
    energy_after_flip.register(energies, _energy_after_flip)
    energies_after_flips.register(energies, _energies_after_flips)
    return energies


def keeps_local_fields(energies: Any) -> bool:
    """Whether a law of energies keeps the local fields."""
    return type(energies) in _known


def _energy_after_flip(energies, position, spin):
    return position.energy[0] + 2.0 * position.spins[spin] * position.fields[spin]


def _energies_after_flips(energies, position, after):
    for spin in range(position.spins.size):
        after[spin] = position.energy[0] + 2.0 * position.spins[spin] * position.fields[spin]
