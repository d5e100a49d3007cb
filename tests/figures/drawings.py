"""The look of every figure is kept in ``drawings/<figure>.json``: its numbers and its picture.

A figure is drawn from the numbers that are kept, so that a test notices changes of the drawing, but
not of the physics behind it. It compares two things. The first is the structure: panels, labels,
scales, limits, legends, and each line's marker, dashes, colour and length; a difference says in
words what has changed. The second is the picture, as shades of grey in cells of 10 x 10 pixels,
which show layout, overlaps and all that words do not say. Other versions of the fonts or of the
drawing library move edges by a fraction of a pixel. This changes a cell by less than an eighth of
its contrast, which is the tolerance here. Exact pixels are not compared, since they do not matter
to the reader of a figure.

After an intended change, look at the figures, then

    python -m tests.figures.drawings [FIGURE ...]

draws the kept numbers anew. For a new figure, look at it in a campaign of yours, then

    python -m tests.figures.drawings results/<campaign>/figures/FIGURE.nc

keeps the numbers of that file. Numbers of figures that have none yet and are named without a file
come from the campaign of ``test_figures.py``, if it has studies that they show; ``--numbers`` takes
all of them from there.
"""

import base64
import functools
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.mathtext import MathTextParser

from glasscore.common import discovery
from glasscore.figures.drawing.curves import Curve, from_dataset
from glasscore.figures.drawing.style import applied
from glasscore.figures.plan import style_by_default
from glasscore.figures.stage import laid_out

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER = Path(__file__).with_name("drawings")
STYLE = style_by_default()
CELL = 10
# Tolerance in shades, of which there are 255; see above.
TOLERANCE = 32
ARRAYS = ("x", "y", "error")


def _remember_formulas() -> None:
    """Keep what is parsed of formulas, for all figures of a process.

    Matplotlib keeps it only for a while and for one canvas or file, and parses the same numbers of
    axes for each, which takes a tenth of the time of a figure.
    """
    parse = MathTextParser.parse

    @functools.cache
    def remembered(output: str, text: str, dpi: float, font: Any, smooth: Any, *_: Any) -> Any:
        return parse(MathTextParser(output), text, dpi, font, antialiased=smooth)

    def parse_once(
        parser: Any, s: str, dpi: float = 72, prop: Any = None, *, antialiased: Any = None
    ) -> Any:
        output = {"vector": "path", "raster": "agg"}[parser._output_type]
        font = None if prop is None else prop.copy()
        smooth = rcParams["text.antialiased"] if antialiased is None else antialiased
        return remembered(output, s, dpi, font, smooth, rcParams["text.hinting"])

    MathTextParser.parse = parse_once


_remember_formulas()


def curves_from(kept: list[dict[str, Any]]) -> list[Curve]:
    """Curves from the form in which they are kept."""
    return [
        Curve(**{name: np.array(value) if name in ARRAYS and value is not None else value
                 for name, value in one.items()})
        for one in kept
    ]  # fmt: skip


def to_be_kept(curves: list[Curve]) -> list[dict[str, Any]]:
    """Curves in the form in which they are kept: with five digits, more than can be seen."""
    return [
        {name: _rounded(value) if name in ARRAYS and value is not None else value
         for name, value in curve._asdict().items()}
        for curve in curves
    ]  # fmt: skip


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


@functools.cache
def drawn(name: str) -> "Figure":
    """A figure of the numbers that are kept, in the default style; drawn once for all tests."""
    return _on_canvas(laid_out_once(name))


@functools.cache
def laid_out_once(name: str) -> "Figure":
    """The same figure, laid out once for all tests; it may not have been drawn yet."""
    return _laid_out(name, curves_from(kept(name)["curves"]))


def drawn_from(name: str, curves: list[Curve]) -> "Figure":
    """A figure with these curves, in the default style."""
    return _on_canvas(_laid_out(name, curves))


def _laid_out(name: str, curves: list[Curve]) -> "Figure":
    with applied(STYLE):
        from matplotlib.pyplot import close

        figure = laid_out(name, curves)
        close(figure)
    return figure


def _on_canvas(figure: "Figure") -> "Figure":
    with applied(STYLE):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        FigureCanvasAgg(figure).draw()
    return figure


def drawing(figure: "Figure") -> dict[str, Any]:
    """The structure and the picture of a figure."""
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].mean(axis=2)  # type: ignore[attr-defined]
    return {
        "size": [round(float(inches), 2) for inches in figure.get_size_inches()],
        "panels": [_panel(axes) for axes in figure.axes],
        "legend": [text.get_text() for one in figure.legends for text in one.get_texts()],
        "picture": _cells(pixels),
    }


