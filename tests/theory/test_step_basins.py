"""Trapping times of basins of the step model against many states, sum rules and their tail."""

import numpy as np
import pytest
from scipy import linalg

from glasscore.theory import step_basins, step_model

DEEP = -12.0
EDGES = np.concatenate([[0.0], 2.0 ** np.arange(-2, 8), [np.inf]])


def survivors(states, time, T, threshold):
    """Share of M equidistant u below the threshold whose moves above it have not yet come."""
    end, beta = np.exp(threshold), 1 / T
    u = end * (np.arange(states) + 0.5) / states
    rates = np.minimum(1.0, (u / u[:, None]) ** -beta) * end / states
    np.fill_diagonal(rates, 0.0)
    above = u**beta * (end ** (1 - beta) - 1) / (beta - 1)
    generator = rates - np.diag(rates.sum(axis=1) + above)
    return linalg.expm(generator * time).sum(axis=1).mean()


@pytest.mark.parametrize(
    ("T", "threshold"), [(0.3, -3.0), (0.625, -1.5), (0.8, -1.2), (0.8, DEEP), (2.0, -0.7)]
)
@pytest.mark.parametrize("share", [1.0, 5.0])
def test_against_the_equation_of_many_states(T, threshold, share):
    """The law is the limit of M states, with errors of order 1 / M^2 or 1 / M^(1 + beta)."""
    time = share * np.exp(-threshold)
    coarse, middle, fine = (survivors(states, time, T, threshold) for states in (64, 128, 256))
    order = min(2.0, 1 + 1 / T)
    step = fine - middle
    error = fine + step / (2**order - 1) - step_basins.survival(time, T, threshold)
    assert abs(error) < 0.5 * abs(step)
    assert abs(step) < 0.6 * abs(middle - coarse)


def test_panels_are_fine_enough():
    for T, threshold in ((0.05, -1.0), (0.625, -1.5), (0.9, DEEP), (3.0, -0.5)):
        tau = np.array([0.1, 10.0, 1e5])
        coarse, fine = (step_basins.survival(tau, T, threshold, panel) for panel in (1.0, 0.25))
        np.testing.assert_allclose(coarse, fine, rtol=0, atol=1e-11)


def test_order_of_convergence(monkeypatch):
    """Gauss collocation with two stages is of order four."""
    exact = step_basins.survival(1e3, 0.75, -1.2)
    monkeypatch.setattr(step_model, "STAGES", 2)
    errors = [
        abs(step_basins.survival(1e3, 0.75, -1.2, panel) - exact) for panel in (0.8, 0.4, 0.2)
    ]
    np.testing.assert_allclose(np.log2(np.divide(errors[:-1], errors[1:])), 4.0, atol=0.3)


def test_survival_begins_at_one_and_falls_to_zero():
    tau = np.concatenate([[0.0], np.geomspace(1e-3, 1e9, 13), [np.inf]])
    found = step_basins.survival(tau, 0.8, -1.0)
    assert (found[0], found[-1]) == (1.0, 0.0)
    assert np.all(np.diff(found) < 0)
    # A basin begins with a uniform u, and is left with the mean rate of moves above the threshold.
    u = np.exp(-1.0)
    rate = u**1.25 / 2.25 * (u**-0.25 - 1) / 0.25
    assert (1 - found[1]) / tau[1] == pytest.approx(rate, rel=1e-3)


@pytest.mark.parametrize(
    ("T", "power"),
    [(0.55, 2 - 1 / 0.55), (0.6, 2 - 1 / 0.6), (0.9, 2 / 0.9 - 2)],
)
def test_tail_and_its_corrections(T, power):
    """S ~ tau^-x, with corrections of relative order tau^-x or tau^-2 (beta - 1)."""
    tau = np.array([1e16, 1e16 * 1.02, 1e20, 1e20 * 1.02])
    slope = -np.diff(np.log(step_basins.survival(tau, T, -1.0)))[::2] / np.log(1.02)
    correction = slope - step_model.basin_exponent(T)
    assert np.all(np.abs(correction) < 0.01)
    found = np.log(correction[0] / correction[1]) / np.log(1e4)
    assert found == pytest.approx(power, rel=0.03)


def test_basins_that_began_are_over_or_going_on(monkeypatch):
    """The law of the whole model and that of one basin, from different equations, agree."""
    T, threshold, time = 0.625, -1.5, 60.0
    state = step_model.relaxation(time, T, marks=(threshold,))
    inside = state.occupation[state.energy < threshold].sum()
    left = step_basins.entries(time, T, threshold)[0] - inside
    errors = []
    for points in (2, 4, 8):
        monkeypatch.setattr(step_basins, "GAUSS_POINTS", points)
        counts = step_basins.expected_counts(EDGES, time, T, threshold)
        assert np.all(counts[EDGES[:-1] >= time] == 0)
        errors.append(abs(counts.sum() / left - 1))
    assert errors[1] < 1e-4
    # Bins of an octave: Gauss's rule gains a digit a point, until there is only rounding.
    assert errors[1] < errors[0] / 50
    assert errors[2] < 1e-9


def test_entries_grow_at_their_rate():
    numbers = np.array([step_basins.entries(time, 0.8, -1.2) for time in (99.9, 100.0, 100.1)])
    slope = (numbers[2, 0] - numbers[0, 0]) / 0.2
    # Central differences: of relative order (0.1 / 100)^2.
    assert slope == pytest.approx(numbers[1, 1], rel=1e-5)
    u = np.exp(-1.2)
    assert step_basins.entries(0.0, 0.8, -1.2) == pytest.approx((u, u * (1 - u)), rel=1e-15)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: step_basins.survival(-1.0, 0.5, -1.0), "duration must not be negative"),
        (lambda: step_basins.survival(1.0, 0.0, -1.0), "T must be between"),
        (lambda: step_basins.survival(1.0, 0.5, 0.0), "threshold must be negative"),
        (lambda: step_basins.entries(1.0, 0.5, -np.inf), "threshold must be negative"),
        (lambda: step_basins.expected_counts([1.0, 1.0], 9.0, 0.5, -1.0), "edges must increase"),
        (lambda: step_basins.expected_counts([], 9.0, 0.5, -1.0), "edges must increase"),
    ],
)
def test_what_is_out_of_range_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        wrong()
