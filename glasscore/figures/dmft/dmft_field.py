"""Response of spherical p-spin models to a small field that is switched on, or off, at time t_w.

Each row belongs to one title of studies. Colours tell the temperatures, starts and fields of its
runs, and dashes tell the waiting times: the longer the waiting time, the longer the dashes, and the
longest is drawn without gaps. Where all curves of a row have one temperature, start and field,
colours tell the waiting times as well.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response, thermoremanent_response
from glasscore.figures.dmft.dmft_correlation import SHORTEST_LAG, time_text, waiting_times
from glasscore.figures.dmft.dmft_energy import quench_colour, quench_text
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.style import by_distinct_value, colours, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 12
RESPONSES = {": on": integrated_response, ": off": thermoremanent_response}
LABELS = {
    ": on": r"field on: $\chi_{\rm ZFC}(t_w+\tau, t_w)$",
    ": off": r"field off: $\chi_{\rm TRM}(t_w+\tau, t_w)$",
}
# Room above the lines, as a share of the height; above responses that decay stands the legend.
ROOM = {": on": 0.05, ": off": 0.3}


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
                "data",
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
    """A row of two panels for each study, its legend in the second."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        part = next((part for part in LABELS if name.endswith(part)), ": on")
        _draw_lines(one, shown, legend=part == ": off")
        highest = max((float(curve.y.max()) for curve in shown), default=1.0)
        one.set(
            xscale="log",
            xlabel=r"time lag $\tau$ (Langevin)",
            ylim=(0, (1 + ROOM[part]) * highest),
            ylabel=LABELS[part],
        )
    return figure


def _draw_lines(axes: "Axes", shown: list[Curve], legend: bool) -> None:
    """Draw lines in the colour of their quench, or of their waiting time if there is one quench."""
    one_quench = len({curve.colour for curve in shown}) == 1
    tint = colours([curve.marker if one_quench else curve.colour for curve in shown])
    dash = by_distinct_value([curve.marker for curve in shown], _dash)
    left: dict[str, Any] = {}
    right: dict[str, Any] = {}
    for curve in shown:
        ink = tint[curve.marker if one_quench else curve.colour]
        axes.plot(curve.x, curve.y, color=ink, linestyle=dash[curve.marker])
        if not one_quench:
            left[curve.colour_label] = {"color": ink}
        right[curve.marker_label] = {
            "color": ink if one_quench else "0.3",
            "linestyle": dash[curve.marker],
        }
    if legend and shown:
        _list(axes, [column for column in (left, right) if column])


def _list(axes: "Axes", columns: list[dict[str, Any]]) -> None:
    """Draw a legend of several columns, which are padded to one length.

    A legend fills its columns one after the other.
    """
    length = max(map(len, columns))
    handles = []
    for column in columns:
        for label, style in column.items():
            handles += axes.plot([], [], label=label, **style)
        handles += axes.plot([], [], linestyle="", label=" ") * (length - len(column))
    axes.legend(handles=handles, ncols=len(columns), loc="upper right", handlelength=2.4)


def _dash(rank: int, count: int) -> Any:
    """Longer dashes for longer waiting times; the line of the longest has no gaps."""
    return "-" if rank == count - 1 else (0, (1.0 + 1.25 * rank * (rank + 1), 1.2))
