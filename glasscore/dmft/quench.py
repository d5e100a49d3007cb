"""A quench solved to a stated accuracy: the step is halved until the energy is good enough."""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import make_interp_spline

from glasscore.dmft import uniform_grid
from glasscore.dmft.uniform_grid import Solution
from glasscore.errors import CampaignError
from glasscore.theory.covariance import Covariance, Values
from glasscore.theory.spherical_pspin import static_transition

FIRST_STEPS = 128
MAXIMAL_STEPS = 2**13
ROUNDING = 1e-12
LOOK_AHEAD = 4


class Quench(NamedTuple):
    """Extrapolated solution on the grid t_m = 2 h m, with its error estimate.

    Attributes
    ----------
    time, energy, multiplier
        t_m, E and mu, shape (steps / 2 + 1,).
    energy_error_estimate
        Three times the error expected of the energy, the largest up to t_m; same shape.
    fine, half, quarter
        The three solutions it rests on: steps h, 2h and 4h.
    """

    time: Values
    energy: Values
    multiplier: Values
    energy_error_estimate: Values
    fine: Solution
    half: Solution
    quarter: Solution

    def row(self, name: str, index: int) -> Values:
        """C(t_m, .) or R(t_m, .) at the earlier times 0, h, .., t_m; shape (2 index + 1,).

        Parameters
        ----------
        name
            ``"correlation"`` or ``"response"``.
        index
            m, the index into ``time``.
        """
        fine = uniform_grid.row(getattr(self.fine, name), 2 * index)
        if index == 0:
            return fine.copy()
        half = uniform_grid.row(getattr(self.half, name), index)
        # the h^2 error is smooth, so that it can be read between the points of the 2h grid
        correction = make_interp_spline(
            np.arange(index + 1), (fine[::2] - half) / 3, k=min(3, index)
        )
        return fine + correction(np.arange(2 * index + 1) / 2)

    def row_error_estimate(self, name: str, index: int) -> float:
        """Error estimate of a row with even ``index``, by the rule used for the energy."""
        fine = uniform_grid.row(getattr(self.fine, name), 2 * index)[::4]
        half = uniform_grid.row(getattr(self.half, name), index)[::2]
        quarter = uniform_grid.row(getattr(self.quarter, name), index // 2)
        return float(np.max(error_estimate(fine, half, quarter)))


def solve(
    model: Covariance,
    T: float,
    T_initial: float,
    t_max: float,
    tolerance: float,
    maximal_steps: int = MAXIMAL_STEPS,
) -> Quench:
    """Solve the two-time equations so that the energy's error estimate meets a tolerance.

    Each round halves the step h of :func:`glasscore.dmft.uniform_grid.solve`. The solutions at h
    and 2h are extrapolated, X = (4 X_h - X_2h) / 3, with an error of order h^4. The extrapolation
    of 2h and 4h differs from it by 15 times its error; the estimate takes a fifth of the distance,
    three times the error to be expected, and its largest value up to a time holds there.

    Parameters
    ----------
    model
        The energy covariance.
    T
        Temperature of the noise, >= 0.
    T_initial
        Temperature of the initial Boltzmann state, not below the static transition, or infinity.
    t_max
        Last time.
    tolerance
        Largest accepted error estimate of the energy, absolute, at all times.
    maximal_steps
        Largest grid: a power of two. The default of 8192 takes 0.7 GB and minutes.

    Raises
    ------
    CampaignError
        If a parameter is out of range or the tolerance is out of reach.
    """
    _check(model, T, T_initial, t_max, tolerance)
    request = f"tolerance {tolerance:g} is out of reach up to t_max = {t_max:g}"
    grid = f"the largest grid of {maximal_steps} steps"
    microscopic = 1 / (T + 2 * float(np.sqrt(model.second_derivative(1.0))))
    step = t_max / maximal_steps
    if step > microscopic:
        raise CampaignError(
            f"{request}: with {grid} the step is {step:.2g}, longer than the microscopic time "
            f"{microscopic:.2g}; choose t_max well below {microscopic * maximal_steps:.0f}."
        )
    levels: dict[int, Solution] = {}
    reached = np.inf
    steps = min(FIRST_STEPS, maximal_steps)
    while steps < maximal_steps and t_max / steps > microscopic / 4:
        steps *= 2
    while True:
        for level in (steps // 4, steps // 2, steps):
            if level not in levels:
                levels[level] = uniform_grid.solve(model, T, T_initial, t_max, level)
        quench = _extrapolate(levels[steps], levels[steps // 2], levels[steps // 4])
        previous, reached = reached, float(quench.energy_error_estimate[-1])
        if reached <= tolerance and np.isfinite(quench.multiplier).all():
            return quench
        asymptotic = 8 < previous / reached < 32
        possible = reached * (steps / maximal_steps) ** 4 if asymptotic else reached
        if steps >= maximal_steps or (asymptotic and possible > 2 * tolerance):
            break
        levels.pop(steps // 4)
        steps *= 2
    if not np.isfinite(possible):
        raise CampaignError(
            f"{request}: even {grid} does not resolve the dynamics; choose a smaller t_max."
        )
    shorter = t_max * (tolerance / (1.5 * possible)) ** 0.25
    raise CampaignError(
        f"{request}: {steps} steps reached {reached:.1g} and {grid} can reach about "
        f"{possible:.1g}; choose a tolerance of {1.5 * possible:.1g} or t_max below {shorter:.2g}."
    )


def _check(model: Covariance, T: float, T_initial: float, t_max: float, tolerance: float) -> None:
    if not 0 <= T < np.inf:
        raise CampaignError(f"T = {T:g} is not a temperature: give a finite number >= 0.")
    if not 0 < t_max < np.inf:
        raise CampaignError(f"t_max = {t_max:g} is not a final time: give a finite number > 0.")
    if not 2 * ROUNDING <= tolerance < np.inf:
        raise CampaignError(
            f"tolerance = {tolerance:g} is below {2 * ROUNDING:g}, where rounding takes over."
        )
    static = static_transition(model).temperature
    # written so that NaN is refused, and a start exactly at the transition is not
    if not T_initial >= static * (1 - 1e-9):
        raise CampaignError(
            f"T_initial = {T_initial:g} lies below the static transition {static:.6g} of this "
            "model, where the equations of a Boltzmann start do not hold."
        )


def error_estimate(fine: Values, half: Values, quarter: Values) -> Values:
    """Error estimate of (4 fine - half) / 3: steps h, 2h and 4h, at common points."""
    return np.abs((4 * fine - half) - (4 * half - quarter)) / 15 + ROUNDING


def _extrapolate(fine: Solution, half: Solution, quarter: Solution) -> Quench:
    energy = (4 * fine.energy[::2] - half.energy) / 3
    multiplier = (4 * fine.multiplier[::2] - half.multiplier) / 3
    on_quarter = error_estimate(fine.energy[::4], half.energy[::2], quarter.energy)
    if np.isfinite(on_quarter).all():
        # at the first points the three grids differ by little whatever the error: look ahead
        ahead = np.minimum(np.arange(on_quarter.size) + LOOK_AHEAD, on_quarter.size - 1)
        bound = np.maximum.accumulate(on_quarter)[ahead]
    else:
        bound = np.full(on_quarter.size, np.inf)
    # a point between two of the coarse grid takes the bound of the later one
    estimate = bound[(np.arange(energy.size) + 1) // 2]
    return Quench(half.time, energy, multiplier, estimate, fine, half, quarter)
