"""Figures look as they did before: each is drawn from numbers that are kept in a file."""

import base64
import copy

import numpy as np
import pytest

from glasscore.common import discovery
from tests.figures import drawings

FIGURES = discovery.names("figures")


@pytest.mark.parametrize("name", FIGURES)
def test_figure_looks_as_it_did(name):
    before = drawings.kept(name)
    drawings.assert_alike(drawings.drawing(name, drawings.curves_from(before["curves"])), before)


def test_every_drawing_that_is_kept_is_that_of_a_figure():
    assert {path.stem for path in drawings.FOLDER.glob("*.json")} == set(FIGURES)


class TestLooks:
    """The comparison detects changes of a drawing."""

    before = drawings.kept("trap_depths")

    def test_a_curve_less(self):
        curves = drawings.curves_from(self.before["curves"])
        with pytest.raises(AssertionError):
            drawings.assert_alike(drawings.drawing("trap_depths", curves[:-1]), self.before)

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
