r"""Time steps of Langevin dynamics, of weak order two.

.. math:: \dot S = v(S) + \xi, \qquad \langle \xi_i(t) \xi_j(t') \rangle = 2 T \delta_{ij}
          \delta(t - t')

One step of length h is descent along v for the time h / 2, then the noise of the time h, then
descent for the time h / 2 again: the symmetric splitting of G. Strang, SIAM J. Numer. Anal. 5, 506
(1968). Descent uses Heun's method, which is of second order. Averages have errors of the order h^2;
at T = 0 so have the states themselves. Between two measurements the second half of each descent and
the first half of the next one are done in one.

Temperature and field may change in the course of time. The noise of a step that begins at t has the
variance 2 T(t + h/2) h, and descent during the time h feels the field in the middle of this time.
The order remains two: to an average at a later time the noise contributes the integral of
2 T(s) G(s), where G(s) is how noise at the time s acts on the average. The noise of a step acts in
its middle, so that the sum over steps is the integral by the midpoint rule; so is the work of the
field. Both are of second order as long as T(t) and h(t) are smooth. Changes at once happen between
steps, and between two descents: there the run has to be cut into two calls of ``advance``.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from glasscore.langevin.space import Space
from glasscore.models.ramps import Course

Array = NDArray[np.float64]


class Model(Interface):
    """The energy of a sample: see ``glasscore.langevin.models``."""

    def force(self, states: Array) -> Array:
        """-dH/dS, shape (N, n)."""

    def energy(self, states: Array) -> Array:
        """H / N, shape (n,)."""


class Dynamics(NamedTuple):
    """The dynamics of one sample with one time step.

    Attributes
    ----------
    model, space
        The energy of the spins, and the space in which they move.
    T
        Temperature, at first if it changes.
    step
        The time step h.
    protocol
        Temperature and field in the course of time, if one of them changes.
    """

    model: Model
    space: Space
    T: float
    step: float
    protocol: Course | None = None

    def advance(
        self, states: Array, noise: Callable[[], Array], count: int, before: int = 0
    ) -> Array:
        """States ``count`` > 0 steps later.

        Parameters
        ----------
        states
            Shape (N, copies, n).
        noise
            Draws the normal noise of the next step, shape (N, 1, n): all copies of a trajectory
            get the same noise. It is not called if T = 0 at all times.
        count
            Number of steps.
        before
            Number of steps since the begin of the run, which tells T and h if they change.
        """
        temperatures = temperatures_of_steps(self.T, self.protocol, self.step, before, count)
        if temperatures is None:
            for number in range(before, before + count):
                states = self._descend(states, self.step, number)
            return states
        states = self._descend(states, self.step / 2, before)
        for number, T in enumerate(temperatures, start=before):
            states = self.space.add_noise(states, noise(), 2 * T * self.step)
            last = number == before + count - 1
            states = self._descend(states, self.step / 2 if last else self.step, number + 0.5)
        return states

    def model_at(self, time: float) -> Model:
        """The energy in the field at a time."""
        return in_field(self.model, self.protocol, time)

    def project(self, states: Array) -> Array:
        """The states of the space that are nearest to the given ones."""
        return self.space.project(states)

    def _descend(self, states: Array, time: float, begin: float) -> Array:
        """States after descent for a time that begins ``begin`` steps after that of the run."""
        model = self.model_at(begin * self.step + time / 2)
        first = self._velocity(model, states)
        second = self._velocity(model, states + time * first)
        return self.space.project(states + (time / 2) * (first + second))

    def _velocity(self, model: Model, states: Array) -> Array:
        flat = states.reshape(len(states), -1)
        return self.space.velocity(flat, model.force(flat)).reshape(states.shape)


def temperatures_of_steps(
    T: float, protocol: Course | None, step: float, before: int, count: int
) -> list[float] | None:
    """The temperature in the middle of each of ``count`` steps, or None if T = 0 at all times.

    Parameters
    ----------
    T, protocol
        The temperature; its course if there is one.
    step
        The length of a step.
    before
        The number of steps before the first one.
    """
    if (T if protocol is None else protocol.hottest()) == 0:
        return None
    if protocol is None:
        return [T] * count
    middles = (before + 0.5 + np.arange(count)) * step
    return protocol.temperature_at(middles).tolist()


def in_field(model: Any, protocol: Course | None, time: float) -> Any:
    """A model in the field at a time, if the field changes; else the model itself."""
    if protocol is None or not protocol.changes_field():
        return model
    return model._replace(field=float(protocol.field_at(time)))
