"""What every figure looks like, kept in ``drawings/<figure>.json``: its numbers, and its ink.

A figure is drawn from kept numbers, so that only a change of the drawing is seen, not one of the
physics behind it. What is compared is, first, the structure: panels, labels, scales, limits,
legends, and each line's marker, dash, colour and length; a difference there says in words what was
changed. Second, the picture, in cells of 8 x 8 pixels as shades of grey: layout, overlaps and
whatever has no words. Another version of the fonts or of the drawing library moves edges by a
fraction of a pixel, which is less than an eighth of a cell's contrast and the tolerance here; the
exact pixels, which PNG files as baselines would tie the test to, are not what a figure says.

After a wanted change look at the figures, then

    python -m tests.figures.drawings [FIGURE ...]

draws the kept numbers anew. For a new figure, look at it in a campaign of yours, then

    python -m tests.figures.drawings results/<campaign>/figures/FIGURE.nc

keeps the numbers of that file. Numbers of figures that have none yet and are named without a file
come from the campaign of ``test_figures.py``, if it has studies that they show; ``--numbers`` takes
all of them from there.
"""

import base64
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.figures.drawing.curves import Curve, from_dataset
from glasscore.figures.drawing.style import applied

FOLDER = Path(__file__).with_name("drawings")
STYLE = {"font_size": 8, "palette": "viridis"}
DPI, CELL = 80, 8
# Of 255 shades; see above.
TOLERANCE = 32
ARRAYS = ("x", "y", "error")


def curves_from(kept: list[dict[str, Any]]) -> list[Curve]:
    """Curves from their kept form."""
    return [
        Curve(**{name: np.array(value) if name in ARRAYS and value is not None else value
                 for name, value in one.items()})
        for one in kept
    ]  # fmt: skip


def to_be_kept(curves: list[Curve]) -> list[dict[str, Any]]:
    """Five digits of each number are more than can be seen."""
    return [
        {name: _rounded(value) if name in ARRAYS and value is not None else value
         for name, value in curve._asdict().items()}
        for curve in curves
    ]  # fmt: skip


def _rounded(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


def drawing(name: str, curves: list[Curve]) -> dict[str, Any]:
    """Structure and picture of a figure."""
    with applied(STYLE):
        from matplotlib.pyplot import close

        figure = import_module(discovery.module("figures", name)).draw(curves)
        figure.set_dpi(DPI)
        figure.canvas.draw()
        pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].mean(axis=2)
        found = {
            "size": [round(float(inches), 2) for inches in figure.get_size_inches()],
            "panels": [_panel(axes) for axes in figure.axes if axes.get_visible()],
            "picture": _cells(pixels),
        }
        close(figure)
    return found


def _panel(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    return {
        "title": axes.get_title(loc="left"),
        "labels": [axes.get_xlabel(), axes.get_ylabel()],
        "scales": [axes.get_xscale(), axes.get_yscale()],
        "limits": [float(f"{end:.4g}") for end in (*axes.get_xlim(), *axes.get_ylim())],
        "legend": [text.get_text() for text in legend.get_texts()] if legend else [],
        "lines": [_line(line) for line in axes.get_lines()],
        "bars": [len(bars.get_paths()) for bars in axes.collections],
        "texts": [text.get_text() for text in axes.texts],
    }


def _line(line: Any) -> str:
    from matplotlib.colors import to_hex

    ink = to_hex(line.get_color())
    return f"{line.get_marker()} {line.get_linestyle()} {ink} {len(line.get_xdata())}"


def _cells(pixels: np.ndarray) -> list[str]:
    """Mean shade of each cell, a row of cells a line of text."""
    height, width = (side // CELL * CELL for side in pixels.shape)
    whole = pixels[:height, :width].reshape(height // CELL, CELL, width // CELL, CELL)
    shades = np.round(whole.mean(axis=(1, 3))).astype(np.uint8)
    return [base64.b64encode(row.tobytes()).decode("ascii") for row in shades]


def shades(picture: list[str]) -> np.ndarray:
    """The inverse of the picture's kept form."""
    return np.array([list(base64.b64decode(row)) for row in picture])


def assert_alike(found: dict[str, Any], kept: dict[str, Any]) -> None:
    """The same words, the same limits to their digits, nearly the same shades."""
    assert found["size"] == kept["size"]
    assert len(found["panels"]) == len(kept["panels"])
    for panel, before in zip(found["panels"], kept["panels"], strict=True):
        assert panel["limits"] == pytest.approx(before["limits"], rel=1e-3, abs=1e-9)
        assert {**panel, "limits": 0} == {**before, "limits": 0}
    assert np.abs(shades(found["picture"]) - shades(kept["picture"])).max() <= TOLERANCE


def kept(name: str) -> dict[str, Any]:
    """A figure's numbers and ink."""
    file = FOLDER / f"{name}.json"
    how = f"python -m tests.figures.drawings results/<campaign>/figures/{name}.nc"
    assert file.exists(), f"look at the figure, then: {how}"
    return json.loads(file.read_text(encoding="utf-8"))


def renew(words: list[str], all_numbers: bool) -> None:
    """Write the files of some figures anew: those named, or whose result files are named."""
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
        drawn = drawing(name, curves_from(curves))
        # One curve, one panel, one row of cells a line: differences can be read.
        parts = {"curves": curves, "panels": drawn["panels"], "picture": drawn["picture"]}
        lines = [f"{json.dumps(part)}: [\n{_lines(values)}\n]" for part, values in parts.items()]
        text = ",\n".join([f'"size": {json.dumps(drawn["size"])}', *lines])
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
