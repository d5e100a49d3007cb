import numpy as np
import pytest

from glasscore.dmft import quench
from glasscore.errors import CampaignError
from glasscore.theory.covariance import covariance
from glasscore.theory.spherical_pspin import (
    equilibrium_energy,
    two_spin_correlation,
    two_spin_energy,
)

TWO_SPIN = covariance({2: 0.5})
THREE_SPIN = covariance({3: 0.5})

# T: t: energy, multiplier, C(t,0); each with the last digit's uncertainty, agreed between
# independent solvers of the same equations.
PUBLISHED = {
    0.0: {
        1: ((-0.782508157, 1e-9), (2.347524471, 1e-9), (0.713697259, 1e-9)),
        3: ((-0.983553085, 1e-9), (2.950659254, 1e-9), (0.464973025, 1e-9)),
        10: ((-1.08159876, 1e-8), (3.24479630, 3e-8), (0.2846988, 2e-7)),
    },
    0.5: {
        1: ((-0.586993130, 1e-9), (2.260979390, 1e-9), (0.542376304, 1e-9)),
        3: ((-0.7281223245, 1e-9), (2.6843669737, 1e-9), (0.3108445988, 1e-9)),
        10: ((-0.808116575, 1e-9), (2.92434972, 1e-8), (0.165485559, 1e-9)),
    },
}
PUBLISHED_HALF = {0.0: (0.904516470, 0.039257435), 0.5: (0.596844157, 0.051380518)}


@pytest.fixture(scope="module", params=[0.0, 0.5])
def three_spin_quench(request):
    return request.param, quench.solve(THREE_SPIN, request.param, np.inf, 16.0, 2e-7)


def estimate_at(solution, name, time):
    index = np.searchsorted(solution.quarter.time, time)
    fine, half, quarter = (
        getattr(level, name)[index * stride]
        for level, stride in ((solution.fine, 4), (solution.half, 2), (solution.quarter, 1))
    )
    return quench.error_estimate(fine, half, quarter)


@pytest.mark.parametrize("time", [1, 3, 10])
def test_three_spin_quench_agrees_with_independent_solvers(three_spin_quench, time):
    T, solution = three_spin_quench
    index = np.searchsorted(solution.time, time)
    assert solution.time[index] == time
    energy, multiplier, correlation = PUBLISHED[T][time]
    allowed = solution.energy_error_estimate[index] + energy[1]
    assert abs(solution.energy[index] - energy[0]) < allowed
    allowed = estimate_at(solution, "multiplier", time) + multiplier[1]
    assert abs(solution.multiplier[index] - multiplier[0]) < allowed
    allowed = solution.row_error_estimate("correlation", index) + correlation[1]
    assert abs(solution.row("correlation", index)[0] - correlation[0]) < allowed


def test_three_spin_two_time_functions_agree_with_independent_solvers(three_spin_quench):
    T, solution = three_spin_quench
    index = np.searchsorted(solution.time, 10)
    for name, published in zip(("correlation", "response"), PUBLISHED_HALF[T], strict=True):
        allowed = solution.row_error_estimate(name, index) + 1e-6
        assert abs(solution.row(name, index)[index] - published) < allowed


@pytest.mark.parametrize("tolerance", [1e-3, 1e-5, 1e-7])
def test_true_error_lies_below_the_estimate_for_two_spins(tolerance):
    solution = quench.solve(TWO_SPIN, 0.0, np.inf, 20.0, tolerance)
    error = np.abs(solution.energy - two_spin_energy(solution.time))
    assert np.all(error <= solution.energy_error_estimate)
    assert np.all(solution.energy_error_estimate <= tolerance)
    # honest, but not wasteful: a fourth-order error is a third of its estimate
    assert error.max() > 0.1 * solution.energy_error_estimate[-1]


def test_estimate_is_honest_on_the_coarsest_grid_at_the_first_times():
    solution = quench.solve(TWO_SPIN, 0.0, np.inf, 20.0, 1e-3, maximal_steps=128)
    assert solution.fine.time.size == 129
    error = np.abs(solution.energy - two_spin_energy(solution.time))
    assert np.all(error <= solution.energy_error_estimate)


@pytest.mark.parametrize(
    ("coefficients", "T"),
    [({2: 0.5}, 1.0), ({3: 0.5}, 0.7), ({3: 0.5}, 0.6), ({3: 0.5, 4: 0.5}, 0.85)],
)
@pytest.mark.parametrize("tolerance", [1e-3, 1e-5])
def test_true_error_lies_below_the_estimate_in_equilibrium(coefficients, T, tolerance):
    model = covariance(coefficients)
    solution = quench.solve(model, T, T, 10.0, tolerance)
    error = np.abs(solution.energy - equilibrium_energy(model, T))
    assert np.all(error <= solution.energy_error_estimate)
    assert np.all(solution.energy_error_estimate <= tolerance)


def test_rows_have_fourth_order_between_the_points_of_the_coarser_grid():
    solution = quench.solve(TWO_SPIN, 0.0, np.inf, 5.0, 1e-6)
    for index in (1, 2, 3, 10, solution.time.size - 1):
        values = solution.row("correlation", index)
        time = solution.time[index]
        earlier = np.linspace(0, time, values.size)
        largest = solution.row_error_estimate("correlation", solution.time.size - 1)
        assert np.abs(values - two_spin_correlation(time, earlier)).max() < largest


@pytest.mark.parametrize(
    ("changed", "names"),
    [
        ({"t_max": 1e6}, ["1e-05", "1e+06", "128 steps", "t_max"]),
        ({"tolerance": 1e-10}, ["1e-10", "t_max = 20", "128 steps", "reached"]),
        ({"T": -0.1}, ["T = -0.1"]),
        ({"T": np.nan}, ["T = nan"]),
        ({"T_initial": 0.5}, ["T_initial = 0.5", "static transition 0.586054"]),
        ({"T_initial": np.nan}, ["T_initial = nan"]),
        ({"t_max": 0.0}, ["t_max = 0"]),
        ({"t_max": np.inf}, ["t_max = inf"]),
        ({"tolerance": 0.0}, ["tolerance = 0"]),
    ],
)
def test_what_cannot_be_met_is_refused_in_one_sentence(changed, names):
    asked = {"T": 0.5, "T_initial": np.inf, "t_max": 20.0, "tolerance": 1e-5, **changed}
    with pytest.raises(CampaignError) as refused:
        quench.solve(THREE_SPIN, **asked, maximal_steps=128)
    sentence = str(refused.value)
    assert all(name in sentence for name in names), sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_the_tolerance_proposed_by_a_refusal_can_be_met():
    with pytest.raises(CampaignError) as refused:
        quench.solve(THREE_SPIN, 0.5, np.inf, 20.0, 1e-9, maximal_steps=512)
    proposed = float(str(refused.value).split("choose a tolerance of ")[1].split()[0])
    solution = quench.solve(THREE_SPIN, 0.5, np.inf, 20.0, proposed, maximal_steps=512)
    assert solution.energy_error_estimate[-1] <= proposed
