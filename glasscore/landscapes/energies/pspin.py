r"""The Ising p-spin model, with couplings between all p-tuples of spins.

.. math:: H = - \sum_{i_1 < \dots < i_p} J_{i_1 \dots i_p} s_{i_1} \dots s_{i_p}

with independent Gaussian couplings of mean 0 and variance p!/(2 N^(p-1)). Over samples, the energy
of a state has the variance N/2 (1 - 1/N) ... (1 - (p-1)/N). For p = 2 the model is the
Sherrington-Kirkpatrick model without a field, with the same couplings as in ``sk``. For large p it
approaches the random energy model of variance N/2.

All sums are exact (``landscapes.couplings``). The local fields h_i = -dH/ds_i are updated at each
flip: a flip of spin i changes the energy by 2 s_i h_i. A flip of spin m changes all h_i by
-2 s_m K_mi, where K_mi = -d^2H/ds_m ds_i is kept from the last flip of spin m. If d spins have
changed since then, K_m is updated with d rows of couplings for p = 3 and d (N - d) rows for p = 4.
This is cheaper than a new sum over all rows, and much cheaper if the trajectory flickers between
few states, so that d is small.

Sources: B. Derrida, Phys. Rev. B 24, 2613 (1981); E. Gardner, Nucl. Phys. B 257, 747 (1985).
"""

import math
from typing import Any, NamedTuple

import numpy as np

from glasscore.common.errors import Refusal, refuse
from glasscore.kernels.compilation import generic, inlined_kernel, kernel
from glasscore.landscapes.couplings import (
    pair,
    planted_table,
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
# The actual limit is memory, which ``refusal`` checks.
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
    """Couplings for p = 3 from ``landscapes.couplings.table``, and their unit."""

    couplings: np.ndarray
    unit: float


class Quadruples(NamedTuple):
    """Couplings for p = 4 from ``landscapes.couplings.table``, and their unit."""

    couplings: np.ndarray
    unit: float


@with_local_fields
class PSpin(NamedTuple):
    """Couplings, and the kept rows K_m, which affect the speed but no result.

    Attributes
    ----------
    p, tuples
        The number of spins in a coupling, and the couplings.
    changes, states
        K_m for each m, shape (N, N), and the words of the state at which K_m holds, shape
        (N, words).
    """

    p: int
    tuples: Any
    changes: np.ndarray
    states: np.ndarray


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> PSpin | sk.SherringtonKirkpatrick:
    """Draw the couplings of the disorder sample named by ``key``.

    Raises
    ------
    CampaignError
        If ``refusal`` complains.
    """
    N, p = int(N), int(options["p"])
    refuse(refusal(options, N=N))
    if p == 2:
        return sk.create(N, key, {"field": 0.0})
    return _with_couplings(N, p, table(N, p, key))


def planted(
    N: float,
    key: np.ndarray,
    options: dict[str, Any],
    words: np.ndarray,
    beta: float,
    rng: np.random.Generator,
) -> PSpin | sk.SherringtonKirkpatrick:
    """Couplings with the weight exp(-beta E) of one state."""
    N, p = int(N), int(options["p"])
    if p == 2:
        return sk.planted(N, key, {"field": 0.0}, words, beta, rng)
    return _with_couplings(N, p, planted_table(N, p, key, words, beta))


def _with_couplings(N: int, p: int, couplings: np.ndarray) -> PSpin:
    unit = unit_of(standard_deviation(N, p))
    energies = PSpin(
        p,
        Triples(couplings, unit) if p == 3 else Quadruples(couplings, unit),
        np.zeros((N, N)),
        np.zeros((N, -(-N // WORD)), np.uint64),
    )
    # At first all K_m hold at the state with all spins down.
    _add_up(couplings, (-1.0) ** p * unit, energies.changes)
    return energies


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J: the temperature of the static transition for N to infinity.

    For p = 2, T_c = 1. For p = 3 and 4 it is the transition to one step of replica symmetry
    breaking, T_K = 0.65139 and 0.61688; the dynamics falls out of equilibrium at the higher
    temperatures T_d = 0.68160 and 0.67841. These values were computed for this project from the
    equations of E. Gardner (1985).
    """
    return {2: 1.0, 3: 0.65139, 4: 0.61688}[int(options["p"])]


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density of the energy of a state over samples, a Gaussian."""
    spread = variance(int(N), int(options["p"]))
    return np.exp(-(energy**2) / (2 * spread)) / math.sqrt(2 * math.pi * spread)


def correlation(N: float, options: dict[str, Any]) -> float:
    """Correlation 1 - 2p/N of neighbours' energies: a flip changes a share p/N of all products."""
    return 1.0 - 2.0 * options["p"] / N


def refusal(options: dict[str, Any], *, N: float) -> Refusal | None:
    """The complaint about p (more than N) or N (too many couplings to store), or None."""
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
    """Add the sum of all rows of couplings for each m, times ``weight``, to ``changes``."""
    for m in range(couplings.shape[0]):
        for row in range(couplings.shape[1]):
            for i in range(couplings.shape[2]):
                changes[m, i] += weight * couplings[m, row, i]


@inlined_kernel
def _lowest(bits):
    """Index of the lowest set bit, read from the exponent of this bit as a double."""
    lowest = np.float64(bits & (~bits + ONE))
    return (lowest.view(np.int64) >> BEYOND_MANTISSA) - EXPONENT_OF_ONE


@generic
def update_changes(tuples, changes, states, spins, words, m):
    """Update K_m from the state at which it holds to the state of ``spins`` and ``words``."""


@update_changes.register
def _(tuples: Triples, changes, states, spins, words, m):
    _update_triples(tuples.couplings, tuples.unit, changes, states, spins, words, m)


@update_changes.register
def _(tuples: Quadruples, changes, states, spins, words, m):
    _update_quadruples(tuples.couplings, tuples.unit, changes, states, spins, words, m)


@kernel
def _update_triples(couplings, unit, changes, states, spins, words, m):
    """Update K_m for p = 3: each spin j that has changed contributes a change of J_mji s_j."""
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
    """Update K_m for p = 4: a product s_j s_k changes if spin j has changed and spin k has not."""
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
    # K_m does not depend on s_m, so that it holds at the new state, too.
    energies.states[spin, spin // WORD] ^= bit
    position.energy[0] = energy_after
