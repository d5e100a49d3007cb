r"""Number partitioning: N numbers on two sides; the energy grows with the difference of sums.

.. math:: D = \sum_i a_i s_i, \qquad E = \ln\!\left(|D| \sqrt{6 / (\pi N)}\right)
          \quad \text{or} \quad E = |D|

Here s_i = +-1 is the side of number i, and D is the difference of the sums of both sides. The a_i
are independent and uniform in (0, 1]: real numbers, or b-bit whole numbers from 1 to 2^b divided by
2^b. For large N, D is normal with the variance N/3. With the constant factor under the logarithm,
which does not affect Metropolis's rule and the heat bath, the deep levels of the logarithm have the
density exp(E) of the trap model, so that T_c = 1. With E = |D| there is a transition only at a
temperature that vanishes for large N. States come in pairs with E(-s) = E(s).

Sums are exact: the a_i are multiples of 2^-b with N 2^b <= 2^53 (for real numbers b is the largest
that obeys this, 48 at N = 32 and 47 at N = 64), so that the energy is a function of the state to
the last bit, whatever flips lead to the state. The sums of one sample differ by multiples of
2 2^-b. D = 0 is possible if b is small. Under the logarithm it counts as |D| = 2^-b / 2, the middle
of the interval |D| < 2^-b of real numbers that it represents.

Sources: I. Junier, J. Kurchan, J. Phys. A 37 (2004), for the relation to the trap model;
F. F. Ferreira, J. F. Fontanari, J. Phys. A 31 (1998), for E = |D|; S. Mertens, Phys. Rev. Lett. 81,
4281 (1998), for whole numbers: many states have a sum 0 or 1 if b/N is small, and hardly any state
has if b/N is above one.
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
    # 1e999 is infinity, as a literal: constants are read without running this file, and this allows
    # only literals.
    "bits": {
        "description": "a whole number of bits from 1 to 52, or .inf for real numbers",
        "anyOf": [{"type": "integer", "minimum": 1, "maximum": 52}, {"enum": [1e999]}],
        "default": 1e999,
    },
}
PLANTED_ONLY = {"logarithm": True}
MAY_BE_IN_FIELD = False
MANTISSA = 53
# Beyond this sum, the mean of |D|^(-beta) over an interval of length 1 is that at its centre, to
# 1e-11.
SMOOTH = 1e5


class Difference(NamedTuple):
    """The energy |D|; ``unit`` is the value of D for a sum of 1."""

    unit: float


class Logarithm(NamedTuple):
    """The energy ln |D| plus a constant; ``unit`` times a sum is the logarithm's argument."""

    unit: float


class NumberPartitioning(NamedTuple):
    """The numbers in units of 2^-b, padded with zeros to whole vectors, and the law of the energy.

    The fields of a position are the numbers with the signs of their spins, and at the end the sum
    of these.
    """

    numbers: np.ndarray
    cost: Any


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> NumberPartitioning:
    """Draw the numbers of the disorder sample named by ``key``.

    Raises
    ------
    CampaignError
        If ``refusal`` complains.
    """
    N = int(N)
    refuse(refusal(options, N=N))
    bits = int(min(options["bits"], most_bits(N)))
    numbers = np.zeros(N)
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        _draw(numbers, np.uint64(bits), np.uint64(key[0]), np.uint64(key[1]))
    return _with_numbers(numbers, bits, options)


