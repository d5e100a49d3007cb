"""One solution of two-time equations on the scale-invariant grid, row by row.

Every row is solved by Newton's method, with the derivative in ln t by the backward differentiation
formula of fourth order. Stability therefore does not limit steps to the microscopic time.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import lu_factor, lu_solve

from glasscore.dmft.equations import Equations
from glasscore.dmft.two_time.continuation import fill_beyond, start_weights
from glasscore.dmft.two_time.grid import Grid, row_stencils, shortest_rule, trapezoid
from glasscore.dmft.two_time.past import empty_past, read_along_lines, read_past
from glasscore.dmft.two_time.residual import WORK_ARRAYS, Discretisation, residual
from glasscore.dmft.two_time.solution import ShortTimeFunctions
from glasscore.kernels.compilation import kernels_running
from glasscore.models.covariance import Values

BACKWARD = np.array([25 / 12, -4.0, 3.0, -4 / 3, 1 / 4])
# Weights of the last four rows, read along the lines of the time derivative, in two guesses for a
# new row: the cubic extrapolation, and a copy of the last row.
GUESSES = np.array([[4.0, -6.0, 4.0, -1.0], [1.0, 0.0, 0.0, 0.0]])
CONVERGED = 1e-11
# Rounding error of a row, divided by t: its terms grow in proportion to t and cancel.
ROUNDING = 1e-17
ITERATIONS = 16
# If an iteration changes the row by more than this part of the change before, later iterations
# compute new matrices. So do all iterations of the row after one that took more than MANY.
SLOW_CONVERGENCE = 0.2
MANY = 4
# A solution farther from its guess than this is a wrong root, as found at late times with large
# steps.
LARGEST_MOVE = 0.02
# The first row is earlier than the shortest t' by this distance in ln t, so that no time before it
# is ever read.
MARGIN = 2.0
# Largest deviation of C(t,t) from 1 that is accepted in a restart file.
SAME_TIME = 1e-6


class RowError(ArithmeticError):
    """Newton's method does not solve a row."""


