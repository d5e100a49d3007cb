"""One legend for a figure, above all its panels, where it covers nothing.

Entries that do not hold for all panels begin with the letters of theirs, such as ``(a-d, f)``.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from glasscore.figures.drawing.curves import Curve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Entries = list[Any]
"""Handles of a legend; the label of each is its text."""
LETTERS = 26
# From this number of neighbouring panels on, only the first and the last are named.
SHORTEST_RANGE = 3
# Distances in units of the size of the text.
ROOM: dict[str, float] = {"handlelength": 1.4, "handletextpad": 0.5, "columnspacing": 1.4}
PADDING: dict[str, float] = {"borderpad": 0.0, "borderaxespad": 0.0}
BETWEEN_ROWS = 0.35


def letters(curves: list[Curve]) -> dict[str, str]:
    """The letter of each panel; empty if there is one panel, or if there are too many."""
    names = list(dict.fromkeys(curve.panel for curve in curves))
    few = 1 < len(names) <= LETTERS
    return {name: chr(ord("a") + rank) if few else "" for rank, name in enumerate(names)}


def letters_of_drawn(curves: list[Curve]) -> dict[str, str]:
    """The letter of each panel in which something is drawn."""
    drawn = {curve.panel for curve in curves if curve.x.size > 0}
    return {panel: letter for panel, letter in letters(curves).items() if panel in drawn}


def with_letters(label: str, panels: set[str], letter: dict[str, str]) -> str:
    """A label with the letters of its panels before it, unless it is in all panels."""
    told = [letter[panel] for panel in panels]
    if len(told) == len(letter) or not all(told):
        return label
    return f"({in_ranges(told)}) {label}"


def in_ranges(told: Iterable[str]) -> str:
    """Letters of panels in few signs, such as ``a-d, f``."""
    order = sorted(told)
    runs = itertools.groupby(order, key=lambda letter: ord(letter) - order.index(letter))
    parts: list[str] = []
    for run in (list(found) for _, found in runs):
        parts += [f"{run[0]}-{run[-1]}"] if len(run) >= SHORTEST_RANGE else run
    return ", ".join(parts)


def entry(label: str, style: dict[str, Any]) -> Any:
    """A legend's entry for lines or points that are drawn like this."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **{**style, "label": label})


def entries_of(drawn: Iterable[tuple[Curve, dict[str, Any]]]) -> Entries:
    """One entry for each label and look of curves, which come with the way they are drawn."""
    told: dict[str, tuple[Curve, dict[str, Any], set[str]]] = {}
    curves = []
    for curve, look in drawn:
        curves.append(curve)
        if curve.label:
            told.setdefault(f"{curve.label} {look}", (curve, look, set()))[2].add(curve.panel)
    letter = letters_of_drawn(curves)
    return [
        entry(with_letters(curve.label, panels, letter), look)
        for curve, look, panels in told.values()
    ]


def put_above(figure: "Figure", groups: list[Entries], highest: float = math.inf) -> None:
    """Put one legend above all panels, in rows, and make the figure higher by as much.

    Parameters
    ----------
    figure
        A figure with a constrained layout.
    highest
        A figure that is not higher than this, in inches, stays so; its panels become lower instead.
    groups
        Entries that belong together. A group begins a new row if it does not fit on the row before.
    """
    rows = list(_rows(figure, groups))
    if not rows:
        return
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    width, height = figure.get_size_inches()
    legends = [
        figure.legend(handles=row, ncols=len(row), loc="upper center", **ROOM, **PADDING)
        for row in rows
    ]
    size = float(legends[0].get_texts()[0].get_fontsize()) / 72
    heights = [one.get_window_extent(renderer).height / figure.dpi for one in legends]
    total = sum(heights) + BETWEEN_ROWS * size * (len(rows) + 1)
    whole = height + total if height > highest else min(height + total, highest)
    figure.set_size_inches(width, whole)
    top = whole
    for one, high in zip(legends, heights, strict=True):
        top -= BETWEEN_ROWS * size
        one.set_bbox_to_anchor((0.5, top / whole))
        top -= high
    layout: Any = figure.get_layout_engine()
    layout.set(rect=(0.0, 0.0, 1.0, 1.0 - total / whole))


def _rows(figure: "Figure", groups: list[Entries]) -> Iterator[Entries]:
    """The entries of each row, as many as fit."""
    from matplotlib import rcParams
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    # The setting may also be a word, such as "medium".
    size = FontProperties(size=rcParams["legend.fontsize"]).get_size_in_points()
    unit = size * figure.dpi / 72
    room = figure.get_size_inches()[0] * figure.dpi - 2 * unit

    def width(one: Any) -> float:
        text = Text(0, 0, one.get_label(), fontsize=size)
        text.set_figure(figure)
        beside = ROOM["handlelength"] + ROOM["handletextpad"] + ROOM["columnspacing"]
        return float(text.get_window_extent(renderer).width) + beside * unit

    row: Entries = []
    used = 0.0
    for group in groups:
        widths = [width(one) for one in group]
        if row and used + sum(widths) > room:
            yield row
            row, used = [], 0.0
        for one, needed in zip(group, widths, strict=True):
            if row and used + needed > room:
                yield row
                row, used = [], 0.0
            row.append(one)
            used += needed
    if row:
        yield row
