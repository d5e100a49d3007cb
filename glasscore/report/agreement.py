r"""Points against lines: how far a figure's data lie from its theory, in standard errors.

A line belongs to the points of its panel that have its colour and, where it says so, its marker;
its value at a point is interpolated in ln x. A line whose label begins with "exact" is a law that
the points obey, so that z = (y - law) / error is a standard normal number where samples are many;
any other line is a limit or a guide, which need not be met. The points of one curve come from the
same trajectories: their z are not independent, and chi^2 per point only has the mean 1.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from glasscore.figures.curves import Curve

EXACT = "exact"


class Agreement(NamedTuple):
    """One set of points beside one line.

    Attributes
    ----------
    panel, points, line
        Labels.
    exact
        Whether the points obey the line.
    compared
        Points compared: all with an error above 0 within the range of the line, or all there
        where the points have no errors.
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
            if points.role == "data" and _belongs(line, points):
                found = _compared(points, line)
                if found is not None:
                    yield found


def _belongs(line: Curve, points: Curve) -> bool:
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
        line.label.startswith(EXACT),
        int(known.sum()),
        float(np.mean(z**2)),
        float(np.abs(z).max()),
        float(np.abs(difference).max()),
    )


def _at(line: Curve, x: np.ndarray) -> np.ndarray:
    """Heights of a line at some abscissae; NaN beyond its ends, but for rounding there."""
    order = np.argsort(line.x, kind="stable")
    along, height = line.x[order], line.y[order]
    if along[0] > 0:
        along, x = np.log(along), np.log(np.where(x > 0, x, np.nan))
    room = 1e-9 * max(1.0, float(np.abs(along).max()))
    inside = (x >= along[0] - room) & (x <= along[-1] + room)
    return np.where(inside, np.interp(x, along, height), np.nan)
