r"""The Sherrington-Kirkpatrick model in a field.

.. math:: H = - \sum_{i < j} J_{ij} s_i s_j - h \sum_i s_i

with independent Gaussian couplings of mean 0 and variance 1/N. Over samples, the energy of a state
has the variance (N - 1)/2. At h = 0, T_c = 1.

Couplings and the field are multiples of a unit u = 2^k, between 2^-27 and 2^-26 of the couplings'
standard deviation, so that all sums are exact (``landscapes.couplings``). The local fields
h_i = h + sum_j J_ij s_j are updated at each flip: a flip of spin i changes the energy by 2 s_i h_i,
and the local fields by a row of the couplings.

Source: D. Sherrington and S. Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from glasscore.kernels.compilation import kernel
from glasscore.landscapes.couplings import (
    planted_table,
    standard_deviation,
    table,
    unit_of,
    variance,
)
from glasscore.landscapes.interface import (
    ONE,
    WORD,
    field_count,
    flip,
    update_energy_and_fields,
)
from glasscore.landscapes.local_fields import with_local_fields

INFINITE_N = False
LARGEST_N = 4096
OPTIONS: dict[str, Any] = {
    "field": {
        "description": "a field h from -100 to 100",
        "type": "number",
        "minimum": -100,
        "maximum": 100,
        "default": 0.0,
    }
}


@with_local_fields
class SherringtonKirkpatrick(NamedTuple):
    """Symmetric couplings in whole units, int32 of shape (N, N); the unit; the field."""

    couplings: np.ndarray
    unit: float
    field: float


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> SherringtonKirkpatrick:
    """Draw the couplings of the disorder sample named by ``key``."""
    return _with_couplings(table(int(N), 2, key), options)


def planted(
    N: float,
    key: np.ndarray,
    options: dict[str, Any],
    words: np.ndarray,
    beta: float,
    rng: np.random.Generator,
) -> SherringtonKirkpatrick:
    """Couplings with the weight exp(-beta E) of one state, for a model without a field."""
    return _with_couplings(planted_table(int(N), 2, key, words, beta), options)


def _with_couplings(couplings: np.ndarray, options: dict[str, Any]) -> SherringtonKirkpatrick:
    unit = unit_of(standard_deviation(couplings.shape[0], 2))
    field = unit * round(options["field"] / unit)
    return SherringtonKirkpatrick(couplings, unit, field)


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J: 1 without a field.

    In a field the transition lies on the line of J. R. L. de Almeida and D. J. Thouless,
    J. Phys. A 11, 983 (1978), which has no closed form, so that the result is NaN.
    """
    return 1.0 if options["field"] == 0.0 else math.nan


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density of the energy of a random state over samples.

    The density is a mixture: with n spins up, which has the probability binomial(N, n) / 2^N, the
    energy is Gaussian with the mean -h (2 n - N) and the variance (N - 1)/2.
    """
    N, spread = int(N), variance(int(N), 2)
    ways = [math.lgamma(N + 1) - math.lgamma(n + 1) - math.lgamma(N - n + 1) for n in range(N + 1)]
    centres = -options["field"] * (2 * np.arange(N + 1) - N)
    distance = np.asarray(energy)[..., np.newaxis] - centres
    parts = np.exp(np.array(ways) - N * math.log(2) - distance**2 / (2 * spread))
    return parts.sum(axis=-1) / math.sqrt(2 * math.pi * spread)


def correlation(N: float, options: dict[str, Any]) -> float:
    """Correlation of neighbours' energies: 1 - 4/N without a field, 1 - 2/N with a large one."""
    couplings, field = variance(int(N), 2), options["field"] ** 2 * N
    return ((1 - 4 / N) * couplings + (1 - 2 / N) * field) / (couplings + field)


@field_count.register
def _(energies: SherringtonKirkpatrick):
    return energies.couplings.shape[0]


@kernel
def _settle(couplings, unit, field, spins, fields):
    """Compute the local fields from the spins; return the energy."""
    for i in range(spins.size):
        fields[i] = field
    for j in range(spins.size):
        signed = unit * spins[j]
        for i in range(spins.size):
            fields[i] += signed * couplings[j, i]
    twice = 0.0
    for i in range(spins.size):
        twice += spins[i] * (fields[i] + field)
    return -0.5 * twice


@update_energy_and_fields.register
def _(energies: SherringtonKirkpatrick, position):
    position.energy[0] = _settle(
        energies.couplings, energies.unit, energies.field, position.spins, position.fields
    )


@flip.register
def _(energies: SherringtonKirkpatrick, position, spin, energy_after):
    change = 2.0 * energies.unit * position.spins[spin]
    for other in range(position.spins.size):
        position.fields[other] -= change * energies.couplings[spin, other]
    position.spins[spin] = -position.spins[spin]
    position.words[spin // WORD] ^= ONE << np.uint64(spin % WORD)
    position.energy[0] = energy_after
