"""Single trajectories: the energy of a few disorder samples against the logarithm of time.

Each size is shown at its lowest and its highest temperature. Steps are the energies at the
observation times, in one colour for each of up to three samples. The dashed line is the mean over
all samples.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve, panels_with_trajectories
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.style import colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
MOST_SAMPLES = 3
MEAN = "mean of all samples"
OF_MEAN: dict[str, Any] = {"color": "black", "linestyle": "--", "linewidth": 1.1}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, size and temperature; the first samples, then the mean."""
    return [
        curve
        for panel, point in panels_with_trajectories(results)
        for curve in _of_point(panel, point)
    ]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    time, samples = point.trajectory_time.values, point.trajectory.values[:MOST_SAMPLES]
    found = [
        Curve(panel, "data", "", time, energy, None, float(sample))
        for sample, energy in zip(samples, point.trajectory_energy.values, strict=False)
    ]
    if "energy" in point:
        mean = point.energy.values
        found.append(Curve(panel, "theory", MEAN, point.time.values, mean, None, np.nan))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw steps in one colour for each sample, and the mean as a dashed line."""
    figure, axes = panels(curves)
    ink = colours([curve.colour for curve in curves])
    for name, one in axes.items():
        for curve in (curve for curve in curves if curve.panel == name):
            if curve.role == "data":
                one.step(curve.x, curve.y, where="post", color=ink[curve.colour], linewidth=0.7)
            else:
                one.plot(curve.x, curve.y, **OF_MEAN)
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel="energy $E/J$")
    if any(curve.role == "theory" for curve in curves):
        legend.put_above(figure, [[legend.entry(MEAN, OF_MEAN)]])
    return figure
