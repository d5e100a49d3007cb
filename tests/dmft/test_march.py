import numpy as np
import pytest

from glasscore.dmft import short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time.grid import make_grid
from glasscore.dmft.two_time.march import March, RowError
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import (
    two_spin_correlation,
    two_spin_multiplier,
    two_spin_response,
)

TWO_SPIN = covariance({2: 0.5})
AT_ZERO = SphericalSpins(TWO_SPIN, Protocol(0.0))
SHORTEST = 1e-3


def marched(model, T, step, spacing, t_max, inverse_initial=0.0):
    series = short_times.solve(model, T, inverse_initial)
    grid = make_grid(spacing, np.log(2 * t_max / SHORTEST))
    equations = SphericalSpins(model, Protocol(T), inverse_initial)
    march = March(equations, series, grid, step, SHORTEST, series.reach())
    while march.time < t_max:
        march.advance()
    return march


@pytest.fixture(scope="module")
def levels():
    """Rows of one time at steps h, h / 2 and h / 4."""
    return [marched(TWO_SPIN, 0.0, step, 0.2, 4.0) for step in (0.08, 0.04, 0.02)]


def test_fourth_order_in_the_step_against_closed_forms(levels):
    errors = []
    for march in levels:
        used = slice(march.grid.centre - march.half, march.grid.centre + march.half + 1)
        theta = march.grid.theta[used]
        functions = march.rows[march.newest][:, used]
        exact = two_spin_correlation(march.time, theta * march.time)
        errors.append(
            (
                abs(march.multiplier - two_spin_multiplier(march.time)),
                np.abs(functions[0] - exact).max(),
                np.abs(functions[1] - two_spin_response(march.time, theta * march.time)).max(),
            )
        )
    # The last rows of all levels lie within one step of t = 4. There errors vary slowly with t.
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert orders[-1] == pytest.approx(4.0, abs=0.35)


def test_exponential_convergence_in_the_spacing():
    fine, middle, coarse = (
        marched(TWO_SPIN, 0.0, 0.08, spacing, 30.0) for spacing in (0.15, 0.3, 0.6)
    )
    assert fine.time == coarse.time
    errors = [abs(march.multiplier - fine.multiplier) for march in (middle, coarse)]
    # at twice the spacing the error is far larger than by the factor 2^8 of an eighth order
    assert errors[0] < errors[1] / 256
    assert errors[1] < 1e-3


def test_both_directions_of_time_are_followed_at_finite_temperature():
    # for p = 2, R is a product that is known exactly at any temperature
    march = marched(TWO_SPIN, 0.5, 0.02, 0.2, 30.0)
    used = slice(march.grid.centre - march.half, march.grid.centre + march.half + 1)
    earlier = march.grid.theta[used] * march.time
    exact = two_spin_response(march.time, earlier, T=0.5)
    error = np.abs(march.rows[march.newest][1, used] - exact).max()
    # the error is below h^4, as in the levels above
    assert error < 0.02**4


def test_steps_double_without_a_jump():
    series = short_times.solve(TWO_SPIN, 0.0, 0.0)
    grid = make_grid(0.2, np.log(1e3 / SHORTEST))
    march = March(AT_ZERO, series, grid, 0.02, SHORTEST, series.reach())
    while march.time < 30:
        march.advance()
    time, rows = march.time, march.rows[march.newest].copy()
    march.double_step()
    assert march.step == 0.04
    assert march.time == pytest.approx(time, rel=1e-14)
    assert np.array_equal(march.rows[march.newest], rows)
    while march.time < 300:
        march.advance()
    # at t > 30 a step of 0.04 has an error below 16 times that of 0.02 at its worst, t = 1
    assert abs(march.multiplier - two_spin_multiplier(march.time)) < 4e-8


def test_a_march_goes_on_from_its_arrays_to_the_bit():
    march = marched(TWO_SPIN, 0.0, 0.08, 0.2, 4.0)
    series = short_times.solve(TWO_SPIN, 0.0, 0.0)
    other = March(AT_ZERO, series, march.grid, 0.3, SHORTEST, series.reach())
    other.restore({name: array.copy() for name, array in march.arrays().items()})
    assert other.time == march.time
    # both marches compute a new matrix
    march._factors = None
    for one in (march, other):
        one.advance()
        one.advance()
    assert other.energy == march.energy
    assert np.array_equal(other.rows[other.newest], march.rows[march.newest])


def test_a_row_without_a_solution_is_reported_with_its_time():
    march = marched(TWO_SPIN, 0.0, 0.08, 0.2, 1.0)
    march.rows[march.newest] = np.nan
    with pytest.raises(RowError, match=r"at t = 1\."):
        march.advance()
