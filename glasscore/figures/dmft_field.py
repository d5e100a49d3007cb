"""Response of spherical p-spin models to a small field that is switched on, or off, at t_w."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response, thermoremanent_response
from glasscore.figures.curves import Curve
from glasscore.figures.dmft_correlation import SHORTEST_LAG, time_text, waiting_times
from glasscore.figures.dmft_energy import quench_text
from glasscore.figures.style import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "dmft"
ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 6
RESPONSES = {": on": integrated_response, ": off": thermoremanent_response}
LABELS = {
    ": on": r"field on: $\chi_{\rm ZFC}(t_w+\tau, t_w)$",
    ": off": r"field off: $\chi_{\rm TRM}(t_w+\tau, t_w)$",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature: switched on, and switched off."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for part in RESPONSES
        for curve in _of_point(f"{study}, {quench_text(point)}", part, point)
    ]


def _of_point(panel: str, part: str, point: xr.Dataset) -> list[Curve]:
    t_max, found = float(point.time[-1]), []
    for waiting_time in waiting_times(t_max):
        longest = t_max - waiting_time
        shortest = min(SHORTEST_LAG, longest / 10)
        count = int(POINTS_PER_DECADE * np.log10(longest / shortest)) + 2
        lag = np.geomspace(shortest, longest, count)
        values = RESPONSES[part](point, waiting_time + lag, np.full(count, waiting_time))
        label = f"$t_w={time_text(waiting_time)}$"
        found.append(Curve(panel + part, "data", label, lag, values, None, waiting_time))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study and temperature."""
    figure, axes = drawn(curves)
    for name, one in axes.items():
        part = next(part for part in LABELS if name.endswith(part))
        one.set(xscale="log", xlabel=r"time lag $\tau$ (Langevin)", ylabel=LABELS[part])
        one.set_ylim(bottom=0)
    return figure
