"""Gaussian couplings of fully connected spins, stored so that all sums of them are exact.

A coupling is a hashed normal variable, rounded to a whole number of units. The unit is a power of
two between 2^-27 and 2^-26 of the standard deviation of the couplings. All sums of couplings have
fewer than 53 binary digits: no coupling exceeds 9.2 standard deviations, so that sums of up to 2^22
couplings are safe, which covers all couplings of one spin; an energy, of order N, is far from the
limit. Hence no sum depends on its order, the energy is a function of the state to the last bit,
whatever flips lead to the state, and local fields that are updated at each flip never drift.
"""

import math

import numpy as np

from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.kernels.hashing import hashed
from glasscore.kernels.normal import normal_quantile
from glasscore.landscapes.interface import ONE, WORD

DIGITS = 27
PAIRS, TRIPLES, QUADRUPLES = np.uint64(2), np.uint64(3), np.uint64(4)
# Each index takes twelve bits in the name of a coupling.
INDICES = np.uint64(4096)
# Adding 1.5 * 2**52 rounds to the nearest whole number.
ROUNDING = 6755399441055744.0


def standard_deviation(N: int, p: int) -> float:
    """Standard deviation sqrt(p! / (2 N^(p-1))) of a coupling of p spins; see ``variance``."""
    return math.sqrt(math.factorial(p) / (2.0 * float(N) ** (p - 1)))


def variance(N: int, p: int) -> float:
    """Variance of the energy of a state, binomial(N, p) p! / (2 N^(p-1)).

    This equals N/2 (1 - 1/N) ... (1 - (p-1)/N); the factors after N/2 come from the missing terms
    with equal indices.
    """
    return 0.5 * N * math.prod(1.0 - a / N for a in range(p))


def unit_of(deviation: float) -> float:
    """The power of two between 2^-27 and 2^-26 of a standard deviation."""
    return 2.0 ** (math.ceil(math.log2(deviation)) - DIGITS)


