"""Exact aging of few spins, beside a trap model with the barriers of the same landscapes.

Points are the probability that the spins have the same configuration at t_w and at 3 t_w / 2, which
is computed exactly for each sample. Solid lines are the probability of the same trap in a trap
model that has one trap for each minimum, as deep as the barrier of that minimum is high. The dashed
line is H_x, the limit of infinitely many traps. No time scale is fitted: an attempt leaves a trap
with the probability exp(-Delta E / T). Spins stay longer in a minimum, since only a few of the N
possible flips lead out of it. B. Li and Y. Jin, arXiv:2501.00338 (2025), claim that the barriers
which random energy models have at finite N make aging functions leave the plateau H_x.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("aging_functions", "trap_aging")
WINDOW = 0.5


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T, text in texts.items():
            panel = f"{study}, $T={text}$"
            alike = sorted(
                (point for point in points if temperature_and_size(point)[0] == T),
                key=lambda point: temperature_and_size(point)[1],
            )
            found += [curve for point in alike for curve in _of_size(panel, point)]
            found += _plateau(panel, alike[-1])
    return found


def _of_size(panel: str, point: xr.Dataset) -> list[Curve]:
    N = temperature_and_size(point)[1]
    one = point.sel(window=WINDOW)
    size, time = f"$N={N:g}$", one.waiting_time.values
    exact, error = one.same_configuration.values, one.same_configuration_error.values
    seen = np.isfinite(exact)
    traps = one.trap_same_configuration.values
    known = np.isfinite(traps)
    return [
        Curve(panel, "data", size, time[seen], exact[seen], error[seen], N, N, "", size),
        Curve(panel, "theory", "traps with these barriers", time[known], traps[known], None, N),
    ]


def _plateau(panel: str, point: xr.Dataset) -> list[Curve]:
    x, time = trap_exponent(point), point.waiting_time.values
    if not 0 < x < 1:
        return []
    ends = np.array([time[0], time[-1]])
    value = float(trap_model.aging_function(WINDOW, x))
    return [Curve(panel, "theory", "$H_x$", ends, np.full(2, value), None, np.nan)]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the probabilities against the waiting time."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            xlabel=r"waiting time $t_w$ (attempts)",
            ylabel=r"same configuration, $\omega=1/2$",
            ylim=(0.0, 1.05),
        )
    return figure
