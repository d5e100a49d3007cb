"""Every figure fits a page and can be read there: measured on what is drawn.

Figures are drawn from the numbers that are kept, in the default style.
"""

import functools
from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.mathtext import MathTextParser
from matplotlib.pyplot import close
from matplotlib.text import Text

from glasscore.common import discovery
from glasscore.figures.drawing import page
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.residuals import LABEL, LEAST_END
from glasscore.figures.drawing.style import LEAST_CONTRAST, applied, contrast
from glasscore.figures.plan import style_by_default
from tests.figures.drawings import drawn

FIGURES = discovery.names("figures")
SMALLEST_TYPE = 6.0  # points
STYLE = style_by_default()
ONE = np.ones(1)
# Texts may touch, but not cover each other by more than this, in pixels at 100 dots per inch.
TOUCH = 1.5
# Ends of axes of probabilities, of differences of probabilities, and of the subaging exponent. This
# is 0 in equilibrium and 1 in simple aging. An axis of overlaps may begin a little below 0, where
# points fluctuate.
ALL_THAT_CAN_BE = ((0.0, 1.02), (-1.1, 1.1), (-0.1, 1.1))
BELOW_ZERO = -0.1


@functools.cache
def texts_of(name):
    """All texts of a figure that are seen, and where they are."""
    figure = drawn(name)
    renderer, beyond = figure.canvas.get_renderer(), set(numbers_beyond_the_ends(figure))
    seen = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text not in beyond:
            box = text.get_window_extent(renderer)
            if box.width > 0:
                seen.append((text, box))
    return seen


