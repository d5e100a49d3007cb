"""Labels with mathematical notation become MathML, or plain text where that must be."""

import json
import re
from pathlib import Path
from xml.etree.ElementTree import tostring

import pytest

from glasscore.report.elements import element
from glasscore.report.notation import plain, with_formulas

DRAWINGS = Path(__file__).parents[1] / "figures" / "drawings"
TEXTS = ("panel", "label", "colour_label", "marker_label")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$H_x(\omega)$, local REM", "H_x(ω), local REM"),
        (r"exact, $N=\infty$", "exact, N=∞"),
        (r"$\alpha=0.4$, $T=0.5$", "α=0.4, T=0.5"),
        (r"$t_w=10^{5.25}$", "t_w=10^5.25"),
        (r"slope $-T_c\,\ln t$", "slope −T_c ln t"),
        (r"$\tau^{-(1+x)}$", "τ^(−(1+x))"),
        (r"$q_{\rm EA}$", "q_EA"),
        (r"$t \to \infty$", "t → ∞"),
        ("well-known", "well-known"),
        ("", ""),
        ("one $ sign", "one sign"),
    ],
)
def test_labels_are_read(label, text):
    assert plain(label) == text


def text_of(label):
    return "".join(element("p", *with_formulas(label)).itertext())


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (r"$H_x(\omega)$, local REM", "Hx(ω), local REM"),
        (r"exact, $N=\infty$", "exact, N=∞"),
        (r"between $-T_c\,\ln t$ and $q_{\rm EA}$.", "between −Tclnt and qEA."),
        ("one $ sign", "one $ sign"),
        ("$a<b$ & <i>", "a<b & <i>"),
        ("", ""),
    ],
)
def test_formulas_become_elements(label, text):
    assert text_of(label) == text


def test_signs_are_escaped_once():
    assert "<mo>&lt;</mo>" in tostring(with_formulas("$a<b$")[0], encoding="unicode")


def test_all_labels_of_figures_are_understood():
    """No command of TeX is left over as text."""
    for file in DRAWINGS.glob("*.json"):
        for curve in json.loads(file.read_text(encoding="utf-8"))["curves"]:
            for name in TEXTS:
                text = text_of(curve.get(name, "").partition(":")[0])
                assert not re.search(r"[\\{}_^]", text), text
