r"""Correlated Gaussian energies: <E_a E_b> = N q^(alpha N), q = 1 - 2 d/N the overlap of a and b.

Each energy has the variance N. The energies of neighbours have the correlation (1 - 2/N)^(alpha N),
which tends to exp(-2 alpha) for large N. If p = alpha N is a whole number, the model is the p-spin
model with all products of p spins, products with equal indices included; at alpha = 1/N it
describes independent spins in random fields. For alpha >= ln N it is in effect the random energy
model.

The covariance depends on the Hamming distance d of a and b alone, so that the characters of the
hypercube diagonalise it (``landscapes.walsh_hadamard``). With independent standard normal variables
g_b, the energies

.. math:: E_a = 2^{-N/2} \sum_b (-1)^{|a \wedge b|} \sqrt{\lambda_{|b|}} \, g_b

have exactly this covariance. All 2^N energies are stored: 8 MiB at N = 20, 128 MiB at N = 24.

If alpha N is not a whole number, the power of a negative q is defined as that of |q|, with the sign
of the nearest whole power. Some eigenvalues may then be negative, and such values of alpha are
refused. No eigenvalue is negative for whole alpha N (I. Schur's product theorem) or for alpha >= 1
(derivation: eigenvalue k is an average of k-th differences of the power, and these have the sign of
the k-th derivative, which is not negative for k <= N <= alpha N).

Sources: M. Baity-Jesi, A. Achard-de Lustrac, G. Biroli, arXiv:1805.04581 (2018), for the model;
B. Derrida, Phys. Rev. B 24, 2613 (1981), for whole p and its limit.
"""

import math
from decimal import Context, Decimal, localcontext
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from glasscore.common.errors import Refusal, refuse
from glasscore.kernels.compilation import inlined_kernel, kernel, kernels_running
from glasscore.kernels.hashing import hashed
from glasscore.kernels.normal import normal_quantile
from glasscore.landscapes.interface import level
from glasscore.landscapes.walsh_hadamard import krawtchouk, transform

INFINITE_N = False
# The actual limit is memory, which ``refusal`` checks.
LARGEST_N = 4096
LARGEST_STORED_N = 24
OPTIONS: dict[str, Any] = {
    "alpha": {
        "description": "a number above 0 and at most 100",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 100,
    }
}
# alpha N counts as a whole number if it is this close to one, since alpha is a rounded decimal
# fraction.
WHOLE = 1e-9
# Decimal digits of the alternating sums, which lose up to 16 digits at N = 24. Sums that vanish
# exactly are computed as numbers below ``ZERO``, relative to the largest sum.
DIGITS = 60
ZERO = Decimal("1e-30")
UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


class Correlated(NamedTuple):
    """The energy of each state, and the word with all N spins up."""

    table: np.ndarray
    all_up: np.uint64


def create(N: float, key: np.ndarray, options: dict[str, Any]) -> Correlated:
    """Draw all 2^N energies of the disorder sample named by ``key``.

    Raises
    ------
    CampaignError
        If ``refusal`` complains.
    """
    N, alpha = int(N), float(options["alpha"])
    refuse(refusal(options, N=N))
    scales = np.array([math.sqrt(value / 2.0**N) for value in eigenvalues(N, alpha)])
    table = np.empty(2**N)
    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with kernels_running(), np.errstate(over="ignore"):
        _draw(table, scales, np.uint64(key[0]), np.uint64(key[1]))
        transform(table)
    return Correlated(table, np.uint64(2**N - 1))


def critical_temperature(options: dict[str, Any]) -> float:
    """T_c in units of J, for N to infinity at fixed alpha: that of the random energy model.

    At fixed alpha the power alpha N grows with N, so that correlations vanish at any overlap below
    1. At a fixed power p = alpha N the static transition is at a higher temperature: 0.9212 for p =
    3, 0.8724 for p = 4, 0.8584 for p = 5 (theory of E. Gardner, Nucl. Phys. B 257, 747 (1985)),
    sqrt 2 for p = 2.
    """
    return 1.0 / math.sqrt(2.0 * math.log(2.0))