class March:
    """A solution up to the newest row.

    Parameters
    ----------
    equations
        The equations of motion.
    series
        Their solution at short times.
    grid
        The columns and their stencils.
    step
        h, the distance of rows in ln t.
    shortest
        The shortest t' and t - t' that columns resolve.
    begin
        Time of the last row taken from the series.

    Attributes
    ----------
    rows
        C and R of rows 0..newest, shape (at least newest + 1, 2, columns).
    one_time
        C(t,0) and m(t) of the same rows, shape (at least newest + 1, 2).
    energy, multiplier
        E and mu of the newest row.
    """

    def __init__(
        self,
        equations: Equations,
        series: ShortTimeFunctions,
        grid: Grid,
        step: float,
        shortest: float,
        begin: float,
    ) -> None:
        self.equations, self.grid, self.shortest = equations, grid, shortest
        self.stencils = row_stencils(grid, step)
        self.newest = int(np.ceil((np.log(begin / shortest) + MARGIN) / step))
        self.anchor = (self.newest, float(np.log(begin)))
        times = np.exp(self.anchor[1] + step * (np.arange(self.newest + 1) - self.newest))
        functions = series.at(times[:, None], grid.theta)
        self.rows = np.ascontiguousarray(functions.transpose(1, 0, 2))
        start, magnetisation = series.at(times, 0.0)[0], series.magnetisation_at(times)
        self.one_time = np.stack([start, magnetisation], axis=1)
        self.energy = float(series.energy_at(begin))
        self.multiplier = float(series.multiplier_at(begin))
        self._make_work_space()

    def _make_work_space(self) -> None:
        columns = self.grid.theta.size
        self._past = empty_past(columns, self.grid.nodes)
        self._work = np.zeros((WORK_ARRAYS, columns))
        self._factors: tuple[npt.NDArray, npt.NDArray] | None = None
        self._hard = False
        self.half = 0

    @property
    def step(self) -> float:
        """h, the distance of rows in ln t."""
        return self.stencils.step

    @property
    def time(self) -> float:
        """Time of the newest row."""
        return self.time_of(self.newest)

    def time_of(self, row: int) -> float:
        """Time of a row."""
        origin, logarithm = self.anchor
        return float(np.exp(logarithm + self.step * (row - origin)))

    def advance(self, guess: Values | None = None) -> None:
        """Solve the next row.

        Parameters
        ----------
        guess
            C and R of the row as another march found them, shape (2, columns). Without a guess
            they are extrapolated.

        Raises
        ------
        RowError
            If Newton's method does not converge.
        """
        grid, n = self.grid, self.newest + 1
        t = self.time_of(n)
        row, shifted = self._discretised(t, n)
        guesses = [np.einsum("m,mfk->fk", weights, shifted) for weights in GUESSES]
        equations = self.equations.at(t, grid.theta * t)
        for functions in guesses if guess is None else [guess.copy(), *guesses]:
            found = self._newton(equations, row, functions)
            if found is not None:
                break
        else:
            raise RowError(f"Newton's method finds no solution at t = {t:.4g}")
        low, high = grid.centre - self.half, grid.centre + self.half
        for function in functions:
            fill_beyond(function, low, high, grid.skip, grid.open, grid.closed, 1.0, low)
        self.energy, self.multiplier = found[:2]
        self._make_room(n)
        self.one_time[n] = found[2:]
        self.rows[n], self.newest = functions, n

    def _discretised(self, t: float, n: int) -> tuple[Discretisation, Values]:
        """Row n on the grid, and the rows before it along the lines of the time derivative."""
        grid = self.grid
        half = int(np.ceil(np.log(t / self.shortest) / grid.spacing))
        if half > grid.centre - grid.room:
            raise ValueError(f"t = {t:g} lies beyond the grid")
        if half != self.half:
            self.half, self._factors = half, None
            self._measure = trapezoid(grid, half)
        nodes = self._nodes(grid.omega * t), self._nodes(grid.theta * t)
        shifted = np.zeros((GUESSES.shape[1], 2, grid.theta.size))
        with kernels_running():
            read_past(grid, self.stencils, self.rows, self.one_time, n, half, *nodes, self._past)
            read_along_lines(
                self.stencils, self.rows, n, grid.centre - half, grid.centre + half, shifted
            )
        known = np.einsum("m,mfk->fk", BACKWARD[1:] / self.step, shifted)
        weight, of_start = self._measure * t, start_weights(grid.spacing, grid.skip)
        leading = float(BACKWARD[0] / self.step)
        return Discretisation(t, half, *nodes, weight, of_start, leading, known), shifted

    def arrays(self) -> dict[str, npt.NDArray]:
        """All arrays that are needed to go on, by name."""
        return {
            "rows": self.rows[: self.newest + 1],
            "one_time": self.one_time[: self.newest + 1],
            "anchor": np.array(self.anchor),
            "state": np.array([self.step, self.energy, self.multiplier]),
        }

    def restore(self, saved: dict[str, npt.NDArray]) -> None:
        """Go on from the result of ``arrays`` of a march on the same grid.

        Raises
        ------
        KeyError, ValueError
            If the arrays are not those of a solution on this grid.
        """
        step, self.energy, self.multiplier = saved["state"].tolist()
        self.rows, self.one_time = saved["rows"], saved["one_time"]
        if self.rows.shape != (len(self.one_time), 2, self.grid.theta.size):
            raise ValueError("rows have another shape")
        if self.one_time.shape[1:] != (2,) or not step > 0:
            raise ValueError("functions of one time have another shape")
        if not all(np.isfinite(array).all() for array in saved.values()):
            raise ValueError("values are not finite")
        # in the last column t - t' is far below the shortest time, so that C must be 1
        if np.max(np.abs(self.rows[:, 0, -1] - 1)) > SAME_TIME:
            raise ValueError("C(t,t) is not 1")
        self.newest = len(self.rows) - 1
        self.anchor = (int(saved["anchor"][0]), float(saved["anchor"][1]))
        self.stencils = row_stencils(self.grid, step)
        self._make_work_space()

    def _newton(
        self, equations: Any, row: Discretisation, functions: Values
    ) -> tuple[float, float, float, float] | None:
        """Turn ``functions`` into the solution; return energy, multiplier, C(t,0) and m, or None.

        None means that no solution was found.
        """
        size = 2 * self.half + 1
        used = slice(self.grid.centre - self.half, self.grid.centre + self.half + 1)
        guess, last, fresh_ones = functions.copy(), np.inf, self._hard
        for iteration in range(ITERATIONS):
            fresh = fresh_ones or self._factors is None
            matrix = np.empty((2 * size, 2 * size) if fresh else (1, 1))
            out, _ = self._residual(equations, row, functions, matrix)
            if not np.isfinite(out).all():
                break
            if fresh:
                # the transpose of a matrix in C order is one in Fortran order, factored in place
                self._factors = lu_factor(matrix.T, overwrite_a=True, check_finite=False)
            change = lu_solve(self._factors, out, trans=1, check_finite=False)
            functions[:, used] -= change.reshape(2, size)
            now = float(np.max(np.abs(change)))
            if now < CONVERGED + ROUNDING * row.time:
                self._hard = iteration > MANY
                # The remaining error is not random, and slow modes would accumulate it at late
                # times. One more correction removes it.
                out, found = self._residual(equations, row, functions, np.empty((1, 1)))
                change = lu_solve(self._factors, out, trans=1, check_finite=False)
                functions[:, used] -= change.reshape(2, size)
                moved = np.max(np.abs(functions[:, used] - guess[:, used]))
                if moved < LARGEST_MOVE:
                    return found
                break
            if now > SLOW_CONVERGENCE * last:
                fresh_ones = True
                if not fresh and now > last:
                    # the outdated matrix led away from the solution: begin again with a new one
                    functions[:] = guess
                    now = np.inf
            last = now
        self._factors, self._hard = None, True
        return None

    def _residual(
        self, equations: Any, row: Discretisation, functions: Values, matrix: Values
    ) -> tuple[Values, tuple[float, float, float, float]]:
        out = np.empty(4 * self.half + 2)
        with kernels_running():
            found = residual(
                equations, self.grid, self._past, row, functions, out, matrix, self._work
            )
        return out, found

    def _nodes(self, length: Values) -> npt.NDArray[np.int64]:
        """Number of nodes on either side of a quadrature rule that resolves the shortest time."""
        spacing = self.grid.spacing
        wanted = np.ceil(np.log(np.maximum(length / self.shortest, 1.0)) / spacing)
        least = shortest_rule(spacing)
        return np.clip(wanted.astype(np.int64), least, self.grid.nodes)

    def _make_room(self, row: int) -> None:
        if row >= len(self.rows):
            for name in ("rows", "one_time"):
                known = getattr(self, name)
                longer = np.empty((row + 256, *known.shape[1:]))
                longer[:row] = known[:row]
                setattr(self, name, longer)

    def double_step(self) -> None:
        """Go on with twice the step: every other row is dropped."""
        kept = slice(self.newest % 2, self.newest + 1, 2)
        logarithm = float(np.log(self.time))
        self.rows = np.ascontiguousarray(self.rows[kept])
        self.one_time = np.ascontiguousarray(self.one_time[kept])
        self.newest //= 2
        self.anchor = (self.newest, logarithm)
        self.stencils = row_stencils(self.grid, 2 * self.step)
        self._factors = None
