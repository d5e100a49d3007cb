"""A solved quench: its rows, estimates of their errors, and values between the rows."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from scipy.interpolate import make_interp_spline
from scipy.special import expit

from glasscore.dmft.two_time import polynomials
from glasscore.models.covariance import Values

# Number of rows from which values are interpolated in ln t.
INTERPOLATION = 8
SPLINE_DEGREE = 7


class ShortTimeFunctions(Protocol):
    """The exact solution at short times, from which a march takes its first rows."""

    def reach(self) -> float:
        """The time up to which it holds."""

    def at(self, time: npt.ArrayLike, fraction: npt.ArrayLike) -> Values:
        """C and R at t and t' = fraction t, stacked: shape (2, *shape of the broadcast)."""

    def energy_at(self, time: npt.ArrayLike) -> Values:
        """E(t), of the shape of ``time``."""

    def multiplier_at(self, time: npt.ArrayLike) -> Values:
        """mu(t), of the shape of ``time``."""

    def magnetisation_at(self, time: npt.ArrayLike) -> Values:
        """m(t), of the shape of ``time``."""


class Solution(NamedTuple):
    """Rows of a quench with their error estimates.

    Attributes
    ----------
    series
        The solution at short times, from which the first rows are taken.
    logarithm
        ln t of the rows, shape (rows,).
    energy, multiplier
        E and mu, shape (rows,).
    start, magnetisation
        C(t,0) and m, shape (rows,).
    functions
        C and R, shape (rows, 2, columns).
    y
        ln(t' / (t - t')) of the columns, shape (columns,).
    energy_error_estimate, correlation_error_estimate, response_error_estimate
        The largest estimate of the error up to each row, shape (rows,).
    magnetisation_error_estimate
        The same for m.
    step, spacing
        The first step in ln t and the spacing of columns in y.
    """

    series: ShortTimeFunctions
    logarithm: Values
    energy: Values
    multiplier: Values
    start: Values
    magnetisation: Values
    functions: Values
    y: Values
    energy_error_estimate: Values
    correlation_error_estimate: Values
    response_error_estimate: Values
    magnetisation_error_estimate: Values
    step: float
    spacing: float

    def at(self, name: str, time: npt.ArrayLike) -> Values:
        """``energy``, ``multiplier``, ``start``, ``magnetisation`` or ``functions`` at any times.

        Values at short times are from the series, later ones from polynomials of seventh degree in
        ln t.

        Parameters
        ----------
        name
            One of these five names.
        time
            Times from 0 to the last row's, shape (times,).

        Returns
        -------
        ndarray
            Shape (times, *shape of a row).
        """
        times = np.atleast_1d(np.asarray(time, float))
        rows = getattr(self, name)
        found = np.empty((times.size, *rows.shape[1:]))
        early = times < self.series.reach()
        found[early] = self._short(name, times[early])
        wanted = np.log(times[~early])
        first = np.searchsorted(self.logarithm, wanted) - INTERPOLATION // 2
        first = np.clip(first, 0, self.logarithm.size - INTERPOLATION)
        # only a few rows enter: a spline would spread the larger errors within a ramp beyond it
        picked = first[:, None] + np.arange(INTERPOLATION)
        weights = polynomials.weights(self.logarithm[picked], wanted)
        found[~early] = np.einsum("ti,ti...->t...", weights, rows[picked])
        return found

    def at_fractions(self, time: Values, fraction: Values) -> Values:
        """C, R and chi at all pairs of t and t' = fraction t, shape (3, times, fractions).

        chi(t,t') is the integral of R(t,s) over s from t' to t.

        Parameters
        ----------
        time
            Times from 0 to the last row's, shape (times,).
        fraction
            Fractions t'/t, ascending from 0 to 1. Those between 0 and 1 lie within the columns.
        """
        rows = self.at("functions", time)
        y = np.log(fraction[1:-1]) - np.log1p(-fraction[1:-1])
        found = np.ones((3, time.size, fraction.size))
        found[:2, :, 1:-1] = make_interp_spline(self.y, rows, k=SPLINE_DEGREE, axis=2)(y).swapaxes(
            0, 1
        )
        found[0, :, 0], found[1, :, 0] = self.at("start", time), rows[:, 1, 0]
        measure = expit(self.y) * expit(-self.y)
        spline = make_interp_spline(self.y, rows[:, 1] * measure, k=SPLINE_DEGREE, axis=1)
        # R = 1 beyond the last column and constant before the first
        integral = spline.antiderivative()
        recent = expit(-self.y[-1]) + integral(self.y[-1])[:, None] - integral(y)
        older = expit(self.y[0]) * rows[:, 1, :1] + integral(y[:1]) - integral(self.y[:1])
        found[2, :, 1:-1] = time[:, None] * recent
        found[2, :, 0] = time * (recent[:, 0] + older[:, 0])
        found[2, :, -1] = 0.0
        return found

    def estimate(self, name: str, time: npt.ArrayLike) -> Values:
        """The error estimate of E, C, R or m, by name, up to given times."""
        with np.errstate(divide="ignore"):
            index = np.searchsorted(self.logarithm, np.log(np.asarray(time, float)))
        bounds: Values = getattr(self, f"{name}_error_estimate")
        return bounds[np.minimum(index, bounds.size - 1)]

    def _short(self, name: str, time: Values) -> Values:
        if name == "energy":
            return self.series.energy_at(time)
        if name == "multiplier":
            return self.series.multiplier_at(time)
        if name == "magnetisation":
            return self.series.magnetisation_at(time)
        if name == "start":
            return self.series.at(time, 0.0)[0]
        return self.series.at(time[:, None], expit(self.y)).transpose(1, 0, 2)
