"""Correlation of spherical p-spin models between the times t_w and t_w + tau.

Points are solutions at several waiting times t_w. Solid lines are the exact solution, which is
known for p = 2 quenched to T = 0. In pure models quenched below T_d, the dashed line q_EA is the
plateau that the correlation reaches at long waiting times before aging carries it further down. For
p = 2 that starts in equilibrium, the dashed line is the exact correlation in equilibrium.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.figures.dmft.dmft_energy import (
    ages,
    follows_two_spin_law,
    is_driven,
    model_of,
    quench_text,
    temperatures_of,
)
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.models.covariance import Values
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
WAITING_TIMES = 4
LONG, LARGE = 1e3, 4
SHORTEST_LAG = 0.03
POINTS_PER_DECADE = 8
LINE_POINTS = 200


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(f"{study}, {quench_text(point, points)}", point)
    ]


def waiting_times(t_max: float) -> list[float]:
    """At most four waiting times, each of which leaves twice as long to relax.

    They are the last ones of .., 0.3, 1, 3, .. in short runs, and powers of ten in long runs.
    """
    largest = int(np.floor(np.log10(t_max)))
    if t_max >= LONG:
        last = int(np.floor(np.log10(t_max / 3)))
        apart = max(1, last // (WAITING_TIMES - 1))
        return [10.0**decade for decade in range(last % apart, last + 1, apart)][-WAITING_TIMES:]
    candidates = [
        float(f"{digit}e{decade}") for decade in range(largest - 3, largest + 1) for digit in (1, 3)
    ]
    return [each for each in candidates if 3 * each <= t_max][-WAITING_TIMES:]


def time_text(time: float) -> str:
    """A waiting time as TeX, to be written between dollar signs."""
    decade = round(np.log10(time))
    return f"10^{{{decade}}}" if decade >= LARGE and time == 10.0**decade else f"{time:g}"


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    t_max = float(point.time[-1])
    error = point.attrs["correlation_error_estimate"]
    found = []
    for waiting_time in waiting_times(t_max):
        longest = t_max - waiting_time
        shortest = min(SHORTEST_LAG, longest / 10)
        count = int(POINTS_PER_DECADE * np.log10(longest / shortest)) + 2
        lag = np.geomspace(shortest, longest, count)
        values = read_between(point, "correlation", waiting_time + lag, waiting_time)
        label = f"$t_w={time_text(waiting_time)}$"
        found.append(Curve(panel, "data", label, lag, values, np.full(count, error), waiting_time))
        if follows_two_spin_law(point):
            line = np.union1d(lag, np.geomspace(shortest, longest, LINE_POINTS))
            exact = spherical_pspin.two_spin_correlation(
                waiting_time + line, waiting_time, float(model_of(point).coefficients[0])
            )
            found.append(Curve(panel, "theory", "", line, exact, None, waiting_time, exact=True))
    return found + _guides(panel, point, found[-1].x)


def _guides(panel: str, point: xr.Dataset, lag: Values) -> list[Curve]:
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    ends = np.array([min(SHORTEST_LAG, lag[0]), float(point.time[-1])])
    if follows_two_spin_law(point) or T == 0 or is_driven(point):
        return []
    if ages(point):
        plateau = spherical_pspin.aging(model, T).plateau
        return [Curve(panel, "theory", r"$q_{\rm EA}$", ends, np.full(2, plateau), None, np.nan)]
    if T_initial == T and model.exponents.tolist() == [2.0]:
        line = np.geomspace(ends[0], ends[1], LINE_POINTS)
        exact = spherical_pspin.two_spin_equilibrium_correlation(
            line, T, float(model.coefficients[0])
        )
        return [Curve(panel, "theory", "equilibrium", line, exact, None, np.nan)]
    return []


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            ylim=(0, 1.03),
            xlabel=r"time lag $\tau$ (Langevin)",
            ylabel=r"$C(t_w+\tau, t_w)$",
        )
    return figure
