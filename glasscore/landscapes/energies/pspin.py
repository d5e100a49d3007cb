r"""The Ising p-spin model, all p-tuples of spins coupled.

.. math:: H = - \sum_{i_1 < \dots < i_p} J_{i_1 \dots i_p} s_{i_1} \dots s_{i_p}

with independent Gaussian couplings of mean 0 and variance p!/(2 N^(p-1)): a state has an energy of
variance N/2 (1 - 1/N) ... (1 - (p-1)/N) over samples. p = 2 is the Sherrington-Kirkpatrick model
without a field, coupling by coupling; large p lead to the random energy model of variance N/2.

All sums are exact (``landscapes.couplings``). Kept up to date are the fields h_i = -dH/ds_i: a
flip of spin i costs 2 s_i h_i. Flipping spin m changes all h_i by -2 s_m K_mi, and
K_mi = -d^2H/ds_m ds_i is remembered from the last flip of m. Since then d spins have changed, and
K_m is brought up to date with d rows of couplings for p = 3, and d (N - d) for p = 4: at most half
of the sum anew, and few where a trajectory flickers.

Sources: B. Derrida, Phys. Rev. B 24, 2613 (1981); E. Gardner, Nucl. Phys. B 257, 747 (1985).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from glasscore.common.errors import Refusal, refuse
from glasscore.kernels.compilation import generic, inlined_kernel, kernel
from glasscore.landscapes.couplings import (
    pair,
    standard_deviation,
    table,
    table_size,
    unit_of,
    variance,
)
from glasscore.landscapes.energies import sk
from glasscore.landscapes.interface import (
    ONE,
    WORD,
    field_count,
    flip,
    update_energy_and_fields,
)
from glasscore.landscapes.local_fields import with_local_fields

INFINITE_N = False
# The limit is memory, which ``refusal`` tells.
LARGEST_N = 4096
OPTIONS: dict[str, Any] = {
    "p": {
        "description": "a whole number of spins from 2 to 4",
        "type": "integer",
        "minimum": 2,
        "maximum": 4,
        "default": 3,
    }
}
GIB = 1 << 30
BYTES_PER_COUPLING = 4
NONE = np.uint64(0)
BEYOND_MANTISSA = np.int64(52)
EXPONENT_OF_ONE = np.int64(1023)


class Triples(NamedTuple):
    """p = 3: ``landscapes.couplings.table``, and what a coupling of 1 is worth."""

    couplings: np.ndarray
    unit: float


class Quadruples(NamedTuple):
    """p = 4: ``landscapes.couplings.table``, and what a coupling of 1 is worth."""

    couplings: np.ndarray
    unit: float


@with_local_fields
class PSpin(NamedTuple):
    """Couplings, and a memory that changes no result.

    Attributes
    ----------
    p, tuples
        Spins of a coupling, and the couplings.
    changes, states
        K_m, shape (N, N), at a state of its own for each m: its words, shape (N, words).
    """

    p: int
    tuples: Any
    changes: np.ndarray
    states: np.ndarray


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> PSpin | sk.SherringtonKirkpatrick:
    """The couplings of the disorder sample named by ``key``.

    Raises
    ------
    CampaignError
        If ``refusal`` says so.
    """
    N, p = int(N), int(options["p"])
    refuse(refusal(options, N=N))
    if p == 2:
        return sk.create(N, key, {"field": 0.0})
    couplings, unit = table(N, p, key), unit_of(standard_deviation(N, p))
    energies = PSpin(
        p,
        Triples(couplings, unit) if p == 3 else Quadruples(couplings, unit),
        np.zeros((N, N)),
        np.zeros((N, -(-N // WORD)), np.uint64),
    )
    # The memory starts with all spins down.
    _add_up(couplings, (-1.0) ** p * unit, energies.changes)
    return energies


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J: where the statics freezes as N goes to infinity.

    T_c = 1 for p = 2; T_K = 0.65139 for p = 3 and 0.61688 for p = 4, the transition with one step
    of replica symmetry breaking. There dynamics falls out of equilibrium before, at T_d = 0.68160
    and 0.67841. Computed for this project from the equations of E. Gardner (1985).
    """
    return {2: 1.0, 3: 0.65139, 4: 0.61688}[int(options["p"])]


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density of the energy of a state over samples, a Gaussian."""
    spread = variance(int(N), int(options["p"]))
    return np.exp(-(energy**2) / (2 * spread)) / math.sqrt(2 * math.pi * spread)


def correlation(N: float, options: dict[str, Any]) -> float:
    """Correlation 1 - 2p/N of neighbours' energies: of all products p/N change sign."""
    return 1.0 - 2.0 * options["p"] / N


