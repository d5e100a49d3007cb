"""How figures look: sizes of a journal column, one palette, and curves drawn one way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscore.figures.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CENTIMETRE = 1 / 2.54
COLUMN_WIDTH = 8.6 * CENTIMETRE
PAGE_WIDTH = 17.8 * CENTIMETRE
PANEL_HEIGHT = 6.6 * CENTIMETRE
MARKERS = "osD^v<>p*h"
# The palettes' last, lightest part would not be seen on white paper.
PALETTE_RANGE = (0.0, 0.85)


@contextmanager
def applied(style: dict[str, Any]) -> Iterator[None]:
    """Draw in the style of the config: ``font_size`` in points and ``palette``."""
    import matplotlib

    matplotlib.use("agg")
    import seaborn

    size = style["font_size"]
    settings = {
        **seaborn.axes_style("ticks"),
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "legend.fontsize": size - 1.5,
        "xtick.labelsize": size - 1,
        "ytick.labelsize": size - 1,
        "axes.linewidth": 0.6,
        "lines.linewidth": 1.1,
        "lines.markersize": 3.0,
        "xtick.direction": "in",
        "ytick.direction": "in",
        "xtick.top": True,
        "ytick.right": True,
        **{f"{axis}tick.{kind}.width": 0.6 for axis in "xy" for kind in ("major", "minor")},
        **{f"{axis}tick.major.size": 3.0 for axis in "xy"},
        **{f"{axis}tick.minor.size": 1.5 for axis in "xy"},
        "font.family": "sans-serif",
        "mathtext.fontset": "dejavusans",
        "legend.frameon": False,
        "legend.handlelength": 1.4,
        "image.cmap": style["palette"],
        "pdf.fonttype": 42,
        "savefig.dpi": 300,
        "figure.constrained_layout.use": True,
    }
    with matplotlib.rc_context(settings):
        yield


def panels(curves: list[Curve], columns: int = 2) -> tuple["Figure", dict[str, "Axes"]]:
    """One lettered panel for each panel name, in the order of the curves."""
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(curve.panel for curve in curves))
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    figure, grid = plt.subplots(rows, columns, figsize=(width, PANEL_HEIGHT * rows), squeeze=False)
    axes = dict(zip(names, grid.flat, strict=False))
    for unused in grid.flat[len(names) :]:
        unused.set_visible(False)
    for letter, (name, one) in zip("abcdefghijklmnopqrstuvwxyz", axes.items(), strict=False):
        above = name.partition(":")[0]
        one.set_title(f"({letter}) {above}" if len(names) > 1 else above, loc="left")
    return figure, axes


def draw_curves(axes: "Axes", curves: list[Curve], **legend: Any) -> None:
    """Draw data as points with error bars and theory as lines, each label once in the legend."""
    colour = colours([curve.colour for curve in curves])
    marker = shared([curve.marker for curve in curves], lambda rank, _: MARKERS[rank % 10])
    for curve in curves:
        guide = np.isnan(curve.colour)
        ink = "black" if guide else colour[curve.colour]
        if curve.role == "data":
            axes.errorbar(
                curve.x,
                curve.y,
                curve.error,
                fmt=marker[curve.marker],
                color=ink,
                label=curve.label or None,
                markeredgecolor="white",
                markeredgewidth=0.3,
                elinewidth=0.7,
                zorder=3,
            )
        else:
            axes.plot(curve.x, curve.y, "--" if guide else "-", color=ink, zorder=2)
    laws = {curve.label: curve for curve in curves if curve.role == "theory" and curve.label}
    for label, curve in laws.items():
        dashes = "--" if np.isnan(curve.colour) else "-"
        axes.plot([], [], dashes, color="0.3", label=label)
    if any(curve.label for curve in curves):
        axes.legend(**legend)


def colours(values: list[float]) -> dict[float, Any]:
    """A colour for each distinct value, along the palette in their order."""
    import matplotlib

    palette = matplotlib.colormaps[matplotlib.rcParams["image.cmap"]]
    low, high = PALETTE_RANGE
    return shared(
        [value for value in values if np.isfinite(value)],
        lambda index, count: palette(low + (high - low) * index / max(count - 1, 1)),
    )


def shared(values: list[float], choose: Callable[[int, int], Any]) -> dict[float, Any]:
    """What ``choose(rank, count)`` gives to each distinct value."""
    distinct = sorted(set(values))
    return {value: choose(rank, len(distinct)) for rank, value in enumerate(distinct)}
