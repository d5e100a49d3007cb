"""Test leaps of the superbasin clock against matrix exponentials and against single jumps."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from scipy import linalg, stats

from glasscore.dynamics.absorbing_chains import (
    ABSORBED,
    CENTRE,
    CHAIN,
    LEAVES,
    SIZE,
    build_chain,
    count_visits,
    draw_leap,
)
from glasscore.dynamics.interface import workspace
from glasscore.dynamics.rate_cache import ROW, fill_row
from glasscore.dynamics.rules import metropolis
from glasscore.dynamics.stage import run
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import energies_at, position
from glasscore.landscapes.sample import disorder_sample
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within

N, T, LEAPS = 8, 0.5, 20_000
MODEL = {"graph": "hypercube", "energies": "exponential"}


@kernel
def many_leaps(chain, end, states, times, visits, rng):
    for index in range(states.size):
        states[index], times[index] = draw_leap(chain, 0.0, end, rng)
        visits[index] = count_visits(chain, states[index], times[index])


@pytest.fixture(scope="module")
def chain():
    """The chain around the deepest of 2^N states."""
    with np.errstate(over="ignore"):
        landscape = disorder_sample(1, "stars", N, 3, MODEL)
        states = np.arange(2**N, dtype=np.uint64)
        energies = energies_at(landscape, states)
        where, rule = position(landscape), metropolis.create(T)
        where.words[0] = states[energies.argmin()]
        where.energy[0] = energies.min()
        work = workspace(landscape, rule)
        row, made = np.zeros(1, ROW), np.zeros(1, CHAIN)
        fill_row(row[0], landscape, rule, where, work)
        build_chain(made[0], row[0], landscape, rule, where, work, np.random.default_rng(0))
    return made[0]


def generator(chain):
    """The matrix of rates Q, with the absorbing state last; rows sum to zero."""
    Q = np.zeros((SIZE, SIZE))
    Q[CENTRE, 1 : 1 + LEAVES] = chain["entry_rate"]
    Q[CENTRE, ABSORBED] = chain["exit_rate"]
    Q[1 : 1 + LEAVES, CENTRE] = chain["leaf_rate"]
    return Q - np.diag(Q.sum(axis=1))


def leaps(chain, end, seed):
    states, times, visits = np.zeros(LEAPS, np.int64), np.zeros(LEAPS), np.zeros(LEAPS)
    many_leaps(chain, end, states, times, visits, np.random.default_rng(seed))
    return states, times, visits


def test_a_chain_knows_its_rates(chain):
    """Compare the rates of a chain with their definitions from the energies of the landscape."""
    landscape = disorder_sample(1, "stars", N, 3, MODEL)
    energies = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
    centre = int(chain["word"])
    rates = np.array(
        [
            [min(1.0, np.exp((energies[i] - energies[i ^ (1 << k)]) / T)) / N for k in range(N)]
            for i in range(2**N)
        ]
    )
    assert chain["centre_rate"] == pytest.approx(rates[centre].sum(), rel=1e-13)
    exits = rates[centre].copy()
    for leaf, move in enumerate(chain["leaf"]):
        neighbour = centre ^ (1 << int(move))
        returns = rates[neighbour, move] / rates[neighbour].sum()
        assert chain["leaf_rate"][leaf] == pytest.approx(rates[neighbour].sum(), rel=1e-13)
        assert chain["entry_rate"][leaf] == pytest.approx(rates[centre, move] * returns, rel=1e-13)
        exits[move] *= 1.0 - returns
    # The difference 1 - returns loses digits in this test, not in the chain.
    assert chain["exits"][:N] == pytest.approx(exits, rel=1e-9)
    assert chain["exit_rate"] == pytest.approx(exits.sum(), rel=1e-9)
    unlisted = set(range(N)) - set(chain["leaf"].tolist())
    assert len(unlisted) == N - LEAVES
    assert max(rates[centre, list(unlisted)]) <= min(rates[centre, chain["leaf"]])


@pytest.mark.parametrize("share", [0.1, 1.0, 10.0])
def test_states_and_exits_follow_the_matrix_exponential(chain, share):
    """Test state and exit time of a leap, for ends before and after the mean exit time."""
    Q = generator(chain)
    mean_exit = np.linalg.solve(-Q[:ABSORBED, :ABSORBED], np.ones(ABSORBED))[CENTRE]
    end = share * mean_exit
    states, times, _ = leaps(chain, end, seed=1)
    law = linalg.expm(Q * end)[CENTRE]
    counts = np.bincount(states, minlength=SIZE)
    expected = LEAPS * law
    frequent = expected > 50
    assert_within(
        ((counts - expected) / np.sqrt(expected * (1 - law)))[frequent], comparisons=3 * SIZE
    )
    assert np.all(times[states != ABSORBED] == end)

    def left_before(t):
        return np.array([linalg.expm(Q * one)[CENTRE, ABSORBED] for one in np.atleast_1d(t)])

    grid = np.linspace(0.0, end, 400)
    exits = times[states == ABSORBED]
    law = left_before(grid) / left_before(end)
    assert stats.kstest(exits, lambda t: np.interp(t, grid, law)).pvalue > 1e-6 / 3


@pytest.mark.parametrize("share", [0.1, 1.0, 10.0])
def test_visits_are_counted_with_the_right_mean(chain, share):
    """Compare with 1 + the mean number of transitions in the chain before the end or the exit."""
    Q = generator(chain)
    inner = Q[:ABSORBED, :ABSORBED]
    end = share / chain["exit_rate"] * chain["cycle"]
    _, _, visits = leaps(chain, end, seed=2)
    occupation = np.linalg.solve(inner, linalg.expm(inner * end) - np.eye(ABSORBED))[CENTRE]
    transitions = occupation @ (np.where(np.eye(ABSORBED), 0.0, inner).sum(axis=1))
    error = visits.std(ddof=1) / np.sqrt(LEAPS)
    assert_within((visits.mean() - 1.0 - transitions) / error, comparisons=3)


def test_powers_keep_the_digits_of_tiny_rates(chain):
    """Compare the probability of leaving within 2^40 steps with a sum in 60 decimal digits.

    A squaring adds at most about 2 SIZE + 2 roundings to an entry's relative error. It does not
    double the error of the row sums, since rows are scaled to the sum one.
    """
    rare = chain.copy()
    rare["exit_rate"] = chain["centre_rate"] * 1e-14
    rare["levels"] = 0
    states = np.zeros(1, np.int64)
    many_leaps(rare, 2.0**41 / rare["step_rate"], states, np.zeros(1), np.zeros(1), _rng())
    levels = 41
    with localcontext() as context:
        context.prec = 60
        power = [[Decimal(float(x)) for x in row] for row in rare["powers"][0]]
        for _ in range(levels - 1):
            columns = list(zip(*power, strict=True))
            power = [
                [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns]
                for row in power
            ]
        # The rows of the first power sum to one up to rounding; in exact powers this deviation
        # grows to 2^40 times as much.
        slack = float(max(abs(sum(row) - 1) for row in power))
        exact = float(power[CENTRE][ABSORBED])
    rounding = levels * (2 * SIZE + 2) * 2.0**-53
    assert rare["powers"][levels - 1][CENTRE, ABSORBED] == pytest.approx(
        exact, rel=rounding + slack
    )
    assert exact < 0.05


def _rng():
    return np.random.default_rng(3)


@pytest.mark.parametrize(
    ("energies", "size", "temperature"), [("exponential", 8, 0.4), ("gaussian", 10, 0.6)]
)
def test_visits_and_stays_have_the_law_of_every_jump_made(energies, size, temperature):
    """Compare histograms of two runs on the same landscapes, with and without leaps."""
    samples, counts = 1500, {}
    for clock in ("rejection_free", "superbasin"):
        result = run(
            dynamics_parameters(
                "hypercube",
                energies,
                "metropolis",
                size,
                temperature,
                samples,
                1e6,
                clock=clock,
                recorders=["trapping_times"],
            ),
            [],
        )
        for name in ("trapping_time_count", "stay_count"):
            counts[clock, name] = result[name].values
        leapt_over = result.visits.values % 1.0 != 0.0
    assert leapt_over.mean() > 0.3
    for name in ("trapping_time_count", "stay_count"):
        first, second = counts["rejection_free", name], counts["superbasin", name]
        # Only bins with counts from many samples are compared; logarithms reduce the weight of the
        # few samples that dominate a mean.
        shared = ((first > 0).sum(axis=0) > samples / 5) & ((second > 0).sum(axis=0) > samples / 5)
        difference = first[:, shared] - second[:, shared]
        error = difference.std(axis=0, ddof=1) / np.sqrt(samples)
        assert shared.sum() > 10
        assert_within(difference.mean(axis=0) / error, comparisons=4 * first.shape[1])


def test_other_graphs_and_larger_systems_make_every_jump():
    for model in (
        ("complete", "exponential", "arrhenius", np.inf),
        ("complete", "exponential", "arrhenius", 8),
    ):
        first, second = (
            run(dynamics_parameters(*model, 0.5, 3, 1e3, clock=clock), [])
            for clock in ("rejection_free", "superbasin")
        )
        assert first.equals(second)
