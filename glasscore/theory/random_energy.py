"""Thermodynamics of random energy models with 2^N independent energies.

Energies have one of two laws: ``"exponential"`` with the density ``exp(E)`` for E < 0, or
``"gaussian"`` with mean 0 and variance N, where N is the number of spins. Energies are in units of
J. One attempted flip is one unit of time.

References
----------
B. Derrida, Phys. Rev. B 24 (1981) 2613 (there the variance is N / 2: divide temperatures and
energies by the square root of two). M. Baity-Jesi, G. Biroli and C. Cammarota, J. Stat. Mech.
(2018) 013301, for the threshold.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.arguments import positive

Energies = Literal["exponential", "gaussian"]
Array = NDArray[np.float64]


class Equilibrium(NamedTuple):
    """Averages of the Boltzmann distribution for N to infinity.

    Attributes
    ----------
    energy, entropy
        Per spin.
    participation
        Mean sum of the squares of all Boltzmann weights.
    """

    energy: float
    entropy: float
    participation: float


def equilibrium(T: float, energies: Energies) -> Equilibrium:
    r"""Energy, entropy and participation in equilibrium.

    .. math:: e = -\frac1T, \quad s = \ln 2 - \frac{1}{2 T^2}, \quad Y = 0 \qquad (T > T_c)

    for Gaussian energies, and ``e = 0``, ``s = ln 2`` for exponential ones. Below T_c both have

    .. math:: e = e_0, \quad s = 0, \quad Y = 1 - \frac{T}{T_c}

    Parameters
    ----------
    T
        Temperature in units of J, not negative.
    energies
        The law of the energies.

    Raises
    ------
    ValueError
        If the law is unknown or T is negative.

    Notes
    -----
    Source: Derrida (1981); for the participation B. Derrida and G. Toulouse, J. Physique Lett. 46
    (1985) L223.
    """
    critical = critical_temperature(energies)
    if not 0 <= T < np.inf:
        raise ValueError(f"T = {T:g} must be at least 0 and finite")
    if critical > T:
        return Equilibrium(float(ground_state_energy_density(energies)), 0.0, 1 - T / critical)
    if energies == "exponential":
        return Equilibrium(0.0, float(np.log(2)), 0.0)
    # At T_c the entropy vanishes, and rounding could make it negative.
    return Equilibrium(-1 / T, max(float(np.log(2)) - 1 / (2 * T**2), 0.0), 0.0)


def level_entropy(energy: ArrayLike, energies: Energies) -> Array:
    r"""Logarithm, per spin, of the number of levels at an energy per spin.

    .. math:: s(e) = \ln 2 - \frac{e^2}{2} \quad \text{(Gaussian)}, \qquad
              s(e) = \ln 2 + e \quad \text{(exponential, } e \le 0 \text{)}

    Parameters
    ----------
    energy
        e, any shape.
    energies
        The law of the energies.

    Returns
    -------
    ndarray
        Of the shape of ``energy``; minus infinity where there are no levels.

    Raises
    ------
    ValueError
        If the law is unknown.

    Notes
    -----
    Source: Derrida (1981).
    """
    lowest = ground_state_energy_density(energies)
    e = np.asarray(energy, dtype=np.float64)
    if energies == "gaussian":
        return np.where(np.abs(e) <= -lowest, np.log(2) - e**2 / 2, -np.inf)
    return np.where((e >= lowest) & (e <= 0), np.log(2) + e, -np.inf)


def critical_temperature(energies: Energies) -> float:
    """The critical temperature: 1 for exponential energies, ``1 / sqrt(2 ln 2)`` for Gaussian ones.

    Parameters
    ----------
    energies
        The law of the energies.

    Raises
    ------
    ValueError
        If the law is unknown.
    """
    check_law(energies)
    return 1.0 if energies == "exponential" else 1.0 / np.sqrt(2.0 * np.log(2.0))


def ground_state_energy_density(energies: Energies) -> float:
    r"""Lowest energy per spin as N goes to infinity: ``-ln 2``, or ``-sqrt(2 ln 2)`` if Gaussian.

    Parameters
    ----------
    energies
        The law of the energies.

    Raises
    ------
    ValueError
        If the law is unknown.
    """
    check_law(energies)
    return -np.log(2.0) if energies == "exponential" else -np.sqrt(2.0 * np.log(2.0))


def ground_state_energy(N: ArrayLike, energies: Energies) -> Array:
    r"""Mean lowest energy of 2^N energies (extreme-value law).

    .. math:: -(N \ln 2 + \gamma) \quad \text{(exponential)}, \qquad
              -N \beta_c + \frac{\ln(4 \pi N \ln 2)}{2 \beta_c} - \frac{\gamma}{\beta_c}
              \quad \text{(Gaussian)}

    Parameters
    ----------
    N
        Number of spins, any shape, positive.
    energies
        The law of the energies.

    Returns
    -------
    ndarray
        Energies of the shape of ``N``. The error is 2^-(N + 1) for exponential energies (the exact
        mean is minus the harmonic number of 2^N) and of order ``(ln N)^2 / N`` for Gaussian ones.

    Raises
    ------
    ValueError
        If the law is unknown or N is not positive.

    Notes
    -----
    This is the mean of Gumbel's law around the energy below which one level is expected
    (derivation).
    """
    check_law(energies)
    N = positive(N, "N")
    if energies == "exponential":
        return -(N * np.log(2.0) + np.euler_gamma)
    beta_c = 1.0 / critical_temperature(energies)
    return (
        -N * beta_c + np.log(4.0 * np.pi * N * np.log(2.0)) / (2.0 * beta_c)
    ) - np.euler_gamma / beta_c


def asymptotic_threshold_energy(N: ArrayLike, energies: Energies) -> Array:
    r"""Energy below which a configuration is typically lower than its N neighbours, for large N.

    .. math:: -\ln N / \beta_c \quad \text{(exponential)}, \qquad
              -\sqrt{2 N \ln N} \quad \text{(Gaussian)}

    Parameters
    ----------
    N
        Number of spins, any shape, at least 1.
    energies
        The law of the energies.

    Returns
    -------
    ndarray
        Energies of the shape of ``N``.

    Raises
    ------
    ValueError
        If the law is unknown or N is below 1.
    """
    check_law(energies)
    N = positive(N, "N")
    if np.any(N < 1):
        raise ValueError("N must be at least 1")
    if energies == "exponential":
        return -np.log(N)
    return -np.sqrt(2.0 * N * np.log(N))


def log_equilibration_time(N: ArrayLike, T: ArrayLike, energies: Energies) -> Array:
    r"""Estimate of the natural logarithm of the equilibration time below T_c.

    .. math:: \ln t_{eq} = \beta (|E_{min}| - |E_{th}|)

    Parameters
    ----------
    N
        Number of spins.
    T
        Temperature in units of J, broadcast against ``N``.
    energies
        The law of the energies.

    Returns
    -------
    ndarray
        Natural logarithms of attempts, of the broadcast shape.

    Raises
    ------
    ValueError
        If the law is unknown, N is below 1 or T is not positive.

    Notes
    -----
    This is the Arrhenius time from the mean ground state to the threshold (derivation). It
    estimates the exponent, not the prefactor.
    """
    depth = asymptotic_threshold_energy(N, energies) - ground_state_energy(N, energies)
    return depth / positive(T, "T")


def local_exponent(energy: ArrayLike, N: ArrayLike, T: ArrayLike) -> Array:
    r"""Exponent of the aging function at the depth reached, for Gaussian energies.

    .. math:: x = \frac{|E|}{N \beta}

    Parameters
    ----------
    energy
        Mean energy E at the waiting time, not positive.
    N, T
        Number of spins and temperature in units of J. All are broadcast against each other.

    Returns
    -------
    ndarray
        Exponents of the broadcast shape; T / T_c at the ground state.

    Raises
    ------
    ValueError
        If an energy is positive, or N or T is not positive.

    Notes
    -----
    This is the slope of the logarithm of the density of states at E, divided by beta (derivation).
    It equals the exponent gamma / beta^2 on time scales exp(gamma N) of Ben Arous, Bovier and Cerny
    (2008).
    """
    energy = np.asarray(energy, dtype=np.float64)
    if np.any(energy > 0):
        raise ValueError("energy must not be positive")
    return np.abs(energy) * positive(T, "T") / positive(N, "N")


def check_law(energies: str) -> None:
    """Raise ValueError if the law of the energies is not known."""
    if energies not in ("exponential", "gaussian"):
        raise ValueError(f"energies must be exponential or gaussian, got {energies}")
