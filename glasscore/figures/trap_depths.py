"""Trapping times against the depth of the trap, with Arrhenius' slope 1 / T.

Independent random energies are left to one level, and follow it. In Ising p-spin models successive
metabasins lie a spin flip or two apart, inside valleys that the run hardly leaves: their trapping
times tell of the barriers within a valley, not of its depth. Of traps that outlast the run only the
short visits are seen, so that means fall again at the greatest depths.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import (
    Curve,
    data_of_point,
    temperature_and_size,
    theory_of_point,
    uncrowded,
)
from glasscore.figures.style import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
ANY_RECORDER = ("metabasins",)
SLOPE = "slope $1/T$"
# Where the guide begins: below are traps that hardly hold.
LEAST_DEPTH = 2.0
LARGEST_ERROR = 1.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel a study: mean ln tau of metabasins by depth, a guide for each temperature."""
    found = []
    for study, points in uncrowded(results).items():
        longest: dict[float, Curve] = {}
        for point in points:
            T, _ = temperature_and_size(point)
            data = _of_point(study, point)
            found.append(data)
            if T > 0:
                guide = _guide(study, point, data, T)
                longest[T] = max(longest.get(T, guide), guide, key=lambda curve: len(curve.x))
        found += longest.values()
    return found


def _of_point(study: str, point: xr.Dataset) -> Curve:
    mean, error = point.metabasin_log_duration.values, point.metabasin_log_duration_error.values
    known = error < LARGEST_ERROR
    return data_of_point(study, point, point.depth.values[known], mean[known], error[known])


def _guide(study: str, point: xr.Dataset, data: Curve, T: float) -> Curve:
    """Arrhenius' slope through the first point of the traps that hold, as high as the data."""
    tail = data.x > LEAST_DEPTH * T
    depth = data.x[tail]
    law = data.y[tail][:1] + (depth - depth[:1]) / T
    seen = law <= data.y.max(initial=-np.inf) + 1.0
    return theory_of_point(study, point, depth[seen], law[seen], SLOPE)


def draw(curves: list[Curve]) -> "Figure":
    """One panel a study."""
    figure, axes = drawn(curves)
    for one in axes.values():
        one.set(
            xlabel=r"depth $(E_{\rm th} - E)/J$",
            ylabel=r"$\langle \ln\tau \rangle$ ($\tau$ in attempts)",
        )
    return figure
