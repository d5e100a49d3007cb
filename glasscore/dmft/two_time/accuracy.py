"""Three marches side by side: the results, extrapolated in h, and estimates of their errors.

The fine march has the step h and the column spacing d; the half-fine march has the step 2h and the
same columns; the wide march has the step 2h, wider columns and a longer shortest time. The first
two marches have the errors c h^4 and 16 c h^4 from their steps. The results are extrapolated from
both, which leaves an error of higher order; the estimate counts c h^4 instead. The error from the
columns is estimated by the difference between the wide and the half-fine march. This difference is
nearly the error of the wide march, which is far above that of the other two.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from scipy.interpolate import make_interp_spline

from glasscore.dmft.equations import Equations
from glasscore.dmft.two_time import polynomials
from glasscore.dmft.two_time.grid import Grid, make_grid
from glasscore.dmft.two_time.march import March, RowError
from glasscore.dmft.two_time.solution import (
    INTERPOLATION,
    SPLINE_DEGREE,
    ShortTimeFunctions,
    Solution,
)
from glasscore.models.covariance import Values

WIDER, COARSER_SHORTEST = 1.4, 2.0
# Solutions with larger steps in ln t do not follow aging.
LARGEST_STEP = 0.075
# The steps double when their error has been small over this interval of ln t.
CALM_BEFORE_DOUBLING = 1.0
# The error that Newton's method and rounding leave in every row.
FLOOR = 1e-12
# In the first rows the marches differ little, whatever their errors. The estimate for a row is
# therefore the largest one up to this distance in ln t ahead of the row.
LOOK_AHEAD = 0.3


class MissedError(Exception):
    """The tolerance was missed, or a row was not found, because h or d or both are too large.

    Attributes
    ----------
    time
        The time of the row.
    of_step, of_spacing
        The parts of the error that step and spacing are to blame for; only their ratio matters.
    reached
        The error that was reached; None if a row was not found.
    """

    def __init__(
        self,
        time: float,
        reason: str,
        of_step: float,
        of_spacing: float,
        reached: float | None = None,
    ) -> None:
        super().__init__(f"at t = {time:.3g} {reason}")
        self.time, self.reached = time, reached
        self.of_step, self.of_spacing = of_step, of_spacing


class Resolution(NamedTuple):
    """The resolution of the fine march.

    Attributes
    ----------
    step
        h, the first step in ln t.
    spacing
        d, the distance of columns in y.
    shortest
        The shortest t' and t - t' that are resolved.
    horizon
        The last time for which there are enough columns.
    earliest_doubling
        The time from which on the steps may double.
    """

    step: float
    spacing: float
    shortest: float
    horizon: float
    earliest_doubling: float


class ControlledMarch:
    """Three marches, with the results at their common rows and estimates of their errors.

    Parameters
    ----------
    equations, series
        The equations of motion, and their solution at short times.
    resolution
        Resolution of the fine march.
    tolerance
        Largest accepted error estimate of the energy.
    saved
        The result of ``arrays`` for the same equations and resolution, to go on from there.

    Raises
    ------
    KeyError, ValueError
        If ``saved`` is not a result of ``arrays``.
    """

    def __init__(
        self,
        equations: Equations,
        series: ShortTimeFunctions,
        resolution: Resolution,
        tolerance: float,
        saved: dict[str, Any] | None = None,
    ) -> None:
        self.series, self.resolution, self.tolerance = series, resolution, tolerance
        step, spacing, shortest, horizon, _ = resolution
        close = _grid(spacing, horizon, shortest)
        wide = _grid(WIDER * spacing, horizon, COARSER_SHORTEST * shortest)
        parts = (
            (close, step, shortest),
            (close, 2 * step, shortest),
            (wide, 2 * step, COARSER_SHORTEST * shortest),
        )
        self.marches = [
            March(equations, series, grid, h, tau, series.reach()) for grid, h, tau in parts
        ]
        self.logarithm: list[float] = []
        self.values: list[Values] = []
        self.functions: list[Values] = []
        self.errors: list[Values] = []
        self.steps: list[Values] = []
        if saved is None:
            self._take_up_series()
        else:
            self._restore(saved)

    @property
    def reached(self) -> float:
        """Logarithm of the newest row's time."""
        return self.logarithm[-1]

    def run(self, t_max: float, keep: Callable[[], None] = lambda: None) -> None:
        """Go on until the interpolation at ``t_max`` has rows on both sides.

        Parameters
        ----------
        t_max
            Last time.
        keep
            Called after each row, for instance to write a restart file.

        Raises
        ------
        MissedError
            If the tolerance is missed.
        """
        ahead = max(LOOK_AHEAD, INTERPOLATION * self.marches[0].step)
        while self.reached < np.log(t_max) + ahead or len(self.logarithm) < INTERPOLATION:
            self._advance()
            self._take_up()
            self._check_between_rows()
            keep()
            ahead = max(LOOK_AHEAD, INTERPOLATION * self.marches[0].step)

    def _check_between_rows(self) -> None:
        """Add the error of interpolation between rows to the errors of E and m.

        The error is estimated at the newest row that has enough rows on both sides, by
        interpolation from every other row. Where a ramp begins or ends, the fifth derivative jumps,
        so that interpolation from rows twice as far apart has an error 2^5 times as large.
        """
        row = len(self.logarithm) - INTERPOLATION
        picked = slice(row + 1 - INTERPOLATION, None, 2)
        if row < INTERPOLATION - 1:
            return
        weights = polynomials.weights(
            np.array(self.logarithm[picked]), np.array(self.logarithm[row])
        )
        read = weights @ np.array(self.values[picked])
        self.errors[row][[0, 3]] += np.abs(self.values[row] - read)[[0, 3]] / 32
        error = float(self.errors[row][0])
        if error > self.tolerance:
            time = float(np.exp(self.logarithm[row]))
            reason = f"steps of {self.marches[0].step:.2g} in ln t reach {error:.2g} between rows"
            raise MissedError(time, reason, 1.0, 0.0, error)

    def _advance(self) -> None:
        """Advance all marches by one coarse step; the fine march gives guesses to the others.

        If only the march with larger steps does not find its row, the step is to blame; if only the
        march with wider columns does not, the spacing is.
        """
        fine, half, wide = self.marches
        if self._may_double():
            for march in self.marches:
                march.double_step()
            # the errors of the new step are not known yet
            self.steps = self.steps[-1:]
        with _blamed(fine, 1.0, 1.0):
            fine.advance()
            fine.advance()
        found = fine.rows[fine.newest]
        with _blamed(half, 1.0, 0.0):
            half.advance(found)
        used, y = _used(fine), _y(fine.grid)
        wanted = np.clip(_y(wide.grid), y[used][0], y[used][-1])
        guess = make_interp_spline(y[used], found[:, used], k=SPLINE_DEGREE, axis=1)(wanted)
        with _blamed(wide, 0.0, 1.0):
            wide.advance(guess)

    def _take_up_series(self) -> None:
        """Begin with rows of the series, so that interpolation at first has rows on both sides."""
        half = self.marches[1]
        for row in range(half.newest - INTERPOLATION // 2, half.newest + 1):
            time = half.time_of(row)
            self.logarithm.append(float(np.log(time)))
            self.functions.append(half.rows[row].copy())
            energy, multiplier = self.series.energy_at(time), self.series.multiplier_at(time)
            self.values.append(np.array([energy, multiplier, *half.one_time[row]]))
            self.errors.append(np.full(4, FLOOR))
            self.steps.append(np.array([self.logarithm[-1], 0.0]))

    def _take_up(self) -> None:
        """Add the newest rows; raise ``MissedError`` if they differ too much."""
        fine, half, wide = self.marches
        newest = [march.rows[march.newest] for march in self.marches]
        used = _used(half)
        correction = (newest[0] - newest[1]) / 15
        across = make_interp_spline(_y(wide.grid), newest[2], k=SPLINE_DEGREE, axis=1)(
            _y(half.grid)[used]
        )
        one_time = [
            np.array([march.energy, march.multiplier, *march.one_time[march.newest]])
            for march in self.marches
        ]
        of_step, of_spacing = (one_time[0] - one_time[1]) / 15, one_time[2] - one_time[1]
        error, _, _, of_magnetisation = np.abs(of_step) + np.abs(of_spacing) + FLOOR
        if not error <= self.tolerance:
            reason = (
                f"steps of {fine.step:.2g} in ln t and columns {fine.grid.spacing:.2g} apart "
                f"reach {error:.2g}"
            )
            raise MissedError(fine.time, reason, abs(of_step[0]), abs(of_spacing[0]), float(error))
        errors = np.abs(correction[:, used]) + np.abs(newest[1][:, used] - across)
        self.errors.append(np.array([error, *np.max(errors, axis=1), of_magnetisation]))
        self.steps.append(np.array([np.log(fine.time), abs(of_step[0])]))
        self.logarithm.append(float(np.log(fine.time)))
        self.functions.append(newest[0] + correction)
        self.values.append(one_time[0] + of_step)

    def _may_double(self) -> bool:
        """Whether the steps' error has been small enough for long enough."""
        early = self.reached < np.log(self.resolution.earliest_doubling)
        if early or self.marches[0].step > 0.75 * LARGEST_STEP:
            return False
        since = self.reached - CALM_BEFORE_DOUBLING
        if self.steps[0][0] > since:
            return False
        # twice the step has 16 times the error, and half the tolerance is for the columns
        return 32 * max(error for when, error in self.steps if when > since) < self.tolerance

    def solution(self) -> Solution:
        """The solution up to the newest row."""
        logarithm = np.array(self.logarithm)
        ahead = np.searchsorted(logarithm, logarithm + LOOK_AHEAD, side="right") - 1
        bounds = np.maximum.accumulate(np.array(self.errors))[ahead].T
        energy, multiplier, start, magnetisation = np.array(self.values).T
        return Solution(
            self.series, logarithm, energy, multiplier, start, magnetisation,
            np.array(self.functions),
            _y(self.marches[0].grid), bounds[0], bounds[1], bounds[2], bounds[3],
            self.resolution.step, self.resolution.spacing,
        )  # fmt: skip

    def arrays(self) -> dict[str, Any]:
        """All that is needed to go on, as arrays by name."""
        kept = {
            name: np.array(getattr(self, name))
            for name in ("logarithm", "values", "functions", "errors", "steps")
        }
        for index, march in enumerate(self.marches):
            kept |= {f"march{index}.{name}": array for name, array in march.arrays().items()}
        return {"resolution": np.array(self.resolution), **kept}

    def _restore(self, saved: dict[str, Any]) -> None:
        self.logarithm = saved["logarithm"].tolist()
        columns = self.marches[0].grid.theta.size
        shapes = {"values": (4,), "functions": (2, columns), "errors": (4,), "steps": (2,)}
        for name, shape in shapes.items():
            if saved[name].shape[1:] != shape or not np.isfinite(saved[name]).all():
                raise ValueError(f"{name} are not those of a solution")
            if name != "steps" and len(saved[name]) != len(self.logarithm):
                raise ValueError(f"{name} have another length")
        if not (np.diff(saved["logarithm"]) > 0).all():
            raise ValueError("times do not increase")
        for name in ("values", "functions", "errors", "steps"):
            setattr(self, name, list(saved[name]))
        for index, march in enumerate(self.marches):
            prefix = f"march{index}."
            march.restore(
                {
                    name.removeprefix(prefix): array
                    for name, array in saved.items()
                    if name.startswith(prefix)
                }
            )
        if not all(np.isclose(march.time, np.exp(self.reached)) for march in self.marches):
            raise ValueError("the marches are at other times")


@contextmanager
def _blamed(march: March, of_step: float, of_spacing: float) -> Iterator[None]:
    try:
        yield
    except RowError as failure:
        raise MissedError(march.time, str(failure), of_step, of_spacing) from None


def _grid(spacing: float, horizon: float, shortest: float) -> Grid:
    return make_grid(spacing, float(np.log(horizon / shortest)) + 2.0)


def _used(march: March) -> slice:
    half = max(march.half, 1)
    return slice(march.grid.centre - half, march.grid.centre + half + 1)


def _y(grid: Grid) -> Values:
    return grid.spacing * np.arange(-grid.centre, grid.centre + 1, dtype=np.float64)