def numbers_beyond_the_ends(figure):
    """Texts that belong to an axis, but are not drawn, because they lie beyond its ends."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                yield tick.label2
                # Logarithmic axes may end at numbers of very different size.
                where = tick.get_loc()
                slack = 1e-9 * (where if axis.get_scale() == "log" else high - low)
                if not low - slack <= where <= high + slack:
                    yield tick.label1


def type_sizes(text):
    """The sizes of the characters of a text, in points."""
    if "$" not in text.get_text():
        return [text.get_fontsize()]
    parser, sizes = MathTextParser("path"), []
    for line in text.get_text().split("\n"):
        glyphs = parser.parse(line, 72, text.get_fontproperties()).glyphs
        sizes += [size for _, size, *_ in glyphs]
    return sizes


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_one_or_two_columns_wide_and_no_higher_than_a_page(name):
    width, height = drawn(name).get_size_inches() / page.CENTIMETRE
    assert any(abs(width - allowed) < 1e-9 for allowed in (8.6, 17.8))
    assert height <= 22.0 + 1e-9


@pytest.mark.parametrize("name", FIGURES)
def test_type_can_be_read(name):
    small = {text.get_text(): min(type_sizes(text)) for text, _ in texts_of(name)}
    assert {text: size for text, size in small.items() if size < SMALLEST_TYPE} == {}


@pytest.mark.parametrize("name", FIGURES)
def test_no_text_covers_another(name):
    covered = [
        (one.get_text(), other.get_text())
        for (one, box), (other, there) in combinations(texts_of(name), 2)
        if min(box.x1, there.x1) - max(box.x0, there.x0) > TOUCH
        and min(box.y1, there.y1) - max(box.y0, there.y0) > TOUCH
    ]
    assert covered == []


@pytest.mark.parametrize("name", FIGURES)
def test_all_that_is_drawn_lies_on_the_page(name):
    figure = drawn(name)
    width, height = figure.get_size_inches() * figure.dpi
    outside = [
        text.get_text()
        for text, box in texts_of(name)
        if min(box.x0, box.y0) < -TOUCH or box.x1 > width + TOUCH or box.y1 > height + TOUCH
    ]
    assert outside == []


@pytest.mark.parametrize("name", FIGURES)
def test_marks_are_seen_on_white_paper(name):
    found = {}
    for axes in drawn(name).axes:
        for line in axes.get_lines():
            if line.get_linestyle() != "None":
                found[f"line {line.get_color()}"] = contrast(to_rgba(line.get_color())[:3])
            if line.get_marker() not in ("None", "", None):
                inks = line.get_markerfacecolor(), line.get_markeredgecolor()
                found[f"marker {inks}"] = max(contrast(to_rgba(ink)[:3]) for ink in inks)
        for collection in axes.collections:
            if isinstance(collection, LineCollection):
                for ink in collection.get_edgecolor():
                    found[f"bar {ink}"] = contrast(ink[:3])
    assert found
    assert {what: ratio for what, ratio in found.items() if ratio < LEAST_CONTRAST} == {}


@pytest.mark.parametrize("name", FIGURES)
def test_the_legend_stands_beside_the_panels_and_says_all_once(name):
    figure = drawn(name)
    renderer = figure.canvas.get_renderer()
    assert [axes.get_legend() for axes in figure.axes if axes.get_legend()] == []
    for one in figure.legends:
        box = one.get_window_extent(renderer)
        for axes in figure.axes:
            assert not box.overlaps(axes.get_tightbbox(renderer))
    told = [text.get_text() for one in figure.legends for text in one.get_texts()]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("name", FIGURES)
def test_data_do_not_fill_less_than_half_of_their_panel(name):
    """No axis is stretched to make room for something else than data.

    Panels whose axes have the same ends are made to be compared, and count together.
    """
    alike = defaultdict(list)
    for axes in drawn(name).axes:
        alike[axes.get_yscale(), axes.get_ylim()].append(axes)
    for (yscale, (low, high)), group in alike.items():
        height = group[0].yaxis.get_transform().transform
        ends = [
            path.vertices for axes in group for one in axes.collections for path in one.get_paths()
        ]
        lines = [one.get_xydata() for axes in group for one in axes.get_lines()]
        values = np.concatenate([*lines, *ends])[:, 1]
        drawn_at = values[np.isfinite(values) & ((values > 0) | (yscale != "log"))]
        ends = (0.0 if BELOW_ZERO < low < 0 else low, high)
        if drawn_at.size < 2 or np.ptp(drawn_at) == 0 or ends in ALL_THAT_CAN_BE:
            continue
        if group[0].get_ylabel() == LABEL and high <= LEAST_END:
            continue  # this axis shows at least the range of usual fluctuations
        if yscale == "linear" and low == 0.0:
            drawn_at = np.append(drawn_at, 0.0)
        shown = height(np.clip(drawn_at, low, high))
        titles = [axes.get_title(loc="left") for axes in group]
        assert np.ptp(shown) >= 0.5 * np.ptp(height(np.array([low, high]))), titles


def laid_out(panels):
    """A figure of panels with these titles, in the default style."""
    curves = [Curve(panel, "data", "", np.arange(1.0, 4.0), np.ones(3)) for panel in panels]
    with applied(STYLE):
        figure, _ = page.draw_panels(curves)
        page.finish(figure)
        close(figure)
        FigureCanvasAgg(figure).draw()
    return figure


@pytest.mark.parametrize("words", ["a long title " * 5, "w" * 64, "$N=20$ " + "w" * 50])
@pytest.mark.parametrize("count", [1, 2, 12])
def test_long_titles_stay_above_their_panel(words, count):
    figure = laid_out([f"{words}{number}" for number in range(count)])
    renderer = figure.canvas.get_renderer()
    for axes in figure.axes:
        title = max(axes.findobj(Text), key=lambda text: len(text.get_text()))
        assert title.get_window_extent(renderer).width <= axes.bbox.width + TOUCH
        assert "".join(title.get_text().split()).count("w") == words.count("w")


@pytest.mark.parametrize(("count", "longest"), [(28, 22.0), (60, 45.0)])
def test_panels_beyond_a_page_keep_their_height(count, longest):
    figure = laid_out([f"study {number}" for number in range(count)])
    _, height = figure.get_size_inches() / page.CENTIMETRE
    assert height <= longest
    assert min(axes.bbox.height for axes in figure.axes) / figure.dpi > page.CENTIMETRE


def test_a_panel_without_points_says_so():
    empty = Curve("b", "data", "", np.array([]), np.array([]), note="There was no fit.")
    with applied(STYLE):
        shown = Curve("a", "data", "", np.ones(1), np.ones(1))
        figure, axes = page.draw_panels([shown, empty])
        close(figure)
    assert [text.get_text() for text in axes["b"].texts] == ["no data"]
    assert not axes["a"].texts


def test_a_title_with_commas_is_divided_at_them():
    title = "Spherical p = 3, $T_0=0.85$, $T=0.5$, $h=0.1$"
    panels = [title + part for part in ("", ":b", ":c", ":d")]
    with applied(STYLE):
        figure, axes = page.panels([Curve(one, "data", "", ONE, ONE) for one in panels], 3)
        close(figure)
    assert axes[title].get_title(loc="left").startswith("(a) Spherical p = 3,\n")


@pytest.mark.parametrize(
    ("line", "places"),
    [
        # It leaves the corner at the top left free.
        (([0.05, 0.05, 0.95, 0.95, 0.5], [0.5, 0.06, 0.06, 0.94, 0.94]), [(0.04, 0.96)]),
        ((np.linspace(0, 1, 201), np.arange(201) % 2.0), []),
    ],
)
def test_a_text_in_a_panel_stands_where_no_line_passes(line, places):
    with applied(STYLE):
        figure, axes = page.draw_panels([Curve("p", "solution", "a", *map(np.array, line))])
        axes["p"].set(xlim=(0, 1), ylim=(0, 1))
        page.write_where_empty(axes["p"], "here")
        close(figure)
    assert [text.get_position() for text in axes["p"].texts] == places
