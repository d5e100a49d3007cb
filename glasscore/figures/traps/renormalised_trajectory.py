"""The renormalised trajectory, a sequence of traps, beside the actual trajectory of one sample.

Thin steps are the energy of the configuration at the observation times. Thick lines are the
metabasins of the trajectory, or its basins where only these were recorded. Each is drawn at the
lowest energy met in it, from the first arrival to the last departure; traps that are occupied at no
observation time are left out. In the gaps between thick lines the trajectory is between traps.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve, panels_with_trajectories
from glasscore.figures.drawing.page import panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "metabasins")
RECORDERS = ("configurations",)
SHOWN_SAMPLE = 0
ACTUAL, THRESHOLD = "configuration", "threshold $E_{\\rm th}$"
INK: dict[str, dict[str, Any]] = {
    ACTUAL: {"color": "0.5", "linewidth": 0.6},
    "basins": {"color": "C0", "linewidth": 1.8, "solid_capstyle": "butt"},
    "metabasins": {"color": "C3", "linewidth": 1.8, "solid_capstyle": "butt"},
    THRESHOLD: {"color": "black", "linewidth": 0.8, "linestyle": "--"},
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and size at its lowest and its highest temperature."""
    return [
        curve
        for panel, point in panels_with_trajectories(results)
        for curve in _of_point(panel, point)
    ]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    one = point.isel(trajectory=SHOWN_SAMPLE)
    time = one.trajectory_time.values
    trap = "metabasin" if "trajectory_metabasin_energy" in one else "basin"
    arrival, departure, energy = (
        one[f"trajectory_{trap}_{name}"].values for name in ("arrival", "departure", "energy")
    )
    known = np.isfinite(energy)
    ends = np.stack([arrival, np.minimum(departure, time[-1])], axis=1)
    threshold = np.full(2, point.attrs["threshold_energy"])
    return [
        Curve(panel, "data", ACTUAL, time, one.trajectory_energy.values),
        # Arrivals and departures alternate, both at the energy of the trap.
        Curve(panel, "data", f"{trap}s", ends[known].ravel(), np.repeat(energy[known], 2)),
        Curve(panel, "theory", THRESHOLD, time[[0, -1]], threshold, None, np.nan),
    ]


def draw(curves: list[Curve]) -> "Figure":
    """Draw thin steps, thick lines, and the threshold."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        for curve in shown:
            # A logarithmic axis cannot show the time 0, at which the first trap may be entered.
            time = np.maximum(curve.x, min(each.x[0] for each in shown if each.label == ACTUAL))
            style = INK[curve.label]
            if curve.label == ACTUAL:
                one.step(time, curve.y, where="post", **style)
            else:
                one.plot(time.reshape(-1, 2).T, curve.y.reshape(-1, 2).T, **style)
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel="energy $E/J$")
    told = {curve.label for curve in curves}
    legend.put_above(
        figure, [[legend.entry(label, style) for label, style in INK.items() if label in told]]
    )
    return figure
