import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft.two_time.uniform_grid import bytes_of_solution, row, solve
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import (
    equilibrium_energy,
    equilibrium_multiplier,
    two_spin_correlation,
    two_spin_multiplier,
    two_spin_response,
)

TWO_SPIN = covariance({2: 0.5})
THREE_SPIN = covariance({3: 0.5})
T_MAX = 8.0


@pytest.fixture(scope="module")
def two_spin_levels():
    return [solve(TWO_SPIN, 0.0, np.inf, T_MAX, steps) for steps in (128, 256, 512)]


def two_spin_errors(solution):
    """Largest errors of the multiplier at t > 1/2, and of C and R in the last row."""
    time, last = solution.time, solution.time.size - 1
    late = time > 0.5
    return (
        np.abs(solution.multiplier - two_spin_multiplier(time))[late].max(),
        np.abs(row(solution.correlation, last) - two_spin_correlation(T_MAX, time)).max(),
        np.abs(row(solution.response, last) - two_spin_response(T_MAX, time)).max(),
    )


def test_second_order_against_closed_forms_of_two_spins(two_spin_levels):
    errors = np.array([two_spin_errors(solution) for solution in two_spin_levels])
    orders = np.log2(errors[:-1] / errors[1:])
    assert orders == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("T", [0.0, 0.5])
def test_second_order_of_three_spins(T):
    levels = [solve(THREE_SPIN, T, np.inf, 4.0, steps) for steps in (64, 128, 256)]
    for name in ("energy", "multiplier"):
        coarse, half, fine = (getattr(each, name)[-1] for each in levels)
        assert np.log2((half - coarse) / (fine - half)) == pytest.approx(2.0, abs=0.1)


def test_error_has_even_powers_only(two_spin_levels):
    # if the error has even powers of h only, the extrapolation is of fourth order, not third
    ends = np.array([each.multiplier[-1] for each in two_spin_levels])
    extrapolated = (4 * ends[1:] - ends[:-1]) / 3
    errors = np.abs(extrapolated - two_spin_multiplier(T_MAX))
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4.0, abs=0.2)


@pytest.mark.parametrize(
    ("coefficients", "T"), [({2: 0.5}, 1.2), ({3: 0.5}, 0.7), ({3: 0.5, 4: 0.5}, 0.9)]
)
def test_equilibrium_start_is_stationary_and_obeys_fluctuation_dissipation(coefficients, T):
    model = covariance(coefficients)
    coarse, fine = (solve(model, T, T, 5.0, steps) for steps in (200, 400))
    # The leading error of the finer solution follows from the order that is checked above; twice
    # this error is a bound.
    allowed = 2 * np.abs(fine.energy[::2] - coarse.energy).max() / 3
    assert np.abs(fine.energy - equilibrium_energy(model, T)).max() < allowed
    allowed = 2 * np.abs(fine.multiplier[::2] - coarse.multiplier).max() / 3
    assert np.abs(fine.multiplier - equilibrium_multiplier(model, T)).max() < allowed

    def extrapolated(name, index):
        return (
            4 * row(getattr(fine, name), 2 * index)[::2] - row(getattr(coarse, name), index)
        ) / 3

    late, early = extrapolated("correlation", 200)[::-1], extrapolated("correlation", 100)[::-1]
    difference = np.abs(row(fine.correlation, 400)[::2] - row(coarse.correlation, 200)).max()
    # the relative error of the extrapolation is of the order of the square of the one it removes
    allowed = 20 * difference**2 / (1 - late[1])
    assert np.abs(late[:101] - early).max() < allowed
    step = coarse.time[1]
    slope = (-late[4:] + 8 * late[3:-1] - 8 * late[1:-3] + late[:-4]) / (12 * step)
    response = extrapolated("response", 200)[::-1][2:-2]
    rate = equilibrium_multiplier(model, T)
    differencing = (rate * step) ** 4 / 30 * rate
    assert np.abs(response + slope / T).max() < allowed / step + differencing


def test_initial_temperature_enters_the_energy_by_f_and_not_by_its_derivative():
    start = solve(THREE_SPIN, 0.3, 0.8, 1.0, 32)
    assert start.energy[0] == -0.5 / 0.8
    assert start.multiplier[0] == pytest.approx(0.3 + 1.5 / 0.8, rel=1e-15)


def test_multiplier_and_energy_of_a_pure_model_at_zero_temperature_are_proportional():
    solution = solve(THREE_SPIN, 0.0, 0.8, 2.0, 64)
    assert solution.multiplier == pytest.approx(-3 * solution.energy, rel=1e-13)


def test_same_time_values_are_one():
    solution = solve(THREE_SPIN, 0.5, np.inf, 1.0, 16)
    for triangle in (solution.correlation, solution.response):
        assert [row(triangle, index)[-1] for index in range(17)] == [1.0] * 17


def test_bytes_are_those_that_a_solution_holds():
    solution = solve(THREE_SPIN, 0.5, np.inf, 1.0, 16)
    assert bytes_of_solution(16) == sum(array.nbytes for array in solution)


def test_a_step_too_large_gives_no_wrong_number():
    with pytest.raises(CampaignError, match=r"^steps = 16 .* give more steps\.$"):
        solve(THREE_SPIN, 0.5, np.inf, 1e4, 16)


def test_covariance_and_derivatives():
    model = covariance({"4": 0.5, "3": 0.25})
    assert model.exponents.tolist() == [3.0, 4.0]
    assert model.value(0.5) == 0.25 / 8 + 0.5 / 16
    assert model.first_derivative([0.5, 1.0]).tolist() == [0.4375, 2.75]
    assert model.second_derivative(1.0) == 7.5


@pytest.mark.parametrize("coefficients", [{}, {1: 0.5}, {3: 0.0}, {3: -1.0}, {3: np.nan}])
def test_bad_covariances_are_refused(coefficients):
    with pytest.raises(CampaignError, match="covariance"):
        covariance(coefficients)
