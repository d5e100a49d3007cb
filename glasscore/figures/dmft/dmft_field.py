r"""Response of spherical p-spin models to a small field switched on, or off, while they age.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $\chi_{\rm ZFC}(t_w + \tau, t_w)$ is the
magnetisation per spin, divided by the field, at a time lag $\tau$ after a small field was switched
on at the waiting time $t_w$ (zero-field-cooled). $\chi_{\rm TRM}(t_w + \tau, t_w)$ is what is left
at that lag of the magnetisation in a small field that acted from the quench until $t_w$
(thermoremanent). Each row belongs to one model or title of studies. Colours tell the temperature
$T$, the temperature $T_0$ of the start if it is neither infinite nor $T$, and the strength $h$ of
a constant field that acts as well. The longer the waiting time, the longer the dashes, and the
longest is drawn without gaps. Where all curves have one temperature, start and field, colours tell
the waiting times as well. Aging is seen as responses that become slower with $t_w$.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response, thermoremanent_response
from glasscore.figures.dmft.dmft_correlation import SHORTEST_LAG, time_text, waiting_times
from glasscore.figures.dmft.dmft_energy import quench_colour, quench_text
from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.style import by_distinct_value, colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 12
RESPONSES = {": on": integrated_response, ": off": thermoremanent_response}
LABELS = {
    ": on": r"field on: $\chi_{\rm ZFC}(t_w+\tau, t_w)$",
    ": off": r"field off: $\chi_{\rm TRM}(t_w+\tau, t_w)$",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: the field is switched on, and it is switched off."""
    found = []
    for study, points in results.items():
        alone = f", {quench_text(points[0])}" if len(points) == 1 else ""
        found += [
            curve
            for part in RESPONSES
            for point in points
            for curve in _of_point(study + alone, part, point)
        ]
    return found


def _of_point(panel: str, part: str, point: xr.Dataset) -> list[Curve]:
    t_max, found = float(point.time[-1]), []
    for waiting_time in waiting_times(t_max):
        longest = t_max - waiting_time
        shortest = min(SHORTEST_LAG, longest / 10)
        count = int(POINTS_PER_DECADE * np.log10(longest / shortest)) + 2
        lag = np.geomspace(shortest, longest, count)
        values = RESPONSES[part](point, waiting_time + lag, np.full(count, waiting_time))
        quench, waited = quench_text(point), f"$t_w={time_text(waiting_time)}$"
        found.append(
            Curve(
                panel + part,
                SOLUTION,
                f"{quench}, {waited}",
                lag,
                values,
                colour=quench_colour(point),
                marker=waiting_time,
                colour_label=quench,
                marker_label=waited,
            )
        )
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = panels(curves)
    one_quench = len({curve.colour for curve in curves}) == 1
    tint = colours([curve.marker if one_quench else curve.colour for curve in curves])
    dash = by_distinct_value([curve.marker for curve in curves], _dash)
    quenches: dict[str, Any] = {}
    waited: dict[str, Any] = {}
    for curve in curves:
        style = {
            "color": tint[curve.marker if one_quench else curve.colour],
            "linestyle": dash[curve.marker],
        }
        axes[curve.panel].plot(curve.x, curve.y, **style)
        quenches[curve.colour_label] = {**style, "linestyle": "-"}
        waited[curve.marker_label] = style if one_quench else {**style, "color": "0.3"}
    groups = [waited] if one_quench else [quenches, waited]
    legend.put_above(
        figure, [[legend.entry(label, look) for label, look in one.items()] for one in groups]
    )
    for name, one in axes.items():
        part = next((part for part in LABELS if name.endswith(part)), ": on")
        one.set(xscale="log", xlabel=r"time lag $\tau$ (Langevin)", ylabel=LABELS[part])
        one.set_ylim(bottom=0.0)
    return figure


def _dash(rank: int, count: int) -> Any:
    """Longer dashes for longer waiting times; the line of the longest has no gaps."""
    return "-" if rank == count - 1 else (0, (1.0 + 1.25 * rank * (rank + 1), 1.2))
