import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft.two_time import uniform_grid
from glasscore.dmft.two_time.uniform_grid import row, solve_components
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import (
    two_spin_correlation,
    two_spin_multiplier,
    two_spin_response,
)
from tests.dmft.two_spin_modes import CoupledModes

TWO_SPIN, THREE_SPIN = covariance({2: 0.5}), covariance({3: 0.5})
TWICE = [[TWO_SPIN, TWO_SPIN], [TWO_SPIN, TWO_SPIN]]
T_MAX = 4.0


def errors(steps, forces, exact_correlation, exact_response, exact_multiplier):
    solution = solve_components(TWICE, forces, np.zeros(2), T_MAX, steps)
    time = solution.time
    return [
        np.abs(row(solution.correlation, steps) - exact_correlation(time)).max(),
        np.abs(row(solution.response, steps) - exact_response(time)).max(),
        np.abs(solution.multiplier - exact_multiplier(time)).max(),
    ]


def test_non_reciprocal_forces_turn_two_copies_of_one_model():
    """K = [[0, a], [-a, 0]] commutes with the couplings: a rotation by a (t - t').

    The same at any time and any age: the exact law that no reciprocal model has.
    """
    rate = 0.7

    def turned(values, lag):
        cosine, sine = np.cos(rate * lag), np.sin(rate * lag)
        rotation = np.array([[cosine, sine], [-sine, cosine]])
        return values * rotation

    found = np.array(
        [
            errors(
                steps,
                np.array([[0.0, rate], [-rate, 0.0]]),
                lambda time: turned(two_spin_correlation(T_MAX, time), T_MAX - time),
                lambda time: turned(two_spin_response(T_MAX, time), T_MAX - time),
                two_spin_multiplier,
            )
            for steps in (48, 96)
        ]
    )
    # the next correction is smaller by (h / 4)^2, where 4 is the scale of the equations
    assert np.log2(found[0] / found[1]) == pytest.approx(2.0, abs=0.1)


def test_reciprocal_forces_align_two_copies_of_one_model():
    """K = [[0, k], [k, 0]] at T = 0: growth exp(2 k t) of the sum, exp(-2 k t) of the difference.

    C_11 = C_SK(t,t') cosh k(t + t') / sqrt(cosh 2kt cosh 2kt'), C_12 with sinh for cosh.
    """
    k = 0.4

    def aligned(time):
        norm = np.sqrt(np.cosh(2 * k * T_MAX) * np.cosh(2 * k * time))
        both = k * (T_MAX + time)
        parts = np.array([[np.cosh(both), np.sinh(both)], [np.sinh(both), np.cosh(both)]])
        return parts * two_spin_correlation(T_MAX, time) / norm

    def answered(time):
        decay = np.sqrt(np.cosh(2 * k * time) / np.cosh(2 * k * T_MAX))
        lag = k * (T_MAX - time)
        parts = np.array([[np.cosh(lag), np.sinh(lag)], [np.sinh(lag), np.cosh(lag)]])
        return parts * two_spin_response(T_MAX, time) * decay

    found = np.array(
        [
            errors(
                steps,
                np.array([[0.0, k], [k, 0.0]]),
                aligned,
                answered,
                lambda time: two_spin_multiplier(time) + k * np.tanh(2 * k * time),
            )
            for steps in (48, 96)
        ]
    )
    assert np.log2(found[0] / found[1]) == pytest.approx(2.0, abs=0.1)


def test_components_without_coupling_are_single_ones():
    """Both use the same grid and rule, so that results differ only by where iterations stop."""
    steps, temperatures = 40, np.array([0.3, 0.8])
    models = THREE_SPIN, covariance({2: 0.3, 4: 0.2})
    both = solve_components(
        [[models[0], None], [None, models[1]]], np.zeros((2, 2)), temperatures, 2.0, steps
    )
    for a, model in enumerate(models):
        single = uniform_grid.solve(model, temperatures[a], np.inf, 2.0, steps)
        for name in ("energy", "multiplier"):
            assert np.abs(getattr(both, name)[a] - getattr(single, name)).max() < 1e-11
        for name in ("correlation", "response"):
            difference = getattr(both, name)[a, a] - getattr(single, name)
            assert np.abs(difference).max() < 1e-11
    assert np.all(both.correlation[0, 1] == 0)


def test_start_and_field_of_components_without_coupling_are_those_of_single_ones():
    steps, starts = 40, np.array([1.0, 0.9])
    models = THREE_SPIN, covariance({2: 0.3, 4: 0.2})
    temperatures = np.linspace([0.3, 0.8], [0.5, 0.6], steps + 1).T
    fields = np.linspace([0.4, -0.2], [0.1, 0.3], steps + 1).T
    apart = [[models[0], None], [None, models[1]]]
    both = solve_components(apart, np.zeros((2, 2)), temperatures, 2.0, steps, starts, fields)
    for a, model in enumerate(models):
        single = uniform_grid.solve(model, temperatures[a], starts[a], 2.0, steps, fields[a])
        for name in ("energy", "multiplier", "magnetisation"):
            assert np.abs(getattr(both, name)[a] - getattr(single, name)).max() < 1e-11
    # both components start in independent directions and turn to the same field
    last = row(both.correlation[0, 1], steps)
    assert last[0] == 0
    assert last[-1] == pytest.approx(np.prod(both.magnetisation[:, -1]), rel=1e-2)


