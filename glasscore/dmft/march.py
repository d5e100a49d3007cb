"""One solution of the two-time equations on the scale-invariant grid, row by row.

Every row is solved by Newton's method, with the derivative in ln t by the backward differentiation
formula of fourth order: no limit of stability binds the step to the microscopic time.
"""

import numpy as np
import numpy.typing as npt
from scipy.linalg import lu_factor, lu_solve

from glasscore.dmft import logarithmic_grid, memory
from glasscore.dmft.logarithmic_grid import Grid
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.short_times import ShortTimes
from glasscore.kernels.compilation import kernel, kernels_running
from glasscore.models.covariance import Covariance, Values

BACKWARD = np.array([25 / 12, -4.0, 3.0, -4 / 3, 1 / 4])
# guesses for a row from the last four on its lines: a cubic, and the last one as it is
GUESSES = np.array([[4.0, -6.0, 4.0, -1.0], [1.0, 0.0, 0.0, 0.0]])
CONVERGED = 1e-11
# rounding of the terms of a row, which grow as t and cancel
ROUNDING = 1e-17
ITERATIONS = 16
# a matrix is made anew where an iteration leaves more than this of the change before
SLOW_CONVERGENCE = 0.2
MANY = 4
# a solution farther from its guess than this is another root, met at late times and large steps
LARGEST_MOVE = 0.02
# the first row lies before the earliest t' by this in ln t, so that it is never read beyond
MARGIN = 2.0
# what C(t,t) may miss 1 by in a solution that was kept
SAME_TIME = 1e-6


class RowError(ArithmeticError):
    """A row that Newton's method does not solve."""