def _with_numbers(whole: np.ndarray, bits: int, options: dict[str, Any]) -> NumberPartitioning:
    N, unit = whole.size, 2.0**-bits
    numbers = np.zeros(-(-N // VECTOR) * VECTOR)
    numbers[:N] = whole
    if options["logarithm"]:
        return NumberPartitioning(numbers, Logarithm(unit * math.sqrt(6.0 / (math.pi * N))))
    return NumberPartitioning(numbers, Difference(unit))


def planted(
    N: float,
    key: np.ndarray,
    options: dict[str, Any],
    words: np.ndarray,
    beta: float,
    rng: np.random.Generator,
) -> NumberPartitioning:
    r"""Numbers and a state with the weight :math:`e^{-\beta E} \propto |D|^{-\beta}`, beta < 1.

    The state and all numbers but the first are drawn uniformly, and are accepted with the
    probability W / W_max, where W is the sum of the weights over all values of the first number and
    W_max its largest value. The first number is then drawn by its weight. Trials go on until one is
    accepted; there are at most about 1.5 times the square root of N of them, fewer at high
    temperature (derivation). A state has the more weight the more nearly equal the numbers of its
    spins up and down are, so that the state is drawn anew in each trial and written into ``words``.

    The sum W over whole numbers is an integral of max(|x|, 1/2)^(-beta) over real numbers x: the
    sum is drawn from this density and rounded, and accepted with its weight over the integral of
    all that is rounded to it. The law is thereby that of whole numbers, to 1e-11.
    """
    N = int(N)
    refuse(refusal(options, N=N))
    bits = int(min(options["bits"], most_bits(N)))
    largest = 2**bits
    widest = 2.0 * _weight_up_to(0.5 * largest, beta)
    while True:
        numbers = rng.integers(1, largest, size=N, endpoint=True).astype(np.float64)
        up = np.unpackbits(words.astype("<u8").view(np.uint8), count=N, bitorder="little")
        spins = 2.0 * up - 1.0
        others = spins[0] * (spins[1:] @ numbers[1:])
        low, high = (_weight_up_to(others + end, beta) for end in (0.5, largest + 0.5))
        if rng.random() * widest < high - low:
            place = _place_of_weight(low + rng.random() * (high - low), beta)
            total = min(max(round(place), others + 1), others + largest)
            if rng.random() < _share_of_rounding(abs(total), beta):
                numbers[0] = total - others
                return _with_numbers(numbers, bits, options)
        words[:] = rng.integers(0, 2**WORD, size=words.size, dtype=np.uint64)
        words[-1] >>= np.uint64(-N % WORD)


def _weight_up_to(x: float, beta: float) -> float:
    """The integral of (1 - beta) max(|x|, 1/2)^(-beta) from 0 to x."""
    power = 1.0 - beta
    if abs(x) <= 0.5:
        return power * 0.5**-beta * x
    return math.copysign(abs(x) ** power - beta * 0.5**power, x)


def _place_of_weight(weight: float, beta: float) -> float:
    """The inverse of ``_weight_up_to``."""
    power = 1.0 - beta
    if abs(weight) <= power * 0.5**power:
        return weight / (power * 0.5**-beta)
    return math.copysign((abs(weight) + beta * 0.5**power) ** (1.0 / power), weight)


def _share_of_rounding(total: float, beta: float) -> float:
    """The weight of a whole sum over the integral of the weights of all that is rounded to it."""
    if total == 0 or total > SMOOTH:
        return 1.0
    of_all = _weight_up_to(total + 0.5, beta) - _weight_up_to(total - 0.5, beta)
    return (1.0 - beta) * total**-beta / of_all


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J: 1 for the logarithm of real numbers, 0 for the difference itself.

    For T < 1 few states dominate the partition function, the sum over states of |D|^(-1/T), since
    |D| reaches values of the order 2^-N. The same holds for b-bit numbers with b > N; with fewer
    bits, the resolution 2^-b cuts the deep levels off. With E = |D| the system freezes at a
    temperature of the order 2^-N.
    """
    return 1.0 if options["logarithm"] else 0.0


def refusal(options: dict[str, Any], *, N: float) -> Refusal | None:
    """The complaint about a number of bits whose sums a double cannot hold, or None."""
    most = most_bits(int(N))
    if math.isinf(options["bits"]) or options["bits"] <= most:
        return None
    requirement = (
        f"be at most {most} at N = {int(N)}, so that all sums are exact (N 2^bits <= "
        f"2^{MANTISSA}), or .inf for real numbers"
    )
    return "bits", options["bits"], requirement


def most_bits(N: int) -> int:
    """The largest b with N 2^b <= 2^53."""
    return MANTISSA - (N - 1).bit_length()


@kernel
def _draw(numbers, bits, first_key, second_key):
    """Draw uniform whole numbers from 1 to 2^bits."""
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
