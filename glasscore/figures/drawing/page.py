"""The page that figures are made for: one column or two of a journal, and no higher than a page."""

import itertools
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from glasscore.figures.drawing import legend, symbols
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.symbols import Symbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

CENTIMETRE = 1 / 2.54
COLUMN_WIDTH = 8.6 * CENTIMETRE
PAGE_WIDTH = 17.8 * CENTIMETRE
PAGE_HEIGHT = 22.0 * CENTIMETRE
# Height of a panel with so many panels beside each other.
PANEL_HEIGHT = {1: 6.2 * CENTIMETRE, 2: 6.2 * CENTIMETRE, 3: 5.0 * CENTIMETRE, 4: 4.2 * CENTIMETRE}
# Panels are no lower than this; before they were, there are more of them beside each other.
LEAST_HEIGHT = 3.6 * CENTIMETRE
# With even more panels, none is lower than this, and the figure becomes longer than a page.
FEWEST_CENTIMETRES = 2.8 * CENTIMETRE
# Logarithmic axes whose ends have at most this ratio are numbered 1, 2, 5, 10, if the numbers lie
# in the range in which people write them out.
LONGEST_NUMBERED = 30.0
PLAIN = (1e-3, 1e4)
# At an axis that is shorter than this, all of 1, 2, 3 and so on are written.
SHORT = 5.0
# Texts in panels stand here, in units of the panel, and stay this far from lines.
ROWS = ((0.04, "bottom"), (0.96, "top"), (0.5, "center"))
PLACES = ((0.96, "right"), (0.04, "left"), (0.5, "center"))
BESIDE_LINES = 0.1 * CENTIMETRE
# So many points of a straight piece of a line are looked at.
STEPS = 30
# Labels and numbers of a vertical axis take about this width.
BESIDE_AXES = 1.8 * CENTIMETRE
# A title stands at this height, in units of the panel, unless something is in its way.
LOWEST = 1.0
# Above the panels this height is kept for the legend.
HEIGHT_OF_LEGEND = 2.0 * CENTIMETRE


