"""Triangles of correlations whose law is known."""

import numpy as np
import pytest

from glasscore.estimates.triangles import between, one_time_scale, place_of
from glasscore.theory.trap_model import aging_function

WINDOWS = np.geomspace(1e-3, 1e3, 61)


def two_spins(omega):
    return (2 * np.sqrt(1 + omega) / (2 + omega)) ** 1.5


def test_values_between_windows():
    wanted = np.geomspace(2e-3, 500.0, 37)
    found = between(WINDOWS, two_spins(WINDOWS), wanted)
    np.testing.assert_allclose(found, two_spins(wanted), atol=2e-4)
    assert np.isnan(between(WINDOWS, two_spins(WINDOWS), [1e-4, 1e4])).all()
    # The measured windows themselves are inside, whatever their last digits.
    ends = WINDOWS[[0, -1]] * [1 - 1e-13, 1 + 1e-13]
    np.testing.assert_allclose(between(WINDOWS, two_spins(WINDOWS), ends), two_spins(ends))


@pytest.mark.parametrize("level", [0.9, 0.5, 0.1])
def test_the_place_of_a_level(level):
    omega = place_of(level, WINDOWS, two_spins(WINDOWS))
    assert two_spins(omega) == pytest.approx(level, abs=2e-4)


def test_levels_that_are_not_reached():
    assert np.isnan(place_of(1e-4, WINDOWS, two_spins(WINDOWS)))
    assert np.isnan(place_of(0.9999999999, WINDOWS[10:], two_spins(WINDOWS[10:])))
    assert one_time_scale(1e-4, np.log1p(WINDOWS), two_spins(WINDOWS))[0].size == 0


def test_traps_at_half_the_critical_temperature():
    """f(1/2, 1/2) = 1/3: the law H at x = 1/2 is (2 / pi) arccot(sqrt(omega)) of the window."""
    values = aging_function(WINDOWS, 0.5)
    np.testing.assert_allclose(values, 2 / np.pi * np.arctan(WINDOWS**-0.5), rtol=1e-6)
    earlier, later = one_time_scale(1 / 3, np.log1p(WINDOWS), values, points=401)
    nearest = np.argmin(np.abs(earlier - later))
    assert earlier[nearest] == pytest.approx(0.5, abs=1e-3)
    assert later[nearest] == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("level", [0.2, 0.6])
def test_one_time_scale_is_a_product(level):
    """F^-1(C_12) F^-1(C_23) = F^-1(C_13), with the ratio of times 1 / (1 + omega) as F^-1."""
    earlier, later = one_time_scale(level, np.log1p(WINDOWS), two_spins(WINDOWS))
    assert earlier.size > 50
    fine = np.geomspace(1e-4, 1e3, 100_000)

    def ratio(correlation):
        return 1 / (1 + np.interp(-correlation, -two_spins(fine), fine))

    # Correlations near 1 depend on the square of the window, so that they tell it less exactly.
    middle = (earlier < 0.99) & (later < 0.99)
    product = ratio(earlier[middle]) * ratio(later[middle])
    np.testing.assert_allclose(product, ratio(level), rtol=0.01)
    # Curves are symmetric and lie between the ultrametric corner and the straight product.
    np.testing.assert_allclose(earlier, later[::-1], atol=1e-6)
    assert (np.minimum(earlier, later) > level).all()


def test_equilibrium_is_one_time_scale():
    """With the lag as effective time, exponential decay is f(a, b) = a b."""
    lags = np.geomspace(1e-3, 20.0, 60)
    earlier, later = one_time_scale(0.3, lags, np.exp(-lags))
    np.testing.assert_allclose(earlier * later, 0.3, rtol=2e-3)
    assert earlier.size == 60
