"""Limits of many spins: a straight line through values at several N, drawn against 1/N.

The line is a least-squares fit, weighted by the errors of the values. Where the leading correction
is of the order 1/N, its value at 1/N = 0 is the limit of many spins. The error of this value does
not include what corrections of the order 1/N^2 change.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from glasscore.figures.drawing.curves import Curve

Array = NDArray[np.float64]
# A line through fewer sizes meets all of them, whatever they are.
FEWEST = 3


class Limit(NamedTuple):
    """A weighted least-squares line, y = value + slope / N.

    Attributes
    ----------
    value, error
        Height of the line at 1/N = 0, and the standard error that follows from those of the points.
    slope
        Slope of the line.
    """

    value: float
    error: float
    slope: float


def limit(inverse: Array, y: Array, error: Array) -> Limit:
    """The weighted least-squares line through values at several 1/N.

    Parameters
    ----------
    inverse
        The values of 1/N, of at least two sizes.
    y, error
        Values of independent simulations, and their standard errors, which are positive.
    """
    (slope, value), covariance = np.polyfit(inverse, y, 1, w=1 / error, cov="unscaled")
    return Limit(float(value), float(np.sqrt(covariance[1, 1])), float(slope))


def extrapolation_curves(
    panel: str, label: str, colour: float, inverse: Array, y: Array, error: Array,
    of_theory: float = 0.0,
) -> Iterator[Curve]:  # fmt: skip
    """Curves of values against 1/N and, where there are enough sizes, of the line and its limit.

    Parameters
    ----------
    panel, label, colour
        As in a :class:`Curve`; the limit has no label.
    inverse, y, error
        As in :func:`limit`. If an error is 0, which stands for unknown, no line is drawn.
    of_theory
        Standard error of the value that the limit is compared with; the bar of the limit includes
        it.
    """
    yield Curve(panel, "data", label, inverse, y, error, colour)
    if np.unique(inverse).size < FEWEST or not np.all(error > 0):
        return
    found = limit(inverse, y, error)
    ends = np.array([0.0, inverse.max()])
    yield Curve(panel, "theory", "least squares", ends, found.value + found.slope * ends, None,
                colour)  # fmt: skip
    spread = np.array([np.hypot(found.error, of_theory)])
    yield Curve(panel, "data", "", np.zeros(1), np.array([found.value]), spread, colour)


def interpolate_in_log_time(time: Array, values: Array, x: Array) -> Array:
    """Values of a solution at the times ``x``, from a logarithmic grid that begins at 0."""
    return CubicSpline(np.log1p(time / time[1]), values)(np.log1p(x / time[1]))
