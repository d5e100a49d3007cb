"""Overlap with the initial state of a quench: whether the system forgets where it started.

Points are left out where the overlap is below the estimated error of the solution. Solid lines are
the exact solution, which is known for p = 2 quenched to T = 0.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.dmft.dmft_energy import (
    follows_two_spin_law,
    indices_even_in_log_time,
    model_of,
    quench_colour,
    quench_text,
)
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(study, point)
    ]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    shown = point.isel(time=indices_even_in_log_time(point.time.values))
    time = shown.time.values
    start = shown.correlation.sel(fraction=0.0).values
    # Where correlations have died out, what is left is the error of the solution.
    error = point.attrs["correlation_error_estimate"]
    kept = start > error
    found = [
        Curve(
            panel,
            "data",
            quench_text(point),
            time[kept],
            start[kept],
            np.full(np.count_nonzero(kept), error),
            quench_colour(point),
        )
    ]
    if follows_two_spin_law(point):
        line = np.union1d(time, np.geomspace(time[0], time[-1], 200))
        coefficient = float(model_of(point).coefficients[0])
        exact = spherical_pspin.two_spin_correlation(line, 0.0, coefficient)
        colour = quench_colour(point)
        found.append(Curve(panel, "theory", "exact", line, exact, None, colour, exact=True))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            yscale="log",
            xlabel="time $t$ (Langevin)",
            ylabel="overlap with the start $C(t, 0)$",
        )
    return figure
