"""Figures of exact results: lines, and points that were computed in another way to check them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import panels, say_that_it_is_empty
from glasscore.figures.drawing.style import colours
from glasscore.figures.drawing.symbols import BAR, MARKERS, POINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES = ("-", "--", ":", "-.")


def draw_line_panels(curves: list[Curve], columns: int = 2) -> tuple["Figure", dict[str, "Axes"]]:
    """All panels with their lines and points, and the legend; the caller names the axes.

    The number ``marker`` of a curve chooses the dashes of a line, and the marker of points, which
    is open if the number is negative. A curve is black where its ``colour`` is NaN. All this means
    the same in all panels. Points without errors have no bars, and panels without points say so.
    """
    figure, axes = panels(curves, columns)
    inks = colours([curve.colour for curve in curves])
    drawn = [(curve, _look(curve, inks.get(curve.colour, "0.2"))) for curve in curves]
    for curve, look in drawn:
        axes[curve.panel].errorbar(curve.x, curve.y, curve.error, **look, **BAR)
    for name, one in axes.items():
        if not any(curve.x.size for curve in curves if curve.panel == name):
            say_that_it_is_empty(one)
    legend.put_above(figure, [legend.entries_of(drawn)])
    return figure, axes


def _look(curve: Curve, ink: Any) -> dict[str, Any]:
    kind = int(curve.marker)
    if curve.role != "data":
        return {"linestyle": STYLES[kind % len(STYLES)], "color": ink}
    rank = kind if kind >= 0 else -1 - kind
    look = {"linestyle": "", "marker": MARKERS[rank % len(MARKERS)], "color": ink, **POINT}
    if kind < 0:
        return {**look, "markerfacecolor": "white", "markeredgecolor": ink, "markeredgewidth": 0.9}
    return {**look, "markeredgecolor": "white"}


def line(panel: str, label: str, x: Any, y: Any, colour: float = np.nan, style: int = 0) -> Curve:
    """A line of an exact result; it is black unless a colour is given."""
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    kept = np.isfinite(y)
    return Curve(panel, "theory", label, x[kept], y[kept], None, colour, style)


def points(
    panel: str, label: str, x: Any, y: Any, error: Any = None, colour: float = np.nan,
    marker: int = 0, hollow: bool = False,
) -> Curve:  # fmt: skip
    """Points that were computed in another way; values that are not finite are left out."""
    marker = -1 - marker if hollow else marker
    x, y = np.broadcast_arrays(np.asarray(x, float), np.asarray(y, float))
    kept = np.isfinite(y)
    bars = None if error is None else np.asarray(error, float)[kept]
    return Curve(panel, "data", label, x[kept], y[kept], bars, colour, marker)


def titled(panel: str, titles: Mapping[str, str], alone: bool) -> str:
    """The name of a panel, "study: part", with what the part shows as its title.

    Parameters
    ----------
    panel
        A name whose part after the last colon is a key of ``titles``, with the colon before it.
    titles
        What each part shows.
    alone
        Whether the figure has one study, which the title then does not name.
    """
    study, _, part = panel.rpartition(":")
    content = titles[f":{part}"]
    return f"{content}:{part}" if alone else f"{study}, {content}:{part}"
