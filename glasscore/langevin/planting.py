r"""Planted states: spins in equilibrium, drawn together with their pair couplings.

The joint law of couplings and a state in equilibrium,

.. math:: P(J, S) \propto P(J) \, e^{-H_J(S) / T}, \qquad
          P(S) \propto \prod_i e^{-V(S_i) / T}
          \exp \left[ \frac{g}{4} \left( \Big( \sum_i S_i^2 \Big)^2 - \sum_i S_i^4 \right) \right],
          \qquad g = \frac{J^2}{(N - 1) T^2}

for independent Gaussian couplings of variance J^2/(N - 1), can be drawn exactly at any N: first the
spins, which are independent at a given value of a common number z (by the transformation of
Hubbard and Stratonovich), then the couplings, which are Gaussian with the mean g T S_i S_j and the
unchanged variance. So the dynamics starts in equilibrium without waiting for it.

Couplings drawn in this way have the weight P(J) Z_J instead of P(J), where Z_J is their partition
function. Above the glass transition ln Z_J fluctuates by a number of order 1, so that averages per
spin under both weights differ by corrections of order 1/N. At the transition they differ by as much
as either differs from the limit: for r = 0, u = 1, N = 512 and time steps of 0.1, C(17) is 0.149(5)
from planted states, 0.125(5) at the waiting time 400 after a random start, and 0.167 for infinitely
many spins. Below the transition planted couplings are not typical of P(J).

References
----------
F. Krzakala and L. Zdeborova, Phys. Rev. Lett. 102, 238701 (2009), quiet planting. M. Aizenman,
J. L. Lebowitz and D. Ruelle, Commun. Math. Phys. 112, 3 (1987), for fluctuations of ln Z_J.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from glasscore.models.quartic_well import REACH, weight

Array = NDArray[np.float64]
# Number of nodes in z: its law is smooth.
NODES = 257
# Sums over one spin take every eighth node of ``quartic_well``, which is enough for z.
COARSER = 8
BLOCK = 256


def draw_state(
    N: int, r: float, u: float, J: float, T: float, generator: np.random.Generator
) -> Array:
    """Draw spins in the wells -r S^2 / 2 + u S^4 / 4 from the law P(S), shape (N,).

    Parameters
    ----------
    N, r, u, J, T
        Number of spins, coefficients of the well, strength of the couplings and temperature;
        u and T are above 0.
    generator
        It gives one number for z and one for each spin.
    """
    g, probability = J**2 / ((N - 1) * T**2), generator.random(1 + N)
    bend = u + g * T
    z, below = _distribution_of_z(N, g, r, bend, T)
    coefficient = r + 2 * T * float(np.interp(probability[0], below, z))
    S, of_nodes = weight(coefficient, bend, T)
    return np.interp(probability[1:], np.cumsum(of_nodes) - of_nodes / 2, S)


def plant_state(couplings: Array, spins: Array, J: float, T: float) -> None:
    """Add to couplings, in place, the mean that a planted state gives them."""
    N = len(spins)
    scaled = J / np.sqrt((N - 1) * T) * spins
    for begin in range(0, N, BLOCK):
        rows = slice(begin, begin + BLOCK)
        couplings[rows] += np.outer(scaled[rows], scaled)
    couplings[np.diag_indices(N)] = 0.0


@cache
def _distribution_of_z(N: int, g: float, r: float, bend: float, T: float) -> tuple[Array, Array]:
    """Nodes of z, and the probability that z is below each of them.

    The density is exp(-z^2 / g) Z_1(z)^N, where Z_1 is the sum of
    exp[(r / 2 + T z) S^2 / T - bend S^4 / 4 T] over one spin.
    """
    if g == 0:
        return np.zeros(2), np.array([0.0, 1.0])

    def log_density(z: Array) -> Array:
        S = weight(r + 2 * T * z[-1], bend, T)[0][::COARSER]
        exponent = (r / 2 * S**2 - bend / 4 * S**4) / T + np.multiply.outer(z, S**2)
        return N * logsumexp(exponent, axis=1) - z**2 / g

    low, high = -REACH * np.sqrt(g), REACH * np.sqrt(g)
    # The density has one maximum, because the equation for <S^2> in the mean field of all other
    # spins has one solution at and above T_g.
    while np.diff(log_density(np.array([high, 2 * high]))) > 0:
        high *= 2
    high *= 2
    while True:
        z = np.linspace(low, high, NODES)
        logarithm = log_density(z)
        logarithm -= logarithm.max()
        kept = z[logarithm > -(REACH**2) / 2]
        if kept.size > NODES / 2:
            break
        spacing = z[1] - z[0]
        low, high = kept[0] - spacing, kept[-1] + spacing
    probability = np.exp(logarithm)
    probability /= probability.sum()
    return z, np.cumsum(probability) - probability / 2