class March:
    """A solution up to the newest row.

    Parameters
    ----------
    model, protocol, inverse_initial
        Covariance, temperature of the noise and field, 1 / T_0 of the start.
    series
        The short times.
    grid
        Columns.
    step
        h, of the rows in ln t.
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
        model: Covariance,
        protocol: Protocol,
        inverse_initial: float,
        series: ShortTimes,
        grid: Grid,
        step: float,
        shortest: float,
        begin: float,
    ) -> None:
        self.model, self.protocol, self.inverse_initial = model, protocol, inverse_initial
        self.grid, self.shortest = grid, shortest
        self.stencils = logarithmic_grid.row_stencils(grid, step)
        self.newest = int(np.ceil((np.log(begin / shortest) + MARGIN) / step))
        self.anchor = (self.newest, float(np.log(begin)))
        times = np.exp(self.anchor[1] + step * (np.arange(self.newest + 1) - self.newest))
        functions = series.at(times[:, None], grid.theta)
        self.rows = np.ascontiguousarray(functions.transpose(1, 0, 2))
        start, magnetisation = series.at(times, 0.0)[0], series.magnetisation_at(times)
        self.one_time = np.stack([start, magnetisation], axis=1)
        self.energy = float(series.energy_at(begin))
        self.multiplier = float(series.multiplier_at(begin))
        self._work()

    def _work(self) -> None:
        columns = self.grid.theta.size
        self._past = memory.empty_past(columns, self.grid.nodes)
        self._kernels = np.zeros((8, columns))
        self._field = np.zeros(columns + 1)
        self._factors: tuple[npt.NDArray, npt.NDArray] | None = None
        self._hard = False
        self.half = 0

    @property
    def step(self) -> float:
        """h, of the rows in ln t."""
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
            C and R of the row as another march has them, (2, columns); without one they are
            extrapolated.

        Raises
        ------
        RowError
            If Newton's method does not converge.
        """
        grid, n = self.grid, self.newest + 1
        t = self.time_of(n)
        half = int(np.ceil(np.log(t / self.shortest) / grid.spacing))
        if half > grid.centre - grid.room:
            raise ValueError(f"t = {t:g} lies beyond the grid")
        if half != self.half:
            self.half, self._factors = half, None
            self._measure = logarithmic_grid.trapezoid(grid, half)
        low, high = grid.centre - half, grid.centre + half
        nodes = self._nodes(grid.omega * t), self._nodes(grid.theta * t)
        self._make_room(n)
        self._field[:-1] = self.protocol.field_at(grid.theta * t)
        self._field[-1] = self.protocol.field_at(t)
        shifted = np.zeros((GUESSES.shape[1], 2, grid.theta.size))
        with kernels_running():
            memory.gather(
                grid, self.stencils, self.rows, self.one_time, n, half, *nodes, self._past
            )
            _shift(self.stencils, self.rows, n, low, high, shifted)
        known = np.einsum("m,mfk->fk", BACKWARD[1:] / self.step, shifted)
        guesses = [np.einsum("m,mfk->fk", weights, shifted) for weights in GUESSES]
        for functions in guesses if guess is None else [guess.copy(), *guesses]:
            found = self._newton(t, known, functions, nodes)
            if found is not None:
                break
        else:
            raise RowError(f"Newton's method finds no solution at t = {t:.4g}")
        for function in functions:
            memory.continued(function, low, high, grid.skip, grid.open, grid.closed, 1.0, low)
        self.energy, self.multiplier = found[:2]
        self.one_time[n] = found[2:]
        self.rows[n], self.newest = functions, n

    def arrays(self) -> dict[str, npt.NDArray]:
        """All that is needed to go on, by name."""
        return {
            "rows": self.rows[: self.newest + 1],
            "one_time": self.one_time[: self.newest + 1],
            "anchor": np.array(self.anchor),
            "state": np.array([self.step, self.energy, self.multiplier]),
        }

    def restore(self, saved: dict[str, npt.NDArray]) -> None:
        """Go on where ``arrays`` were taken from a march of the same grid.

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
        # the last column is t' = t but for far less than the shortest time
        if np.max(np.abs(self.rows[:, 0, -1] - 1)) > SAME_TIME:
            raise ValueError("C(t,t) is not 1")
        self.newest = len(self.rows) - 1
        self.anchor = (int(saved["anchor"][0]), float(saved["anchor"][1]))
        self.stencils = logarithmic_grid.row_stencils(self.grid, step)
        self._work()

    def _newton(
        self, t: float, known: Values, functions: Values, nodes: tuple[npt.NDArray, npt.NDArray]
    ) -> tuple[float, float, float, float] | None:
        """Bring ``functions`` to the solution; energy, multiplier, C(t,0) and m, or None."""
        size = 2 * self.half + 1
        used = slice(self.grid.centre - self.half, self.grid.centre + self.half + 1)
        guess, last, fresh_ones = functions.copy(), np.inf, self._hard
        for iteration in range(ITERATIONS):
            fresh = fresh_ones or self._factors is None
            matrix = np.empty((2 * size, 2 * size) if fresh else (1, 1))
            out, _ = self._residual(t, known, functions, nodes, matrix)
            if not np.isfinite(out).all():
                break
            if fresh:
                # the transpose of a matrix in C order is one in Fortran order, factored in place
                self._factors = lu_factor(matrix.T, overwrite_a=True, check_finite=False)
            change = lu_solve(self._factors, out, trans=1, check_finite=False)
            functions[:, used] -= change.reshape(2, size)
            now = float(np.max(np.abs(change)))
            if now < CONVERGED + ROUNDING * t:
                self._hard = iteration > MANY
                # what is left is not random: at late times the slow modes would add it up
                out, found = self._residual(t, known, functions, nodes, np.empty((1, 1)))
                change = lu_solve(self._factors, out, trans=1, check_finite=False)
                functions[:, used] -= change.reshape(2, size)
                moved = np.max(np.abs(functions[:, used] - guess[:, used]))
                if moved < LARGEST_MOVE:
                    return found
                break
            if now > SLOW_CONVERGENCE * last:
                fresh_ones = True
                if not fresh and now > last:
                    # an outdated matrix led astray
                    functions[:] = guess
                    now = np.inf
            last = now
        self._factors, self._hard = None, True
        return None

    def _residual(
        self,
        t: float,
        known: Values,
        functions: Values,
        nodes: tuple[npt.NDArray, npt.NDArray],
        matrix: Values,
    ) -> tuple[Values, tuple[float, float, float, float]]:
        out = np.empty(4 * self.half + 2)
        with kernels_running():
            found = memory.residual(
                self.grid, self._past, self.model, self.protocol.temperature_at(t), self._field,
                self.inverse_initial, t, BACKWARD[0] / self.step, known, functions, self.half,
                *nodes, self._measure, logarithmic_grid.limit(self.grid), out, matrix,
                self._kernels,
            )  # fmt: skip
        return out, found

    def _nodes(self, length: Values) -> npt.NDArray[np.int64]:
        """Nodes on either side of the rule for an interval: out to the shortest time."""
        spacing = self.grid.spacing
        wanted = np.ceil(np.log(np.maximum(length / self.shortest, 1.0)) / spacing)
        least = logarithmic_grid.shortest(spacing)
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
        self.stencils = logarithmic_grid.row_stencils(self.grid, 2 * self.step)
        self._factors = None


@kernel
def _shift(stencils, rows, n, low, high, shifted):
    """The last four rows along the lines that the derivative is taken along."""
    index, weight = stencils.shift_index, stencils.shift_weight
    for back in range(shifted.shape[0]):
        row = rows[n - 1 - back]
        for k in range(low, high + 1):
            first = index[back, k]
            of_c = 0.0
            of_r = 0.0
            for q in range(weight.shape[2]):
                of_c += weight[back, k, q] * row[0, first + q]
                of_r += weight[back, k, q] * row[1, first + q]
            shifted[back, 0, k] = of_c
            shifted[back, 1, k] = of_r
