"""Comparisons of points and lines: which belong together, and how far apart they are."""

import numpy as np
import pytest

from glasscore.figures.drawing.curves import Curve
from glasscore.report.agreement import agreements
from tests.statistical import assert_within

X = np.array([1.0, 10.0, 100.0])
POINTS = Curve("p", "data", "points", X, np.array([1.0, 2.5, 2.0]), np.full(3, 0.5), 0.5, 8.0)
LAW = Curve("p", "theory", "law", X, np.array([1.0, 2.0, 3.0]), None, 0.5, 8.0, exact=True)


def test_known_numbers():
    (found,) = agreements([POINTS, LAW])
    assert found.exact
    assert found.compared == 3
    assert found.chi_squared == pytest.approx((0 + 1 + 4) / 3, rel=1e-15)
    assert found.largest == 2.0
    assert found.difference == 1.0


@pytest.mark.parametrize(
    "line",
    [
        LAW._replace(panel="q"),
        LAW._replace(colour=0.6),
        LAW._replace(colour=np.nan),
        LAW._replace(marker=4.0),
        LAW._replace(role="data"),
        LAW._replace(x=1000 * X),
    ],
)
def test_lines_of_other_points_are_left_out(line):
    assert list(agreements([POINTS, line])) == []


def test_a_line_without_a_marker_belongs_to_all_points_of_its_colour():
    points = [POINTS, POINTS._replace(marker=4.0)]
    assert len(list(agreements([*points, LAW._replace(marker=0.0)]))) == 2


def test_only_lines_that_say_so_are_exact():
    (found,) = agreements([POINTS, LAW._replace(exact=False)])
    assert not found.exact


def test_nothing_is_interpolated():
    """A line is drawn straight between the abscissae at which the law was computed."""
    line = LAW._replace(x=np.array([100.0, 5.0, 1.0]), y=np.array([2.5, 7.0, 1.5]))
    (found,) = agreements([POINTS, line])
    assert (found.compared, found.difference) == (2, 0.5)


def test_a_line_of_one_height_is_known_between_its_ends():
    level = LAW._replace(x=np.array([0.5, 20.0]), y=np.full(2, 2.0))
    (found,) = agreements([POINTS, level])
    assert (found.compared, found.difference) == (2, 1.0)


def test_points_without_an_error_have_a_difference_only():
    (found,) = agreements([POINTS._replace(error=None), LAW])
    assert (found.compared, found.difference) == (3, 1.0)
    assert np.isnan(found.chi_squared)


def test_points_whose_error_is_nought_or_unknown_are_left_out():
    (found,) = agreements([POINTS._replace(error=np.array([0.0, np.nan, 0.5])), LAW])
    assert (found.compared, found.largest) == (1, 2.0)


def test_normal_points_have_the_mean_square_one():
    random = np.random.default_rng(7)
    error = 10.0 ** random.uniform(-3, 3, 2000)
    x = np.arange(1.0, 2001.0)
    points = POINTS._replace(x=x, y=random.normal(0.0, error), error=error)
    (found,) = agreements([points, LAW._replace(x=x, y=np.zeros(2000))])
    squares = (points.y / error) ** 2
    assert found.chi_squared == pytest.approx(squares.mean(), rel=1e-12)
    assert_within(squares.mean(), 1.0, squares.std(ddof=1) / np.sqrt(squares.size))
