r"""The renormalised trajectory, a sequence of traps, beside the actual trajectory of one sample.

Points are the energy $E$ of the configuration of the first sample, which was not chosen, at the
observation times, which are evenly spaced in the logarithm of the time $t$ in attempted moves. $J$
is the unit of energy and of the temperature $T$. Points are not joined by lines, because nothing is
recorded between two observations: there the trajectory may have left its trap and come back many
times. Grey points above a thick line are such excursions that an observation happened to meet. They
belong to the trap of the line below them; near the end of a run many traps may follow each other
within a small part of the logarithmic axis. Thick lines are the traps of the trajectory, each at
the lowest energy that was met in it, from the first arrival to the last departure, both of which
are known exactly. The shortest lines are drawn as long as they are wide. Traps that are occupied at
no observation time are left out.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    landscape_of,
    panels_with_trajectories,
)
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.solved_models import has_independent_energies

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "metabasins")
RECORDERS = ("configurations",)
SHOWN_SAMPLE = 0
ACTUAL, BETWEEN, THRESHOLD = "inside a trap", "between traps", r"threshold $E_{\rm th}$"
DOTS: dict[str, Any] = {"linestyle": "", "marker": "o", "markeredgewidth": 0.0}
# Lines lie over the points; their projecting caps make the shortest visible.
THICK: dict[str, Any] = {
    "color": "C3", "linewidth": 2.2, "solid_capstyle": "projecting", "zorder": 3
}  # fmt: skip
INK: dict[str, dict[str, Any]] = {
    ACTUAL: {**DOTS, "color": "0.2", "markersize": 2.0},
    BETWEEN: {**DOTS, "color": "C0", "markersize": 2.4},
    "basins": THICK,
    "metabasins": THICK,
    THRESHOLD: {"color": "black", "linewidth": 0.5, "linestyle": "--", "zorder": 1},
}
EXPLAINED = {
    "metabasins": (
        "Here traps are metabasins. Visits to states below the threshold form a sequence, in which "
        "immediate returns count as one visit. If the trajectory returns to a state and all visits "
        "in between were to states that are less deep, all of this is one metabasin."
    ),
    THRESHOLD: ("Traps lie below the threshold $E_{\\rm th}$."),
    BETWEEN: "Observations between traps belong to no thick line.",
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
    arrival, departure, energy = arrival[known], departure[known], energy[known]
    occupied = (arrival[:, np.newaxis] <= time) & (time < departure[:, np.newaxis])
    inside, actual = occupied.any(axis=0), one.trajectory_energy.values
    ends = np.stack([arrival, np.minimum(departure, time[-1])], axis=1)
    threshold = np.full(2, point.attrs["threshold_energy"])
    return [
        Curve(panel, "data", ACTUAL, time[inside], actual[inside], note=_threshold(point)),
        Curve(panel, "data", BETWEEN, time[~inside], actual[~inside]),
        # Arrivals and departures alternate, both at the energy of the trap.
        Curve(panel, "data", f"{trap}s", ends.ravel(), np.repeat(energy, 2)),
        Curve(panel, "theory", THRESHOLD, time[[0, -1]], threshold, None, np.nan),
    ]


def _threshold(point: xr.Dataset) -> str:
    """The number of the threshold, and what it means where it is the typical one."""
    said = f"$E_{{\\rm th}}={point.attrs['threshold_energy']:.2f}\\,J$"
    on_hypercube = landscape_of(point)["graph"] == "hypercube"
    if has_typical_threshold(point) and has_independent_energies(point) and on_hypercube:
        return (
            f"{said}, where a state has one lower neighbour on average: $NP(E<E_{{\\rm th}})=1$ "
            "with the probability $P$ of a lower energy."
        )
    return f"{said}."


def draw(curves: list[Curve]) -> "Figure":
    """Draw observations as points, traps as thick lines, and the threshold."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        # A logarithmic axis cannot show the time 0, at which the first trap may be entered.
        first = min(curve.x[0] for curve in shown if curve.label == THRESHOLD)
        for curve in shown:
            time, style = np.maximum(curve.x, first), INK[curve.label]
            if curve.label in (ACTUAL, BETWEEN, THRESHOLD):
                one.plot(time, curve.y, **style)
            else:
                one.plot(time.reshape(-1, 2).T, curve.y.reshape(-1, 2).T, **style)
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel="energy $E/J$")
    told = {curve.label for curve in curves if curve.x.size}
    legend.put_above(
        figure, [[legend.entry(label, style) for label, style in INK.items() if label in told]]
    )
    return figure
