"""Density of trapping times in single configurations, with the power law tau^-(1 + x).

On the complete graph these are the times of visits. On the hypercube they are the times of stays,
in which immediate returns are merged, because a deep configuration is mostly left only to be
entered again by the next move. Visits count with their whole length. Stays that are not over at the
end of the run are not counted, so that the number of those about as long as the run comes out too
small. On both sides of its maximum, a density is drawn as far as it is larger than twice its
standard error. Power laws begin at the first point after 1e3 attempts, since single attempts show
before that time. On the hypercube x is T / T_c.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    above_noise,
    data_of_point,
    dynamics_parameters,
    results_by_panel,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    infinite_size_label,
    is_glassy,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import step_model, trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("trapping_times",)
ONLY = {"energies": ["exponential"]}
# A density counts as larger than zero if it exceeds this number of standard errors.
FEWEST_ERRORS = 2.0
# Single attempts are visible below this time; above it only the tail of the traps is.
GUIDE_START = 1e3
# Trapping times of the step model are limited by the age of the system, and follow their power law
# up to this share of it.
SHARE_OF_AGE = 0.03


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Densities of every study, each with a law where one is known."""
    return [
        curve
        for study, points in results_by_panel(results).items()
        for point in points
        for curve in _of_point(study, point)
    ]


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    """A density with its law: exact on the complete graph, averaged over bins; else a power."""
    name = "trapping_time_density" if point.attrs["every_jump_forgets"] else "stay_density"
    known = above_noise(point[name].values, point[f"{name}_error"].values, FEWEST_ERRORS)
    shown = point.isel(trapping_time=known)
    time, density = shown.trapping_time.values, shown[name].values
    data = data_of_point(study, point, time, density, shown[f"{name}_error"].values)
    return [data, *_law(study, point, data, shown)]


def _law(study: str, point: xr.Dataset, data: Curve, shown: xr.Dataset) -> list[Curve]:
    x, time = trap_exponent(point), data.x
    lower, upper = shown.trapping_time_lower.values, shown.trapping_time_upper.values
    if is_step_model(point) and not size_is_infinite(point):
        return []
    if has_exact_step_model_law(point):
        end = _length(point)
        begun = step_model.visits(end, x)
        longer = [step_model.visits(end, x, edge) for edge in (lower, upper)]
        law = (longer[0] - longer[1]) / (begun * (upper - lower))
        kept = law > 0
        return [theory_of_point(study, point, time[kept], law[kept], *infinite_size_label(point))]
    if is_step_model(point) and 0 <= x < 1:
        # The number of visits per unit of ln tau has this slope; per unit of tau it is one less.
        slope, end = step_model.visited_slope(x) - 1, SHARE_OF_AGE * _length(point)
        return _guide(study, point, data, slope, r"$\tau^{-1-\max(0,\,2-T_c/T)}$", end)
    if is_trap_model(point):
        law = trap_model.trapping_time_probability(lower, upper, x) / (upper - lower)
        return [theory_of_point(study, point, time, law, *infinite_size_label(point))]
    if is_random_energy_model(point) and is_glassy(point):
        return _guide(study, point, data, -(1 + x), r"$\tau^{-(1+x)}$", np.inf)
    return []


def _length(point: xr.Dataset) -> float:
    """Length of the run in attempts, from the quench to its end."""
    return float(dynamics_parameters(point)["t_max"])


def _guide(
    study: str, point: xr.Dataset, data: Curve, slope: float, label: str, end: float
) -> list[Curve]:
    """A power law through the first point of the tail."""
    tail = (data.x > GUIDE_START) & (data.x < end)
    if tail.sum() < 2:
        return []
    time, density = data.x[tail], data.y[tail]
    law = density[0] * (time / time[0]) ** slope
    return [theory_of_point(study, point, time, law, label)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            yscale="log",
            xlabel=r"trapping time $\tau$ (attempts)",
            ylabel=r"density $\psi(\tau)$ (1/attempts)",
        )
    return figure