def _panel(axes: Any) -> dict[str, Any]:
    return {
        "title": axes.get_title(loc="left"),
        "labels": [axes.get_xlabel(), axes.get_ylabel()],
        "scales": [axes.get_xscale(), axes.get_yscale()],
        "limits": [float(f"{end:.4g}") for end in (*axes.get_xlim(), *axes.get_ylim())],
        "lines": [_line(line) for line in axes.get_lines()],
        "bars": [len(bars.get_paths()) for bars in axes.collections],
        "texts": [text.get_text() for text in axes.texts],
    }


def _line(line: Any) -> str:
    from matplotlib.colors import to_hex

    ink = to_hex(line.get_color())
    return f"{line.get_marker()} {line.get_linestyle()} {ink} {len(line.get_xdata())}"


def _cells(pixels: np.ndarray) -> list[str]:
    """The mean shade of each cell, with one line of text for each row of cells."""
    height, width = (side // CELL * CELL for side in pixels.shape)
    whole = pixels[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL)
    shades = np.round(whole.mean(axis=(1, 3))).astype(np.uint8)
    return [base64.b64encode(row.tobytes()).decode("ascii") for row in shades]


def shades(picture: list[str]) -> np.ndarray:
    """The shades of a picture from the form in which it is kept."""
    return np.array([list(base64.b64decode(row)) for row in picture])


def assert_alike(found: dict[str, Any], kept: dict[str, Any]) -> None:
    """Check that both have the same words, the same limits up to rounding, similar shades."""
    assert found["size"] == kept["size"]
    assert found["legend"] == kept["legend"]
    assert len(found["panels"]) == len(kept["panels"])
    for panel, before in zip(found["panels"], kept["panels"], strict=True):
        assert panel["limits"] == pytest.approx(before["limits"], rel=1e-3, abs=1e-9)
        assert {**panel, "limits": 0} == {**before, "limits": 0}
    assert np.abs(shades(found["picture"]) - shades(kept["picture"])).max() <= TOLERANCE


def kept(name: str) -> dict[str, Any]:
    """The numbers and the picture that are kept of a figure."""
    file = FOLDER / f"{name}.json"
    how = f"python -m tests.figures.drawings results/<campaign>/figures/{name}.nc"
    assert file.exists(), f"look at the figure, then: {how}"
    return json.loads(file.read_text(encoding="utf-8"))


def renew(words: list[str], all_numbers: bool) -> None:
    """Write the files of some figures again. Figures are given by name or by their result file."""
    from glasscore.figures.stage import run
    from tests.figures.test_figures import results, shown_by_the_campaign

    numbers = dict(numbers_in(Path(word)) for word in words if word.endswith(".nc"))
    names = [*numbers, *(word for word in words if not word.endswith(".nc"))]
    unknown = [name for name in names if name not in discovery.names("figures")]
    if unknown:
        sys.exit(f"There is no figure {unknown[0]}: no glasscore/figures/*/{unknown[0]}.py.")
    missing = [name for name in names if all_numbers or not (FOLDER / f"{name}.json").exists()]
    missing = [name for name in missing if name not in numbers]
    shown = shown_by_the_campaign(missing)
    for name in missing:
        if name not in shown and not (FOLDER / f"{name}.json").exists():
            sys.exit(
                f"The figure {name} shows studies that the campaign of the tests has not: name its "
                f"file of a campaign of yours, results/<campaign>/figures/{name}.nc."
            )
    missing = shown
    if missing:
        with tempfile.TemporaryDirectory() as folder:
            jobs = results(Path(folder), missing)
            numbers |= {name: to_be_kept(from_dataset(run(*jobs[name]))) for name in missing}
    FOLDER.mkdir(exist_ok=True)
    for name in names:
        curves = numbers.get(name) or kept(name)["curves"]
        look = drawing(drawn_from(name, curves_from(curves)))
        # Each line holds one curve, one panel or one row of cells, so that differences can be read.
        parts = {"curves": curves, "panels": look["panels"], "picture": look["picture"]}
        lines = [f"{json.dumps(part)}: [\n{_lines(values)}\n]" for part, values in parts.items()]
        said = [f'"{part}": {json.dumps(look[part])}' for part in ("size", "legend")]
        text = ",\n".join([*said, *lines])
        (FOLDER / f"{name}.json").write_text(f"{{\n{text}\n}}\n", encoding="utf-8")
        print(FOLDER / f"{name}.json")


def numbers_in(file: Path) -> tuple[str, list[dict[str, Any]]]:
    """A figure's name and numbers, from its result file."""
    from glasscore.common.errors import CampaignError
    from glasscore.files.store import parameters_of, read

    try:
        dataset = read(file)
        return parameters_of(dataset)["figure"], to_be_kept(from_dataset(dataset))
    except CampaignError as error:
        sys.exit(str(error))
    except (OSError, KeyError):
        sys.exit(f"{file} is no result file of a figure.")


def _lines(values: list[Any]) -> str:
    return ",\n".join(json.dumps(value, separators=(",", ":")) for value in values)


if __name__ == "__main__":
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    renew(wanted or discovery.names("figures"), "--numbers" in sys.argv)
