"""How figures look: widths of a journal's columns, one palette, and one way to draw curves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscore.common.fonts import families
from glasscore.figures.drawing.curves import Curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CENTIMETRE = 1 / 2.54
COLUMN_WIDTH = 8.6 * CENTIMETRE
PAGE_WIDTH = 17.8 * CENTIMETRE
PANEL_HEIGHT = 6.6 * CENTIMETRE
LETTERS = 26
# A longer legend would be higher than its panel; of more entries, some stand for the others.
LONGEST_LEGEND = 12
MARKERS = "osD^v<>p*h"
POINT: dict[str, Any] = {"markeredgecolor": "white", "markeredgewidth": 0.3, "zorder": 3}
DARKENING = 0.6
# The last part of the palettes is too light to be seen on white paper.
PALETTE_RANGE = (0.0, 0.85)
# These are the settings of seaborn's style "ticks". Loading seaborn itself would take a third of
# the time of a figure.
TICKS: dict[str, Any] = {
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color"), ".15"),
    **dict.fromkeys(("xtick.color", "ytick.color"), ".15"),
    "axes.axisbelow": True,
    "font.sans-serif": [
        "Arial", "DejaVu Sans", "Liberation Sans", "Bitstream Vera Sans", "sans-serif",
    ],
    "grid.color": ".8",
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
}  # fmt: skip


@contextmanager
def applied(style: dict[str, Any]) -> Iterator[None]:
    """Draw in the style of the config: ``font_size`` in points, ``palette`` and perhaps ``font``.

    The user's own settings in a ``matplotlibrc`` have no effect.
    """
    import matplotlib

    matplotlib.use("agg")
    if style["palette"] not in matplotlib.colormaps:
        import_module("seaborn")  # it adds palettes of its own
    size = style["font_size"]
    settings: dict[Any, Any] = {
        **TICKS,
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "legend.fontsize": size - 1.5,
        "xtick.labelsize": size - 1,
        "ytick.labelsize": size - 1,
        "axes.linewidth": 0.6,
        "lines.linewidth": 0.9,
        "lines.markersize": 2.8,
        "xtick.direction": "in",
        "ytick.direction": "in",
        "xtick.top": True,
        "ytick.right": True,
        **{f"{axis}tick.{kind}.width": 0.6 for axis in "xy" for kind in ("major", "minor")},
        **{f"{axis}tick.major.size": 3.0 for axis in "xy"},
        **{f"{axis}tick.minor.size": 1.5 for axis in "xy"},
        "font.family": families(style),
        "mathtext.fontset": "dejavusans",
        "legend.frameon": False,
        "legend.handlelength": 1.4,
        "image.cmap": style["palette"],
        "pdf.fonttype": 42,
        # With a salt, names of clip paths follow from their content, not from a random number.
        "svg.hashsalt": "glasscore",
        "savefig.dpi": 300,
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        yield


def panels(curves: list[Curve], columns: int = 2) -> tuple["Figure", dict[str, "Axes"]]:
    """One panel for each panel name, in the order of the curves; several panels have letters."""
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(curve.panel for curve in curves)) or ["no data"]
    columns = min(columns, len(names))
    rows = -(-len(names) // columns)
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    size = (width, PANEL_HEIGHT * rows)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    axes = dict(zip(names, grid.flat, strict=False))
    for unused in grid.flat[len(names) :]:
        unused.set_visible(False)
    for number, (name, one) in enumerate(axes.items()):
        above = name.partition(":")[0]
        letter = f"({chr(ord('a') + number)}) " if 1 < len(names) <= LETTERS else ""
        one.set_title(letter + above, loc="left")
    return figure, axes


def set_probability_limits(axes: "Axes", highest: float, lowest: float = 0.0) -> None:
    """Limit an axis of probabilities or overlaps, and leave room for a legend above 1."""
    axes.set(ylim=(lowest, highest), yticks=np.linspace(0, 1, 6))


def leave_room_above(axes: "Axes", share: float) -> None:
    """Lengthen the vertical axis upwards by a share of its length, to leave room for a legend."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def draw_panels(
    curves: list[Curve],
    columns: int = 2,
    data_legend: Callable[[str], bool] = lambda panel: True,
    **legend: Any,
) -> tuple["Figure", dict[str, "Axes"]]:
    """All panels with their curves and legends; the caller names the axes.

    Parameters
    ----------
    curves, columns
        As in :func:`panels`.
    data_legend
        Whether the legend of the panel with a name lists the data.
    legend
        Further arguments of all legends.
    """
    figure, axes = panels(curves, columns)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        draw_curves(one, shown, data_legend(name), **legend)
    return figure, axes


