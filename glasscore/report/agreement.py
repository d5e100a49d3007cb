r"""Points against lines: how far a figure's data lie from its theory, in standard errors.

A line belongs to the points of its panel that have its colour and, where it says so, its marker.
They are compared where the line was computed at the abscissa of a point, and along lines of one
height; nothing is interpolated. A line that is called exact is a law that the points obey, so that
z = (y - law) / error is a standard normal number where samples are many; any other line is a limit
or a guide, which need not be met. The points of one curve come from the same trajectories: their z
are not independent, and chi^2 per point only has the mean 1.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glasscore.figures.drawing.curves import Curve


class Agreement(NamedTuple):
    """One set of points beside one line.

    Attributes
    ----------
    panel, points, line
        Labels.
    exact
        Whether the points obey the line.
    compared
        Points compared: all with an error above 0 at which the line is known, or all there where
        the points have no errors.
    chi_squared
        Mean of z^2, or NaN without errors.
    largest
        Largest absolute value of z, or NaN without errors.
    difference
        Largest absolute difference.
    """

    panel: str
    points: str
    line: str
    exact: bool
    compared: int
    chi_squared: float
    largest: float
    difference: float


def agreements(curves: list[Curve]) -> Iterator[Agreement]:
    """All pairs of points and lines of a figure that can be compared."""
    for line in curves:
        if line.role != "theory" or np.isnan(line.colour):
            continue
        for points in curves:
            if points.role == "data" and belongs(line, points):
                found = _compared(points, line)
                if found is not None:
                    yield found


def belongs(line: Curve, points: Curve) -> bool:
    """Whether a line is drawn for these points."""
    same = (line.panel, line.colour) == (points.panel, points.colour)
    return same and line.marker in (0, points.marker)


def _compared(points: Curve, line: Curve) -> Agreement | None:
    law = _at(line, points.x)
    known = np.isfinite(law)
    if points.error is not None:
        known &= np.isfinite(points.error) & (points.error > 0)
    if not known.any():
        return None
    difference = points.y[known] - law[known]
    z = np.full(1, np.nan) if points.error is None else difference / points.error[known]
    return Agreement(
        points.panel,
        points.label,
        line.label,
        line.exact,
        int(known.sum()),
        float(np.mean(z**2)),
        float(np.abs(z).max()),
        float(np.abs(difference).max()),
    )


def _at(line: Curve, x: np.ndarray) -> np.ndarray:
    """Heights of a line at some abscissae; NaN where it was not computed."""
    if np.ptp(line.y) == 0:
        return np.where((x >= line.x.min()) & (x <= line.x.max()), line.y[0], np.nan)
    order = np.argsort(line.x, kind="stable")
    place = order[np.searchsorted(line.x, x, sorter=order).clip(max=line.x.size - 1)]
    return np.where(line.x[place] == x, line.y[place], np.nan)