def test_temperature_does_not_spoil_the_rotation():
    """With one T for both, the noise is rotated too: C_11 is cos a(t - t') times that of one."""
    rate, steps, T = 0.5, 40, 0.5
    turning = solve_components(
        TWICE, np.array([[0.0, rate], [-rate, 0.0]]), np.full(2, T), 2.0, steps
    )
    finer = solve_components(
        TWICE, np.array([[0.0, rate], [-rate, 0.0]]), np.full(2, T), 2.0, 2 * steps
    )
    still = uniform_grid.solve(TWO_SPIN, T, np.inf, 2.0, steps)
    still_finer = uniform_grid.solve(TWO_SPIN, T, np.inf, 2.0, 2 * steps)

    def difference(one, other, every):
        last = other.time.size - 1
        found = row(one.correlation[0, 0], last) - np.cos(rate * (2.0 - other.time)) * row(
            other.correlation, last
        )
        return found[::every][1:-1]

    coarse, fine = difference(turning, still, 1), difference(finer, still_finer, 2)
    # both results have errors of second order, and so has their difference
    assert np.abs(coarse).max() > 1e-5
    assert np.abs(4 * fine - coarse).max() < 0.1 * np.abs(coarse).max()


def test_three_components_with_unequal_starts_fields_and_forces_obey_their_modes():
    """All terms between components are of second order: also those of start, field and noise."""
    forces = np.array([[0.0, 0.3, -0.2], [0.1, 0.2, 0.4], [-0.3, 0.1, 0.0]])
    T, T_initial = np.array([0.3, 0.6, 0.0]), np.array([1.5, np.inf, 1.3])
    field, t_max = np.array([0.4, -0.2, 0.1]), 2.0
    exact = CoupledModes(forces, T, T_initial, field, t_max)
    covariances = [[TWO_SPIN] * 3] * 3

    def difference(steps):
        found = solve_components(covariances, forces, T, t_max, steps, T_initial, field)
        multiplier, magnetisation = exact.one_time(t_max)
        both = [
            exact.two_time(t_max, time) for time in found.time[: steps + 1 : steps // 4].tolist()
        ]
        correlation, response = (np.stack(one, axis=-1) for one in zip(*both, strict=True))
        every = slice(None, None, steps // 4)
        return [
            *(found.multiplier[:, -1] - multiplier),
            *(found.magnetisation[:, -1] - magnetisation),
            *(row(found.correlation, steps)[..., every] - correlation)[..., :-1].ravel(),
            *(row(found.response, steps)[..., every] - response)[..., :-1].ravel(),
        ]

    coarse, middle, fine = (np.array(difference(steps)) for steps in (24, 48, 96))
    # the error is a h^2 + b h^4, so that both extrapolations cancel a h^2
    first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
    assert np.abs(first).max() < 0.03 * np.abs(coarse).max()
    assert np.log2(np.abs(first).max() / np.abs(second).max()) == pytest.approx(4.0, abs=0.3)


@pytest.mark.parametrize(
    ("covariances", "forces", "T", "name"),
    [
        ([[TWO_SPIN, TWO_SPIN]], np.zeros((1, 1)), [0.0], "n rows of n"),
        ([[None]], np.zeros((1, 1)), [0.0], "component 0"),
        ([[TWO_SPIN, None], [TWO_SPIN, TWO_SPIN]], np.zeros((2, 2)), [0, 0], "symmetric"),
        ([[TWO_SPIN]], np.zeros((2, 2)), [0.0], "forces"),
        ([[TWO_SPIN]], np.zeros((1, 1)), [-1.0], "T must be"),
        ([[TWO_SPIN]], np.array([[1e4]]), [0.0], "give more steps"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(covariances, forces, T, name):
    with pytest.raises(CampaignError) as refused:
        solve_components(covariances, forces, T, 4.0, 4)
    assert name in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"T_initial": -1.0}, "T_initial must be"),
        ({"T_initial": np.nan}, "T_initial must be"),
        ({"T_initial": [1.0, 1.0]}, "T_initial must be"),
        ({"field": np.inf}, "field must be"),
        ({"field": [0.1, 0.2]}, "field must be"),
        ({"steps": 0}, "steps is 0"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"t_max": 0.0}, "t_max is 0"),
        ({"t_max": np.inf}, "t_max is inf"),
    ],
)
def test_start_field_and_times_that_do_not_fit_are_refused(given, name):
    arguments = {"T": [0.5], "t_max": 4.0, "steps": 4, **given}
    with pytest.raises(CampaignError, match=f"^{name}.*\\.$"):
        solve_components([[TWO_SPIN]], np.zeros((1, 1)), **arguments)