def draw_curves(axes: "Axes", curves: list[Curve], data_legend: bool = True, **legend: Any) -> None:
    """Draw data as points with error bars and theory as lines, with a legend.

    Parameters
    ----------
    axes, curves
        A panel and what it shows.
    data_legend
        Whether the legend lists the data; it need not where the panel beside lists them.
    legend
        Further arguments of the legend, such as ``loc``.
    """
    curves = _coloured(curves)
    data = [curve for curve in curves if curve.role == "data"]
    colour = colours([curve.colour for curve in curves])
    marker = by_distinct_value(
        [curve.marker for curve in data], lambda rank, _: MARKERS[rank % len(MARKERS)]
    )
    for curve in curves:
        if curve.role == "data":
            point = {"fmt": marker[curve.marker], "color": colour[curve.colour]}
            axes.errorbar(curve.x, curve.y, curve.error, **point, **POINT, elinewidth=0.7)
        else:
            axes.plot(curve.x, curve.y, **_line(curve, colour.get(curve.colour, "black")))
    left, right = _data_entries(data, colour, marker) if data_legend else ([], [])
    laws = {curve.label: curve for curve in curves if curve.role == "theory" and curve.label}
    for label, curve in laws.items():
        (right or left).extend(axes.plot([], [], **_line(curve, "0.3"), label=label))
    if right:
        # A legend fills its columns one after the other, so that both must have one length.
        length = max(len(left), len(right))
        for column in (left, right):
            column += axes.plot([], [], linestyle="", label=" ") * (length - len(column))
    if left:
        chosen = {"ncols": 2 if right else 1, "columnspacing": 1.0, **legend}
        axes.legend(handles=left + right, **chosen)


def _coloured(curves: list[Curve]) -> list[Curve]:
    """Let colours stand for sizes where there is only one temperature to stand for."""
    data = [curve for curve in curves if curve.role == "data"]
    if len({curve.colour for curve in data}) > 1 or len({curve.marker for curve in data}) < 2:
        return curves
    return [
        curve._replace(colour=curve.marker, colour_label="")
        if curve.role == "data"
        else curve._replace(colour=np.nan)
        for curve in curves
    ]


def _line(curve: Curve, ink: Any) -> dict[str, Any]:
    from matplotlib.colors import to_rgb

    # A line is drawn over its points and darker than they are, to be seen where both agree.
    darker = tuple(DARKENING * part for part in to_rgb(ink))
    return {"color": darker, "linestyle": "--" if np.isnan(curve.colour) else "-", "zorder": 4}


def _data_entries(
    data: list[Curve], colour: dict[float, Any], marker: dict[float, Any]
) -> tuple[list[Any], list[Any]]:
    """Two columns of legend entries: colours and markers, or one entry for each curve."""
    from matplotlib.lines import Line2D

    def entry(fmt: str, ink: Any, label: str) -> Any:
        return Line2D([], [], linestyle="", marker=fmt, color=ink, label=label, **POINT)

    by_colour = {curve.colour: curve.colour_label for curve in data if curve.colour_label}
    by_marker = {curve.marker: curve.marker_label for curve in data if curve.marker_label}
    if len(by_colour) > 1 and len(by_marker) > 1:
        return (
            [entry("o", colour[key], by_colour[key]) for key in thin_out_legend(sorted(by_colour))],
            [
                entry(marker[key], "0.5", by_marker[key])
                for key in thin_out_legend(sorted(by_marker))
            ],
        )
    labelled = thin_out_legend([curve for curve in data if curve.label])
    return [entry(marker[c.marker], colour[c.colour], c.label) for c in labelled], []


def thin_out_legend(entries: list[Any]) -> list[Any]:
    """At most as many entries as a legend may have, evenly chosen, the first and last included."""
    count = len(entries)
    if count <= LONGEST_LEGEND:
        return entries
    return [entries[round(rank)] for rank in np.linspace(0, count - 1, LONGEST_LEGEND)]


def colours(values: list[float]) -> dict[float, Any]:
    """A colour for each distinct value, in the order of the values along the palette."""
    import matplotlib

    palette = matplotlib.colormaps[matplotlib.rcParams["image.cmap"]]
    low, high = PALETTE_RANGE
    return by_distinct_value(
        [value for value in values if not np.isnan(value)],
        lambda index, count: palette(low + (high - low) * index / max(count - 1, 1)),
    )


def by_distinct_value(values: list[float], choose: Callable[[int, int], Any]) -> dict[float, Any]:
    """The result of ``choose(rank, count)`` for each distinct value, ranked in ascending order."""
    distinct = sorted(set(values))
    return {value: choose(rank, len(distinct)) for rank, value in enumerate(distinct)}
