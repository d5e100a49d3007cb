"""Tail exponents x of trapping times at every level of description, against T / T_c.

The densities of trapping times fall as tau^-(1 + x). Dashed lines are the laws of long times. In
the trap model and in the random energy model x = T / T_c. In the step model x = 0 up to T_c / 2 and
x = 2 - T_c / T above it, both for visited configurations and for basins below the effective
threshold. For infinitely many states under Metropolis' rule the exact numbers of visits and of
basins in a run of finite length are known as well. Short lines are the exponents that the same fit
finds in these exact numbers, over the same range of trapping times. They differ from the laws of
long times systematically, not by noise.

Visits count with their whole length, even the last one. Stays, basins and metabasins that are not
over at the end of the run are not counted. Since the fit ends at 3 % of the length of the run, this
removes about x times 3 % of the longest ones in it. A metabasin is over once it has been left and
no return has come by the end of the run.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.estimates.tail_exponent import tail_exponent
from glasscore.figures.drawing.curves import (
    Curve,
    dynamics_parameters,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import step_basins, step_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("trapping_times", "basins", "metabasins")
LEVELS = {
    "trapping_time_exponent": "visits",
    "stay_exponent": "stays",
    "basin_trapping_time_exponent": "basins",
    "metabasin_trapping_time_exponent": "metabasins",
}
LINE_POINTS = 200
EXACT = "exact, same range of times"
# Half the length of the lines at single temperatures, in units of T_c.
HALF_LENGTH = 0.025


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, levels by colour and sizes by marker."""
    found = []
    for study, points in results.items():
        sizes = sorted({temperature_and_size(point)[1] for point in points})
        for rank, (name, label) in enumerate(LEVELS.items()):
            for N in sizes:
                shown = [
                    point
                    for point in points
                    if temperature_and_size(point)[1] == N
                    and name in point
                    and np.isfinite(point[f"{name}_error"])
                ]
                x = np.array([trap_exponent(point) for point in shown])
                mean = np.array([float(point[name]) for point in shown])
                error = np.array([float(point[f"{name}_error"]) for point in shown])
                size = r"$N=\infty$" if np.isinf(N) else f"$N={N:g}$"
                marker, label_of_size = (rank, "") if len(sizes) == 1 else (N, size)
                entry = label if len(sizes) == 1 else f"{label}, {size}"
                found.append(
                    Curve(study, "data", entry, x, mean, error, rank, marker, label, label_of_size)
                )
                found += [
                    law._replace(panel=study, colour=rank, marker=marker)
                    for point in shown
                    for law in _exact(name, point)
                ]
        found += _law(study, points)
    return found


def _exact(name: str, point: xr.Dataset) -> list[Curve]:
    """The exponent that the fit finds in the exact numbers of visits or basins, if known."""
    T = temperature_and_size(point)[0]
    if not (has_exact_step_model_law(point) and size_is_infinite(point) and T > 0):
        return []
    critical, x = point.attrs["critical_temperature"], trap_exponent(point)
    edges = np.append(point.trapping_time_lower.values, point.trapping_time_upper.values[-1])
    fitted = [float(point[f"{name}_{end}"]) for end in ("from", "to")]
    edges = edges[(edges >= fitted[0]) & (edges <= fitted[1])]
    end = float(dynamics_parameters(point)["t_max"])
    if name == "trapping_time_exponent":
        counts = -np.diff(step_model.visits(end, x, edges))
    elif name == "basin_trapping_time_exponent":
        threshold = point.attrs["threshold_energy"] / critical
        # If the threshold lies above all states, the system never leaves its one basin.
        if threshold >= 0:
            return []
        counts = step_basins.expected_counts(edges, end, x, threshold)
    else:
        return []
    # Rounding may make the numbers of very long times negative.
    counts = np.maximum(counts, 0.0)
    exponent = tail_exponent(counts[np.newaxis], edges, edges[0]).exponent
    ends = x + HALF_LENGTH * np.array([-1.0, 1.0])
    return [Curve("", "theory", EXACT, ends, np.full(2, exponent), exact=True)]


def _law(study: str, points: list[xr.Dataset]) -> list[Curve]:
    x = np.linspace(0.02, 1.0, LINE_POINTS)
    if all(is_trap_model(point) for point in points):
        x = np.linspace(0.02, max(1.0, *map(trap_exponent, points)), LINE_POINTS)
    if all(is_trap_model(point) or is_random_energy_model(point) for point in points):
        return [Curve(study, "theory", "$T/T_c$", x, x, None, np.nan)]
    if all(is_step_model(point) for point in points):
        law = np.maximum(0.0, 2.0 - 1.0 / x)
        return [Curve(study, "theory", r"$\max(0,\, 2-T_c/T)$", x, law, None, np.nan)]
    return []


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xlim=(0, max(1.05, one.get_xlim()[1])))
        one.set(xlabel=r"temperature $T/T_c$", ylabel=r"exponent $x$ of $\tau^{-(1+x)}$")
    return figure
