"""Colours of a continuous variable follow its logarithm, and can be seen."""

import pytest

from glasscore.figures.drawing import colour_bar
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.style import LEAST_CONTRAST, applied, contrast, dark_shades

STYLE = {"font_size": 8, "palette": "viridis"}


@pytest.fixture(autouse=True)
def style():
    with applied(STYLE):
        yield


def test_equal_ratios_are_equal_steps_of_the_palette():
    scale = colour_bar.logarithmic_scale([1e-6, 0.0, -1.0, 1.0])
    shades = dark_shades()
    assert scale.to_rgba(1e-6) == pytest.approx(shades[0])
    assert scale.to_rgba(1.0) == pytest.approx(shades[-1])
    assert scale.to_rgba(1.001e-3) == pytest.approx(shades[len(shades) // 2], abs=0.02)


@pytest.mark.parametrize("values", [[], [0.5], [-1.0, 0.0]])
def test_one_value_or_none_has_a_colour_that_is_seen(values):
    scale = colour_bar.logarithmic_scale(values)
    assert contrast(scale.to_rgba(0.5)[:3]) >= LEAST_CONTRAST


def test_the_bar_says_what_colours_stand_for():
    figure, axes = panels([Curve("p", "data", "", *([[1.0]] * 2))])
    colour_bar.put_beside(figure, list(axes.values()), colour_bar.logarithmic_scale([1, 9]), "$x$")
    assert [one.get_ylabel() for one in figure.axes] == ["", "$x$"]
