"""Fonts of figures: which are installed, and which characters they lack."""

import unicodedata
from functools import cache
from typing import Any

# This font comes with matplotlib, so that figures are the same everywhere.
DEFAULT = "DejaVu Sans"
# Categories of Unicode: blanks, ends of lines and of paragraphs, control and formatting characters.
UNSEEN = ("Zs", "Zl", "Zp", "Cc", "Cf")
# Characters that Unicode classes as letters or symbols, but that are blank, in Braille and Hangul.
BLANK = "\u2800\u115f\u1160\u3164\uffa0"


def families(style: dict[str, Any]) -> list[str]:
    """The fonts that draw a text: that of the style, and the default for characters it lacks."""
    return list(dict.fromkeys((style.get("font", DEFAULT), DEFAULT)))


def installed() -> list[str]:
    """Names of all fonts that can be chosen."""
    from matplotlib.font_manager import fontManager

    return sorted({font.name for font in fontManager.ttflist})


def refusal(style: dict[str, Any]) -> str:
    """What is wrong with the font of a style, as the end of a sentence; empty if nothing is."""
    if "font" not in style or style["font"] in installed():
        return ""
    return "must be the name of a font that is installed here"


def is_visible(text: str) -> bool:
    """Whether any character of a text leaves a mark: blanks and control characters do not."""
    return any(unicodedata.category(one) not in UNSEEN and one not in BLANK for one in text)


def lacking(text: str, style: dict[str, Any]) -> str:
    """The characters of a text that cannot be drawn, each once."""
    if text.isascii():
        return ""
    drawn = set[int]().union(*map(_characters, families(style)))
    return "".join(dict.fromkeys(one for one in text if ord(one) not in drawn))


@cache
def _characters(family: str) -> frozenset[int]:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())
