"""The gallery of the manual, ``docs/gallery.md``: some figures and their captions.

    python -m tests.figures.gallery

draws them from the numbers that are kept in ``drawings``, and writes the page anew. A test says
when the page is old.
"""

from importlib import import_module
from pathlib import Path

from glasscore.common import discovery
from glasscore.figures import selection
from glasscore.figures.drawing import page
from glasscore.figures.drawing.caption import notes
from glasscore.figures.drawing.style import applied
from glasscore.figures.plan import style_by_default
from tests.figures.drawings import curves_from, kept

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "gallery.md"
DPI = 150
HEAD = """# Gallery

Six of the {count} figures that glasscore draws, each with the caption that stands under it in the
report of a campaign. [config/README.md](../config/README.md#figures) lists all figures.
"""


def caption_of(name: str) -> str:
    """The caption of the drawing that is kept, in paragraphs of one line each."""
    module = import_module(discovery.module("figures", name))
    curves = curves_from(kept(name)["curves"])
    text = f"{selection.caption(name)}\n\n{notes(getattr(module, 'EXPLAINED', {}), curves)}"
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def text_of_page() -> str:
    """The page of the gallery."""
    parts = [HEAD.format(count=len(discovery.names("figures")))]
    for name in GALLERY:
        title = name.replace("_", " ")
        parts.append(f"## `{name}`\n\n![{title}](gallery/{name}.png)\n\n{caption_of(name)}\n")
    return "\n".join(parts)


def draw(name: str) -> None:
    """Draw one figure of the gallery."""
    with applied(style_by_default()):
        from matplotlib.pyplot import close

        curves = curves_from(kept(name)["curves"])
        figure = import_module(discovery.module("figures", name)).draw(curves)
        page.finish(figure)
        figure.savefig(DOCS / "gallery" / f"{name}.png", dpi=DPI, metadata={"Software": None})
        close(figure)


GALLERY = (
    "aging_function",
    "trapping_times",
    "dmft_correlation",
    "dmft_fdt_ratio",
    "finite_size_dynamics",
    "relaxation_spectrum",
)

if __name__ == "__main__":
    (DOCS / "gallery").mkdir(exist_ok=True)
    for shown in GALLERY:
        draw(shown)
    PAGE.write_text(text_of_page(), encoding="utf-8")
