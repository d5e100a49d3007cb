r"""Number partitioning: N numbers are put on two sides, s_i = +-1; what the sums differ by costs.

.. math:: D = \sum_i a_i s_i, \qquad E = \ln\!\left(|D| \sqrt{6 / (\pi N)}\right)
          \quad \text{or} \quad E = |D|

with a_i independent and uniform in (0, 1]: real, or b-bit whole numbers from 1 to 2^b divided by
2^b. Single states differ by a normal D of variance N/3 for large N, so that the deep levels of the
logarithm have the density exp(E) of the trap model and T_c = 1: the factor under the logarithm,
a constant that Metropolis and heat bath do not feel, is chosen for that. E = |D| has no transition
at a temperature that does not vanish with N. States come in pairs, E(-s) = E(s).

Sums are exact: the a_i are multiples of 2^-b with N 2^b <= 2^53 (real numbers: the largest such b,
48 at N = 32 and 47 at N = 64), so that the energy is a function of the state to the last bit,
whatever flips lead there. The sums of one sample differ by multiples of 2 2^-b. Under the logarithm
D = 0, possible if b is small, has |D| = 2^-b / 2, the middle of the |D| < 2^-b that it stands for.

Sources: I. Junier, J. Kurchan, J. Phys. A 37 (2004), for the trap model in it; F. F. Ferreira,
J. F. Fontanari, J. Phys. A 31 (1998), for E = |D|; S. Mertens, Phys. Rev. Lett. 81, 4281 (1998),
for whole numbers: many states have D = 0 or 1 if b/N is small, hardly one if it is above one.
"""

import math
from typing import Any, NamedTuple

import numpy as np

from glasscore.common.errors import Refusal, refuse
from glasscore.kernels.arithmetic import logarithm
from glasscore.kernels.compilation import generic, kernel
from glasscore.kernels.hashing import hashed
from glasscore.landscapes.interface import (
    ONE,
    VECTOR,
    WORD,
    energies_after_flips,
    energy_after_flip,
    field_count,
    flip,
    level,
    update_energy_and_fields,
)

INFINITE_N = False
LARGEST_N = 4096
OPTIONS: dict[str, Any] = {
    "logarithm": {
        "description": "true for the logarithm of the difference, or false for the difference",
        "type": "boolean",
        "default": True,
    },
    # 1e999 is infinity: nothing but literals can be read without running this file.
    "bits": {
        "description": "a whole number of bits from 1 to 52, or .inf for real numbers",
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 52}, {"enum": [1e999]}],
        "default": 1e999,
    },
}
MANTISSA = 53


class Difference(NamedTuple):
    """E = |D|; ``unit`` is the value of a sum of 1."""

    unit: float


class Logarithm(NamedTuple):
    """E = ln |D| and a constant; ``unit`` is the value of a sum of 1."""

    unit: float


class NumberPartitioning(NamedTuple):
    """The numbers in units of 2^-b, followed by zeros up to whole vectors, and the cost of a sum.

    The fields of a position are the numbers with their signs, and their sum at the end.
    """

    numbers: np.ndarray
    cost: Any


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> NumberPartitioning:
    """The numbers of the disorder sample named by ``key``.

    Raises
    ------
    CampaignError
        If ``refusal`` says so.
    """
    N = int(N)
    refuse(refusal(options, N=N))
    bits = int(min(options["bits"], most_bits(N)))
    numbers = np.zeros(-(-N // VECTOR) * VECTOR)
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        _draw(numbers[:N], np.uint64(bits), np.uint64(key[0]), np.uint64(key[1]))
    unit = 2.0**-bits
    if options["logarithm"]:
        return NumberPartitioning(numbers, Logarithm(unit * math.sqrt(6.0 / (math.pi * N))))
    return NumberPartitioning(numbers, Difference(unit))


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J: 1 for the logarithm of real numbers, 0 for the difference itself.

    The sum over states of |D|^(-1/T) is dominated by few states below T = 1, as |D| goes down to
    2^-N; so it is for b-bit numbers as long as b > N, while for less the levels are cut off first.
    The difference itself freezes at T of the order 2^-N.
    """
    return 1.0 if options["logarithm"] else 0.0


def refusal(options: dict[str, Any], *, N: float) -> Refusal | None:
    """What is wrong with the number of bits: sums that a double does not hold."""
    most = most_bits(int(N))
    if math.isinf(options["bits"]) or options["bits"] <= most:
        return None
    requirement = (
        f"be at most {most} at N = {int(N)}, so that all sums are exact (N 2^bits <= "
        f"2^{MANTISSA}), or .inf for real numbers"
    )
    return "bits", options["bits"], requirement


def most_bits(N: int) -> int:
    """Largest b with N 2^b <= 2^53."""
    return MANTISSA - (N - 1).bit_length()


@kernel
def _draw(numbers, bits, first_key, second_key):
    """Uniform whole numbers from 1 to 2^bits."""
    for spin in range(numbers.size):
        word = hashed(first_key, second_key, np.uint64(spin))
        numbers[spin] = np.float64(word >> (np.uint64(64) - bits)) + 1.0


@generic
def energy_of(cost, total):
    """Energy of a state, from its signed sum."""


@energy_of.register
def _(cost: Difference, total):
    return cost.unit * abs(total)


@energy_of.register
def _(cost: Logarithm, total):
    return logarithm(cost.unit * max(abs(total), 0.5))


@level.register
def _(energies: NumberPartitioning, word):
    total = 0.0
    for spin in range(energies.numbers.size):
        up = (word >> np.uint64(spin)) & ONE
        total += energies.numbers[spin] * (2.0 * np.float64(up) - 1.0)
    return energy_of(energies.cost, total)


@field_count.register
def _(energies: NumberPartitioning):
    return energies.numbers.size + 1


@update_energy_and_fields.register
def _(energies: NumberPartitioning, position):
    total = 0.0
    for spin in range(position.spins.size):
        signed = energies.numbers[spin] * position.spins[spin]
        position.fields[spin] = signed
        total += signed
    position.fields[energies.numbers.size] = total
    position.energy[0] = energy_of(energies.cost, total)


@energy_after_flip.register
def _(energies: NumberPartitioning, position, spin):
    total = position.fields[energies.numbers.size]
    return energy_of(energies.cost, total - 2.0 * position.fields[spin])


@energies_after_flips.register
def _(energies: NumberPartitioning, position, after):
    total = position.fields[energies.numbers.size]
    for spin in range(after.size):
        after[spin] = energy_of(energies.cost, total - 2.0 * position.fields[spin])


@flip.register
def _(energies: NumberPartitioning, position, spin, energy_after):
    signed = position.fields[spin]
    position.fields[energies.numbers.size] -= 2.0 * signed
    position.fields[spin] = -signed
    position.spins[spin] = -position.spins[spin]
    position.words[spin // WORD] ^= ONE << np.uint64(spin % WORD)
    position.energy[0] = energy_after
