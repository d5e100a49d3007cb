"""Independent exponential energies: rho(E) = exp(E) for E < 0, with T_c = 1.

Source: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.arithmetic import logarithm
from glasscore.kernels.hashing import hashed_words, keys_of, uniform, words_of_uniform
from glasscore.landscapes.interface import level

INFINITE_N = True
OPTIONS: dict[str, Any] = {}


class Exponential(NamedTuple):
    """The key of the landscape: two words that identify a disorder sample."""

    first_key: np.uint64
    second_key: np.uint64


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> Exponential:
    """The energies of the disorder sample named by ``key``; the law does not depend on N."""
    return Exponential(np.uint64(key[0]), np.uint64(key[1]))


def planted(
    N: float,
    key: np.ndarray,
    options: dict[str, Any],
    words: np.ndarray,
    beta: float,
    rng: np.random.Generator,
) -> Exponential:
    r"""Energies in which one state is in equilibrium at beta < 1.

    Its energy has the density rho(E) e^(-beta E), up to a factor, so that u = e^E is a uniform
    number to the power 1/(1 - beta). The key follows from this energy, and all other energies are
    independent of it.
    """
    word, finer = words_of_uniform(rng.random() ** (1.0 / (1.0 - beta)), rng)
    return create(N, keys_of(int(words[0]), word, finer), options)


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c, in units of J."""
    return 1.0


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density exp(E) of an energy E <= 0."""
    return np.where(energy <= 0, np.exp(np.minimum(energy, 0)), 0.0)


def threshold(N: float, options: dict[str, Any]) -> float:
    """The energy of states that have one lower neighbour on average: N exp(E) = 1."""
    return -math.log(N)


@level.register
def _(energies: Exponential, state):
    word, finer = hashed_words(energies.first_key, energies.second_key, state)
    return logarithm(uniform(word, finer))
