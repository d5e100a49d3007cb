"""Colours, markers and fillings mean the same in all panels of a figure."""

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgba

from glasscore.figures import stage
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.legend import in_ranges
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.style import applied, contrast
from glasscore.figures.drawing.symbols import FILLINGS, Symbols
from glasscore.figures.plan import style_by_default
from glasscore.files.inputs import Result

ONE = np.ones(2)


def points(panel, T, N, study=""):
    return Curve(panel, "data", f"{T} {N}", ONE, ONE, None, T, N, f"T={T}", f"N={N}", study=study)


def looks(curves):
    """Colour, marker and filling of each curve."""
    with applied(style_by_default()):
        symbols = Symbols(curves)
        drawn = [symbols.point(curve) for curve in curves]
    return [(to_rgba(one["color"]), one["marker"], one["fillstyle"]) for one in drawn]


def told(curves):
    with applied(style_by_default()):
        figure, _ = draw_panels(curves)
        return [text.get_text() for one in figure.legends for text in one.get_texts()]


def test_a_size_has_the_same_marker_in_panels_with_other_sizes():
    curves = [
        points("a", 0.5, 16),
        points("a", 0.7, 20),
        points("b", 0.5, 20),
        points("b", 0.9, 24),
    ]
    drawn = looks(curves)
    assert drawn[1][1] == drawn[2][1]
    assert drawn[0][0] == drawn[2][0]
    assert len({colour for colour, *_ in drawn}) == 3
    assert told(curves) == ["T=0.5", "T=0.7", "T=0.9", "N=16", "N=20", "N=24"]


def test_colours_tell_sizes_only_where_the_whole_figure_has_one_temperature():
    curves = [points("a", 0.5, N) for N in (16, 20, 24)]
    assert len({colour for colour, *_ in looks(curves)}) == 3
    of_two = looks([*curves, points("b", 0.7, 16)])
    assert len({colour for colour, *_ in of_two[:3]}) == 1


def named(panel, label, colour=0.0):
    return Curve(panel, "data", label, ONE, ONE, None, colour, colour)


def test_entries_begin_with_the_letters_of_their_panels():
    curves = [named(panel, "no jump") for panel in "abcdef"]
    curves += [named(panel, "stays", 1.0) for panel in "abcef"]
    curves += [Curve(panel, "theory", "law", ONE, ONE) for panel in "bd"]
    assert told(curves) == ["no jump", "(a-c, e, f) stays", "(b, d) law"]


def test_panels_without_data_have_no_part_in_letters():
    empty = Curve("c", "data", "", np.array([]), np.array([]), note="There was no fit.")
    assert told([named("a", "stays"), named("b", "stays"), empty]) == ["stays"]


def test_values_need_letters_only_if_their_variable_is_not_in_all_panels():
    sizes = [points("a", 0.5, 16), points("a", 0.7, 20), points("b", 0.9, 16)]
    assert told(sizes) == ["T=0.5", "T=0.7", "T=0.9", "N=16", "N=20"]
    assert told([*sizes, named("c", "all")])[:2] == ["(a) T=0.5", "(a) T=0.7"]


@pytest.mark.parametrize(
    ("letters", "said"),
    [("a", "a"), ("ba", "a, b"), ("abc", "a-c"), ("acdeg", "a, c-e, g"), ("abdef", "a, b, d-f")],
)
def test_letters_of_neighbours_are_a_range(letters, said):
    assert in_ranges(letters) == said


@pytest.mark.parametrize("studies", [1, 2, 6])
def test_studies_of_one_panel_are_told_apart(studies):
    names = [f"rule_{number}" for number in range(studies)]
    curves = [points("a", T, N, name) for name in names for T in (0.5, 0.7) for N in (16, 20)]
    drawn = looks(curves)
    assert len(set(drawn)) == len(drawn)
    said = told(curves)
    assert said[:4] == ["T=0.5", "T=0.7", "N=16", "N=20"]
    assert said[4:] == ([name.replace("_", " ") for name in names] if studies > 1 else [])
    assert len(FILLINGS) >= studies


