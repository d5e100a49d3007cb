r"""Steps of spins in wells with one product of the couplings each, of weak order two.

.. math:: \dot S_i = -V'(S_i) + g_i(S) + \xi_i, \qquad g = J S + h

A step of length h from S_n, by forces at the ends of this step and of the one before, is a quarter
of the noise; the well alone, exactly, for half of the time; half of the noise, and

.. math:: S \to S + h \left[ \tfrac{3}{2} g(S_n) - \tfrac{1}{2} g(S_{n-1}) \right];

the well for half of the time; and a quarter of the noise. The force in brackets is that in the
middle of the step, extrapolated as by J. C. Adams and F. Bashforth (1883), though from states that
the noise of one step sets apart. That this does no harm to the order: without wells the force acts
through S_n - (h/2) g_(n-1), which the noise moves as in Euler's method, with errors of first order
that are those of exact motion seen at S + (h/2) g instead of at S (derivation;
tests/langevin/test_split_steps.py measures the order with wells, too). Of a linear well of rate w,
<S^2> is off by (w h)^2 / 12 of itself, half as much as with all of the noise between the halves of
the well; in the quartic well of the test by a tenth as much.

Heun's method takes two products a step, which is nearly all of its time. Of soft spins with r = 0,
u = 1 at T_g, N = 512 and h = 0.05, split steps add -0.003 to C(t) and 0.0023 to the energy, Heun's
-0.0001 and -0.0027: twice as long, at the same cost, -0.0005 and -0.011.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Wells(Protocol):
    """Spins in wells of their own, and in the forces of all others."""

    def from_others(self, states: Array) -> Array:
        """The force g of all others and of fields, shape (N, n)."""

    def energy(self, states: Array) -> Array:
        """H / N, shape (n,)."""

    def in_wells(self, states: Array, time: float) -> Array:
        """States moved by the wells alone."""


class SplitDynamics:
    """One run of trajectories by split steps.

    It remembers the force of the step before, so that each run needs its own.

    Parameters
    ----------
    model
        Forces.
    T
        Temperature.
    step
        h, of the time.
    within
        Makes normal noise, shape (N, 1, n), twice a step: how the noise comes within steps, of
        which the sum is given. Not called at T = 0.
    """

    def __init__(self, model: Wells, T: float, step: float, within: Callable[[], Array]) -> None:
        self.model, self.T, self.step, self.within = model, T, step, within
        self._before: Array | None = None

    def restored(self, states: Array) -> Array:
        """The states themselves: spins are free."""
        return states

    def advanced(self, states: Array, noise: Callable[[], Array], count: int) -> Array:
        """States ``count`` > 0 steps later; see ``glasscore.langevin.steps.Dynamics.advanced``.

        Copies that have been added since the call before, behind the others, take over the past of
        the first one, but for the difference of the forces at the start.
        """
        N = len(states)
        for _ in range(count):
            now = self.model.from_others(states.reshape(N, -1)).reshape(states.shape)
            force = 1.5 * now
            force -= 0.5 * self._past(now)
            self._before = now
            force *= self.step
            if self.T == 0:
                force += self.model.in_wells(states, self.step / 2)
                states = self.model.in_wells(force, self.step / 2)
                continue
            first, middle, last = self._parts(noise())
            force += self.model.in_wells(states + first, self.step / 2)
            force += middle
            states = self.model.in_wells(force, self.step / 2)
            states += last
        return states

    def _parts(self, noise: Array) -> tuple[Array, Array, Array]:
        """A quarter, half and a quarter of a step's noise: independent, the sum being given."""
        scale = np.sqrt(2 * self.T * self.step)
        apart = np.sqrt(1 / 8) * scale * self.within()
        outside = 1 / 4 * scale * self.within()
        outside += 1 / 4 * scale * noise
        return outside + apart, scale * noise - 2 * outside, outside - apart

    def _past(self, now: Array) -> Array:
        if self._before is None:
            return now
        known = self._before.shape[1]
        added = now[:, known:] - now[:, :1] + self._before[:, :1]
        return np.concatenate([self._before, added], axis=1) if added.size else self._before
