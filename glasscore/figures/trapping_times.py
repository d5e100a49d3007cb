"""Density of trapping times in single configurations, with tau^-(1 + x).

On the complete graph of visits; on the hypercube of stays, with immediate returns merged, because
there a deep configuration is mostly left to come straight back.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import Curve, data_of_point, theory_of_point, trap_exponent
from glasscore.figures.style import draw_curves, panels
from glasscore.theory import trap_model
from glasscore.theory.trap_model import LARGEST_EXPONENT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
RECORDERS = ("trapping_times",)
ONLY = {"energies": ["exponential"]}
LARGEST_RELATIVE_ERROR = 0.5
# Below this time single attempts show; above it the tail of the traps.
GUIDE_START = 1e3


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Densities of every study, each with a law where x < 1."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(study, point)
    ]


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    """The exact law of the trap model, averaged over each bin; a power law elsewhere."""
    x = trap_exponent(point)
    is_trap_model = bool(point.attrs["every_jump_forgets"])
    name = "trapping_time_density" if is_trap_model else "stay_density"
    known = point[f"{name}_error"] < LARGEST_RELATIVE_ERROR * point[name]
    shown = point.isel(trapping_time=known.values)
    time, density = shown.trapping_time.values, shown[name].values
    found = [data_of_point(study, point, time, density, shown[f"{name}_error"].values)]
    tail = time > GUIDE_START
    if x > LARGEST_EXPONENT or not tail.any():
        return found
    if is_trap_model:
        lower, upper = shown.trapping_time_lower.values, shown.trapping_time_upper.values
        law = trap_model.trapping_time_probability(lower, upper, x) / (upper - lower)
        return [*found, theory_of_point(study, point, time, law, r"exact, $N=\infty$")]
    first = int(np.argmax(tail))
    guide = density[first] * (time[tail] / time[first]) ** -(1 + x)
    return [*found, theory_of_point(study, point, time[tail], guide, r"$\tau^{-(1+x)}$")]


def draw(curves: list[Curve]) -> "Figure":
    """One panel a study."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        draw_curves(one, [curve for curve in curves if curve.panel == name])
        one.set(
            xscale="log",
            yscale="log",
            xlabel=r"trapping time $\tau$ (attempts)",
            ylabel=r"density $\psi(\tau)$",
        )
    return figure
