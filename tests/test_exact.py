"""The exact reference solution compared with the matrix exponential and with its limits."""

import numpy as np
import pytest
from scipy import linalg

from tests import exact

TIMES = np.array([0.0, 0.3, 4.0, 60.0])
WINDOWS = np.array([0.1, 0.5, 10.0])


@pytest.mark.parametrize("graph", ["hypercube", "complete"])
@pytest.mark.parametrize("rule", ["metropolis", "arrhenius"])
@pytest.mark.parametrize("N", [3, 4])
def test_agrees_with_matrix_exponential(graph, rule, N):
    energies = -np.random.default_rng(N).exponential(size=2**N)
    W = exact.generator(energies, graph, rule, beta=2.0)
    solution = exact.MasterEquation.solve(energies, graph, rule, beta=2.0)
    energy = solution.energy(TIMES)
    same = solution.same_configuration(TIMES[:, np.newaxis], WINDOWS)
    stay = solution.no_jump(TIMES[:, np.newaxis], WINDOWS)
    assert same.shape == stay.shape == (TIMES.size, WINDOWS.size)
    # Rounding of the symmetrised problem: 1e-16 times exp(beta (E_max - E_min) / 2) < 1e4.
    close = {"rtol": 0.0, "atol": 1e-11}
    for i, time in enumerate(TIMES):
        probabilities = linalg.expm(W * time) @ np.full(2**N, 1 / 2**N)
        np.testing.assert_allclose(energy[i], energies @ probabilities, **close)
        for j, window in enumerate(WINDOWS):
            returns = np.diag(linalg.expm(W * window * time))
            np.testing.assert_allclose(same[i, j], probabilities @ returns, **close)
            expected = probabilities @ np.exp(np.diag(W) * window * time)
            np.testing.assert_allclose(stay[i, j], expected, **close)


@pytest.mark.parametrize("graph", ["hypercube", "complete"])
@pytest.mark.parametrize("rule", ["metropolis", "arrhenius"])
def test_detailed_balance_and_equilibrium(graph, rule):
    energies = -np.random.default_rng(7).exponential(size=16)
    W = exact.generator(energies, graph, rule, beta=1.5)
    weights = np.exp(-1.5 * energies) / np.exp(-1.5 * energies).sum()
    np.testing.assert_allclose(W * weights, (W * weights).T, rtol=1e-13)
    np.testing.assert_allclose(W.sum(axis=0), 0.0, atol=1e-14)
    late = exact.MasterEquation.solve(energies, graph, rule, beta=1.5).probabilities(1e12)
    np.testing.assert_allclose(late, weights, rtol=0, atol=1e-11)


def test_rates_written_out():
    energies = np.array([0.0, -1.0, -2.0, -0.5])
    up = exact.generator(energies, "hypercube", "metropolis", beta=1.0)
    assert up[0, 1] == pytest.approx(0.5 * np.exp(-1.0), rel=1e-15)  # 1 -> 0 climbs by 1
    assert up[1, 0] == 0.5
    assert up[3, 0] == up[0, 3] == up[1, 2] == 0.0  # two flips apart
    hop = exact.generator(energies, "complete", "arrhenius", beta=1.0)
    assert hop[0, 2] == pytest.approx(0.25 * np.exp(-2.0), rel=1e-15)
    assert hop[2, 2] == pytest.approx(-0.75 * np.exp(-2.0), rel=1e-15)


def test_random_walk_in_closed_form():
    # At infinite temperature each spin flips at rate 1 / N: P(same) = ((1 + e^(-2 t / N)) / 2)^N.
    N, duration = 5, 3.0
    solution = exact.MasterEquation.solve(np.zeros(2**N), "hypercube", "metropolis", beta=0.0)
    expected = (0.5 * (1.0 + np.exp(-2.0 * duration / N))) ** N
    assert solution.same_configuration(duration, 1.0) == pytest.approx(expected, rel=1e-13)
    assert solution.no_jump(duration, 1.0) == pytest.approx(np.exp(-duration), rel=1e-13)


def test_refuses_what_it_cannot_solve():
    with pytest.raises(ValueError, match=r"2\^N"):
        exact.generator(np.zeros(6), "hypercube", "metropolis", 1.0)
    with pytest.raises(ValueError, match="rule"):
        exact.generator(np.zeros(4), "complete", "unknown", 1.0)
    with pytest.raises(ValueError, match="graph"):
        exact.generator(np.zeros(4), "ring", "metropolis", 1.0)
    with pytest.raises(ValueError, match="digits"):
        exact.MasterEquation.solve([0.0, -40.0], "complete", "arrhenius", 1.0)