def panels(
    curves: list[Curve], columns: int = 2, row_of: Callable[[str], Any] | None = None
) -> tuple["Figure", dict[str, "Axes"]]:
    """One panel for each panel name, in the order of the curves; several panels have letters.

    Parameters
    ----------
    curves
        What the figure shows.
    columns
        How many panels stand beside each other; twice as many if they would not fit on a page. A
        figure of very many panels is longer than a page. Titles of more than three columns leave
        out the words that all of them begin with.
    row_of
        What a panel of this name shows; panels that show something else begin a new row.
    """
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(curve.panel for curve in curves)) or ["no data"]
    room = PAGE_HEIGHT - HEIGHT_OF_LEGEND
    if columns == 2 and -(-len(names) // columns) * LEAST_HEIGHT > room:
        columns = 4
    columns = min(columns, len(names))
    places = _places(names, columns, row_of)
    rows = places[-1][0] + 1
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    height = min(PANEL_HEIGHT[columns], max(room / rows, FEWEST_CENTIMETRES))
    size = (width, height * rows)
    figure, grid = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    axes = {name: grid[place] for name, place in zip(names, places, strict=True)}
    for place in np.ndindex(grid.shape):
        if place not in places:
            unused: Any = grid[place]
            unused.remove()
    letter = legend.letters(curves)
    shared = _words_of_all([name.partition(":")[0] for name in names]) if columns > 3 else ""
    for name, one in axes.items():
        above = name.partition(":")[0].removeprefix(shared)
        one.set_title(f"({letter[name]}) {above}" if letter.get(name) else above, loc="left")
    _make_room_for_titles(figure, grid)
    return figure, axes


def _words_of_all(titles: list[str]) -> str:
    """The words that all titles begin with, with the space after them, if they are more than one.

    Narrow columns have no room for them. Each title keeps a word, and symbols are no words.
    """
    split = [title.split(" ") for title in titles]
    shared = []
    for alike in zip(*(words[:-1] for words in split), strict=False):
        if len(set(alike)) > 1 or not (alike[0].isalpha() and len(alike[0]) > 1):
            break
        shared.append(alike[0])
    return "".join(f"{word} " for word in shared) if len(set(titles)) > 1 else ""


def _places(
    names: list[str], columns: int, row_of: Callable[[str], Any] | None
) -> list[tuple[int, int]]:
    """Row and column of each panel."""
    places: list[tuple[int, int]] = []
    for _, alike in itertools.groupby(names, row_of or (lambda _: None)):
        first = places[-1][0] + 1 if places else 0
        places += [(first + rank // columns, rank % columns) for rank, _ in enumerate(alike)]
    return places


def _make_room_for_titles(figure: "Figure", grid: Any) -> None:
    """Write titles that are longer than a column in lines.

    The figure becomes higher by these lines, as long as it fits on a page.
    """
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    width, height = figure.get_size_inches()
    column = width / grid.shape[1]
    for row in grid:
        above = 0.0
        for title in (title for axes in row if axes.figure for title in _titles(axes)):
            low = title.get_window_extent(renderer)
            if low.width > column * figure.dpi:
                room = (column - BESIDE_AXES) * figure.dpi
                title.set_text(_in_lines(title, room, renderer))
                higher = title.get_window_extent(renderer).height - low.height
                above = max(above, higher / figure.dpi)
        height = max(height, min(height + above, PAGE_HEIGHT - HEIGHT_OF_LEGEND))
    figure.set_size_inches(width, height)


def draw_panels(
    curves: list[Curve],
    columns: int = 2,
    row_of: Callable[[str], Any] | None = None,
    styles: Mapping[str, Any] | None = None,
    looks: type[Symbols] = Symbols,
) -> tuple["Figure", dict[str, "Axes"]]:
    """All panels with their curves, and the legend; the caller names the axes.

    The first arguments are those of :func:`panels`; ``styles`` holds the dashes of lines of
    theory by their label, and ``looks`` is for a figure with dashes of its own.
    """
    figure, axes = panels(curves, columns, row_of)
    meanings = looks(curves, styles)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        symbols.draw(one, shown, meanings)
        if not any(curve.x.size for curve in shown):
            say_that_it_is_empty(one)
    legend.put_above(figure, meanings.entries(curves), PAGE_HEIGHT)
    return figure, axes


def say_that_it_is_empty(axes: "Axes") -> None:
    """Write in a panel that it has no data; the caption says why."""
    axes.text(0.5, 0.5, "no data", transform=axes.transAxes, ha="center", va="center")


def write_where_empty(axes: "Axes", text: str) -> None:
    """Write a text in a panel where no line passes: in a corner, or in the middle of a side.

    The limits of the axes are the final ones. If there is no such place, nothing is written.
    """
    renderer = axes.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    ends = [axes.transData.transform(line.get_xydata()) for line in axes.get_lines()]
    passed = np.concatenate([np.empty((0, 2)), *map(_between, ends)])
    for (y, vertical), (x, horizontal) in itertools.product(ROWS, PLACES):
        written = axes.text(x, y, text, transform=axes.transAxes, ha=horizontal, va=vertical)
        box = written.get_window_extent(renderer).padded(BESIDE_LINES * axes.figure.dpi)
        inside = (passed > box.min) & (passed < box.max)
        if not np.any(inside.all(axis=1)):
            return
        written.remove()


def _between(ends: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Points of a line in pixels, close to each other."""
    known = ends[np.isfinite(ends).all(axis=1)]
    shares = np.linspace(0.0, 1.0, STEPS)[:, None]
    pairs = itertools.pairwise(known)
    return np.concatenate([np.empty((0, 2)), *(a + shares * (b - a) for a, b in pairs)])


def share_limits(axes: list["Axes"], direction: str) -> None:
    """Give axes with the same scale the same limits, those of all of them (``"x"`` or ``"y"``)."""
    if not axes:
        return
    limits = [getattr(one, f"get_{direction}lim")() for one in axes]
    low, high = min(low for low, _ in limits), max(high for _, high in limits)
    for one in axes:
        getattr(one, f"set_{direction}lim")(low, high)


def set_probability_limits(axes: "Axes", lowest: float = 0.0) -> None:
    """Limit an axis of probabilities or overlaps to what they can be."""
    axes.set(ylim=(lowest, 1.02), yticks=np.linspace(0, 1, 6))


def finish(figure: "Figure") -> None:
    """Lay out a figure, once for all file formats, since this takes as long as drawing it."""
    layout: Any = figure.get_layout_engine()
    if layout is None:
        return
    _number_short_logarithmic_axes(figure)
    _leave_out_repeated_labels(figure)
    layout.execute(figure)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    _thin_out_ticks(figure, renderer)
    _make_room_for_zero(figure, renderer)
    _break_long_texts(figure, renderer)
    layout.execute(figure)
    figure.set_layout_engine(None)
    _end_searches(figure)


def _end_searches(figure: "Figure") -> None:
    """Look for no place of titles and labels again in each file, where none is needed.

    A title that stands as low as it can stays there, and a label without words is not seen.
    """
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not axis.get_label_text():
                axis.set_label_coords(0.5, 0.5)
        heading, places = axes.get_title(loc="left"), [one.get_position() for one in _titles(axes)]
        if places and all(height == LOWEST for _, height in places):
            axes.set_title(heading, loc="left", y=LOWEST)


def _leave_out_repeated_labels(figure: "Figure") -> None:
    """Name an axis once where all panels beside each other, or below each other, have the same."""
    placed = [(axes, axes.get_subplotspec()) for axes in figure.axes if axes.get_visible()]
    grid = [(axes, spec.rowspan.start, spec.colspan.start) for axes, spec in placed if spec]
    for row in {row for _, row, _ in grid}:
        beside = sorted((one for one in grid if one[1] == row), key=lambda one: one[2])
        if len({axes.get_ylabel() for axes, *_ in beside}) == 1:
            for axes, *_ in beside[1:]:
                axes.set_ylabel("")
    for column in {column for *_, column in grid}:
        below = sorted((one for one in grid if one[2] == column), key=lambda one: one[1])
        if len({axes.get_xlabel() for axes, *_ in below}) == 1:
            for axes, *_ in below[:-1]:
                axes.set_xlabel("")


def _number_short_logarithmic_axes(figure: "Figure") -> None:
    """Write 1, 2, 5 and so on at logarithmic axes that are too short for powers of ten alone."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            if axis.get_scale() == "log" and high < LONGEST_NUMBERED * low and PLAIN[0] < low:
                if high < PLAIN[1]:
                    few = high > SHORT * low
                    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else range(1, 10)))
                    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
                axis.set_minor_formatter(NullFormatter())


def _titles(axes: "Axes") -> list[Any]:
    """The title of a panel, as an object of matplotlib; empty if there is none."""
    from matplotlib.text import Text

    heading = axes.get_title(loc="left")
    return [one for one in axes.findobj(Text) if one.get_text() == heading != ""]


def _break_long_texts(figure: "Figure", renderer: Any) -> None:
    """Write titles and labels that are longer than their axis in several lines."""
    for axes in figure.axes:
        for text, room in (
            (axes.yaxis.label, axes.bbox.height),
            (axes.xaxis.label, axes.bbox.width),
            *((title, axes.bbox.width) for title in _titles(axes)),
        ):
            extent = text.get_window_extent(renderer)
            if max(extent.width, extent.height) > room and "\n" not in text.get_text():
                text.set_text(_in_lines(text, room, renderer))


def _thin_out_ticks(figure: "Figure", renderer: Any) -> None:
    """Write fewer numbers at a horizontal axis where they would overlap."""
    from matplotlib.ticker import MaxNLocator, NullFormatter

    for axes in figure.axes:
        if axes.get_xscale() != "linear":
            if _overlap(axes.get_xticklabels(which="both"), renderer):
                axes.xaxis.set_minor_formatter(NullFormatter())
            continue
        for count in range(5, 1, -1):
            if not _overlap(axes.get_xticklabels(), renderer):
                break
            axes.xaxis.set_major_locator(MaxNLocator(count))


def _make_room_for_zero(figure: "Figure", renderer: Any) -> None:
    """Write no numbers next to 0 at a signed logarithmic axis where they would cover it."""
    for axes in figure.axes:
        if axes.get_yscale() != "symlog":
            continue
        zero = next((one for one in axes.yaxis.get_major_ticks() if one.get_loc() == 0.0), None)
        for tick in axes.yaxis.get_major_ticks():
            if zero and tick is not zero and _overlap([zero.label1, tick.label1], renderer, axis=1):
                tick.label1.set_visible(False)


def _overlap(labels: list[Any], renderer: Any, axis: int = 0) -> bool:
    """Whether texts beside each other (``axis`` 0) or above each other (1) touch."""
    boxes = [one.get_window_extent(renderer) for one in labels if one.get_text()]
    spans = sorted((box.min[axis], box.max[axis]) for box in boxes)
    return any(left[1] + 1 > right[0] for left, right in itertools.pairwise(spans))


def _in_lines(text: Any, room: float, renderer: Any) -> str:
    """The words of a text in lines that fit, as even as possible; a longer word is divided.

    Parameters
    ----------
    text
        A text of matplotlib, whose words are changed to be measured, and then put back.
    room
        The length of a line, in pixels.
    """
    whole = text.get_text()

    def fits(words: str) -> bool:
        text.set_text(words)
        extent = text.get_window_extent(renderer)
        return max(extent.width, extent.height) <= room

    # A text in parts with commas is divided there, if this is enough.
    parts = re.findall(r"(?:\$[^$]*\$|[^,$])+,?", whole)
    parts = [part.strip() for part in parts if part.strip()]
    whole_parts = len(parts) > 1 and all(fits(part) for part in parts)
    lines = (
        parts
        if whole_parts
        else [line for word in words_of(whole) for line in _divided(word, fits)]
    )
    # Lines are joined from the shortest pair on, as long as the pair fits.
    while len(lines) > 1:
        pairs = [" ".join(pair) for pair in itertools.pairwise(lines)]
        fitting = [place for place, pair in enumerate(pairs) if fits(pair)]
        if not fitting:
            break
        shortest = min(fitting, key=lambda place: len(pairs[place]))
        lines[shortest : shortest + 2] = [pairs[shortest]]
    text.set_text(whole)
    return "\n".join(lines)


def words_of(text: str) -> list[str]:
    """The words of a text; spaces within formulas do not divide them."""
    words, formula = [""], False
    for sign in text:
        formula ^= sign == "$"
        if sign == " " and not formula:
            words.append("")
        else:
            words[-1] += sign
    return [word for word in words if word]


def _divided(word: str, fits: Callable[[str], bool]) -> list[str]:
    """A word in parts that fit; formulas, and what is one sign long, stay whole."""
    if "$" in word or len(word) < 2 or fits(word):
        return [word]
    end = next(end for end in range(len(word) - 1, 0, -1) if end == 1 or fits(word[:end]))
    return [word[:end], *_divided(word[end:], fits)]
