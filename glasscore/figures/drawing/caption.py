"""The part of a caption that depends on what is drawn: its lines, its words, and what is left out.

The head of a figure's module says what holds for every drawing of it. All else is said only where
it is there: a sentence of the figure's ``EXPLAINED`` stands in the caption if a text of the drawing
contains what it explains, and a curve may come with a ``note`` of its own.
"""

from collections.abc import Mapping

from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.legend import in_ranges, letters

BARS = "Bars are standard errors; those smaller than a point are hidden by it."
# A figure whose bars are something else says so in its ``EXPLAINED`` under this word.
OWN_BARS = "bars"
BANDS = "Bands around lines are one standard error wide on both sides."


def notes(explained: Mapping[str, str], curves: list[Curve]) -> str:
    """The paragraphs of a caption that this drawing needs beside those of all drawings.

    Parameters
    ----------
    explained
        Sentences by what they explain, which is a label of a line or a part of a label or title.
    curves
        What is drawn; curves without points may be there for their note.

    Returns
    -------
    str
        Paragraphs with empty lines between them, with formulas between dollar signs.
    """
    drawn = [curve for curve in curves if curve.x.size > 0]
    texts = {
        text
        for curve in drawn
        for text in (curve.panel, curve.label, curve.colour_label, curve.marker_label)
    }
    said = [sentence for what, sentence in explained.items() if any(what in text for text in texts)]
    said += _on_errors(drawn, explained.get(OWN_BARS, BARS))
    return "\n\n".join(filter(None, [" ".join(dict.fromkeys(said)), *_on_curves(curves)]))


def _on_errors(drawn: list[Curve], bars: str) -> list[str]:
    with_errors = {curve.role for curve in drawn if curve.error is not None}
    found = [bars] if "data" in with_errors else []
    return [*found, BANDS] if with_errors & {"theory", SOLUTION} else found


def _on_curves(curves: list[Curve]) -> list[str]:
    """The notes of curves, each once, in a paragraph for each choice of panels."""
    letter = letters(curves)
    panels: dict[str, dict[str, None]] = {}
    for curve in curves:
        if curve.note:
            panels.setdefault(curve.note, {})[curve.panel] = None
    together: dict[tuple[str, ...], list[str]] = {}
    for note, some in panels.items():
        together.setdefault(tuple(panel for panel in letter if panel in some), []).append(note)
    return [_where(some, letter) + " ".join(said) for some, said in together.items()]


def _where(panels: tuple[str, ...], letter: dict[str, str]) -> str:
    """The letters or names of panels, in brackets; nothing if all are meant."""
    if len(panels) == len(letter):
        return ""
    told = [letter[panel] for panel in panels]
    names = in_ranges(told) if all(told) else ", ".join(one.partition(":")[0] for one in panels)
    return f"({names}) "
