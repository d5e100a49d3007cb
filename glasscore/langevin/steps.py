r"""Time steps of Langevin dynamics, of weak order two.

.. math:: \dot S = v(S) + \xi, \qquad \langle \xi_i(t) \xi_j(t') \rangle = 2 T \delta_{ij}
          \delta(t - t')

One step of length h is descent along v for the time h / 2, then the noise of the time h, then
descent for the time h / 2 again: the symmetric splitting of G. Strang, SIAM J. Numer. Anal. 5, 506
(1968). Descent uses Heun's method, which is of second order. Averages have errors of the order h^2;
at T = 0 so have the states themselves. Between two measurements the second half of each descent and
the first half of the next one are done in one.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glasscore.langevin.space import Space

Array = NDArray[np.float64]


class Model(Protocol):
    """The energy of a sample: see ``glasscore.langevin.models``."""

    def force(self, states: Array) -> Array:
        """-dH/dS, shape (N, n)."""

    def energy(self, states: Array) -> Array:
        """H / N, shape (n,)."""


class Dynamics(NamedTuple):
    """The dynamics of one sample at one temperature with one time step.

    Attributes
    ----------
    model, space
        The energy of the spins, and the space in which they move.
    T
        Temperature.
    step
        The time step h.
    """

    model: Model
    space: Space
    T: float
    step: float

    def advance(self, states: Array, noise: Callable[[], Array], count: int) -> Array:
        """States ``count`` > 0 steps later.

        Parameters
        ----------
        states
            Shape (N, copies, n).
        noise
            Draws the normal noise of the next step, shape (N, 1, n): all copies of a trajectory
            get the same noise. It is not called at T = 0.
        count
            Number of steps.
        """
        if self.T == 0:
            for _ in range(count):
                states = self._descend(states, self.step)
            return states
        states = self._descend(states, self.step / 2)
        for number in range(count):
            states = self.space.add_noise(states, noise(), 2 * self.T * self.step)
            last = number == count - 1
            states = self._descend(states, self.step / 2 if last else self.step)
        return states

    def project(self, states: Array) -> Array:
        """The states of the space that are nearest to the given ones."""
        return self.space.project(states)

    def _descend(self, states: Array, time: float) -> Array:
        first = self._velocity(states)
        second = self._velocity(states + time * first)
        return self.space.project(states + (time / 2) * (first + second))

    def _velocity(self, states: Array) -> Array:
        flat = states.reshape(len(states), -1)
        return self.space.velocity(flat, self.model.force(flat)).reshape(states.shape)
