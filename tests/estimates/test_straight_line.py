"""The line of least squares: exact lines, few points, and errors against scatter."""

import numpy as np
import pytest

from glasscore.estimates.straight_line import straight_line
from tests.statistical import assert_within


def test_points_on_a_line():
    x = np.array([1.0, 2.0, 4.0, 8.0])
    line = straight_line(x, 3.0 - 0.5 * x, np.array([0.1, 0.2, 0.1, 0.4]))
    assert (line.value, line.slope) == pytest.approx((3.0, -0.5))
    assert line.chi_squared == pytest.approx(0.0, abs=1e-20)
    assert line.free == 2
    assert line.at(np.array([0.0, 10.0])) == pytest.approx([3.0, -2.0])


def test_two_points():
    """Errors add in quadrature: that of the slope is hypot(3, 4) / 2."""
    line = straight_line(np.array([0.0, 2.0]), np.array([1.0, 5.0]), np.array([3.0, 4.0]))
    assert (line.value, line.slope) == pytest.approx((1.0, 2.0))
    assert (line.value_error, line.slope_error) == pytest.approx((3.0, 2.5))
    assert line.free == 0


def test_errors_are_the_scatter():
    """Heights, slopes and chi^2 of 4000 sets of points; chi^2 of three degrees of freedom."""
    rng, sets = np.random.default_rng(5), 4000
    x, error = np.array([1.0, 2.0, 3.0, 5.0, 9.0]), np.array([0.1, 0.3, 0.2, 0.5, 0.2])
    lines = [straight_line(x, 1.0 + 2.0 * x + error * rng.normal(size=5), error)
             for _ in range(sets)]  # fmt: skip
    z = np.array(
        [((line.value - 1) / line.value_error, (line.slope - 2) / line.slope_error)
         for line in lines]
    )  # fmt: skip
    chi = np.array([line.chi_squared for line in lines])
    assert {line.free for line in lines} == {3}
    centres = z.mean(axis=0) * np.sqrt(sets)
    spreads = (np.mean(z**2, axis=0) - 1.0) * np.sqrt(sets / 2)
    assert_within([*centres, *spreads, (chi.mean() - 3.0) / np.sqrt(6 / sets)])
