r"""Where spins live: each free, or all on the sphere sum_i S_i^2 = N.

States have the shape (N, ...); everything is done to each column by itself. A space moves states
along a velocity, and kicks them as thermal noise does in the time tau, by white noise of variance
2 T tau in each direction.

On the sphere the noise is Brownian motion, which leaves the Boltzmann distribution on the sphere
stationary; in the limit of many spins its inward drift T (N - 1)/N S is the part T of the
multiplier mu in dS/dt = -mu S - dH/dS + xi.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Space(Protocol):
    """What the steps of the dynamics ask of a space."""

    def velocity(self, states: Array, force: Array) -> Array:
        """The part of the force that moves the states."""

    def restored(self, states: Array) -> Array:
        """The states of the space next to these."""

    def kicked(self, states: Array, noise: Array, variance: float) -> Array:
        """States after thermal noise of this variance; ``noise`` is normal, of unit variance."""

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """States of infinite temperature, of shape (N, count)."""


class Flat:
    """Free spins."""

    def velocity(self, states: Array, force: Array) -> Array:
        """The force itself."""
        return force

    def restored(self, states: Array) -> Array:
        """The states themselves."""
        return states

    def kicked(self, states: Array, noise: Array, variance: float) -> Array:
        """Brownian motion."""
        return states + np.sqrt(variance) * noise

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """Spins +1 or -1, as free spins have no state of infinite temperature."""
        return np.where(generator.random((N, count)) < 0.5, -1.0, 1.0)


class Sphere:
    r"""The sphere of radius sqrt(N), of N - 1 dimensions.

    A kick goes along the great circle of a normal tangent vector. Brownian motion of the time tau
    would multiply the l-th spherical harmonics by exp(-l (l + N - 2) T tau / N); averages of
    cos(theta) and cos^2(theta), and with them of all harmonics, agree with it up to the order
    (T tau)^2 if the vector's variance 2 T tau is reduced by the factor 1 - 2 T tau (N - 2)/(6 N),
    for the sphere is curved (derivation). Here the factor is the exponential, which is never
    negative.
    """

    def velocity(self, states: Array, force: Array) -> Array:
        """The tangential part of the force."""
        radial = np.einsum("i...,i...->...", states, force) / len(states)
        return force - states * radial

    def restored(self, states: Array) -> Array:
        """States of the same direction."""
        length = np.sqrt(np.einsum("i...,i...->...", states, states) / len(states))
        return states / length

    def kicked(self, states: Array, noise: Array, variance: float) -> Array:
        """Brownian motion on the sphere, to the second order in the variance."""
        N = len(states)
        tangent = self.velocity(states, noise)
        reduced = variance * np.exp(-variance * (N - 2) / (6 * N))
        length = np.sqrt(np.einsum("i...,i...->...", tangent, tangent) / N)
        angle = np.sqrt(reduced) * length
        along = np.sqrt(reduced) * np.sinc(angle / np.pi)
        return self.restored(np.cos(angle) * states + along * tangent)

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """Uniform on the sphere."""
        return self.restored(generator.standard_normal((N, count)))


SPACES: dict[str, Space] = {"flat": Flat(), "sphere": Sphere()}
