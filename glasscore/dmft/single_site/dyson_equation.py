r"""The memory of a single site, and Dyson's equation, which adds the couplings to it.

In equilibrium the correlation C and the response G = -C' / T of one spin obey

.. math:: C'(t) = -\Omega C(t) - \int_0^t m(t - t') C'(t') dt', \qquad
          m(t) = m_{loc}(t) + \kappa C(t)

with :math:`\Omega = -C'(0^+) / C(0)` and :math:`\kappa = J^2 C(0) \Omega / T^2`: by Laplace
transformation this is Dyson's equation

.. math:: \frac{1}{G(s)} = X(s) - J^2 G(s), \qquad
          X(s) = \frac{T}{C(0)} + \frac{J^2 C(0)}{T} + \frac{T s}{C(0) \Omega}
          \left[ 1 + m_{loc}(s) \right]

which is a quadratic equation for G(s). The local memory m_loc is that of the spin alone. It is
short-lived even where C decays as t^(-1/2); the slow decay of C follows from Dyson's equation.

References
----------
H. Sompolinsky and A. Zippelius, Phys. Rev. B 25 (1982) 6860. J. Hertz, From spin glasses to deep
networks, lectures (2024). The form with two memories is that of mode coupling (derivation).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from glasscore.dmft.single_site.exponentials import fitted, transform
from glasscore.dmft.single_site.interface import Array, Bath, Statics

# Highest frequency times the shortest time, and lowest frequency times the longest time.
BEYOND_SHORT, BEYOND_LONG = 10.0, 1e-3
FREQUENCIES_PER_DECADE = 24
RATES_PER_DECADE = 10


def local_memory(correlation: Bath, bath: Bath, at: Statics, s: Array) -> Array:
    """Local memory m_loc(s) of a spin with this correlation in this bath, at real s > 0."""
    weighted = transform(Bath(correlation.weight * correlation.rate, correlation.rate), s).real
    total = at.decay * transform(correlation, s).real / weighted - 1
    return total - at.memory_of_couplings * transform(bath, s).real


def slope(memory: Bath, at: Statics) -> float:
    """dX/ds at s = 0: the local time b, which critical slowing down multiplies."""
    return float((1 + np.sum(memory.weight / memory.rate)) / at.mobility)


def relaxation_time(memory: Bath, at: Statics) -> float:
    r"""d(1/G)/ds at s = 0: :math:`\tau = b / (1 - J^2 C(0)^2 / T^2)`, infinite at T_g."""
    distance = 1 - (at.J * at.second_moment / at.T) ** 2
    return slope(memory, at) / distance if distance > 0 else np.inf


def self_consistent(memory: Bath, at: Statics, shortest: float, longest: float) -> Bath:
    """The correlation that solves Dyson's equation with a local memory.

    Parameters
    ----------
    memory
        m_loc as a sum of exponentials.
    at
        Statics at T >= T_g.
    shortest, longest
        Times of interest.
    """
    return from_response(lambda s: response(memory, at, s), at, shortest, longest)


def in_a_bath(bath: Bath, at: Statics, shortest: float, longest: float) -> Bath:
    """The correlation of a linear spin in a bath, with given statics and without local memory."""

    def linear(s: NDArray) -> NDArray:
        coupled = at.J**2 / at.T * (at.second_moment - s * transform(bath, s))
        return 1 / (s / at.mobility + at.stiffness - coupled)

    return from_response(linear, at, shortest, longest)


def from_response(
    response: Callable[[NDArray], NDArray], at: Statics, shortest: float, longest: float
) -> Bath:
    """C from a given G(s) by the fluctuation-dissipation theorem, T G(s) = C(0) - s C(s)."""
    low, high = BEYOND_LONG / longest, BEYOND_SHORT / shortest
    s = -1j * logarithmic(low, high, FREQUENCIES_PER_DECADE)
    correlation = (at.second_moment - at.T * response(s)) / s
    rate = logarithmic(low, high, RATES_PER_DECADE)
    basis = 1 / np.add.outer(s, rate)
    return fitted(basis, correlation, 1 / np.abs(correlation), at.second_moment, rate)


def response(memory: Bath, at: Statics, s: NDArray) -> NDArray[np.complex128]:
    """G(s) by Dyson's equation, at Re s >= 0."""
    X = at.stiffness + s / at.mobility * (1 + transform(memory, s))
    return 2 / (X + np.sqrt(X - 2 * at.J + 0j) * np.sqrt(X + 2 * at.J))


def logarithmic(low: float, high: float, per_decade: int) -> Array:
    """Numbers from ``low`` to ``high`` that are uniform on a logarithmic axis."""
    return np.geomspace(low, high, int(np.ceil(np.log10(high / low) * per_decade)) + 1)
