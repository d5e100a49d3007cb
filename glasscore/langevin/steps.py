r"""Steps of Langevin dynamics, of weak order two.

.. math:: \dot S = v(S) + \xi, \qquad \langle \xi_i(t) \xi_j(t') \rangle = 2 T \delta_{ij}
          \delta(t - t')

One step of length h is half a step of descent along v, the noise of the time h, and half a step of
descent: the symmetric splitting of G. Strang, SIAM J. Numer. Anal. 5, 506 (1968). Descent is by
Heun's method, of second order. Averages have errors of the order h^2, at T = 0 states as well. Two
halves of descent between which nobody looks are made in one.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from glasscore.langevin.space import Space

Array = NDArray[np.float64]


class Model(Protocol):
    """Spins in their couplings: see ``glasscore.langevin.models``."""

    def force(self, states: Array) -> Array:
        """-dH/dS, shape (N, n)."""

    def energy(self, states: Array) -> Array:
        """H / N, shape (n,)."""


class Dynamics(NamedTuple):
    """What moves where, at which temperature, by which steps.

    Attributes
    ----------
    model, space
        Forces, and where the spins live.
    T
        Temperature.
    step
        h, of the time.
    """

    model: Model
    space: Space
    T: float
    step: float

    def advanced(self, states: Array, noise: Callable[[], Array], count: int) -> Array:
        """States ``count`` > 0 steps later.

        Parameters
        ----------
        states
            Shape (N, copies, n).
        noise
            Makes the normal noise of the next step, shape (N, 1, n): all copies of a trajectory
            are kicked alike. Not called at T = 0.
        count
            How many steps.
        """
        if self.T == 0:
            for _ in range(count):
                states = self._descended(states, self.step)
            return states
        states = self._descended(states, self.step / 2)
        for number in range(count):
            states = self.space.kicked(states, noise(), 2 * self.T * self.step)
            last = number == count - 1
            states = self._descended(states, self.step / 2 if last else self.step)
        return states

    def restored(self, states: Array) -> Array:
        """The states of the space next to these."""
        return self.space.restored(states)

    def _descended(self, states: Array, time: float) -> Array:
        first = self._velocity(states)
        second = self._velocity(states + time * first)
        return self.space.restored(states + (time / 2) * (first + second))

    def _velocity(self, states: Array) -> Array:
        flat = states.reshape(len(states), -1)
        return self.space.velocity(flat, self.model.force(flat)).reshape(states.shape)
