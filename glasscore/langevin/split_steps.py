r"""Time steps of spins in wells, of weak order two, with one product of the couplings each.

.. math:: \dot S_i = -V'(S_i) + g_i(S) + \xi_i, \qquad g = J S + h

A step of length h from S_n consists of a quarter of the noise; exact motion in the wells alone for
the time h / 2; half of the noise, together with the motion

.. math:: S \to S + h \left[ \tfrac{3}{2} g(S_n) - \tfrac{1}{2} g(S_{n-1}) \right];

by the forces of all other spins at the beginning of this step and of the one before; exact motion
in the wells for the time h / 2; and the last quarter of the noise.

The bracket is the force in the middle of the step, extrapolated by the method of J. C. Adams and
F. Bashforth (1883). The two states that it uses differ by the noise of one step, but this does not
lower the order: without wells the force acts through S_n - (h/2) g_(n-1), which the noise moves as
in Euler's method, and the errors of first order are those of exact motion that is observed at
S + (h/2) g instead of at S (derivation; tests/langevin/test_split_steps.py also measures the order
with wells). In a linear well of rate w, <S^2> has the relative error (w h)^2 / 12, half of what it
is with all noise between the two motions in the well; in the quartic well of the test the error is
a tenth of that.

Heun's method takes two products of the couplings a step, which is nearly all of its time. For soft
spins with r = 0, u = 1 at T_g, N = 512 and h = 0.05, split steps add -0.003 to C(t) and 0.0023 to
the energy, where Heun's method adds -0.0001 and -0.0027, and at equal cost, with steps of twice the
length, -0.0005 and -0.011.

If temperature and field change in the course of time, a step uses their values in its middle, as
the midpoint rule of an integral does (see ``glasscore.langevin.steps``). A field that changes is
not extrapolated with the forces of the other spins, so that a change at once, which happens between
two steps, is complete in the first step after it.
"""

from collections.abc import Callable
from typing import Any
from typing import Protocol as Interface

import numpy as np
from numpy.typing import NDArray

from glasscore.langevin.steps import in_field, temperatures_of_steps
from glasscore.models.ramps import Course

Array = NDArray[np.float64]


class Wells(Interface):
    """The energy of spins, each of which is in a well and in the forces of all others."""

    def force_of_others(self, states: Array) -> Array:
        """The force g of all other spins and of the field, shape (N, n)."""

    def energy(self, states: Array) -> Array:
        """H / N, shape (n,)."""

    def move_in_wells(self, states: Array, time: float) -> Array:
        """States after motion in the wells alone."""


class SplitDynamics:
    """The dynamics of one run of trajectories by split steps.

    It keeps the force of the step before, so that each run needs an object of its own.

    Parameters
    ----------
    model
        The energy of the spins.
    T
        Temperature, at first if it changes.
    step
        The time step h.
    noise_within
        Draws normal noise, shape (N, 1, n), twice a step. It tells how the noise of a step, whose
        sum is given, is divided within the step. It is not called if T = 0 at all
        times.
    protocol
        Temperature and field in the course of time, if one of them changes.
    """

    def __init__(
        self,
        model: Any,
        T: float,
        step: float,
        noise_within: Callable[[], Array],
        protocol: Course | None = None,
    ) -> None:
        self.model, self.T, self.step, self.noise_within = model, T, step, noise_within
        self.protocol = protocol
        self._changes_field = protocol is not None and protocol.changes_field()
        self._without_field: Wells = model._replace(field=0.0) if self._changes_field else model
        self._force_before: Array | None = None

    def model_at(self, time: float) -> Wells:
        """The energy in the field at a time."""
        return in_field(self.model, self.protocol, time)

    def project(self, states: Array) -> Array:
        """The states themselves, since the spins are free."""
        return states

    def advance(
        self, states: Array, noise: Callable[[], Array], count: int, before: int = 0
    ) -> Array:
        """States ``count`` > 0 steps later; see ``glasscore.langevin.steps.Dynamics.advance``.

        Copies that were added behind the others since the last call get the force before the first
        step from the first copy, plus the difference between their forces now.
        """
        N = len(states)
        temperatures = temperatures_of_steps(self.T, self.protocol, self.step, before, count)
        for number in range(count):
            now = self._without_field.force_of_others(states.reshape(N, -1)).reshape(states.shape)
            force = 1.5 * now
            force -= 0.5 * self._force_of_step_before(now)
            self._force_before = now
            if self._changes_field:
                force += self._field_in_the_middle(before + number)
            force *= self.step
            if temperatures is None:
                force += self.model.move_in_wells(states, self.step / 2)
                states = self.model.move_in_wells(force, self.step / 2)
                continue
            first, middle, last = self._parts_of_noise(noise(), temperatures[number])
            force += self.model.move_in_wells(states + first, self.step / 2)
            force += middle
            states = self.model.move_in_wells(force, self.step / 2)
            states += last
        return states

    def _parts_of_noise(self, noise: Array, T: float) -> tuple[Array, Array, Array]:
        """A quarter, a half and a quarter of the noise of a step, which is their sum.

        As random variables the three are independent of each other.
        """
        scale = np.sqrt(2 * T * self.step)
        half_difference = np.sqrt(1 / 8) * scale * self.noise_within()
        mean = 1 / 4 * scale * self.noise_within()
        mean += 1 / 4 * scale * noise
        return mean + half_difference, scale * noise - 2 * mean, mean - half_difference

    def _field_in_the_middle(self, number: int) -> float:
        """The field in the middle of a step, by the number of steps before it."""
        assert self.protocol is not None
        return float(self.protocol.field_at((number + 0.5) * self.step))

    def _force_of_step_before(self, now: Array) -> Array:
        before = self._force_before
        if before is None:
            return now
        known = before.shape[1]
        added = now[:, known:] - now[:, :1] + before[:, :1]
        return np.concatenate([before, added], axis=1) if added.size else before
