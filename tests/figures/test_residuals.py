"""Distances of points from a law, in standard errors."""

import numpy as np
import pytest

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.residuals import LEAST_END, residuals, set_residual_axis
from glasscore.figures.drawing.style import applied
from glasscore.figures.plan import style_by_default

X = np.array([1.0, 2.0, 3.0, 4.0])
DATA = Curve("a", "data", "$T=1$", X, X, np.array([0.5, 0.0, np.nan, 2.0]), 0.5, 8.0, note="Note.")


def test_points_without_a_known_error_are_left_out():
    found = residuals("a: residuals", DATA, X - 1.0)
    assert (found.panel, found.label, found.colour, found.marker) == (
        "a: residuals",
        "$T=1$",
        0.5,
        8,
    )
    assert (found.x.tolist(), found.y.tolist()) == ([1.0, 4.0], [2.0, 0.5])
    assert found.error is None
    assert found.note == ""


def test_an_unknown_law_leaves_points_out():
    assert residuals("b", DATA, np.full(4, np.nan)).x.size == 0


def test_points_without_errors_have_no_residuals():
    with pytest.raises(ValueError, match="without errors"):
        residuals("b", DATA._replace(error=None), X)


@pytest.mark.parametrize(("offset", "end"), [(0.1, LEAST_END), (10.0, 22.0)])
def test_the_axis_is_symmetric_and_holds_all_points(offset, end):
    found = residuals("b", DATA, X - offset)
    with applied(style_by_default()):
        _, axes = draw_panels([found])
        set_residual_axis(axes["b"])
    assert axes["b"].get_ylim() == pytest.approx((-end, end))
