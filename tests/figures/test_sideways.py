"""Points of several sizes stand beside each other, and lines stay where they are."""

import numpy as np
import pytest

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.sideways import SHARE, moved_sideways

X = np.array([1.0, 2.0, 8.0])


def points(N, x=X, panel="a"):
    return Curve(panel, "data", "", x, x, None, N, N)


def test_points_keep_their_order_and_stay_between_neighbours():
    curves = [points(N) for N in (8, 4, 6)]
    left, middle, right = sorted(moved_sideways(curves, lambda _: True), key=lambda c: c.x[0])
    assert [left.marker, middle.marker, right.marker] == [4, 6, 8]
    np.testing.assert_array_equal(middle.x, X)
    np.testing.assert_allclose(right.x - X, SHARE / 3, rtol=1e-12)
    np.testing.assert_allclose(X - left.x, SHARE / 3, rtol=1e-12)


def test_on_a_logarithmic_axis_points_are_multiplied():
    few, many = moved_sideways([points(4), points(6)], lambda _: True, logarithmic=True)
    np.testing.assert_allclose(many.x / X, 2 ** (SHARE / 4), rtol=1e-12)
    np.testing.assert_allclose(few.x * many.x, X**2, rtol=1e-12)


@pytest.mark.parametrize(
    "curves",
    [
        [points(4)],
        [points(4, X[:1]), points(6, X[:1])],
        [points(4), points(6, panel="b")],
        [points(4), Curve("a", "theory", "", X, X, None, 6.0)],
        [points(4, X[:0]), points(6, X[:0])],
    ],
)
def test_nothing_moves_without_need(curves):
    for before, after in zip(curves, moved_sideways(curves, lambda _: True), strict=True):
        np.testing.assert_array_equal(before.x, after.x)


def test_other_panels_stay():
    curves = [points(4), points(6)]
    for before, after in zip(curves, moved_sideways(curves, lambda _: False), strict=True):
        np.testing.assert_array_equal(before.x, after.x)


def test_points_may_be_told_apart_by_more_than_their_colour():
    alike = [points(4)._replace(marker=marker) for marker in (1.0, 2.0)]
    assert [moved.x[0] for moved in moved_sideways(alike, lambda _: True)] == [1.0, 1.0]
    left, right = moved_sideways(alike, lambda _: True, by=lambda one: (one.colour, one.marker))
    np.testing.assert_allclose(right.x - left.x, SHARE / 2, rtol=1e-12)
