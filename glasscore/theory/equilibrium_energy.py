r"""Mean and variance of the energy in equilibrium, over disorder samples and states, at finite N.

In a *planted* sample a state and its landscape are drawn together, with the weight of both,

.. math:: P(J, s) \propto P_0(J) \, e^{-\beta E_J(s)}

so that the energy of the state has the density of one energy over samples times exp(-beta E). If
that density is a Gaussian of variance V, the energy is Gaussian with the mean -beta V and the
variance V. A state in equilibrium in a sample of the model's own law has another energy; where
energies are independent it is known, too.

Sources: F. Krzakala and L. Zdeborova, Phys. Rev. Lett. 102, 238701 (2009), for planted states; B.
Derrida, Phys. Rev. B 24, 2613 (1981), for independent energies; derivation.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from glasscore.theory.participation import independent_average
from glasscore.theory.quadrature import gauss_legendre_panels
from glasscore.theory.random_energy import Energies

Array = NDArray[np.float64]
NODES = 12
# The characteristic function of D is integrated from e^LEAST on; below it is 1. Beyond LARGEST only
# its mean power matters.
LEAST, LARGEST = -18.0, 2000.0
WIDTH = 0.5


class Law(NamedTuple):
    """Mean and variance of the energy, in units of J and J^2."""

    mean: float
    variance: float


def planted_gaussian(variance: float, T: float) -> Law:
    """The law for energies that are Gaussian over samples: mean -V / T, variance V.

    Parameters
    ----------
    variance
        V, the variance of the energy of a state over samples.
    T
        Temperature, positive.
    """
    return Law(-variance / T, variance)


def planted_exponential(T: float) -> Law:
    """The law for exponential energies, as for infinitely many traps: -E has the mean T / (T - 1).

    Parameters
    ----------
    T
        Temperature in units of T_c, above 1: below, there is no equilibrium.

    Raises
    ------
    ValueError
        If T is not above 1.
    """
    _check_above(T)
    depth = T / (T - 1.0)
    return Law(-depth, depth**2)


def planted_partition(N: int, T: float) -> Law:
    r"""The law for the logarithm in the number partitioning problem of real numbers.

    With D the sum of N independent numbers that are uniform in (-1, 1),

    .. math:: M(\beta) = \langle |D|^{-\beta} \rangle = \frac{1}{\Gamma(\beta) \cos(\pi \beta / 2)}
              \int_0^\infty k^{\beta - 1} \left( \frac{\sin k}{k} \right)^N dk,

    and the first two derivatives of ln M are minus the mean and the variance of ln|D|.

    Parameters
    ----------
    N
        How many numbers there are, at least 2.
    T
        Temperature in units of T_c, above 1.

    Returns
    -------
    Law
        To about 1e-9 (1e-6 for N = 2) for T up to 100. For N to infinity the mean is
        (psi((1 - beta) / 2) + ln(4 / pi)) / 2, and the variance psi'((1 - beta) / 2) / 4.

    Raises
    ------
    ValueError
        If T is not above 1.

    Notes
    -----
    The integral of k^(beta - 1) cos(k D) is Gamma(beta) cos(pi beta / 2) |D|^(-beta) (derivation).
    """
    _check_above(T)
    beta = 1.0 / T
    whole, first, second = _moments_of_wave_numbers(N, beta)
    mean, square = first / whole, second / whole
    angle = 0.5 * np.pi * beta
    slope = mean - special.digamma(beta) + 0.5 * np.pi * np.tan(angle)
    curvature = square - mean**2 - special.polygamma(1, beta)
    curvature += (0.5 * np.pi / np.cos(angle)) ** 2
    return Law(float(-slope + 0.5 * np.log(6.0 / (np.pi * N))), float(curvature))


def _moments_of_wave_numbers(N: int, beta: float) -> tuple[float, float, float]:
    """Integrals of (ln k)^n k^(beta - 1) (sin k / k)^N for n = 0, 1, 2."""
    log_k, weights = gauss_legendre_panels(np.arange(LEAST, WIDTH, WIDTH), NODES)
    k, weights_beyond = gauss_legendre_panels(np.arange(1.0, LARGEST + WIDTH, WIDTH), NODES)
    log_k, weights = np.append(log_k, np.log(k)), np.append(weights, weights_beyond / k)
    each = weights * np.exp(beta * log_k) * np.sinc(np.exp(log_k) / np.pi) ** N
    # Below: exp(beta x) x^n from minus infinity to LEAST.
    a, start = LEAST, math.exp(beta * LEAST) / beta
    below = start * np.array([1.0, a - 1 / beta, a**2 - 2 * a / beta + 2 / beta**2])
    # Above: the mean of sin^N times k^(beta - 1 - N) (ln k)^n.
    mean_power = math.comb(N, N // 2) / 2**N if N % 2 == 0 else 0.0
    c, b = N - beta, math.log(k[-1] + 0.5 * WIDTH)
    end = mean_power * math.exp(-c * b) / c
    above = end * np.array([1.0, b + 1 / c, b**2 + 2 * b / c + 2 / c**2])
    sums = np.array([each.sum(), (each * log_k).sum(), (each * log_k**2).sum()])
    whole, first, second = (below + sums + above).tolist()
    return whole, first, second


def independent_levels(T: float, N: int, energies: Energies) -> Law:
    r"""The law for 2^N independent energies, in samples of the model itself, at any temperature.

    .. math:: \langle E \rangle = M \int_0^\infty \langle E z e^{-u z} \rangle \,
              \langle e^{-u z} \rangle^{M - 1} \, du, \qquad z = e^{-E / T}, \quad M = 2^N,

    and likewise for E^2.

    Parameters
    ----------
    T
        Temperature in units of J, positive.
    N
        Number of spins.
    energies
        The law of the energies: ``"exponential"``, or ``"gaussian"`` of variance N.

    Raises
    ------
    ValueError
        If T is not positive or the law is unknown.
    """
    mean, square = (
        independent_average(T, N, energies, power=1, of_energy=of_energy)
        for of_energy in (np.positive, np.square)
    )
    return Law(mean, square - mean**2)


def _check_above(T: float) -> None:
    if not 1 < T < np.inf:
        raise ValueError(f"T must be above T_c = 1 and finite, got {T:g}")
