r"""Equilibrium states of the pure spherical p-spin model, p >= 3, at any temperature.

With f(q) = q^p / 2, overlap q inside a state and the parameter m of Parisi, per spin,

.. math:: \beta f = -\frac{\beta^2}{4} \left[ 1 - (1 - m) q^p \right]
                    - \frac12 \left[ \left( 1 - \frac1m \right) \ln(1 - q)
                    + \frac1m \ln(1 - q + m q) \right]

with the entropy relative to that at infinite temperature, is stationary in q,

.. math:: \frac{p \beta^2}{2} q^{p-2} (1 - q)(1 - q + m q) = 1

Above T_d there is one state with q = 0. Between T_s and T_d equilibrium consists of exp(N Sigma)
states, and m = 1. Below T_s, f is stationary also in m, and Sigma = 0.

References
----------
A. Crisanti and H.-J. Sommers, Z. Phys. B 87 (1992) 341. R. Monasson, Phys. Rev. Lett. 75 (1995)
2847, for the complexity.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from glasscore.common.errors import CampaignError
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import dynamical_transition, static_transition


class State(NamedTuple):
    """Equilibrium at one temperature.

    Attributes
    ----------
    overlap
        The overlap q inside a state.
    breaking
        Parisi's parameter m, which is 1 above T_s.
    energy, entropy
        Energy and entropy of the system per spin; the entropy is relative to that at infinite
        temperature.
    complexity
        Sigma = ln(number of states) / N, which is 0 below T_s and above T_d.
    replicon
        1 - beta^2 f''(q) (1 - q)^2, which is positive, so that one step of breaking is exact.
    """

    overlap: float
    breaking: float
    energy: float
    entropy: float
    complexity: float
    replicon: float


def equilibrium(p: int, T: float) -> State:
    r"""Overlap, energy, entropy and complexity in equilibrium.

    .. math:: e &= -\frac{\beta}{2} \left[ 1 - (1 - m) q^p \right] \\
              \Sigma &= \frac12 \left[ \ln(1 + y) - \frac{y}{1 + y} - \frac{y^2}{p (1 + y)}
                        \right], \qquad y = \frac{m q}{1 - q}

    Below T_s the condition Sigma = 0 fixes y, which has the same value at all these temperatures.

    Parameters
    ----------
    p
        Number of spins that interact, at least 3.
    T
        Temperature, above 0.

    Raises
    ------
    CampaignError
        If p is not an integer from 3 or T is not positive: at T = 0 the entropy is infinite.

    Notes
    -----
    Source: Crisanti and Sommers (1992), Monasson (1995).
    """
    if p != int(p) or p < 3:
        raise CampaignError(f"p = {p:g} has no states of one step: it must be an integer from 3.")
    if not 0 < T < np.inf:
        raise CampaignError(f"T = {T:g} is out of range: it must be above 0 and finite.")
    model = covariance({float(p): 0.5})
    if dynamical_transition(model).temperature <= T:
        return State(0.0, 1.0, -1 / (2 * T), -1 / (4 * T**2), 0.0, 1.0)
    if static_transition(model).temperature <= T:
        q = _overlap(p, T, None)
        y = q / (1 - q)
    else:
        y = _ratio_without_complexity(p)
        q = _overlap(p, T, y)
    m = min(y * (1 - q) / q, 1.0)
    lost = (1 - m) * q**p
    energy = -(1 - lost) / (2 * T)
    spread = 0.5 * (np.log1p(-q) + np.log1p(y) / m)
    replicon = 1 - p * (p - 1) / 2 * q ** (p - 2) * (1 - q) ** 2 / T**2
    sigma = _complexity(p, y) if m == 1 else 0.0
    return State(q, m, energy, -(1 - lost) / (4 * T**2) + spread, sigma, replicon)


def _overlap(p: int, T: float, y: float | None) -> float:
    """The larger root of p q^(p-2) (1 - q)^2 (1 + y) / 2 = T^2; y = q / (1 - q) if None."""
    marginal = (p - 2) / (p - 1) if y is None else (p - 2) / p

    def excess(q: float) -> float:
        rest = (1 - q) if y is None else (1 - q) ** 2 * (1 + y)
        return p / 2 * q ** (p - 2) * rest - T**2

    return float(brentq(excess, marginal, 1.0, xtol=1e-16))


def _ratio_without_complexity(p: int) -> float:
    """The positive root y of Sigma = 0: as y grows, Sigma first rises, as (1/2 - 1/p) y^2 / 2."""
    return float(brentq(lambda y: _complexity(p, y) / y**2, 1e-3, 1e3 * p, xtol=1e-15))


def _complexity(p: int, y: float) -> float:
    return float(0.5 * (np.log1p(y) - y / (1 + y) - y**2 / (p * (1 + y))))
