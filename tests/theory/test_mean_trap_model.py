"""The trap model averaged over its traps: two of them by quadrature, very many, and drawn ones."""

import numpy as np
import pytest

from glasscore.theory import mean_trap_model, trap_model
from glasscore.theory.finite_trap_model import FiniteTrapModel
from glasscore.theory.mean_trap_model import mean_no_jump
from tests.statistical import assert_within, z_scores


def two_traps(t, omega, x):
    """The average over two traps by quadrature, with 80 panels of 12 points for each energy.

    A trap of rate r is left at the rate r / 2, since the next trap may be the same one.
    """
    nodes, weights = np.polynomial.legendre.leggauss(12)
    depth = 0.5 * (np.arange(80)[:, np.newaxis] + 0.5 * (1.0 + nodes)).ravel()
    share = np.tile(0.25 * weights, 80) * np.exp(-depth)
    first, second = 0.5 * np.exp(-depth[:, np.newaxis] / x), 0.5 * np.exp(-depth / x)
    in_first = second / (first + second)
    in_first = in_first + (0.5 - in_first) * np.exp(-(first + second) * t)
    stays = in_first * np.exp(-first * omega * t) + (1 - in_first) * np.exp(-second * omega * t)
    return share @ stays @ share


@pytest.mark.parametrize("x", [0.3, 0.8, 1.0, 1.7, 10.0])
def test_two_traps(x):
    times = [0.1, 30.0, 1e3]
    expected = [two_traps(t, 0.5, x) for t in times]
    # This is the stated error of the law; that of the quadrature is a tenth of it.
    np.testing.assert_allclose(mean_no_jump(times, 0.5, 2, x), expected, rtol=0, atol=1e-12)


def test_very_many_traps_are_infinitely_many():
    """Corrections are of order t^x / M: 1e-15 here."""
    for t, omega, x in ((1.0, 0.5, 0.5), (1e3, 10.0, 0.8), (1e6, 1e-4, 1.3)):
        found = mean_no_jump(t, omega, 2.0**60, x)
        assert found == pytest.approx(trap_model.no_jump(t, omega, x), abs=1e-12)


def test_drawn_traps():
    M, x, times = 16, 0.5, np.array([3.0, 100.0, 3e3])
    energies = -np.random.default_rng(1).exponential(size=(500, M))
    drawn = np.array([FiniteTrapModel.solve(one, 1 / x).no_jump(times, 0.5) for one in energies])
    error = drawn.std(axis=0, ddof=1) / np.sqrt(len(drawn))
    assert_within(z_scores(drawn.mean(axis=0), mean_no_jump(times, 0.5, M, x), error))


def test_points_are_dense_enough(monkeypatch):
    """Halving the step of a trapezoidal rule squares its error."""
    case = 1e6, 0.5, 2, 0.5
    found = {}
    for step in (0.2, 0.1, 0.05):
        monkeypatch.setattr(mean_trap_model, "STEP", step)
        found[step] = float(mean_no_jump(*case))
    coarse, fine = (abs(found[step] - found[0.05]) for step in (0.2, 0.1))
    assert 1e-8 < coarse < 1e-5
    assert fine < coarse**1.5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1.0, 0.5, 1, 0.5), "traps must be at least 2"),
        ((0.0, 0.5, 4, 0.5), "waiting_time must be positive"),
        ((1.0, -0.5, 4, 0.5), "window not negative"),
        ((1.0, 0.5, 4, 0.0), "must be positive and finite"),
    ],
)
def test_bad_input_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        mean_no_jump(*arguments)
