"""Sizes beside the limit of many spins: differences, and a straight line through them against 1/N.

The line is a least-squares fit, weighted by the errors of the values. Where the leading correction
is of the order 1/N, its value at 1/N = 0 is the limit of many spins. The error of this value does
not include what corrections of the order 1/N^2 change.

In all panels, colours stand for sizes; markers stand for the times at which sizes are compared. The
number of the colour of the limit is infinite, which is drawn black.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from glasscore.estimates.straight_line import straight_line
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.symbols import Symbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
# A line through fewer sizes meets all of them, whatever they are.
FEWEST = 3
LEAST_SQUARES = "least squares"
INFINITE = r"DMFT, $N=\infty$"
EXPLAINED = {
    LEAST_SQUARES: (
        "Dashed lines are straight lines in $1/N$, fitted to the points by weighted least squares. "
        "An open point at $1/N = 0$ is where such a line ends, with its standard "
        "error: it is the extrapolation to many spins. Where the dependence on $1/N$ is curved, "
        "the extrapolation is off by more than its bar."
    ),
}
LARGER = 5.5
# Points of one size are drawn apart by this share of the largest 1/N.
APART = 0.012
ZERO: dict[str, Any] = {"color": "0.4", "linewidth": 0.6, "zorder": 1}


class Compared(NamedTuple):
    """Values at several sizes at one time.

    Attributes
    ----------
    symbol, time
        The symbol of the time, and the time.
    N, y, error
        Sizes, values of independent simulations, and their standard errors; 0 and NaN stand for
        unknown errors.
    of_theory
        Standard error of the value that the limit is compared with; the bar of the limit includes
        it.
    marker
        The number that markers stand for.
    """

    symbol: str
    time: float
    N: Array
    y: Array
    error: Array
    of_theory: float
    marker: float


class Limit(NamedTuple):
    """A weighted least-squares line, y = value + slope / N.

    Attributes
    ----------
    value, error
        Height of the line at 1/N = 0, and the standard error that follows from those of the points.
    slope
        Slope of the line.
    chi_squared
        Mean squared distance of the points from the line in units of their errors, with the number
        of points less two in place of their number; NaN for two points.
    """

    value: float
    error: float
    slope: float
    chi_squared: float


def limit(inverse: Array, y: Array, error: Array) -> Limit:
    """The weighted least-squares line through values at several 1/N.

    Parameters
    ----------
    inverse
        The values of 1/N, of at least two sizes.
    y, error
        Values of independent simulations, and their standard errors, which are positive.
    """
    line = straight_line(inverse, y, error)
    scatter = line.chi_squared / line.free if line.free else np.nan
    return Limit(line.value, line.value_error, line.slope, scatter)


def of_size(panel: str, N: float, x: Array, y: Array, error: Array) -> Curve:
    """Points of one size against time; their marker is that of no time."""
    size = f"$N={N:g}$"
    return Curve(panel, "data", size, x, y, error, N, -np.inf, size)


def of_limit(panel: str, x: Array, y: Array) -> Curve:
    """The line of the solution for infinitely many spins."""
    return Curve(panel, SOLUTION, INFINITE, x, y, None, np.nan, colour_label=INFINITE)


def against_inverse_size(panel: str, sets: list[Compared], differences: bool) -> list[Curve]:
    """Values at a few times against 1/N and, where there are enough sizes, lines and their ends.

    Parameters
    ----------
    panel
        The panel.
    sets
        What is compared, one entry a time.
    differences
        Whether values are differences from the limit. If so, a note says how far from 0 the lines
        end.
    """
    found, fits = [], []
    for one in sets:
        time = f"${one.symbol}={one.time:.3g}$"
        for N, y, error in zip(one.N, one.y, one.error, strict=True):
            at = np.array([1 / N]), np.array([y]), np.array([error])
            found.append(Curve(panel, "data", time, *at, N, one.marker, f"$N={N:g}$", time))
        if np.unique(one.N).size >= FEWEST and np.all(one.error > 0):
            fit = limit(1 / one.N, one.y, one.error)
            fits.append((one, fit))
            found += _line_and_end(panel, one, fit)
    if differences and fits:
        found[-1] = found[-1]._replace(note=_verdict(fits))
    return found


def _line_and_end(panel: str, one: Compared, fit: Limit) -> list[Curve]:
    ends = np.array([0.0, 1 / one.N.min()])
    height = fit.value + fit.slope * ends
    spread = np.array([np.hypot(fit.error, one.of_theory)])
    end = np.zeros(1), np.array([fit.value]), spread
    return [
        Curve(panel, "theory", LEAST_SQUARES, ends, height, None, np.nan),
        Curve(panel, "data", "", *end, np.inf, one.marker),
    ]


def _verdict(fits: list[tuple[Compared, Limit]]) -> str:
    """How far from 0 the lines end, and how well they pass through their points."""
    times = ", ".join(f"{one.time:.3g}" for one, _ in fits)
    ends = ", ".join(f"{fit.value / np.hypot(fit.error, one.of_theory):.1f}" for one, fit in fits)
    scatters = ", ".join(f"{fit.chi_squared:.1f}" for _, fit in fits)
    free = fits[0][0].N.size - 2
    freedom = "which is one" if free == 1 else f"of which there are {free}"
    curved = ""
    if free > 1:
        bends = ", ".join(f"{_end_of_parabola(one):.1f}" for one, _ in fits)
        curved = f" Parabolas in $1/N$ would end at ${bends}$ standard errors from 0."
    return (
        f"At ${fits[0][0].symbol} = {times}$ the lines end at ${ends}$ standard errors from 0. The "
        rf"$\chi^2$ of their points per degree of freedom, {freedom}, is ${scatters}$."
        f"{curved}"
    )


def _end_of_parabola(one: Compared) -> float:
    """Height at 1/N = 0, in standard errors, of a fit that has a term in 1/N^2 too."""
    found, covariance = np.polyfit(1 / one.N, one.y, 2, w=1 / one.error, cov="unscaled")
    return float(found[2] / np.hypot(np.sqrt(covariance[2, 2]), one.of_theory))


def set_axis_of_inverse_size(axes: "Axes", differences: bool) -> None:
    """Name the axis of 1/N, and draw the height 0 if values are differences from the limit."""
    axes.set_xlabel("$1/N$")
    if differences:
        axes.axhline(0.0, **ZERO)


def share_heights(axes: list["Axes"]) -> None:
    """Give panels beside each other the same limits, which include all that they show."""
    ends = [one.get_ylim() for one in axes]
    for one in axes:
        one.set_ylim(min(low for low, _ in ends), max(high for _, high in ends))


def side_by_side(curves: list[Curve]) -> list[Curve]:
    """Shift the points of one panel a little apart by their marker, so that all bars are seen."""
    points = [curve for curve in curves if curve.role == "data"]
    markers = sorted({curve.marker for curve in points})
    width = APART * max((float(curve.x.max()) for curve in points), default=0.0)
    return [
        curve._replace(x=curve.x + width * (markers.index(curve.marker) - len(markers) // 2))
        if curve.role == "data"
        else curve
        for curve in curves
    ]


def interpolate_in_log_time(time: Array, values: Array, x: Array) -> Array:
    """Values of a solution at the times ``x``, from a logarithmic grid that begins at 0."""
    return CubicSpline(np.log1p(time / time[1]), values)(np.log1p(x / time[1]))


class SizesAndTimes(Symbols):
    """Symbols whose markers are larger where they stand for times, to be told apart."""

    def point(self, curve: Curve) -> dict[str, Any]:
        """How points are drawn."""
        look = super().point(curve)
        return look | {"markersize": LARGER} if np.isfinite(curve.marker) else look
