"""The functions that each model of a single site in ``models`` implements.

A model is a named tuple. Its file registers an implementation, for this type, of each function here
that has no common one. The contract in ``models`` says what else the file must hold.
"""

from functools import singledispatch
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import CampaignError

Array = NDArray[np.float64]
# A temperature that is below T_g by no more than this relative distance counts as T_g, since people
# round the digits that they write.
ROUNDING = 1e-9


class Statics(NamedTuple):
    """Exact equilibrium averages of a model at one temperature, above its glass transition.

    Attributes
    ----------
    T, J
        Temperature and strength of the couplings.
    second_moment
        C(0) = <S^2>.
    initial_rate
        -dC/dt at t = 0+.
    energy
        Energy per spin.
    """

    T: float
    J: float
    second_moment: float
    initial_rate: float
    energy: float

    @property
    def decay(self) -> float:
        """Initial rate of the normalised correlation, Omega = -C'(0+) / C(0)."""
        return self.initial_rate / self.second_moment

    @property
    def mobility(self) -> float:
        """G(0+), the response of a spin to a force at short times."""
        return self.initial_rate / self.T

    @property
    def stiffness(self) -> float:
        """1 / G + J^2 G at s = 0: static force per displacement without the bath's reaction."""
        return self.T / self.second_moment + self.J**2 * self.second_moment / self.T

    @property
    def memory_of_couplings(self) -> float:
        """The coefficient of C in the memory function: J^2 C(0) Omega / T^2."""
        return self.J**2 * self.initial_rate / self.T**2


class Bath(NamedTuple):
    """The other spins, as one of them sees them: C(t) = sum_j weight_j exp(-rate_j t).

    Attributes
    ----------
    weight, rate
        Positive, shape (terms,).
    """

    weight: Array
    rate: Array


class Kicks(NamedTuple):
    """Random numbers of some trajectories, the same at every iteration.

    Attributes
    ----------
    start
        Equilibrated spins at time zero, shape (trajectories,).
    each_step
        Random numbers that the model draws at every step, shape (steps, trajectories).
    """

    start: Array
    each_step: Array


class Trajectories(NamedTuple):
    """The trajectories that follow from given random numbers in a bath.

    Attributes
    ----------
    spins
        Spins at the times 0, step, 2 step, ...: shape (steps + 1, trajectories).
    innovations
        The unpredictable part of the change of a spin in each step. Its mean is zero, it is
        uncorrelated with everything before and with the noise, and its variance is 2 step times
        the initial rate; shape (steps, trajectories).
    scores
        Derivative of the logarithm of a trajectory's probability with respect to a field during a
        step, shape (steps, trajectories). The mean of its product with a later spin is the
        response.
    """

    spins: Array
    innovations: Array
    scores: Array


@singledispatch
def glass_temperature(model: Any) -> float:
    """T_g, below which there is no stationary state: T_g = J C(0)."""
    raise NotImplementedError


def checked_temperature(model: Any, T: float) -> float:
    """T, or T_g if T equals T_g up to rounding; temperatures below T_g are refused."""
    critical = glass_temperature(model)
    if T <= 0 or critical * (1 - ROUNDING) > T:
        raise CampaignError(
            f"T = {T:.12g} has no equilibrium above the glass transition: it must be "
            + (f"at least T_g = {critical:.12g}." if critical > 0 else "above 0.")
        )
    return max(T, critical)


@singledispatch
def statics(model: Any, T: float) -> Statics:
    """Equilibrium averages at T >= T_g."""
    raise NotImplementedError


@singledispatch
def longest_step(model: Any, at: Statics) -> float:
    """The longest time step that the model allows."""
    return np.inf


@singledispatch
def kicks(
    model: Any, at: Statics, step: float, shape: tuple[int, int], random: np.random.Generator
) -> Kicks:
    """Random numbers of trajectories; ``shape`` is (steps, trajectories)."""
    raise NotImplementedError


@singledispatch
def trajectories(
    model: Any, at: Statics, step: float, drawn: Kicks, noise: Array, bath: Bath
) -> Trajectories:
    """Trajectories in a bath, under ``noise``: Gaussian, of covariance J^2 C(t - t').

    ``noise`` has the shape (steps + 1, trajectories).
    """
    raise NotImplementedError
