"""Integrated response against correlation: how aging violates the fluctuation-dissipation theorem.

In equilibrium the points lie on a line of slope -1 / T, which is vertical at T = 0; it is drawn as
a dashed line for runs at T > 0 that do not age. Where a pure model ages for ever, the dashed line
is the limit of long waiting times: it leaves the slope of equilibrium where the correlation is at
its plateau. The corresponding limit of mixed models is not known.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import parametric
from glasscore.figures.dmft.dmft_correlation import time_text, waiting_times
from glasscore.figures.dmft.dmft_energy import (
    ages,
    is_driven,
    model_of,
    quench_text,
    temperatures_of,
)
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS = 28


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(f"{study}, {quench_text(point, points)}", point)
    ]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    found = []
    for waiting_time in waiting_times(float(point.time[-1])):
        plot = parametric(point, waiting_time)
        # Points are spaced evenly along the curve: evenly spaced lags would crowd at its ends.
        way = np.hypot(np.diff(plot.correlation), np.diff(plot.response) / np.max(plot.response))
        along = np.concatenate([[0.0], np.cumsum(way)])
        nearest = np.searchsorted(along, np.linspace(0, along[-1], POINTS))
        shown = np.unique(np.minimum(nearest, along.size - 1))
        label = f"$t_w={time_text(waiting_time)}$"
        found.append(
            Curve(
                panel,
                "data",
                label,
                plot.correlation[shown],
                plot.response[shown],
                None,
                waiting_time,
            )
        )
    return found + _laws(panel, point, max(np.max(curve.y) for curve in found))


def _laws(panel: str, point: xr.Dataset, largest: float) -> list[Curve]:
    model, (T, _) = model_of(point), temperatures_of(point)
    if not ages(point):
        ends = np.array([max(0.0, 1 - 1.1 * T * largest), 1.0])
        if T == 0 or is_driven(point):
            return []
        line = (1 - ends) / T
        return [Curve(panel, "theory", "equilibrium", ends, line, None, np.nan)]
    if T == 0:
        limit = spherical_pspin.threshold(model)
        plateau, jump = 1.0, limit.susceptibility
        slope = limit.effective_inverse_temperature
    else:
        aging = spherical_pspin.aging(model, T)
        plateau, jump = aging.plateau, (1 - aging.plateau) / T
        slope = aging.violation / T
    overlap = np.array([0.0, plateau, 1.0])
    law = np.array([jump + slope * plateau, jump, 0.0])
    return [Curve(panel, "theory", r"$t_w \to \infty$", overlap, law, None, np.nan)]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xlim=(0, 1.02),
            xlabel="correlation $C(t, t_w)$",
            ylabel=r"integrated response $\chi(t, t_w)$",
        )
        one.set_ylim(bottom=0)
    return figure
