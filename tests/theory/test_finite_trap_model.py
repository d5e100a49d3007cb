"""Finite trap models against dense linear algebra and the limit of infinitely many traps."""

import numpy as np
import pytest
from scipy import linalg

from glasscore.theory import finite_trap_model, trap_model
from glasscore.theory.finite_trap_model import FiniteTrapModel
from tests import exact
from tests.statistical import assert_within, z_scores

TIMES = np.array([0.0, 0.5, 20.0, 1e3, 1e6])
WINDOWS = np.array([0.1, 1.0, 10.0])


@pytest.mark.parametrize("beta", [0.0, 0.8, 2.0])
@pytest.mark.parametrize("repeated", [False, True])
def test_agrees_with_dense_solution(beta, repeated):
    energies = -np.random.default_rng(2).exponential(size=64)
    if repeated:
        energies[10:20] = energies[0]
        energies[30:33] = energies[40]
    solution = FiniteTrapModel.solve(energies, beta)
    reference = exact.MasterEquation.solve(energies, "complete", "arrhenius", beta)
    # The dense solution has the error 1e-15 times exp(beta (E_max - E_min) / 2) and times t.
    for time in TIMES:
        close = {"rtol": 0.0, "atol": 1e-11 + 1e-15 * time}
        np.testing.assert_allclose(solution.energy(time), reference.energy(time), **close)
        for name in ("no_jump", "same_configuration"):
            value = getattr(solution, name)(time, WINDOWS)
            np.testing.assert_allclose(value, getattr(reference, name)(time, WINDOWS), **close)


def test_modes_are_those_of_the_symmetric_matrix():
    energies = -np.random.default_rng(3).exponential(size=300)
    rates = np.exp(1.5 * energies)
    half = np.sqrt(rates / rates.size)
    eigenvalues = linalg.eigh(np.diag(rates) - np.outer(half, half), eigvals_only=True)
    found = FiniteTrapModel.solve(energies, 1.5).relaxation_rates
    np.testing.assert_allclose(found, eigenvalues, rtol=0, atol=1e-14)


def test_slow_modes_keep_their_relative_accuracy():
    # Two deep traps among shallow ones exchange at rates near 1e-30, below any dense solver's
    # rounding: left at r_1 and r_2, and back in either with probability one half.
    energies = np.concatenate([np.zeros(50), [-70.0, -69.0]])
    r1, r2 = np.exp(energies[-2:])
    slow = FiniteTrapModel.solve(energies, 1.0).relaxation_rates[1]
    assert slow == pytest.approx((r1 + r2) / 2, rel=1e-12)
    late = FiniteTrapModel.solve(energies, 1.0)
    weights = np.exp(-(energies + 70.0))
    probabilities = late.occupations(1e33)[late.level] / (late.weights * late.traps)[late.level]
    np.testing.assert_allclose(probabilities, weights / weights.sum(), rtol=1e-12)


def test_probabilities():
    energies = -np.random.default_rng(4).exponential(size=1024)
    solution = FiniteTrapModel.solve(energies, 2.5)
    occupations = solution.occupations(np.logspace(-3, 12, 16))
    np.testing.assert_allclose(occupations.sum(axis=-1), 1.0, rtol=0, atol=1e-13)
    assert occupations.min() > 0
    # Sums of 1024 modes, each accurate to rounding.
    np.testing.assert_allclose(solution.occupations(0.0), 1 / 1024, rtol=1e-10)
    np.testing.assert_allclose(solution.returns.sum(axis=1), 1.0, rtol=0, atol=1e-12)
    equilibrium = np.exp(-2.5 * np.sort(energies))
    equilibrium /= equilibrium.sum()
    np.testing.assert_allclose(solution.occupations(1e15), equilibrium, rtol=1e-10)


def test_functions_of_energies():
    energies = -np.random.default_rng(5).exponential(size=40)
    solution = FiniteTrapModel.solve(energies, 2.0)
    np.testing.assert_array_equal(
        finite_trap_model.finite_energy(TIMES, energies, 2.0), solution.energy(TIMES)
    )
    grid = TIMES[:, np.newaxis]
    stay = finite_trap_model.finite_no_jump(grid, WINDOWS, energies, 2.0)
    np.testing.assert_array_equal(stay, solution.no_jump(grid, WINDOWS))
    same = finite_trap_model.finite_same_configuration(grid, WINDOWS, energies, 2.0)
    assert same.shape == stay.shape == (TIMES.size, WINDOWS.size)
    assert np.all(same >= stay - 1e-14)


@pytest.mark.parametrize("x", [0.5, 0.75])
def test_limit_of_many_traps(x):
    """Energies at the quantiles of their law: the error falls as 1 / M."""
    waiting_time, window = 5.0, 0.5
    limits = trap_model.energy(waiting_time, x), trap_model.no_jump(waiting_time, window, x)
    errors = []
    for M in (128, 256, 512, 1024):
        solution = FiniteTrapModel.solve(np.log((np.arange(M) + 0.5) / M), 1 / x)
        values = solution.energy(waiting_time), solution.no_jump(waiting_time, window)
        errors.append(np.subtract(values, limits))
    orders = np.log2(np.array(errors)[:-1] / np.array(errors)[1:])
    assert np.all(np.abs(orders - 1) < 0.1)


def test_average_over_disorder():
    """Random energies; the bias of order 1 / M cancels between M traps and their two halves."""
    x, times = 0.5, np.array([1.0, 10.0, 100.0])
    generator = np.random.default_rng(6)
    energies, stays = [], []
    for _ in range(100):
        sample = -generator.exponential(size=256)
        whole, left, right = (
            FiniteTrapModel.solve(traps, 1 / x) for traps in (sample, sample[:128], sample[128:])
        )
        energies.append(2 * whole.energy(times) - (left.energy(times) + right.energy(times)) / 2)
        halves = left.no_jump(times, 0.5) + right.no_jump(times, 0.5)
        stays.append(2 * whole.no_jump(times, 0.5) - halves / 2)
    z = [
        z_scores(
            np.mean(values, axis=0), limit, np.std(values, axis=0, ddof=1) / np.sqrt(len(values))
        )
        for values, limit in (
            (energies, trap_model.energy(times, x)),
            (stays, trap_model.no_jump(times, 0.5, x)),
        )
    ]
    assert_within(np.concatenate(z))


def test_refuses_what_it_cannot_solve():
    with pytest.raises(ValueError, match="2 to 4096"):
        FiniteTrapModel.solve([-1.0], 1.0)
    with pytest.raises(ValueError, match="finite"):
        FiniteTrapModel.solve([-1.0, np.nan], 1.0)
    with pytest.raises(ValueError, match="beta"):
        FiniteTrapModel.solve([-1.0, -2.0], -1.0)
    with pytest.raises(ValueError, match="time"):
        FiniteTrapModel.solve([-1.0, -2.0], 1.0).energy(-1.0)
