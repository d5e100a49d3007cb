"""Figures of exact results: lines, and points that were computed in another way to check them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.style import MARKERS, POINT, colours, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES = ("-", "--", ":", "-.")


def draw_line_panels(curves: list[Curve], **legend: Any) -> tuple["Figure", dict[str, "Axes"]]:
    """All panels with their lines, points and legends; the caller names the axes.

    The number ``marker`` of a curve chooses the dashes of a line, and the marker of points.
    """
    figure, axes = panels(curves)
    for name, one in axes.items():
        draw_lines(one, [curve for curve in curves if curve.panel == name], **legend)
    return figure, axes


def draw_lines(axes: "Axes", curves: list[Curve], **legend: Any) -> None:
    """Draw lines and points in the colours of a palette, or in black where ``colour`` is NaN."""
    colour = colours([curve.colour for curve in curves])
    told: set[str] = set()
    for curve in curves:
        ink = "0.2" if np.isnan(curve.colour) else colour[curve.colour]
        label = "" if curve.label in told else curve.label
        told.add(curve.label)
        kind = int(curve.marker)
        if curve.role == "theory":
            style = STYLES[kind % len(STYLES)]
            axes.plot(curve.x, curve.y, style, color=ink, label=label or "_")
        else:
            fmt = MARKERS[kind % len(MARKERS)]
            axes.errorbar(
                curve.x, curve.y, curve.error, fmt=fmt, color=ink, label=label or "_",
                elinewidth=0.7, **POINT,
            )  # fmt: skip
    if told - {""}:
        axes.legend(**legend)


def line(panel: str, label: str, x: Any, y: Any, colour: float = np.nan, style: int = 0) -> Curve:
    """A line of an exact result; it is black unless a colour is given."""
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    kept = np.isfinite(y)
    return Curve(panel, "theory", label, x[kept], y[kept], None, colour, style)


def points(
    panel: str, label: str, x: Any, y: Any, error: Any = None, colour: float = np.nan,
    marker: int = 0,
) -> Curve:  # fmt: skip
    """Points that were computed in another way; values that are not finite are left out."""
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    kept = np.isfinite(y)
    bars = None if error is None else np.asarray(error, float)[kept]
    return Curve(panel, "data", label, x[kept], y[kept], bars, colour, marker)
