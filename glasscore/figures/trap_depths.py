"""Trapping times against the depth of the trap, with Arrhenius' slope 1 / T."""

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


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel a study: mean ln tau of metabasins by depth."""
    return [
        curve
        for study, points in uncrowded(results).items()
        for point in points
        for curve in _of_point(study, point)
    ]


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    mean, error = point.metabasin_log_duration.values, point.metabasin_log_duration_error.values
    known = np.isfinite(error)
    depth = point.depth.values[known]
    data = data_of_point(study, point, depth, mean[known], error[known])
    T, _ = temperature_and_size(point)
    tail = depth > LEAST_DEPTH * T
    if T == 0 or tail.sum() < 2:
        return [data]
    # Through the best known of the deep traps.
    best = np.flatnonzero(tail)[np.argmin(data.error[tail])] if data.error is not None else 0
    law = data.y[best] + (depth[tail] - depth[best]) / T
    return [data, theory_of_point(study, point, depth[tail], law, SLOPE)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel a study."""
    figure, axes = drawn(curves)
    for one in axes.values():
        one.set(
            xlabel=r"depth $(E_{\rm th} - E)/J$",
            ylabel=r"$\langle \ln\tau \rangle$ ($\tau$ in attempts)",
        )
    return figure
