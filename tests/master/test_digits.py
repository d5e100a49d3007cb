"""How many digits are lost where rates span far more decades than a double has digits.

References are exact: rational numbers for times and rates, sixty decimal digits for probabilities.
A state reduction makes at most four roundings in a row for each state that is eliminated, so that
relative errors are at most 4 n eps, and a few times that for what is computed from the factors.
"""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from glasscore.dynamics.rules import heat_bath, metropolis
from glasscore.master.first_passage import first_passage
from glasscore.master.network import Network, network
from glasscore.master.propagation import transition_probabilities
from glasscore.master.spectrum import dense_conductances, rates_of_network, relaxation_rates
from glasscore.master.state_reduction import eliminate_states, solve
from tests.master.rational import eigenvalues_below, mean_times

EPS = np.finfo(float).eps
SPINS = 4


def cold_network(seed, rule=metropolis, spins=SPINS, exponent=100.0):
    """A network of wells, which are left with rates of about exp(-exponent / 2)."""
    odd = np.bitwise_count(np.arange(2**spins) >> 1) % 2
    energies = 3.0 * odd + np.random.default_rng(seed).random(2**spins)
    T = np.ptp(energies) / exponent
    return energies, network(energies, rule.create(T), T)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rule", [metropolis, heat_bath])
def test_first_passage_times_keep_their_digits(seed, rule):
    energies, cold = cold_network(seed, rule)
    assert cold.rates.max() / cold.rates.min() > 1e16
    target = int(np.argsort(energies)[1])
    found = first_passage(cold, np.arange(energies.size) == target)
    # Both directions have one conductance, so that the rational network is the same.
    w, weights = dense_conductances(cold), [Fraction(float(weight)) for weight in cold.weights]
    exact = mean_times(w, cold.weights, weights, target)
    seconds = [2 * weight * time for weight, time in zip(weights, exact, strict=True)]
    second = mean_times(w, cold.weights, seconds, target)
    jumps = mean_times(
        w,
        cold.weights,
        [
            weight * Fraction(float(rate))
            for weight, rate in zip(weights, cold.exit_rates, strict=True)
        ],
        target,
    )
    bound = 8 * energies.size * EPS
    for state in range(energies.size):
        if state == target:
            assert found.mean[state] == found.jumps[state] == 0.0
            continue
        assert relative_error(found.mean[state], exact[state]) < bound
        assert relative_error(found.jumps[state], jumps[state]) < bound
        variance = second[state] - exact[state] ** 2
        lost = second[state] / variance  # of a difference
        assert relative_error(found.deviation[state] ** 2, variance) < 2 * bound * lost


def relative_error(value, exact):
    return abs(Fraction(float(value)) / exact - 1)


def test_gauss_elimination_with_a_subtracted_diagonal_loses_them():
    """The solver of a library loses these digits, which shows what the method is for."""
    energies, cold = cold_network(0)
    target = int(np.argsort(energies)[1])
    others = np.arange(energies.size) != target
    Q = -dense_conductances(cold) / cold.weights[:, None]
    np.fill_diagonal(Q, cold.exit_rates)
    naive = np.linalg.solve(Q[np.ix_(others, others)], np.ones(others.sum()))
    good = first_passage(cold, ~others).mean[others]
    assert np.abs(naive / good - 1).min() > 0.5


@pytest.mark.parametrize("size", [1, 2, 7, 64, 65, 150])
def test_reduction_in_blocks_solves_the_equations(size):
    rng = np.random.default_rng(size)
    w = rng.random((size, size))
    w = np.triu(w, 1) + np.triu(w, 1).T
    ground, f = rng.random(size), rng.random(size)
    matrix = np.diag(w.sum(axis=1) + ground) - w
    u = solve(eliminate_states(w.copy(), ground.copy()), f)
    # The condition number is below 4 n / min(ground).
    tolerance = 16 * size**2 * EPS / ground.min()
    np.testing.assert_allclose(u, np.linalg.solve(matrix, f), rtol=tolerance)


@pytest.mark.parametrize("seed", range(2))
def test_relaxation_rates_keep_their_digits(seed):
    energies, cold = cold_network(seed)
    rates = relaxation_rates(cold)
    assert rates[-1] / rates[0] > 1e30
    w = dense_conductances(cold)
    # Elements of the factor lose 4 n eps, and rotations n eps times the condition of a matrix with
    # ones on its diagonal, here below ten.
    step = Fraction(80 * energies.size * EPS)
    for mode, value in enumerate(rates, start=1):
        below, above = (
            eigenvalues_below(w, cold.weights, Fraction(float(value)) * (1 + sign * step))
            for sign in (-1, 1)
        )
        assert below <= mode < above


def test_relaxation_rates_of_two_and_three_states():
    """Two states relax at the sum of their rates; a symmetric chain of three at k and 3 k."""
    weights = np.array([1.0, 1e-30])
    w = np.array([[0.0, 1e-40], [1e-40, 0.0]])
    (rate,) = rates_of_network(w.copy(), weights)
    assert rate == pytest.approx(1e-40 / 1e-30 + 1e-40, rel=4 * EPS)
    chain = 1e-20 * np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert rates_of_network(chain, np.ones(3)) == pytest.approx([1e-20, 3e-20], rel=12 * EPS)


def test_transition_probabilities_keep_their_digits():
    spins, doublings = 3, 70
    _, cold = cold_network(5, spins=spins, exponent=60.0)
    assert cold.rates.min() < 1e-16
    exact = decimal_probabilities(cold, doublings)
    found = transition_probabilities(cold, doublings)
    for step, (one, reference) in enumerate(zip(found, exact, strict=True)):
        for row, expected in zip(one, reference, strict=True):
            error = [abs(Decimal(float(a)) / b - 1) for a, b in zip(row, expected, strict=True)]
            # n + 2 roundings a squaring in each of the few jumps that matter, here at most N.
            assert max(error) < Decimal(EPS * spins * (2**spins + 2) * (step + 8))


def decimal_probabilities(cold: Network, doublings: int):
    """Transition probabilities from the Taylor series and squaring, with sixty more digits."""
    n, spins = cold.rates.shape
    with localcontext(prec=120):
        Q = [[Decimal(0)] * n for _ in range(n)]
        for i in range(n):
            for spin in range(spins):
                Q[i][i ^ (1 << spin)] = Decimal(float(cold.rates[i, spin]))
            Q[i][i] = -sum(Q[i])
        power = [[Decimal(int(i == j)) for j in range(n)] for i in range(n)]
        total = [row[:] for row in power]
        for term in range(1, 80):
            power = [[value / term for value in row] for row in product(power, Q)]
            total = [
                [a + b for a, b in zip(*rows, strict=True)]
                for rows in zip(total, power, strict=True)
            ]
        results = [total]
        for _ in range(doublings):
            total = product(total, total)
            results.append(total)
    return results


def product(left, right):
    columns = list(zip(*right, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left
    ]
