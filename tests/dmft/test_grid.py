import numpy as np
import pytest

from glasscore.dmft.two_time.continuation import continuation
from glasscore.dmft.two_time.grid import (
    COLUMN_POINTS,
    DERIVATIVE_FIRST,
    make_grid,
    row_stencils,
    trapezoid,
)


def integral(spacing, half, function):
    grid = make_grid(spacing, half * spacing)
    used = slice(grid.centre - half, grid.centre + half + 1)
    return trapezoid(grid, half) @ function(grid.theta[used], grid.omega[used])


@pytest.mark.parametrize("spacing", [0.1, 0.15, 0.2, 0.3])
def test_polynomials_are_integrated_up_to_the_continuation(spacing):
    reach = 6.0
    half = int(np.ceil(reach / spacing))
    assert integral(spacing, half, lambda theta, _: theta**0) == pytest.approx(1, abs=1e-13)
    # Beyond the ends theta^2 = 1 - 2 x + .. + 5 x^4, x = exp(-y), is continued by a polynomial
    # through the four points x, 2 x, 4 x, 8 x, with an error of 5 * 64 x^4 on an interval x.
    left = 320 * np.exp(-5 * reach)
    found = integral(spacing, half, lambda theta, _: theta**2)
    assert found == pytest.approx(1 / 3, abs=left + 1e-14)


def test_the_rule_converges_exponentially_in_the_inverse_spacing():
    # A fast relaxation, as that of R, is analytic for |Im y| < pi / 2. Errors therefore fall as
    # exp(-pi^2 / spacing): half the spacing squares the error.
    rate = 300.0
    exact = -np.expm1(-rate) / rate
    errors = []
    for spacing in (1.2, 0.6):
        half = round(18 / spacing)
        found = integral(spacing, half, lambda _, omega: np.exp(-rate * omega))
        errors.append(abs(found - exact) / exact)
    order = np.log(errors[1]) / np.log(errors[0])
    assert order == pytest.approx(2.0, abs=0.5)
    half = round(18 / 0.3)
    found = integral(0.3, half, lambda _, omega: np.exp(-rate * omega))
    assert found == pytest.approx(exact, rel=1e-12)


def test_continuation_reproduces_the_polynomials_it_is_made_of():
    spacing, skip = 0.2, 3
    past = np.exp(spacing * np.arange(10))
    beyond = np.exp(-spacing * np.arange(6))
    for closed, powers in ((False, range(4)), (True, range(1, 5))):
        weights = continuation(spacing, skip, 6, closed)
        for power in powers:
            known = past[[0, skip, 2 * skip, 3 * skip]] ** power
            assert weights @ known == pytest.approx(beyond**power, rel=1e-11)


def test_stencils_read_where_they_should():
    grid = make_grid(0.2, 8.0)
    y = grid.spacing * (np.arange(grid.theta.size) - grid.centre)
    linear = np.arange(COLUMN_POINTS)
    for index, weight, place in (
        (grid.before_index, grid.before_weight, lambda theta, sigma: theta * sigma),
        (grid.after_index, grid.after_weight, lambda theta, sigma: theta + (1 - theta) * sigma),
        (
            grid.inner_index,
            grid.inner_weight,
            lambda theta, sigma: theta / (theta + (1 - theta) * sigma),
        ),
    ):
        for column, node in ((grid.centre - 9, 5), (grid.centre + 7, 30), (grid.centre, 20)):
            sigma = 1 / (1 + np.exp(-grid.spacing * (node - grid.nodes)))
            wanted = place(grid.theta[column], sigma)
            first = y[index[column, node]]
            found = weight[column, node] @ (first + grid.spacing * linear)
            assert found == pytest.approx(np.log(wanted / (1 - wanted)), abs=1e-12)


def test_rows_are_read_where_they_should():
    grid = make_grid(0.2, 8.0)
    stencils = row_stencils(grid, 0.05)
    rows = np.arange(stencils.node_weight.shape[1])
    for column in (grid.centre - 9, grid.centre + 7, grid.centre + 30):
        found = stencils.node_weight[column] @ (stencils.node_row[column] + rows)
        assert found * stencils.step == pytest.approx(np.log(grid.theta[column]), abs=1e-12)
        # no stencil may read a row that does not exist yet
        assert stencils.node_row[column] + rows[-1] <= 0
    node = grid.nodes + 3
    found = stencils.after_weight[grid.centre, node] @ (
        stencils.after_row[grid.centre, node] + rows
    )
    expected = grid.after_logarithm[grid.centre, node]
    assert found * stencils.step == pytest.approx(expected, abs=1e-12)


def test_lines_of_the_time_derivative_keep_sinh_of_y_over_t():
    grid = make_grid(0.2, 8.0)
    stencils = row_stencils(grid, 0.05)
    y = grid.spacing * (np.arange(grid.theta.size) - grid.centre)
    linear = grid.spacing * np.arange(COLUMN_POINTS)
    for back in range(4):
        for column in (grid.centre - 20, grid.centre, grid.centre + 13):
            weight = stencils.shift_weight[back, column]
            found = weight @ (y[stencils.shift_index[back, column]] + linear)
            line = np.sinh(y[column]) * np.exp(-0.05 * (back + 1))
            assert np.sinh(found) == pytest.approx(line, rel=1e-10, abs=1e-12)


def test_derivative_is_exact_for_polynomials_to_rounding():
    # the derivative of a constant must vanish exactly, since it is multiplied by t / (t - t')
    grid = make_grid(0.2, 8.0)
    weights = grid.derivative * grid.spacing
    place = DERIVATIVE_FIRST + np.arange(weights.size, dtype=float)
    for power in range(weights.size):
        terms = weights * place**power
        error = abs(np.sum(terms) - (power == 1))
        assert error < 1e-14 * np.sum(np.abs(terms))