def threshold(N: float, options: dict[str, Any]) -> float | None:
    r"""The energy of states that have one lower neighbour on average.

    A neighbour of a state of energy E has a Gaussian energy of mean r E and variance N (1 - r^2),
    with the correlation r of neighbours, so that

    .. math:: N \Phi \left( \frac{E}{\sqrt{N}} \sqrt{\frac{1 - r}{1 + r}} \right) = 1

    at the threshold (derivation). This is exact at any N; correlations lower the threshold.

    Returns
    -------
    float or None
        None if on average fewer than one of all states lies at so low an energy. This happens at
        small alpha, where states have lower neighbours down to nearly the lowest energies.
    """
    r = correlation(N, options)
    normal = NormalDist().inv_cdf(1.0 / N) * math.sqrt((1.0 + r) / (1.0 - r))
    return math.sqrt(N) * normal if 2.0**N * NormalDist().cdf(normal) >= 1.0 else None


def density(energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
    """Probability density exp(-E^2 / 2N) / sqrt(2 pi N) of the energy of one state."""
    return np.exp(-(energy**2) / (2 * N)) / math.sqrt(2 * math.pi * N)


def correlation(N: float, options: dict[str, Any]) -> float:
    """Correlation (1 - 2/N)^(alpha N) of neighbours' energies."""
    return (1.0 - 2.0 / N) ** (options["alpha"] * N)


def refusal(options: dict[str, Any], *, N: float) -> Refusal | None:
    """The complaint about N (too much memory) or alpha (no covariance matrix), or None."""
    N, alpha = int(N), float(options["alpha"])
    if N > LARGEST_STORED_N:
        requirement = (
            f"be at most {LARGEST_STORED_N}, since all 2^N energies are kept and those of {N} "
            f"spins would take {_memory(N)}"
        )
        return "N", N, requirement
    for k, value in enumerate(eigenvalues(N, alpha)):
        if value < 0.0:
            requirement = (
                f"make N q^(alpha N) a covariance, as {max(1, round(alpha * N)) / N:.12g} (alpha N "
                f"whole) and all alpha >= 1 do at N = {N}, where its eigenvalue {k} of 0 to {N} "
                f"is {value:.3g}"
            )
            return "alpha", alpha, requirement
    return None


@cache
def eigenvalues(N: int, alpha: float) -> tuple[float, ...]:
    r"""Eigenvalues of the covariance matrix, accurate to all digits of a double.

    .. math:: \lambda_k = \sum_{d=0}^N N q_d^{\alpha N} \sum_{b: |b| = d} (-1)^{|a \wedge b|},
              \quad |a| = k, \quad q_d = 1 - 2 d / N

    Parameters
    ----------
    N, alpha
        Number of spins and exponent.

    Returns
    -------
    tuple of float
        N + 1 eigenvalues in units of J^2, the k-th with the multiplicity binomial(N, k).

    Notes
    -----
    The terms alternate in sign and may cancel to all digits of a double. They are therefore summed
    with 60 decimal digits, which gives the same result on every machine.
    """
    with localcontext(Context(prec=DIGITS)):
        covariance = [_power(Decimal(N - 2 * d) / N, alpha * N) * N for d in range(N + 1)]
        sums = [
            sum((c * count for c, count in zip(covariance, row, strict=True)), start=Decimal(0))
            for row in krawtchouk(N)
        ]
        largest = max(abs(value) for value in sums)
        return tuple(float(value) if abs(value) > ZERO * largest else 0.0 for value in sums)


def _power(q: Decimal, p: float) -> Decimal:
    """|q|^p, with the sign of the nearest whole power of q if q is negative."""
    nearest = round(p)
    if nearest > 0 and abs(p - nearest) < WHOLE:
        return q**nearest
    return abs(q) ** Decimal(p) * (-1 if q < 0 and nearest % 2 == 1 else 1)


def _memory(N: int) -> str:
    """The memory of 2^N doubles, in words."""
    unit, rest = divmod(N + 3, 10)
    return f"{2**rest} {UNITS[unit]}" if unit < len(UNITS) else f"2^{N + 3} bytes"


@inlined_kernel
def _spins_up(word):
    """Number of set bits."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (word * np.uint64(0x0101010101010101)) >> np.uint64(56)


@kernel
def _draw(table, scales, first_key, second_key):
    """Draw independent normal numbers, scaled by a factor for the number of spins up."""
    for state in range(table.size):
        table[state] = normal_quantile(hashed(first_key, second_key, np.uint64(state)))
    # This loop is separate, since looking up ``scales`` would keep the first loop from being
    # vectorised.
    for state in range(table.size):
        table[state] *= scales[_spins_up(np.uint64(state))]


@level.register
def _(energies: Correlated, word):
    return energies.table[word & energies.all_up]
