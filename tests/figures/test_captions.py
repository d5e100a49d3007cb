"""Captions explain all that is drawn, and speak only of what is there.

Figures are drawn from the numbers that are kept.
"""

import re
from importlib import import_module
from typing import ClassVar

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.figures import selection
from glasscore.figures.drawing.caption import BANDS, BARS, OWN_BARS, notes
from glasscore.figures.drawing.curves import SOLUTION, Curve
from tests.figures import drawings
from tests.figures.drawings import drawn

FIGURES = discovery.names("figures")
POINT = np.array([1.0])
# These need no explanation: temperature, number of spins, and signs that are no variables.
KNOWN = {
    *("T", "N", "e", r"\infty", r"\to", r"\ln", r"\exp", r"\max", r"\min", r"\sqrt", r"\propto"),
    *(r"\cdot", r"\times", r"\pm", r"\langle", r"\rangle", r"\leq", r"\geq", r"\approx", r"\pi"),
    *(r"\left", r"\right", r"\overline", r"\bar", r"\frac", r"\sum", r"\log", r"\tanh", r"\cos"),
    *(r"\mathrm", r"\rm"),
}


def symbols_in(text):
    """The variables in the formulas of a text, with their indices."""
    found = set()
    for formula in text.split("$")[1::2]:
        plain = re.sub(r"_\\mathrm(\{\w+\})", r"_\1", formula)
        plain = re.sub(r"(?<!_)\{\\rm[^{}]*\}", "", plain)
        plain = re.sub(r"\{\\rm\s*([^{}]*)\}", r"{\1}", plain)
        plain = re.sub(r"(?<!_)\\mathrm\{[^{}]*\}", "", plain)
        each = re.findall(r"(?:\\[A-Za-z]+|[A-Za-z])(?:_(?:\{[^{}]*\}|\\?\w))?", plain)
        found |= {re.sub(r"_\{(\w)\}", r"_\1", one) for one in each}
    return found - KNOWN


def caption_of(name):
    """The caption of the drawing that is kept."""
    module = import_module(discovery.module("figures", name))
    curves = drawings.curves_from(drawings.kept(name)["curves"])
    return f"{selection.caption(name)}\n\n{notes(getattr(module, 'EXPLAINED', {}), curves)}"


@pytest.mark.parametrize("name", FIGURES)
def test_every_symbol_is_explained(name):
    figure = drawn(name)
    texts = [text.get_text() for legend in figure.legends for text in legend.get_texts()]
    for axes in figure.axes:
        texts += [axes.get_xlabel(), axes.get_ylabel(), axes.get_title(loc="left")]
        texts += [text.get_text() for text in axes.texts]
    seen = set().union(*map(symbols_in, texts))
    assert seen <= symbols_in(caption_of(name))


@pytest.mark.parametrize("name", FIGURES)
def test_every_line_of_theory_is_explained(name):
    module = import_module(discovery.module("figures", name))
    explained = getattr(module, "EXPLAINED", {})
    told = "".join(caption_of(name).split())
    for curve in drawings.curves_from(drawings.kept(name)["curves"]):
        if curve.role == "theory" and curve.label:
            known = "".join(curve.label.split()) in told
            known |= any(what in curve.label for what in explained)
            # An entry of the legend without a curve of its own comes with its explanation.
            known |= curve.label in curve.note or (curve.x.size == 0 and bool(curve.note))
            assert known, curve.label


@pytest.mark.parametrize("name", FIGURES)
def test_what_a_caption_says_of_looks_is_there(name):
    """Words on dashes, points and bars are about something that is drawn."""
    caption = " ".join(caption_of(name).split())
    curves = drawings.curves_from(drawings.kept(name)["curves"])
    lines = [line for axes in drawn(name).axes for line in axes.get_lines()]
    styles = {line.get_linestyle() for line in lines if line.get_marker() in ("None", None, "")}
    if re.search(r"\b[Dd]ashed\b|\b[Bb]roken lines?\b", caption):
        assert "--" in styles
    if re.search(r"\b[Ss]olid\b", caption):
        assert "-" in styles
    if re.search(r"\b[Dd]otted\b", caption):
        assert ":" in styles
    if re.search(r"\bPoints\b", caption):
        assert any(curve.role == "data" for curve in curves)
    if re.search(r"\b[Ee]rror bars\b|\bBars\b", caption):
        assert any(curve.role == "data" and curve.error is not None for curve in curves)


@pytest.mark.parametrize("name", FIGURES)
def test_captions_hold_no_source(name):
    """Formulas stand between dollar signs; words are not those of files."""
    caption = caption_of(name)
    assert caption.count("$") % 2 == 0
    words = " ".join(caption.split("$")[::2])
    assert not re.search(r":math:|\\|\^|\*\*|\w_\w", re.sub(r"``[^`]*``", "", words))


def curve(label="", panel="a", role="data", error=None, note="", x=POINT):
    return Curve(panel, role, label, x, x, error, note=note)


class TestNotes:
    EXPLAINED: ClassVar = {"law": "The law is exact.", "unseen": "Nobody reads this."}

    def test_only_what_is_drawn_is_explained(self):
        assert notes(self.EXPLAINED, [curve("points"), curve("the law", role="theory")]) == (
            "The law is exact."
        )
        assert notes(self.EXPLAINED, [curve("the law", x=np.array([]))]) == ""

    def test_errors_are_explained_where_they_are_drawn(self):
        assert notes({}, [curve(error=POINT)]) == BARS
        assert notes({}, [curve(error=POINT, role=SOLUTION)]) == BANDS
        assert notes({OWN_BARS: "Bars are guesses."}, [curve(error=POINT)]) == "Bars are guesses."
        assert notes({}, [curve(error=POINT), curve(error=POINT, role="theory")]) == (
            f"{BARS} {BANDS}"
        )
        assert notes({}, [curve()]) == ""

    def test_notes_of_curves_name_their_panels(self):
        empty = curve(panel="b: low", note="No fit.", x=np.array([]))
        shown = [curve(panel="a", note="No fit."), curve(panel="a", note="No fit."), empty]
        assert notes({}, shown) == "No fit."
        assert notes({}, [*shown, curve(panel="c")]) == "(a, b) No fit."
        assert notes({}, [*shown, *(curve(panel=f"p{n}") for n in range(30))]) == "(a, b) No fit."
        three = [curve(panel=panel, note="No fit.") for panel in "abc"]
        assert notes({}, [*three, curve(panel="d")]) == "(a-c) No fit."

    def test_notes_of_the_same_panels_are_one_paragraph(self):
        some = [curve(panel=panel, note=note) for note in ("No fit.", "One.") for panel in "ab"]
        other = curve(panel="c", note="Other.")
        assert notes({}, [*some, other]) == "(a, b) No fit. One.\n\n(c) Other."
