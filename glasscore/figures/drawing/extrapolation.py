"""Limits of many spins: a line through values at finite N, against 1/N, weighted by their errors.

Where the leading correction is of the order 1/N, the line's value at 1/N = 0 is the limit but for
corrections of the order 1/N^2, which its error does not hold.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from glasscore.figures.drawing.curves import Curve

Array = NDArray[np.float64]
# Fewer sizes would leave the line no freedom to be wrong.
FEWEST = 3


class Limit(NamedTuple):
    """A weighted least-squares line, y = value + slope / N.

    Attributes
    ----------
    value, error
        At 1/N = 0, with the standard error that those of the points give it.
    slope
        Of the line.
    """

    value: float
    error: float
    slope: float


def limit(inverse: Array, y: Array, error: Array) -> Limit:
    """The line through values at 1/N.

    Parameters
    ----------
    inverse
        1/N, of at least two sizes.
    y, error
        Values and their standard errors, positive, of independent simulations.
    """
    (slope, value), covariance = np.polyfit(inverse, y, 1, w=1 / error, cov="unscaled")
    return Limit(float(value), float(np.sqrt(covariance[1, 1])), float(slope))


def extrapolation_curves(
    panel: str, label: str, colour: float, inverse: Array, y: Array, error: Array,
    of_theory: float = 0.0,
) -> Iterator[Curve]:  # fmt: skip
    """Values against 1/N, and where there are enough sizes their line and its limit.

    Parameters
    ----------
    panel, label, colour
        Of the curves; the limit has no label.
    inverse, y, error
        As in :func:`limit`; an unknown error, 0, leaves the line out.
    of_theory
        Standard error of the value that the limit is compared with, which its bar then holds.
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
    """A solution at any times, from those of its grid from 0 on, which is logarithmic."""
    return CubicSpline(np.log1p(time / time[1]), values)(np.log1p(x / time[1]))