def result(study, N, T):
    parameters = {"study": study, "N": N, "T": T}
    return Result(f"{study}.nc", "traps", parameters, xr.Dataset())


@pytest.mark.parametrize("studies", [1, 2, 6])
def test_studies_with_one_title_are_one_unless_they_overlap(studies):
    names = [f"s{number}" for number in range(studies)]
    titles = {"traps": dict.fromkeys(names, "glass")}
    apart = [result(name, 16, 0.1 * rank + 0.1) for rank, name in enumerate(names)]
    assert list(stage._by_title(titles, apart)) == ["glass"]
    alike = [result(name, 16, 0.5) for name in names]
    keys = list(stage._by_title(titles, alike))
    assert len(keys) == studies
    curves = [points(f"{key}, aging: b", 0.5, 16) for key in keys]
    named = [stage._of_study(curve) for curve in curves]
    assert {curve.panel for curve in named} == {"glass, aging: b"}
    assert [curve.study for curve in named] == (names if studies > 1 else [""])


@pytest.mark.parametrize(
    "palette", ["viridis", "cividis", "plasma", "magma", "mako", "crest", "flare"]
)
def test_all_colours_of_all_palettes_are_seen_on_white_paper(palette):
    with applied({**style_by_default(), "palette": palette}):
        inks = Symbols([points("a", T, 16) for T in range(8)]).inks
    assert min(contrast(ink) for ink in inks.values()) >= 3.0
    assert len(set(inks.values())) == 8


def test_contrast_of_black_and_white_are_those_of_the_guidelines():
    assert contrast("black") == pytest.approx(21.0)
    assert contrast("white") == pytest.approx(1.0)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)


def test_solutions_are_lines_beside_which_theory_is_dashed():
    solutions = [points("a", T, N)._replace(role=SOLUTION) for T in (0.5, 0.7) for N in (1, 2)]
    law = Curve("a", "theory", "law", ONE, ONE, None, 0.5)
    with applied(style_by_default()):
        _, axes = draw_panels([*solutions, law])
        lines = axes["a"].get_lines()
        assert {line.get_marker() for line in lines} == {"None"}
        assert [line.get_linestyle() for line in lines] == ["-", "--", "-", "--", "--"]
        assert lines[0].get_color() == lines[1].get_color() != lines[2].get_color()
        _, axes = draw_panels([law])
        assert axes["a"].get_lines()[0].get_linestyle() == "-"
    assert told([*solutions, law]) == ["T=0.5", "T=0.7", "N=1", "N=2", "law"]


@pytest.mark.parametrize("role", [SOLUTION, "theory"])
def test_lines_with_errors_have_bands(role):
    line = Curve("a", role, "", np.arange(3.0), np.ones(3), np.full(3, 0.1), 0.5)
    with applied(style_by_default()):
        _, axes = draw_panels([line])
    (band,) = axes["a"].collections
    heights = band.get_paths()[0].vertices[:, 1]
    assert (heights.min(), heights.max()) == (0.9, 1.1)


def test_lines_of_theory_have_the_dashes_of_their_labels_and_results_without_colour_are_black():
    law = Curve("p", "theory", "law", ONE, ONE, None, np.nan)
    limit = Curve("p", SOLUTION, "limit", ONE, ONE, None, np.nan)
    curves = [points("p", 1.0, 8), points("p", 2.0, 8), law, law._replace(label="other"), limit]
    with applied(style_by_default()):
        symbols = Symbols(curves, {"law": ":"})
        groups = symbols.entries(curves)
    assert symbols.line(law)["linestyle"] == ":"
    assert symbols.line(law._replace(label="other"))["linestyle"] == "--"
    assert to_rgba(symbols.solution(limit)["color"]) == (0.0, 0.0, 0.0, 1.0)
    # Black comes last.
    assert [one.get_label() for one in groups[0]] == ["1.0 8", "2.0 8", "limit"]
