"""Figures look as they did before: each is drawn from numbers that are kept in a file.

Drawn again by another process, they have the same bytes.
"""

import base64
import copy
import os
import subprocess
import sys

import numpy as np
import pytest

from glasscore.common import discovery
from glasscore.figures import stage as figures
from glasscore.figures.drawing.curves import to_dataset
from glasscore.figures.drawing.style import applied
from glasscore.files.store import write
from tests.figures import drawings

FIGURES = discovery.names("figures")
DRAW = """
import gc
import sys
from glasscore.__main__ import OBJECTS_BETWEEN_COLLECTIONS
from glasscore.figures.stage import render
from glasscore.files.store import parameters_of, read, write
from tests.figures import drawings
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
for output in sys.argv[2:]:
    numbers = read(output)
    again = f"{sys.argv[1]}/{output.rpartition('/')[2]}"
    write(numbers, again, parameters=parameters_of(numbers), source_hash="0" * 12)
    render(parameters_of(numbers), numbers, again)
"""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """Two folders of all figures: drawn here, and drawn by a process with another order of sets.

    Both processes draw at the same time.
    """
    here, there = (tmp_path_factory.mktemp(name) for name in ("here", "there"))
    outputs = {name: here / f"{name}.nc" for name in FIGURES}
    for name, output in outputs.items():
        parameters = {"figure": name, "titles": {}, "style": drawings.STYLE}
        curves = drawings.curves_from(drawings.kept(name)["curves"])
        found = to_dataset(curves, "1", "1").assign_attrs(seed=1, inputs="[]")
        write(found, output, parameters=parameters, source_hash="0" * 12)
    other = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    again = subprocess.Popen(
        [sys.executable, "-c", DRAW, str(there), *map(str, outputs.values())],
        env={**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    try:
        for name, output in outputs.items():
            with applied(drawings.STYLE):
                drawn = figures.pictures(drawings.laid_out_once(name))
            for suffix, content in drawn.items():
                output.with_suffix(suffix).write_bytes(content)
        assert again.wait() == 0
    finally:
        again.kill()
        again.wait()
    # Files have other numbers of pixels than what other tests look at.
    drawings.drawn.cache_clear()
    return here, there


@pytest.mark.parametrize("name", FIGURES)
def test_figure_is_drawn_to_the_same_bytes_in_two_processes(name, drawn):
    for ending in ("nc", "png", "pdf", "svg"):
        first, second = ((folder / f"{name}.{ending}").read_bytes() for folder in drawn)
        assert first == second
        assert len(first) > 1000


@pytest.mark.parametrize("name", FIGURES)
def test_figure_looks_as_it_did(name):
    drawings.assert_alike(drawings.drawing(drawings.drawn(name)), drawings.kept(name))


def test_every_drawing_that_is_kept_is_that_of_a_figure():
    assert {path.stem for path in drawings.FOLDER.glob("*.json")} == set(FIGURES)


class TestLooks:
    """The comparison detects changes of a drawing."""

    before = drawings.kept("trap_depths")

    def test_a_curve_less(self):
        curves = drawings.curves_from(self.before["curves"])
        del curves[next(place for place, curve in enumerate(curves) if curve.x.size > 0)]
        found = drawings.drawing(drawings.drawn_from("trap_depths", curves))
        with pytest.raises(AssertionError):
            drawings.assert_alike(found, self.before)

    def test_a_legend_elsewhere(self):
        found = copy.deepcopy(self.before)
        cells = drawings.shades(found["picture"]).astype(np.uint8)
        found["picture"] = [base64.b64encode(row).decode() for row in np.roll(cells, 1, axis=1)]
        with pytest.raises(AssertionError):
            drawings.assert_alike(found, self.before)

    def test_another_label(self):
        found = copy.deepcopy(self.before)
        found["panels"][0]["labels"][0] += "?"
        with pytest.raises(AssertionError):
            drawings.assert_alike(found, self.before)