def refusal(options: dict[str, Any], *, N: float) -> Refusal | None:
    """What is wrong with p or N: too few spins, or too many couplings to keep."""
    N, p = int(N), int(options["p"])
    if p > N:
        return "p", p, f"be at most N = {N}"
    if memory(N, p) <= GIB:
        return None
    most = max(spins for spins in range(p, N) if memory(spins, p) <= GIB)
    requirement = (
        f"be at most {most} at p = {p}, since all couplings are kept and those of {N} spins would "
        f"take {memory(N, p) / GIB:.3g} GiB"
    )
    return "N", N, requirement


def memory(N: int, p: int) -> int:
    """Bytes of the couplings."""
    return BYTES_PER_COUPLING * table_size(N, p)


@kernel
def _add_up(couplings, weight, changes):
    """Sums of all rows for each m, times ``weight``."""
    for m in range(couplings.shape[0]):
        for row in range(couplings.shape[1]):
            for i in range(couplings.shape[2]):
                changes[m, i] += weight * couplings[m, row, i]


@inlined_kernel
def _lowest(bits):
    """Place of the lowest set bit: the exponent of the number that it is."""
    lowest = np.float64(bits & (~bits + ONE))
    return (lowest.view(np.int64) >> BEYOND_MANTISSA) - EXPONENT_OF_ONE


@generic
def update_changes(tuples, changes, states, spins, words, m):
    """Bring K_m from a state of its own to that of the spins and words."""


@update_changes.register
def _(tuples: Triples, changes, states, spins, words, m):
    _update_triples(tuples.couplings, tuples.unit, changes, states, spins, words, m)


@update_changes.register
def _(tuples: Quadruples, changes, states, spins, words, m):
    _update_quadruples(tuples.couplings, tuples.unit, changes, states, spins, words, m)


@kernel
def _update_triples(couplings, unit, changes, states, spins, words, m):
    """Each spin j that has changed changes the sum of J_mji s_j."""
    for word in range(words.size):
        changed = words[word] ^ states[m, word]
        states[m, word] = words[word]
        while changed != NONE:
            j = WORD * word + _lowest(changed)
            changed &= changed - ONE
            weight = 2.0 * unit * spins[j]
            for i in range(spins.size):
                changes[m, i] += weight * couplings[m, j, i]


@kernel
def _update_quadruples(couplings, unit, changes, states, spins, words, m):
    """In the sum of J_mjki s_j s_k pairs change of which one spin, j, has changed and k has not."""
    for word in range(words.size):
        changed = words[word] ^ states[m, word]
        while changed != NONE:
            j = WORD * word + _lowest(changed)
            changed &= changed - ONE
            for k in range(spins.size):
                both = words[k // WORD] ^ states[m, k // WORD]
                if (both >> np.uint64(k % WORD)) & ONE == NONE:
                    row = pair(min(j, k), max(j, k), spins.size)
                    weight = 2.0 * unit * spins[j] * spins[k]
                    for i in range(spins.size):
                        changes[m, i] += weight * couplings[m, row, i]
    for word in range(words.size):
        states[m, word] = words[word]


@field_count.register
def _(energies: PSpin):
    return energies.changes.shape[0]


@update_energy_and_fields.register
def _(energies: PSpin, position):
    spins, fields = position.spins, position.fields
    for i in range(spins.size):
        fields[i] = 0.0
    for m in range(spins.size):
        update_changes(energies.tuples, energies.changes, energies.states, spins, position.words, m)
        for i in range(spins.size):
            fields[i] += spins[m] * energies.changes[m, i]
    total = 0.0
    for i in range(spins.size):
        fields[i] /= energies.p - 1.0
        total += spins[i] * fields[i]
    position.energy[0] = -total / energies.p


@flip.register
def _(energies: PSpin, position, spin, energy_after):
    spins, words = position.spins, position.words
    update_changes(energies.tuples, energies.changes, energies.states, spins, words, spin)
    change = 2.0 * spins[spin]
    for i in range(spins.size):
        position.fields[i] -= change * energies.changes[spin, i]
    spins[spin] = -spins[spin]
    bit = ONE << np.uint64(spin % WORD)
    words[spin // WORD] ^= bit
    # K_m does not depend on s_m: it is that of the new state, too.
    energies.states[spin, spin // WORD] ^= bit
    position.energy[0] = energy_after
