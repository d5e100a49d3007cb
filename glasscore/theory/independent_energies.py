r"""Local minima of independent energies on the hypercube of N spins, whatever their common law.

A state is a local minimum with probability 1/(N + 1), since it and its N neighbours are equally
likely to have the lowest of their energies. So the 2^N states have on average

.. math:: \langle n \rangle = \frac{2^N}{N + 1}, \qquad
          \langle n^2 \rangle - \langle n \rangle^2 = \frac{2^N (N - 1)}{2 (N + 1)^2}

minima, and the density of minima of energy E is 2^N rho(E) (1 - F(E))^N, where F is the integral of
rho.

Derivation of the variance: two neighbours are never both minima. Two states at distance 2, of which
each state has N (N - 1)/2, share two neighbours; they are both minima with probability 1/(N (N +
1)) (the lower of the two is the lowest of 2N energies, and the other the lowest of its own N + 1).
More distant states are minima independently of each other. P. Baldi and Y. Rinott, Ann. Probab. 17,
1646 (1989), show that the number is asymptotically Gaussian.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from glasscore.theory.random_energy import Energies

Array = NDArray[np.float64]


def mean_number_of_minima(N: ArrayLike) -> Array:
    r"""Mean number of local minima, :math:`2^N / (N + 1)`.

    Parameters
    ----------
    N
        Number of spins, any shape.

    Returns
    -------
    ndarray
        Of the shape of ``N``.
    """
    N = np.asarray(N, dtype=np.float64)
    return 2.0**N / (N + 1.0)


def variance_of_number_of_minima(N: ArrayLike) -> Array:
    r"""Variance over samples of the number of local minima, :math:`2^N (N - 1) / (2 (N + 1)^2)`.

    Parameters
    ----------
    N
        Number of spins, any shape.

    Returns
    -------
    ndarray
        Of the shape of ``N``.
    """
    N = np.asarray(N, dtype=np.float64)
    return 2.0**N * (N - 1.0) / (2.0 * (N + 1.0) ** 2)


def percolation_energy(N: ArrayLike, energies: Energies) -> Array:
    r"""Energy below which a state has one lower neighbour on average: F(E_th) = 1/N.

    Parameters
    ----------
    N
        Number of spins.
    energies
        The law of the energies, ``"exponential"`` or ``"gaussian"`` (of variance N).

    Returns
    -------
    ndarray
        Energies in units of J, of the shape of ``N``: -ln N if exponential, -sqrt(2 N ln N) for
        large N if Gaussian.

    Raises
    ------
    ValueError
        If the law is unknown.

    Notes
    -----
    Since energies are independent, each state is below the energy E with probability F(E). If each
    state of the hypercube is chosen at random with probability p, most of the chosen states are
    connected from p = 1/N on, up to corrections of relative order 1/N (M. Ajtai, J. Komlos,
    E. Szemeredi, Combinatorica 2, 1 (1982), for edges; B. Bollobas, Y. Kohayakawa, T. Luczak,
    Comb. Probab. Comput. 3, 27 (1994), for states). At this energy the pools of deep minima meet.
    """
    share = 1.0 / np.asarray(N, dtype=np.float64)
    if energies == "exponential":
        return np.log(share)
    if energies == "gaussian":
        return stats.norm.ppf(share) / np.sqrt(share)
    raise ValueError(f"energies must be exponential or gaussian, got {energies}")


def barrier_density_at_threshold(barrier: ArrayLike, N: int, energies: Energies) -> Array:
    r"""Density of barriers if the saddles of all minima had the threshold energy.

    .. math:: \rho(\Delta E) \propto \rho(E) (1 - F(E))^N, \qquad E = E_{th} - \Delta E

    Parameters
    ----------
    barrier
        Barriers in units of J, not negative.
    N
        Number of spins.
    energies
        The law of the energies.

    Returns
    -------
    ndarray
        In units of 1/J, of the shape of ``barrier``; its integral over all barriers above 0 is 1.

    Raises
    ------
    ValueError
        If the law is unknown.

    Notes
    -----
    The density of minima is exact, see above. That all saddles lie at the threshold is an
    assumption, which can be compared with barrier trees.
    """
    threshold = percolation_energy(N, energies)
    energy = threshold - np.asarray(barrier, dtype=np.float64)
    density = _density(energy, N, energies) * np.exp(N * _log_survival(energy, N, energies))
    # The number of minima below the threshold over 2^N, which is the integral of rho (1 - F)^N.
    below = -np.expm1((N + 1.0) * _log_survival(threshold, N, energies)) / (N + 1.0)
    return density / below


def _density(energy: Array, N: int, energies: Energies) -> Array:
    if energies == "exponential":
        return np.exp(energy)
    return stats.norm.pdf(energy, scale=np.sqrt(N))


def _log_survival(energy: Array, N: int, energies: Energies) -> Array:
    """ln(1 - F), accurate also where F is small."""
    if energies == "exponential":
        return np.log1p(-np.exp(energy))
    return stats.norm.logsf(energy, scale=np.sqrt(N))