def table_size(N: int, p: int) -> int:
    """Number of entries in the table of couplings of p spins."""
    return {2: N * N, 3: N * N * N, 4: N * (N * (N - 1) // 2) * N}[p]


def table(N: int, p: int, key: np.ndarray) -> np.ndarray:
    """Draw the couplings of the disorder sample named by ``key``, in units of ``unit_of``.

    Returns
    -------
    ndarray
        The couplings as int32, zero for equal indices: J_ij in the shape (N, N), J_ijk in the shape
        (N, N, N), or J_ijkl in the shape (N, N (N - 1) / 2, N), where the middle index is that of
        the ``pair`` j < k.
    """
    deviation = standard_deviation(N, p)
    shape = {2: (N, N), 3: (N, N, N), 4: (N, N * (N - 1) // 2, N)}[p]
    couplings = np.zeros(shape, np.int32)
    fill = {2: _fill_pairs, 3: _fill_triples, 4: _fill_quadruples}[p]
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        fill(couplings, deviation / unit_of(deviation), np.uint64(key[0]), np.uint64(key[1]))
    return couplings


def planted_table(N: int, p: int, key: np.ndarray, words: np.ndarray, beta: float) -> np.ndarray:
    r"""Couplings with the weight exp(-beta E) of one state, in the form of ``table``.

    The weight shifts each coupling of the energy -sum J s_i ... s_k by

    .. math:: \beta \langle J^2 \rangle s_i \dots s_k

    and leaves its variance as it is. The shift is rounded to whole units, which changes it by less
    than 2^-26 of the standard deviation.

    Parameters
    ----------
    N, p, key
        As in ``table``.
    words
        The state.
    beta
        The inverse temperature.
    """
    couplings, deviation = table(N, p, key), standard_deviation(N, p)
    places = np.arange(N, dtype=np.uint64)
    up = words[places // np.uint64(WORD)] >> places % np.uint64(WORD) & ONE
    spins = 2 * up.astype(np.int32) - 1
    shift = np.int32(round(beta * deviation**2 / unit_of(deviation)))
    {2: _plant_pairs, 3: _plant_triples, 4: _plant_quadruples}[p](couplings, shift * spins, spins)
    return couplings


@inlined_kernel
def pair(j, k, spins):
    """Index of the pair j < k among all pairs."""
    return j * (2 * spins - j - 1) // 2 + k - j - 1


@inlined_kernel
def _coupling(first_key, second_key, scale, name):
    """The coupling with this name in whole units; ``scale`` is its standard deviation in units."""
    value = scale * normal_quantile(hashed(first_key, second_key, name))
    return np.int32((value + ROUNDING) - ROUNDING)


@kernel
def _plant_pairs(couplings, shifts, spins):
    """Add the product of two spins, with the factor in ``shifts``, to each J_ij."""
    for i in range(spins.size):
        for j in range(spins.size):
            if i != j:
                couplings[i, j] += shifts[i] * spins[j]


@kernel
def _plant_triples(couplings, shifts, spins):
    """Add the product of three spins, with the factor in ``shifts``, to each J_ijk."""
    for i in range(spins.size):
        for j in range(spins.size):
            product = shifts[i] * spins[j]
            for k in range(spins.size):
                if i != j and j != k and i != k:
                    couplings[i, j, k] += product * spins[k]


@kernel
def _plant_quadruples(couplings, shifts, spins):
    """Add the product of four spins, with the factor in ``shifts``, to each J_ijkl."""
    for i in range(spins.size):
        for j in range(spins.size):
            for k in range(j + 1, spins.size):
                product = shifts[i] * spins[j] * spins[k]
                for m in range(spins.size):
                    if i != j and i != k and i != m and j != m and k != m:
                        couplings[i, pair(j, k, spins.size), m] += product * spins[m]


@kernel
def _fill_pairs(couplings, scale, first_key, second_key):
    """Draw all J_ij; the name of i < j is (2, i, j)."""
    spins = couplings.shape[0]
    for i in range(spins):
        name = (PAIRS * INDICES + np.uint64(i)) * INDICES
        for j in range(i + 1, spins):
            couplings[i, j] = _coupling(first_key, second_key, scale, name + np.uint64(j))
    for i in range(spins):
        for j in range(i):
            couplings[i, j] = couplings[j, i]


@kernel
def _fill_triples(couplings, scale, first_key, second_key):
    """Draw all J_ijk; the name of i < j < k is (3, i, j, k)."""
    spins = couplings.shape[0]
    for i in range(spins):
        for j in range(i + 1, spins):
            name = ((TRIPLES * INDICES + np.uint64(i)) * INDICES + np.uint64(j)) * INDICES
            for k in range(j + 1, spins):
                value = _coupling(first_key, second_key, scale, name + np.uint64(k))
                couplings[i, j, k] = value
                couplings[j, i, k] = value
    for i in range(spins):
        for j in range(i + 1, spins):
            for k in range(j):
                # The loop above has set the entries with k > j; the others follow by symmetry.
                couplings[i, j, k] = couplings[min(i, k), max(i, k), j] if k != i else np.int32(0)
                couplings[j, i, k] = couplings[i, j, k]


@kernel
def _fill_quadruples(couplings, scale, first_key, second_key):
    """Draw all J_ijkl; the name of i < j < k < l is (4, i, j, k, l)."""
    spins = couplings.shape[0]
    for a in range(spins):
        for b in range(a + 1, spins):
            for c in range(b + 1, spins):
                name = (QUADRUPLES * INDICES + np.uint64(a)) * INDICES + np.uint64(b)
                name = (name * INDICES + np.uint64(c)) * INDICES
                for d in range(c + 1, spins):
                    value = _coupling(first_key, second_key, scale, name + np.uint64(d))
                    for i, j, k, m in (
                        (a, b, c, d),
                        (a, b, d, c),
                        (a, c, d, b),
                        (b, a, c, d),
                        (b, a, d, c),
                        (b, c, d, a),
                        (c, a, b, d),
                        (c, a, d, b),
                        (c, b, d, a),
                        (d, a, b, c),
                        (d, a, c, b),
                        (d, b, c, a),
                    ):
                        couplings[i, pair(j, k, spins), m] = value
