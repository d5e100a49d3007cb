r"""Long-time limits of spherical models whose replica symmetry breaks continuously.

With the energy covariance f(q) = sum_p a_p q^p, the slow dynamics is marginal at each overlap C of
a continuous range, f''(C) chi(C)^2 = 1, so that the integrated response is

.. math:: \chi(C) = f''(C)^{-1/2}, \qquad
          X(C) = -T \frac{d\chi}{dC} = \frac{T}{2} \frac{f'''(C)}{f''(C)^{3/2}}
          \qquad (0 \leq C \leq q_0)

X = 1 above the plateau q, where f''(q) (1 - q)^2 = T^2. X cannot decrease, and the right-hand side
does not as long as f''^(-1/2) is concave. If this holds up to the plateau, q_0 = q. Otherwise X is
constant between q_0 and q, where chi is the chord of f''^(-1/2), and the equation of motion of the
slow correlation holds at both ends if

.. math:: f'(q) - f'(q_0) = (q - q_0) \sqrt{f''(q) f''(q_0)}

If this equation has the root q_0 = 0, the continuous range has shrunk to nothing, and X is constant
up to the plateau. For f(q) = q^2/2 + q^4/4, q_0 falls to 0 for T to 0.

The energy is E = -(1/T) int_0^1 X(C) f'(C) dC. If q_0 = q, it is that of equilibrium.

References
----------
L. F. Cugliandolo and J. Kurchan, J. Phys. A 27 (1994) 5749, for the dynamics. A. Crisanti and
L. Leuzzi, Phys. Rev. B 73 (2006) 014412, for X(C) of spherical models.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from glasscore.models.covariance import Covariance, Values
from glasscore.theory.spherical_pspin import OVERLAPS, aging, dynamical_transition

NODES = 200
# The equation of both ends has a triple root where they meet, so that ends that are closer than
# this are not told apart. X / T then decreases by less than the next number.
MEETING = 2e-3
LARGEST_DECREASE = 1e-4
# A root at 0 is met to this relative accuracy.
ROUNDING = 1e-12


class ContinuousAging(NamedTuple):
    """Long-time limits of a quench from a random state.

    Attributes
    ----------
    plateau
        The overlap q at which fast relaxation ends.
    end
        The overlap q_0 at which the continuous range ends; 0 if there is none.
    step
        X / T between both; 0 if there is nothing between them.
    energy
        The energy E for t to infinity.
    """

    plateau: float
    end: float
    step: float
    energy: float

    def inverse_temperature(self, model: Covariance, overlap: npt.ArrayLike) -> Values:
        """X / T at overlaps from 0 to the plateau."""
        C = np.asarray(overlap, float)
        continuous = (self.end >= C) & (self.end > 0)
        return np.where(continuous, _slope(model, np.minimum(C, self.end)), self.step)

    def response(self, model: Covariance, overlap: npt.ArrayLike) -> Values:
        """The integrated response chi at overlaps from 0 to the plateau."""
        C = np.asarray(overlap, float)
        below = model.second_derivative(np.minimum(C, self.end)) ** -0.5
        return np.asarray(below - self.step * np.maximum(C - self.end, 0.0))


def continuous_aging(model: Covariance, T: float) -> ContinuousAging | None:
    """The limits at a temperature T >= 0, or None where this is not known.

    It is not if the transition is not continuous, if T is not below it, or if X would decrease.
    """
    transition = dynamical_transition(model)
    if transition.overlap > 0 or not 0 <= T < transition.temperature:
        return None
    q = aging(model, T).plateau
    end = _end(model, q)
    slope = _slope(model, np.append(OVERLAPS[end > OVERLAPS], end))
    if np.any(np.maximum.accumulate(slope) - slope > LARGEST_DECREASE):
        return None
    first, last = (float(model.second_derivative(one)) ** -0.5 for one in (end, q))
    step = (first - last) / (q - end) if end < q else 0.0
    return ContinuousAging(q, end, step, _energy(model, T, q, end, step))


def _end(model: Covariance, q: float) -> float:
    """The overlap q_0; it is q if the equation has no other root."""

    def excess(overlap: npt.ArrayLike) -> Values:
        C = np.asarray(overlap, float)
        both = model.second_derivative(q) * model.second_derivative(C)
        rise = model.first_derivative(q) - model.first_derivative(C)
        return (rise / (q - C) - np.sqrt(both)) / (q - C) ** 2

    overlaps = np.linspace(0.0, max(q - MEETING, 0.0), 500)
    sign = np.sign(excess(overlaps))
    changes = np.flatnonzero(sign[1:] * sign[:-1] < 0)
    if not changes.size:
        size = float(np.sqrt(model.second_derivative(q) * model.second_derivative(0.0)))
        at_zero = abs(float(excess(0.0))) * q**2 < ROUNDING * size
        return 0.0 if at_zero and model.exponents[-1] > 2 else q
    left = int(changes[-1])
    return float(brentq(excess, overlaps[left], overlaps[left + 1], xtol=1e-14))


def _energy(model: Covariance, T: float, q: float, end: float, step: float) -> float:
    """The energy; the integral of X f' below q_0 is done by parts, with chi = f''^(-1/2)."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    slow = end / 2 * float(weights @ np.sqrt(model.second_derivative(end / 2 * (1 + nodes))))
    slow -= float(model.first_derivative(end) / np.sqrt(model.second_derivative(end)))
    slow += step * float(model.value(q) - model.value(end))
    if T == 0:
        return -slow - float(model.first_derivative(1.0) / np.sqrt(model.second_derivative(1.0)))
    return -slow - float(model.value(1.0) - model.value(q)) / T


def _slope(model: Covariance, overlap: npt.ArrayLike) -> Values:
    """The slope -d chi / dC of the continuous range."""
    third = _third_derivative(model, overlap)
    return np.asarray(0.5 * third / model.second_derivative(overlap) ** 1.5)


def _third_derivative(model: Covariance, overlap: npt.ArrayLike) -> Values:
    powers = model.exponents
    higher = powers > 2
    powers = powers[higher]
    weights = model.coefficients[higher] * powers * (powers - 1) * (powers - 2)
    overlaps = np.asarray(overlap, float)[..., None]
    return np.asarray(overlaps ** (powers - 3) @ weights)
