r"""Points against lines: how far a figure's data lie from its theory, in standard errors.

A line belongs to the points of its panel that have its colour and, unless the line's marker is 0,
its marker. Points and line are compared where the line was computed at the abscissa of a point;
horizontal lines are compared at every point in their range. Nothing is interpolated. A line that is
called exact is a law that the points obey: with many samples, z = (y - law) / error is a standard
normal number. Any other line is a limit or a guide, which the points need not meet. The points of
one curve come from the same trajectories, so that their z are not independent: chi^2 per point has
the mean 1, but scatters more than their number suggests. Solutions count as points without errors.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glasscore.figures.drawing.curves import Curve


class Agreement(NamedTuple):
    """The comparison of one set of points with one line.

    Attributes
    ----------
    panel, points, line
        Label of the panel, of the points and of the line.
    exact
        Whether the line is a law that the points obey.
    compared
        Number of points compared. They lie where the line is known and, if the points have errors,
        have an error above 0.
    chi_squared
        Mean of z^2; NaN if the points have no errors.
    largest
        Largest absolute value of z; NaN if the points have no errors.
    difference
        Largest absolute difference between a point and the line.
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
    """All pairs of results and lines of theory of a figure that can be compared."""
    drawn = [curve for curve in curves if curve.x.size > 0]
    for line in drawn:
        if line.role != "theory" or np.isnan(line.colour):
            continue
        for points in drawn:
            if points.role != "theory" and belongs(line, points):
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
