r"""Exact participation ratio of random energy models of N spins, averaged over samples.

.. math:: Y_2 = \Big\langle \sum_i w_i^2 \Big\rangle, \qquad w_i = e^{-\beta E_i} / Z,

is the probability that two configurations in equilibrium are the same. For M = 2^N independent
energies, ``1/Z^2 = int_0^inf u exp(-u Z) du`` turns it into a product of averages over single
energies:

.. math:: Y_2 = M \int_0^\infty u \, \langle z^2 e^{-u z} \rangle \,
          \langle e^{-u z} \rangle^{M - 1} \, du, \qquad z = e^{-\beta E} .

The integral over u is done by the trapezoidal rule in ln u, and the average over an energy by a
Gauss-Legendre sum. As N goes to infinity Y_2 is 1 - T / T_c below T_c and 0 above.

Sources: B. Derrida, Phys. Rev. B 24, 2613 (1981), for the model; M. Mezard, G. Parisi, N. Sourlas,
G. Toulouse, M. Virasoro, J. Phys. (Paris) 45, 843 (1984), for the limit; derivation.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glasscore.theory.quadrature import gauss_legendre_panels
from glasscore.theory.random_energy import Energies, check_law

Array = NDArray[np.float64]

NODES = 12
# Largest width of a panel of energies in units of T, where a Boltzmann factor changes by e^2 over 2
# T, and in units of the width of the law of energies.
WIDEST_PANEL = 2.0, 0.5
# Energies that occur in any of the states with probability exp(-40) or less are left out.
RAREST = 40.0
STEP = 0.4
MARGIN = 40.0
# Largest number of pairs of an energy and a value of u in one array.
MOST_AT_ONCE = 2_000_000


def participation_ratio(T: ArrayLike, N: int, energies: Energies) -> Array:
    """Y_2 at temperatures T.

    Parameters
    ----------
    T
        Temperatures in units of J, positive, any shape.
    N
        Number of spins.
    energies
        The law of the energies: ``"exponential"``, or ``"gaussian"`` of variance N.

    Returns
    -------
    ndarray
        Of the shape of ``T``; relative error below 4e-9 (against twice the points) for T from 0.1
        to 4 and N to 24.

    Raises
    ------
    ValueError
        If a temperature is not positive or the law is unknown.
    """
    T = np.asarray(T, np.float64)
    ratios = [independent_average(float(one), N, energies, power=2) for one in T.flat]
    check_law(energies)
    return np.array(ratios).reshape(T.shape)


def independent_average(
    T: float,
    N: int,
    energies: Energies,
    power: int,
    of_energy: Callable[[Array], Array] = np.ones_like,
) -> float:
    r"""Mean over samples of the sum of f(E_i) w_i^p over all states i.

    .. math:: M \int_0^\infty \frac{u^{p - 1}}{(p - 1)!} \langle f(E) z^p e^{-u z} \rangle \,
              \langle e^{-u z} \rangle^{M - 1} \, du

    Parameters
    ----------
    T
        Temperature in units of J, positive.
    N, energies
        As in :func:`participation_ratio`.
    power
        p, 1 or 2.
    of_energy
        The function f.

    Raises
    ------
    ValueError
        If the temperature is not positive or the law is unknown.
    """
    if not 0 < T < np.inf:
        raise ValueError("T must be positive and finite")
    check_law(energies)
    energy, share = _energies(T, N, energies)
    weighted = share * of_energy(energy)
    factor = -energy / T  # ln z
    # For smaller u the factor u makes the integrand negligible; for larger u exp(-u z) does.
    tail = MARGIN * max(1.0, 1.0 / T)
    log_u = np.arange(-factor.max() - tail, -factor.min() + np.log(MARGIN), STEP)
    total = 0.0
    rows = max(1, MOST_AT_ONCE // energy.size)
    for start in range(0, log_u.size, rows):
        log_product = log_u[start : start + rows, np.newaxis] + factor
        product = np.exp(np.minimum(log_product, np.log(700.0)))
        missing = -np.expm1(-product) @ share
        log_others = (2.0**N - 1.0) * np.log1p(-np.minimum(missing, 1.0 - 1e-16))
        total += ((product**power * np.exp(-product)) @ weighted * np.exp(log_others)).sum()
    return float(2.0**N * STEP * total)


def _energies(T: float, N: int, energies: str) -> tuple[Array, Array]:
    """Energies of a state and their probabilities."""
    if energies == "exponential":
        low, high, scale = -(RAREST + N * np.log(2.0)), 0.0, 1.0
    else:
        scale = np.sqrt(N)
        high = scale * np.sqrt(2.0 * (RAREST + N * np.log(2.0)))
        low = -high
    width = min(WIDEST_PANEL[0] * T, WIDEST_PANEL[1] * scale)
    edges = np.linspace(low, high, int(np.ceil((high - low) / width)) + 1)
    energy, weights = gauss_legendre_panels(edges, NODES)
    if energies == "exponential":
        density = np.exp(energy)
    else:
        density = np.exp(-(energy**2) / (2.0 * N)) / np.sqrt(2.0 * np.pi * N)
    return energy, weights * density
