r"""Equilibrium of one spin in a quartic well: the weight exp[(c S^2 / 2 - u S^4 / 4) / T].

The coefficient c is that of the well itself plus what other spins add to it on average.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# The nodes end where the weight is exp(-REACH^2 / 2) of its maximum.
REACH = 12.0
NODES = 8192
# A temperature that is lower than T_g by this share or less is taken for a rounded T_g.
ROUNDING = 1e-9


def weight(coefficient: float, u: float, T: float) -> tuple[Array, Array]:
    """Equally spaced nodes in S, symmetric around zero, and their weights, which sum to 1.

    u and T are above 0. The trapezoidal rule converges faster than any power of the spacing.
    """
    # The end is where the exponent is REACH^2 / 2 below its maximum.
    fall = 2 * u * T * REACH**2
    if coefficient > 0:
        end = np.sqrt((coefficient + np.sqrt(fall)) / u)
    else:
        end = np.sqrt(2 * T / (np.sqrt(coefficient**2 + fall) - coefficient)) * REACH
    S = np.linspace(-end, end, NODES + 1)
    exponent = (coefficient / 2 * S**2 - u / 4 * S**4) / T
    found = np.exp(exponent - exponent.max())
    return S, found / found.sum()


def second_moment(coefficient: float, u: float, T: float) -> float:
    """The average <S^2>."""
    S, found = weight(coefficient, u, T)
    return float(np.sum(found * S * S))


def above_transition(r: float, u: float, J: float, T: float) -> bool:
    """Whether T is above the glass transition of Sherrington-Kirkpatrick couplings, or at it.

    The couplings add J S^2 / 2 to the well at T_g, where T_g = J <S^2>; and J <S^2> / T decreases
    with T. As in :mod:`glasscore.dmft.single_site`, T may be a rounded T_g.
    """
    return J * second_moment(r + J, u, T) <= T * (1 + ROUNDING)
