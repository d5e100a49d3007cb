r"""The space of the spins: all real numbers, or the sphere sum_i S_i^2 = N.

States have the shape (N, ...), and each column is a state of its own. A space turns a force into a
velocity along which states may move, and adds thermal noise: in the time tau, white noise of
variance 2 T tau in each direction.

On the sphere the noise is Brownian motion, which leaves the Boltzmann distribution on the sphere
stationary. In the limit of many spins its inward drift T (N - 1)/N S is the term T of the
multiplier mu in dS/dt = -mu S - dH/dS + xi.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Space(Protocol):
    """What the dynamics needs of a space."""

    def velocity(self, states: Array, force: Array) -> Array:
        """The part of the force that moves the states within the space."""

    def project(self, states: Array) -> Array:
        """The states of the space that are nearest to the given ones."""

    def add_noise(self, states: Array, noise: Array, variance: float) -> Array:
        """States after thermal noise of this variance; ``noise`` is normal, of unit variance."""

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """States drawn at infinite temperature, shape (N, count)."""


class Flat:
    """The space of free spins, in which each spin is any real number."""

    def velocity(self, states: Array, force: Array) -> Array:
        """The force itself."""
        return force

    def project(self, states: Array) -> Array:
        """The states themselves."""
        return states

    def add_noise(self, states: Array, noise: Array, variance: float) -> Array:
        """States after Brownian motion."""
        return states + np.sqrt(variance) * noise

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """Spins +1 or -1 at random, since free spins have no state at infinite temperature."""
        return np.where(generator.random((N, count)) < 0.5, -1.0, 1.0)


class Sphere:
    r"""The sphere of radius sqrt(N), of N - 1 dimensions.

    Noise moves a state along the great circle of a normal tangent vector. Brownian motion during
    the time tau would multiply the l-th spherical harmonics by exp(-l (l + N - 2) T tau / N). The
    averages of cos(theta) and cos^2(theta), and with them those of all harmonics, agree with this
    to the order (T tau)^2 if the variance 2 T tau of the vector is reduced by the factor
    1 - 2 T tau (N - 2)/(6 N), which is due to the curvature of the sphere (derivation). Here the
    factor is replaced by an exponential of the same first order, which is never negative.
    """

    def velocity(self, states: Array, force: Array) -> Array:
        """The tangential part of the force."""
        radial = np.einsum("i...,i...->...", states, force) / len(states)
        return force - states * radial

    def project(self, states: Array) -> Array:
        """The states of the sphere in the same directions."""
        length = np.sqrt(np.einsum("i...,i...->...", states, states) / len(states))
        return states / length

    def add_noise(self, states: Array, noise: Array, variance: float) -> Array:
        """States after Brownian motion on the sphere, to second order in the variance."""
        N = len(states)
        tangent = self.velocity(states, noise)
        reduced = variance * np.exp(-variance * (N - 2) / (6 * N))
        length = np.sqrt(np.einsum("i...,i...->...", tangent, tangent) / N)
        angle = np.sqrt(reduced) * length
        along = np.sqrt(reduced) * np.sinc(angle / np.pi)
        return self.project(np.cos(angle) * states + along * tangent)

    def random(self, N: int, count: int, generator: np.random.Generator) -> Array:
        """States drawn uniformly on the sphere."""
        return self.project(generator.standard_normal((N, count)))


SPACES: dict[str, Space] = {"flat": Flat(), "sphere": Sphere()}
