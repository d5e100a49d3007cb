r"""Equilibrium of spins in pair couplings, drawn with them: states are planted.

The joint law of couplings and a state in equilibrium,

.. math:: P(J, S) \propto P(J) \, e^{-H_J(S) / T}, \qquad
          P(S) \propto \prod_i e^{-V(S_i) / T}
          \exp \left[ \frac{g}{4} \left( \Big( \sum_i S_i^2 \Big)^2 - \sum_i S_i^4 \right) \right],
          \qquad g = \frac{J^2}{(N - 1) T^2}

for independent Gaussian couplings of variance J^2/(N - 1), can be drawn exactly at any N: first the
spins, independent but for a common number z (Hubbard and Stratonovich), then the couplings,
Gaussian around g T S_i S_j with their variance unchanged. The state needs no time to come to
equilibrium.

Couplings then have the weight P(J) Z_J, by their partition function. Above the glass transition
ln Z_J fluctuates by a number of order 1, so that averages per spin are those of P(J) but for
corrections in 1/N. At the transition the two differ by as much as either differs from the limit: of
r = 0, u = 1 at N = 512, steps of 0.1, C(17) is 0.149(5) planted, 0.125(5) at 400 behind a random
start, 0.167 for N = infinity. Below it planted couplings are others.

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
# Nodes of z, of which the law is smooth.
NODES = 257
# Of sums over one spin, in nodes of ``quartic_well``.
COARSER = 8
BLOCK = 256


def state(N: int, r: float, u: float, J: float, T: float, generator: np.random.Generator) -> Array:
    """Spins in the wells -r S^2 / 2 + u S^4 / 4, shape (N,), as if couplings were to follow.

    Parameters
    ----------
    N, r, u, J, T
        As above; u and T above 0.
    generator
        Gives one number for z and one for each spin.
    """
    g, probability = J**2 / ((N - 1) * T**2), generator.random(1 + N)
    bend = u + g * T
    z, below = _law_of_z(N, g, r, bend, T)
    coefficient = r + 2 * T * float(np.interp(probability[0], below, z))
    S, of_nodes = weight(coefficient, bend, T)
    return np.interp(probability[1:], np.cumsum(of_nodes) - of_nodes / 2, S)


def plant(couplings: Array, spins: Array, J: float, T: float) -> None:
    """Add the mean of couplings that belong to a state, in place."""
    N = len(spins)
    scaled = J / np.sqrt((N - 1) * T) * spins
    for begin in range(0, N, BLOCK):
        rows = slice(begin, begin + BLOCK)
        couplings[rows] += np.outer(scaled[rows], scaled)
    couplings[np.diag_indices(N)] = 0.0


@cache
def _law_of_z(N: int, g: float, r: float, bend: float, T: float) -> tuple[Array, Array]:
    """Nodes of z, and the probability to be below each, by its density exp(-z^2 / g) Z_1(z)^N.

    Z_1 is the sum over one spin, exp[(r / 2 + T z) S^2 / T - bend S^4 / 4 T].
    """
    if g == 0:
        return np.zeros(2), np.array([0.0, 1.0])

    def logarithm(z: Array) -> Array:
        S = weight(r + 2 * T * z[-1], bend, T)[0][::COARSER]
        exponent = (r / 2 * S**2 - bend / 4 * S**4) / T + np.multiply.outer(z, S**2)
        return N * logsumexp(exponent, axis=1) - z**2 / g

    low, high = -REACH * np.sqrt(g), REACH * np.sqrt(g)
    # The density has one maximum: from T_g on, <S^2> in the mean of all others has one solution.
    while np.diff(logarithm(np.array([high, 2 * high]))) > 0:
        high *= 2
    high *= 2
    while True:
        z = np.linspace(low, high, NODES)
        density = logarithm(z)
        density -= density.max()
        kept = z[density > -(REACH**2) / 2]
        if kept.size > NODES / 2:
            break
        spacing = z[1] - z[0]
        low, high = kept[0] - spacing, kept[-1] + spacing
    probability = np.exp(density)
    probability /= probability.sum()
    return z, np.cumsum(probability) - probability / 2
