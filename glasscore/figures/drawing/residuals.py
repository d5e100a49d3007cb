"""Distances of points from an exact law in units of their standard errors, in a panel of their own.

Where points agree with a law, both lie over each other in a figure, and nothing can be seen but
that. If the law holds and samples are many, z = (point - law) / error is a standard normal number.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from glasscore.figures.drawing.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
RESIDUALS = "residuals"
LABEL = r"$z = (\mathrm{data}-\mathrm{law})/\mathrm{error}$"
WITHIN = 2.0
EXPLANATION = (
    "The axis $z$ is the distance of a point from the law in units of the standard error of the "
    "point. Where the law holds, about one in twenty independent points lies outside of the grey "
    "band, $|z| < 2$."
)
BAND: dict[str, Any] = {"color": "0.85", "zorder": 0, "linewidth": 0.0}
# The axis ends at least here.
LEAST_END = 3.0


def residuals(panel: str, data: Curve, law: Array) -> Curve:
    """Points at z = (y - law) / error, with the colour, marker and labels of their data.

    Parameters
    ----------
    panel
        The panel of the residuals; by convention its name ends with ``": residuals"``.
    data
        Points with errors. Those whose error is 0 or unknown are left out.
    law
        The law at the abscissae of the points.
    """
    if data.error is None:
        raise ValueError("points without errors have no residuals in units of errors")
    known = np.isfinite(law) & np.isfinite(data.error) & (data.error > 0)
    z = (data.y[known] - law[known]) / data.error[known]
    return data._replace(panel=panel, x=data.x[known], y=z, error=None, note="")


def chance_of_largest(z: Array) -> float:
    """The largest probability with which chance alone takes one of these points so far off.

    The probability that any of n points is as far off as the farthest is at most n times that of
    one point (Bonferroni's inequality), however the points are correlated.
    """
    return min(1.0, z.size * float(2.0 * stats.norm.sf(np.abs(z).max())))


def set_residual_axis(axes: "Axes") -> None:
    """Name the axis of residuals, make it symmetric, and draw the band of two standard errors."""
    ends = [1.1 * abs(limit) for limit in axes.dataLim.intervaly if np.isfinite(limit)]
    end = max(LEAST_END, *ends)
    axes.axhspan(-WITHIN, WITHIN, **BAND)
    axes.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
    axes.set(ylabel=LABEL, ylim=(-end, end))
