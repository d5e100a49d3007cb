"""Independent Gaussian energies of variance N, with T_c = 1 / sqrt(2 ln 2) = 0.849322.

Source: B. Derrida, Phys. Rev. Lett. 45, 79 (1980); energies here are larger by a factor sqrt 2.
"""

import math
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.hashing import hashed_words, keys_of, words_of_uniform
from glasscore.kernels.normal import normal
from glasscore.landscapes.interface import level

INFINITE_N = False
OPTIONS: dict[str, Any] = {}


class Gaussian(NamedTuple):
    """The key of the landscape, two words, and the standard deviation sqrt(N) of its energies."""

    first_key: np.uint64
    second_key: np.uint64
    deviation: float


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> Gaussian:
    """The energies of the disorder sample named by ``key``, of variance N."""
    return Gaussian(np.uint64(key[0]), np.uint64(key[1]), math.sqrt(N))


def planted(
    N: float,
    key: np.ndarray,
    options: dict[str, Any],
    words: np.ndarray,
    beta: float,
    rng: np.random.Generator,
) -> Gaussian:
    """Energies in which one state is in equilibrium: its energy is normal with the mean -beta N.

    The key follows from this energy, and all other energies are independent of it.
    """
    size = rng.standard_normal() - beta * math.sqrt(N)
    tail = math.erfc(abs(size) / math.sqrt(2.0))
    word, finer = words_of_uniform(tail, rng)
    # The last bit of the word is the sign, as ``normal`` reads it.
    word = word & ~1 | (size < 0.0)
    return create(N, keys_of(int(words[0]), word, finer), options)


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c, in units of J."""
    return 1.0 / math.sqrt(2.0 * math.log(2.0))


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density exp(-E^2 / 2N) / sqrt(2 pi N) of an energy E."""
    return np.exp(-(energy**2) / (2 * N)) / math.sqrt(2 * math.pi * N)


def threshold(N: float, options: dict[str, Any]) -> float:
    """The energy of states that have one lower neighbour on average: N Phi(E / sqrt(N)) = 1."""
    return math.sqrt(N) * NormalDist().inv_cdf(1.0 / N)


@level.register
def _(energies: Gaussian, state):
    word, finer = hashed_words(energies.first_key, energies.second_key, state)
    return energies.deviation * normal(word, finer)
