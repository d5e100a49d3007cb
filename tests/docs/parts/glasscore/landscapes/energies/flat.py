"""Independent energies, uniform between -1 and 0."""

from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.hashing import hashed, uniform
from glasscore.landscapes.interface import level


class Flat(NamedTuple):
    """Key of the landscape."""

    first_key: np.uint64
    second_key: np.uint64


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> Flat:
    """The energies of a disorder sample."""
    return Flat(np.uint64(key[0]), np.uint64(key[1]))


def critical_temperature(options: dict[str, Any]) -> float:
    """There is no transition."""
    return 0.0


@level.register
def _(energies: Flat, state):
    return -uniform(hashed(energies.first_key, energies.second_key, state))
