"""Figures of traps say in numbers how far points lie from their laws."""

import numpy as np
import pytest

from glasscore.figures.drawing.curves import Curve, results_by_panel
from glasscore.figures.traps import (
    correlated_aging,
    energy_relaxation,
    landscape_exploration,
    local_exponent,
    renewal,
    trap_exponents,
    trapping_times,
)
from glasscore.theory import ising_pspin, parisi, step_model
from tests.figures.test_laws import HEAT_BATH, REM, TRAPS, point, with_exponents

X = np.array([1.0, 2.0, 3.0])


def test_sizes_beside_a_slope_are_shifted_and_their_slopes_are_told():
    """Energies are -ln t - 1 at all sizes, instead of a slope -0.5."""
    several = [point(REM, 0.5, N) for N in (16.0, 20.0)]
    found = energy_relaxation.curves({"REM": several})
    small, large, *guides = found
    assert small.y[0] - large.y[0] == pytest.approx(energy_relaxation.SHIFT, rel=1e-12)
    assert all(curve.panel.endswith(energy_relaxation.SHIFTED) for curve in found)
    assert len(guides) == 2
    assert small.note.count("instead of $-0.5$") == 2
    assert "$-1.00" in small.note


def test_the_error_of_a_slope_is_a_bound():
    time, error = np.exp(np.arange(4.0)), np.full(4, 0.1)
    slope, bound = energy_relaxation._slope(time, -0.3 * np.log(time), error)
    assert slope == pytest.approx(-0.3, rel=1e-12)
    # The weights are -0.3, -0.1, 0.1 and 0.3.
    assert bound == pytest.approx(0.04 * np.sqrt(2), rel=1e-12)
    independent = 0.1 * np.sqrt(0.2)
    assert bound > independent


def test_exact_energies_have_residuals():
    one = point(TRAPS, 0.5, np.inf)
    *_, beside = energy_relaxation.curves({"traps": [one]})
    assert beside.panel == "traps: residuals"
    assert f"of {beside.y.size} points" in beside.note
    assert f"{np.abs(beside.y).max():.1f}" in beside.note


def test_bars_of_exponents_include_the_choice_of_the_range():
    """An exponent 0.54 with the error 0.01 misses 0.5 by 2.9 bars."""
    for x, said in ((0.54, "agree"), (0.55, "1 misses")):
        found = trap_exponents.curves({"REM": [with_exponents(point(REM, 0.5), x=x)]})
        (data,) = (curve for curve in found if curve.role == "data" and curve.x.size)
        assert data.error == pytest.approx([trap_exponents.OF_CHOICE * 0.01], rel=1e-12)
        assert said in " ".join(curve.note for curve in found)


def test_exponents_of_random_energies_have_the_shift_of_a_solved_model_beside():
    """Of x = 0.75 the fit finds 0.7571 in the step model, for times from 100 to 26 000."""
    edges = 100.0 * 2.0 ** (np.arange(33) / 4)
    assert trap_exponents._in_step_model(edges, 1e6, 0.8) == pytest.approx(0.7571, abs=2e-4)
    one = with_exponents(point(REM, 0.75), x=0.76).assign(
        stay_exponent_from=edges[0], stay_exponent_to=edges[-1]
    )
    one = one.assign_coords(trapping_time_lower=("bin", edges[:-1]))
    one = one.assign_coords(trapping_time_upper=("bin", edges[1:]))
    one.attrs["dynamics_parameters"] = '{"t_max": 1e6}'
    found = trap_exponents.curves({"REM": [one]})
    (line,) = (curve for curve in found if curve.label == trap_exponents.SAME_X)
    assert line.y == pytest.approx([0.7571] * 2, abs=2e-4)
    assert "agree with it within three bars." in found[-1].note


def test_lines_of_the_heat_bath_end_before_the_run_bends_them():
    one = point(HEAT_BATH, 0.4, np.inf)
    start, end = trapping_times._range_of_power(one)
    assert start == trapping_times.STEP_START
    times = np.array([start, start * 1.01, end, end * 1.01])
    density = -np.diff(step_model.visits(1e6, 0.4, times))[::2] / np.diff(times)[::2]
    fall = 1 - density[1] * end / (density[0] * start)
    assert 0.08 < fall < 0.13


@pytest.mark.parametrize(("value", "down", "up"), [(0.3, 0.2, 0.5), (2.0, 2.0, 2.0), (70, 50, 100)])
def test_axes_end_at_numbers_that_are_written(value, down, up):
    assert trapping_times._round_number(value, np.floor) == pytest.approx(down, rel=1e-12)
    assert trapping_times._round_number(value, np.ceil) == pytest.approx(up, rel=1e-12)


def test_the_shape_of_differences_is_told():
    def difference(y):
        return Curve("a", "data", "", X, np.array(y), None, 8.0, 8.0, "", "$N=8$")

    said = local_exponent._shape([difference([-0.1, 0.1, 0.2])])
    assert "from $-0.100$ at $\\omega=1$ to $0.200$ at $\\omega=3$ for $N=8$" in said
    assert "$\\omega=1.4$ and $1.4$" in said
    assert local_exponent._shape([difference([0.1, 0.0, -0.2])]) == ""


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (-0.5, "Traps do not wipe out all memory: 1 of 3 points lies off its line"),
        (-0.23, "No memory is seen: no point lies off its line. The farthest is $-2.3$"),
    ],
)
def test_renewal_answers_its_question(first, said):
    """Chance takes one of three points farther than 2.39 errors with a probability below 5 %."""
    data = Curve("a", "data", "$N=8$", X, np.array([first, 0.0, 0.0]), np.full(3, 0.1))
    line = Curve("a", "theory", "", X, np.zeros(3))
    answer = renewal._answer([data, line])
    assert answer.startswith(f"Here $m=3$ and $z_m=2.39$. {said}")
    assert renewal._answer([data._replace(x=X[:0]), line]) == ""


def test_even_powers_are_told():
    assert "at $\\alpha=0.125, 0.5$:" in correlated_aging._even(16, np.array([0.0625, 0.125, 0.5]))
    assert correlated_aging._even(16, np.array([0.0625])) == ""


def test_energies_of_equilibrium_are_those_of_the_theory():
    energy = landscape_exploration._equilibrium
    assert energy({"energies": "sk"}, 0.4) == parisi.breaking(0.4, 0.0, 4).energy
    assert energy({"energies": "sk"}, 0.4) == pytest.approx(
        parisi.breaking(0.4, 0.0, 6).energy, abs=1e-4
    )
    assert energy({"energies": "pspin", "p": 3}, 0.4) == ising_pspin.equilibrium(3, 0.4).energy
    assert energy({"energies": "pspin", "p": 3}, 2.0) == -0.25
    assert np.isnan(energy({"energies": "pspin", "p": 2}, 0.4))
    assert np.isnan(energy({"energies": "number_partitioning"}, 0.4))


def test_few_sizes_may_have_a_panel_for_each_temperature():
    grid = [point(REM, T, N) for T in (0.5, 0.75) for N in (16, 20)]
    assert list(results_by_panel({"REM": grid}, 2)) == ["REM, $T=0.5$", "REM, $T=0.75$"]
