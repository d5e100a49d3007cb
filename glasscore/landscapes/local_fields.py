"""Energies behind a flip where local fields h_i = -dH/ds_i are kept up to date.

In a Hamiltonian that is linear in each single spin, a flip of spin i costs 2 s_i h_i.
"""

from typing import TypeVar

from glasscore.landscapes.interface import energies_after_flips, energy_after_flip

Energies = TypeVar("Energies", bound=type)


def with_local_fields(energies: Energies) -> Energies:
    """Register the energies behind flips for a law of energies, as a decorator of its class.

    Its positions have the local fields in ``fields``.
    """
    energy_after_flip.register(energies, _energy_after_flip)
    energies_after_flips.register(energies, _energies_after_flips)
    return energies


def _energy_after_flip(energies, position, spin):
    return position.energy[0] + 2.0 * position.spins[spin] * position.fields[spin]


def _energies_after_flips(energies, position, after):
    for spin in range(position.spins.size):
        after[spin] = position.energy[0] + 2.0 * position.spins[spin] * position.fields[spin]
