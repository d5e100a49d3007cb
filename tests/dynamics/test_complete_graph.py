"""Test moves on the complete graph (trap model and step model) against exact laws."""

import hashlib
import os
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
from scipy import integrate, stats

import glasscore.dynamics.graphs.complete  # noqa: F401
from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.complete_graph.fresh_states import FreshStates
from glasscore.dynamics.complete_graph.sorted_states import SortedStates, sorted_states
from glasscore.dynamics.complete_graph.thinned import Thinned
from glasscore.dynamics.complete_graph.traps import Traps
from glasscore.dynamics.interface import (
    attempt_move,
    compute_rates,
    draw_duration,
    jump,
    make_drawn_move,
    record_visit,
    workspace,
)
from glasscore.dynamics.rules import arrhenius, heat_bath, metropolis
from glasscore.dynamics.stage import run, start_randomly
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.graphs.complete import Complete
from glasscore.landscapes.interface import energies_at, level, position
from glasscore.landscapes.sample import disorder_sample
from glasscore.theory import step_model
from tests.campaigns import SEED, bits, dynamics_parameters
from tests.master_equation import assert_obeyed, solved
from tests.statistical import assert_same_distribution, assert_within

RULES = {"arrhenius": arrhenius, "metropolis": metropolis, "heat_bath": heat_bath}
STEP_RULES = ("metropolis", "heat_bath")
INFINITE = {"graph": "complete", "energies": "exponential"}
# The values of beta lie on both sides of each change of method and of the removable singularity at
# 1.
BETAS = [1e-6, 0.5, 1.0, 1.0 + 1e-15, 1.0000001, 1.02, 1.3, 1.4, 2.0, 5.0, 1e6]


class Staircase(NamedTuple):
    """Energies on four levels, with two states on each level."""

    height: float


@level.register
def _(energies: Staircase, state):
    return -energies.height * np.float64(state >> np.uint64(1))


class Silence(NamedTuple):
    """A recorder that records nothing."""

    empty: np.ndarray


@record_visit.register
def _(recorder: Silence, sample, arrival, departure, position):
    pass


@pytest.fixture(autouse=True)
def _words_wrap_around():
    with np.errstate(over="ignore"):
        yield


def infinite():
    return disorder_sample(SEED, "test", np.inf, 0, INFINITE)


def at(landscape, energy):
    """A position among infinitely many states."""
    where = position(landscape)
    where.energy[0] = energy
    return where


@kernel
def departures(landscape, rule, where, work, word, energy, durations, states, energies, rng):
    """Leave one state again and again; record durations and destinations."""
    for draw in range(durations.size):
        where.words[0] = word
        where.energy[0] = energy
        compute_rates(work, landscape, rule, where)
        durations[draw] = draw_duration(work, landscape, rule, where, rng)
        jump(work, landscape, rule, where, rng)
        states[draw] = where.words[0]
        energies[draw] = where.energy[0]


@kernel
def attempts(landscape, rule, where, work, word, energy, accepted, states, energies, rng):
    """Attempt to leave one state again and again; record acceptances and destinations."""
    for draw in range(accepted.size):
        where.words[0] = word
        where.energy[0] = energy
        accepted[draw] = attempt_move(work, landscape, rule, where, rng)
        if accepted[draw]:
            make_drawn_move(work, landscape, where, rng)
        states[draw] = where.words[0]
        energies[draw] = where.energy[0]


def drawn(how, landscape, rule, word, energy, draws, seed=1):
    """Durations or acceptances, and destinations with their energies, in many draws."""
    first = np.zeros(draws, bool if how is attempts else float)
    states, energies = np.zeros(draws, np.uint64), np.zeros(draws)
    how(
        landscape,
        rule,
        position(landscape),
        workspace(landscape, rule),
        np.uint64(word),
        energy,
        first,
        states,
        energies,
        np.random.default_rng(seed),
    )
    return first, states, energies


def rates_from(energies, rule, beta, word):
    """The rates of all moves out of a state of the complete graph, from the definition."""
    climb = energies - energies[word]
    if rule == "arrhenius":
        rates = np.full(energies.size, np.exp(beta * energies[word]))
    elif rule == "metropolis":
        rates = np.exp(-beta * np.maximum(climb, 0.0))
    else:
        rates = 1.0 / (1.0 + np.exp(beta * climb))
    rates[word] = 0.0
    return rates / energies.size


# Infinitely many states: exact laws at finite time ------------------------------------------------


@pytest.mark.parametrize(
    ("T", "t_max"),
    [(0.0, 1e4), (0.3, 1e4), (0.625, 1e4), (0.95, 1e3), (1.5, 300.0)],
)
def test_relaxation_of_infinitely_many_states(T, t_max):
    """Compare energy, persistence and trapping times with their laws at finite time."""
    samples, comparisons = 4000, 300
    parameters = dynamics_parameters("complete", "exponential", "metropolis", np.inf, T, 1, t_max)
    result = run({**parameters, "samples": samples}, [])
    times, values = result.time.values[::4], result.energy.values[:, ::4]
    error = values.std(axis=0, ddof=1) / np.sqrt(samples)
    z = (values.mean(axis=0) - step_model.energy(times, T)) / error
    assert_within(z, comparisons)

    t_w = result.waiting_time.values[::3]
    for omega in (0.1, 0.5, 10.0):
        never = (result.departure.values[:, ::3] > t_w * (1 + omega)).mean(axis=0)
        law = step_model.no_jump(t_w, omega, T)
        assert_within((never - law) / np.sqrt(law * (1 - law) / samples), comparisons)

    counts = result.trapping_time_count.values
    # Each bin has two octaves.
    first = np.arange(0, counts.shape[1], 4)
    counts = np.add.reduceat(counts, first, axis=1)
    edges = np.append(result.trapping_time_lower.values[first], np.inf)
    law = -np.diff(step_model.visits(t_max, T, edges))
    frequent = law * samples > 3000
    assert np.count_nonzero(frequent) > 3
    counts, law = counts[:, frequent], law[frequent]
    error = counts.std(axis=0, ddof=1) / np.sqrt(samples)
    assert_within((counts.mean(axis=0) - law) / error, comparisons)
    total = result.visits.values
    error = total.std(ddof=1) / np.sqrt(samples)
    assert_within((total.mean() - step_model.visits(t_max, T)) / error, comparisons)


def test_heat_bath_at_zero_temperature_is_the_same_law():
    samples = 2000
    parameters = dynamics_parameters(
        "complete", "exponential", "heat_bath", np.inf, 0.0, samples, 1e6
    )
    result = run(parameters, [])
    times, values = result.time.values[::8], result.energy.values[:, ::8]
    error = values.std(axis=0, ddof=1) / np.sqrt(samples)
    assert_within((values.mean(axis=0) - step_model.energy(times, 0.0)) / error)


def test_visited_states_above_half_the_critical_temperature():
    """Test the exponent of visited trapping times at T_c / T = 1.4 and its finite-time correction.

    The law for long times is tau^-(1 + x), x = 2 - T_c / T = 0.6. Between the two windows of this
    test the exact slope is still steeper by 0.005.
    """
    T, t_max, samples = 1 / 1.4, 1e7, 500
    parameters = dynamics_parameters(
        "complete", "exponential", "metropolis", np.inf, T, samples, t_max
    )
    result = run(parameters, [])
    lower, upper = result.trapping_time_lower.values, result.trapping_time_upper.values
    early, late = ((lower >= a) & (upper <= 4 * a) for a in (16.0, 1024.0))
    counts = result.trapping_time_count.values
    totals = np.stack([counts[:, early].sum(axis=1), counts[:, late].sum(axis=1)])
    mean = totals.mean(axis=1)
    # This is the deviation of the logarithm of the ratio of two correlated means, linearised.
    spread = totals[1] / mean[1] - totals[0] / mean[0]
    error = spread.std(ddof=1) / np.sqrt(samples) / np.log(64)
    slope = np.log(mean[1] / mean[0]) / np.log(64)
    short, long = (
        np.subtract(*step_model.visits(t_max, T, edges)) for edges in ([16, 64], [1024, 4096])
    )
    exact_slope = np.log(long / short) / np.log(64)
    assert_within((slope - exact_slope) / error)
    assert abs(exact_slope - step_model.visited_slope(T)) < 0.01
    # The exponent differs from that of the trap model, T / T_c.
    assert abs(slope + T) > 20 * error


# Infinitely many states: single moves -------------------------------------------------------------


@pytest.mark.uncompiled
@pytest.mark.parametrize("beta", BETAS)
def test_rates_of_fresh_states(beta):
    rule, landscape = metropolis.Metropolis(beta), infinite()
    work = workspace(landscape, rule)
    assert isinstance(work, FreshStates)
    for energy in (0.0, -1e-12, -1e-3, -0.4, -3.0, -40.0, -300.0):
        compute_rates(work, landscape, rule, at(landscape, energy))
        exact_up = step_model.up_rate(energy, 1 / beta)
        # The errors are the rounding of beta E in the exponent, and the rounding of differences
        # from 1, divided by beta - 1.
        tolerance = 1e-13 + 4e-16 * min(beta, 1.0) * abs(energy)
        assert work.down[0] == pytest.approx(np.exp(energy), rel=tolerance)
        assert work.up[0] == pytest.approx(exact_up, rel=tolerance, abs=1e-13 * np.exp(energy))


@pytest.mark.parametrize("beta", [*BETAS, 1e300])
@pytest.mark.parametrize("energy", [-0.3, -3.0, -40.0])
@pytest.mark.parametrize("how", [departures, attempts], ids=lambda how: how.__name__)
def test_destinations_of_fresh_states(how, beta, energy):
    """Test the share and heights of moves up and the depths of moves down (Kolmogorov-Smirnov)."""
    if how is attempts and energy < -3.0:
        energy = -5.0  # at greater depth accepted too rarely
    draws, comparisons = 20_000, 6 * 5 * 12
    first, states, after = drawn(how, infinite(), metropolis.Metropolis(beta), 7, energy, draws)
    moved = first if how is attempts else np.ones(draws, bool)
    assert np.all(states == np.where(moved, 8, 7))
    assert np.all(after <= 0.0)
    assert np.all(after[~moved] == energy)
    rate = step_model.exit_rate(energy, 1 / beta)
    if how is attempts:
        error = np.sqrt(rate * (1 - rate) / draws) if rate < 1 - 1e-12 else 1e-3
        assert_within((moved.mean() - rate) / error, comparisons)
    else:
        assert stats.kstest(first * rate, "expon").pvalue > 1e-6 / comparisons
        assert_within((first.mean() * rate - 1) * np.sqrt(draws), comparisons)
    up = after[moved] > energy
    chance = float(step_model.up_probability(energy, 1 / beta))
    error = np.sqrt(chance * (1 - chance) / up.size) + 1e-9
    assert_within((up.mean() - chance) / error, comparisons)

    climbs, a = after[moved][up] - energy, beta - 1.0
    if climbs.size > 20 and beta < 1e5:

        def law(x):
            if abs(a * energy) < 1e-9:
                return x / -energy
            return np.expm1(-a * x) / np.expm1(a * energy)

        assert stats.kstest(climbs, law).pvalue > 1e-6 / comparisons
    falls = energy - after[moved][~up]
    if falls.size > 20:
        assert stats.kstest(falls, "expon").pvalue > 1e-6 / comparisons


@pytest.mark.parametrize("T", [0.0, 0.25, 0.8, 1.0, 2.0, 1e6])
@pytest.mark.parametrize("energy", [-0.5, -6.0])
def test_heat_bath_of_fresh_states(T, energy):
    """Test the exit rate and the density e^E' / (1 + exp(beta (E' - E))) of destinations."""
    rule, draws, comparisons = heat_bath.create(T), 200_000, 2 * 6 * 4
    waited, _, after = drawn(departures, infinite(), rule, 0, energy, draws)
    rate = step_model.exit_rate(energy, T, "heat_bath")
    assert stats.kstest(waited * rate, "expon").pvalue > 1e-6 / comparisons
    assert_within((waited.mean() * rate - 1) * np.sqrt(draws), comparisons)
    up = after > energy
    if T == 0:
        assert not up.any()
        return
    # The trapezoidal rule has the relative error (6 / 4000 / T)^2 / 12 < 1e-5.
    x = np.linspace(0.0, -energy, 4001)
    density = np.exp(energy + x) / (1 + np.exp(x / T))
    cumulative = integrate.cumulative_trapezoid(density, x, initial=0.0)
    chance = cumulative[-1] / rate
    assert_within((up.mean() - chance) / np.sqrt(chance * (1 - chance) / draws), comparisons)
    shape = cumulative / cumulative[-1]
    law = stats.kstest(after[up] - energy, lambda climb: np.interp(climb, x, shape))
    assert law.pvalue > 1e-6 / comparisons


@pytest.mark.parametrize("T", [0.55, 0.7, 0.9, 1.0])
def test_moves_balance_at_the_threshold(T):
    draws, threshold = 100_000, step_model.balance_energy(T)
    _, _, after = drawn(departures, infinite(), metropolis.create(T), 0, threshold, draws)
    assert_within(((after > threshold).mean() - 0.5) / np.sqrt(0.25 / draws), comparisons=4)


def test_drift_vanishes_at_half_the_critical_temperature():
    draws, energy, drifts = 100_000, -40.0, []
    temperatures = (0.4, 0.48, 0.5, 0.52, 0.6)
    for T in temperatures:
        rule = metropolis.create(T)
        _, _, after = drawn(departures, infinite(), rule, 0, energy, draws)
        change = energy - after
        error = change.std() / np.sqrt(draws)
        assert_within((change.mean() - step_model.drift(T)) / error, comparisons=5)
        drifts.append(change.mean() / error)
    assert min(drifts[:2]) > 5
    assert max(drifts[3:]) < -5


@pytest.mark.uncompiled
@pytest.mark.parametrize("rule", STEP_RULES)
@pytest.mark.parametrize("T", [0.0, 1e-6, 0.75, 1.0, 1e6])
def test_extreme_depths_and_temperatures(rule, T):
    landscape, chosen = infinite(), RULES[rule].create(T)
    for energy in (-0.0, -1e-300, -40.0, -45.5, -600.0):
        waited, _, after = drawn(departures, landscape, chosen, 0, energy, 20)
        assert np.all(np.isfinite(waited) & (waited > 0))
        assert np.all(np.isfinite(after) & (after <= 0))
        if T == 0.0:
            assert np.all(after < energy)
    result = run(dynamics_parameters("complete", "exponential", rule, np.inf, T, 3, 300.0), [])
    assert np.isfinite(result.energy).all()
    assert (result.energy <= 0).all()


# Finitely many states -----------------------------------------------------------------------------

SMALL_SYSTEMS = [
    ("exponential", "metropolis", 6, 0.5, 250),
    ("exponential", "metropolis", 6, 1.2, 250),
    ("exponential", "heat_bath", 6, 0.5, 250),
    ("gaussian", "metropolis", 6, 0.7, 250),
    ("gaussian", "heat_bath", 5, 0.7, 250),
    ("exponential", "arrhenius", 6, 0.7, 250),
]


@pytest.mark.parametrize(("energies", "rule", "N", "T", "samples"), SMALL_SYSTEMS)
def test_master_equation(energies, rule, N, T, samples):
    """Compare energy, return and persistence probabilities and jumps, on the same landscapes."""
    t_max, omega = 300.0, 0.5
    parameters = dynamics_parameters("complete", energies, rule, N, T, samples, t_max)
    result = run(parameters, [])
    waiting = np.flatnonzero(result.waiting_time.values <= t_max / (1 + omega))[::2]
    t_w = result.waiting_time.values[waiting]
    model = {"graph": "complete", "energies": energies}
    landscapes = (disorder_sample(SEED, "test", N, sample, model) for sample in range(samples))
    means = solved(landscapes, "complete", rule, N, T, t_w, omega, t_max)
    comparisons = len(SMALL_SYSTEMS) * (3 * t_w.size + 1)
    assert_obeyed(result, waiting, omega, means, comparisons)
    excess = result.visits.values - means.visits
    assert_within(excess.mean() / (excess.std(ddof=1) / np.sqrt(samples)), comparisons)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("T", [0.3, 2.0])
@pytest.mark.parametrize("how", [departures, attempts], ids=lambda how: how.__name__)
def test_every_destination_of_few_states(how, rule, T):
    """Test durations and counts of all moves among four states, and eight states on four levels."""
    draws = 100_000
    tables = [
        disorder_sample(SEED, "test", 2, 4, INFINITE),
        Complete(3, Staircase(0.4)),
    ]
    comparisons = 3 * len(RULES) * 2 * 12
    for landscape in tables:
        levels = energies_at(landscape, np.arange(2**landscape.bits, dtype=np.uint64))
        for word, energy in enumerate(levels):
            rates = rates_from(levels, rule, 1 / T, word)
            chosen = RULES[rule].create(T)
            first, states, after = drawn(how, landscape, chosen, word, energy, draws)
            assert np.array_equal(after, levels[states.astype(int)])
            counts = np.bincount(states.astype(int), minlength=levels.size)
            if how is attempts:
                assert counts[word] == np.count_nonzero(~first)
                rates[word] = 1.0 - rates.sum()
            else:
                assert counts[word] == 0
                assert stats.kstest(first * rates.sum(), "expon").pvalue > 1e-6 / comparisons
                assert_within((first.mean() * rates.sum() - 1) * np.sqrt(draws), comparisons)
            assert_same_distribution(counts, draws * rates / rates.sum(), 1e-6 / comparisons, 5.0)


@pytest.mark.parametrize("rule", STEP_RULES)
def test_detailed_balance_of_destinations(rule):
    """Test that in equilibrium as many moves lead from i to j as from j to i."""
    T, draws = 0.6, 100_000
    landscape = disorder_sample(SEED, "test", 2, 5, INFINITE)
    levels = energies_at(landscape, np.arange(4, dtype=np.uint64))
    flow, counts = np.zeros((4, 4)), np.zeros((4, 4))
    for word, energy in enumerate(levels):
        chosen = RULES[rule].create(T)
        waited, states, _ = drawn(departures, landscape, chosen, word, energy, draws, seed=word)
        counts[word] = np.bincount(states.astype(int), minlength=4)
        flow[word] = np.exp(-(energy - levels.min()) / T) * counts[word] / waited.sum()
    pairs = np.triu_indices(4, 1)
    # This is the relative error from two shares and two mean durations.
    error = np.sqrt(1 / counts[pairs] + 1 / counts.T[pairs] + 2 / draws)
    assert_within(np.log(flow[pairs] / flow.T[pairs]) / error, comparisons=2 * pairs[0].size)


@pytest.mark.uncompiled
def test_tables_are_sums_over_states():
    landscape = disorder_sample(SEED, "test", 7, 0, INFINITE)
    states = np.arange(2**7, dtype=np.uint64)
    levels = energies_at(landscape, states)
    for beta in (1e-6, 0.7, 3.0, 60.0):
        work = sorted_states(landscape, beta)
        for word in range(levels.size):
            above = levels[levels > levels[word]]
            down = work.place[word]
            assert down == levels.size - above.size - 1
            weight = np.exp(-beta * (above - levels[word])).sum()
            assert work.weight_above[down] == pytest.approx(weight, rel=1e-12, abs=1e-300)
        rising = np.sort(levels)
        assert np.array_equal(levels[work.order], rising)
        for k in (0, 50, 127):
            expected = np.log(np.exp(-beta * (rising[k:] - rising[k])).sum()) - beta * rising[k]
            # The error is the rounding of beta E.
            assert work.log_sum[k] == pytest.approx(expected, abs=1e-14 * (1 + beta * 10))


@pytest.mark.uncompiled
@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
@pytest.mark.parametrize("rule", STEP_RULES)
@pytest.mark.parametrize("T", [0.0, 1e-6])
def test_cold_walks_end_in_the_ground_state(energies, rule, T):
    N, samples = 5, 4
    parameters = dynamics_parameters("complete", energies, rule, N, T, samples, 1e6)
    result = run(parameters, [])
    for sample in range(samples):
        landscape = disorder_sample(
            SEED, "test", N, sample, {"graph": "complete", "energies": energies}
        )
        lowest = energies_at(landscape, np.arange(2**N, dtype=np.uint64)).min()
        assert result.energy.values[sample, -1] == lowest
    assert np.isfinite(result.departure).all()
    assert np.all(np.diff(result.energy, axis=1) <= 0)


@pytest.mark.uncompiled
def test_cold_walks_wander_on_a_level():
    """Test moves between states of equal energy at T = 0, half as many with the heat bath."""
    landscape = Complete(3, Staircase(1.0))
    for rule, expected in (("metropolis", 8.0), ("heat_bath", 16.0)):
        draws = 1000
        waited, states, _ = drawn(departures, landscape, RULES[rule].create(0.0), 6, -3.0, draws)
        assert np.all(states == 7)
        assert_within((waited.mean() / expected - 1) * np.sqrt(draws), comparisons=2)


@pytest.mark.uncompiled
def test_a_rule_finds_its_workspace():
    finite = disorder_sample(SEED, "test", 3, 0, INFINITE)
    for landscape, expected in ((infinite(), FreshStates), (finite, SortedStates)):
        assert isinstance(workspace(landscape, arrhenius.create(0.5)), Traps)
        for T in (0.0, 1e-6, 1.0, 1e6):
            assert isinstance(workspace(landscape, metropolis.create(T)), expected)
            thinned = workspace(landscape, heat_bath.create(T))
            assert isinstance(thinned, Thinned)
            assert isinstance(thinned.moves, expected)


@pytest.mark.uncompiled
def test_tables_too_large_are_refused():
    landscape = disorder_sample(SEED, "test", 40, 0, INFINITE)
    assert isinstance(workspace(landscape, arrhenius.create(0.5)), Traps)
    with pytest.raises(ValueError, match="N is 40, but must be at most 32 .* 24576 GiB"):
        workspace(landscape, metropolis.create(0.5))


# For all ------------------------------------------------------------------------------------------

MODELS = [
    ("exponential", "metropolis", np.inf, 0.6),
    ("exponential", "metropolis", np.inf, 0.9),
    ("exponential", "metropolis", np.inf, 2.0),
    ("exponential", "heat_bath", np.inf, 0.6),
    ("exponential", "arrhenius", np.inf, 0.6),
    ("exponential", "metropolis", 6, 0.6),
    ("exponential", "heat_bath", 6, 0.6),
    ("exponential", "arrhenius", 6, 0.6),
]


@pytest.mark.uncompiled
@pytest.mark.parametrize(("energies", "rule", "N", "T"), MODELS)
def test_a_visit_may_be_interrupted(energies, rule, N, T):
    """Test that a run in two pieces, the second with a new workspace, gives the same bits."""
    landscape = disorder_sample(SEED, "test", N, 0, {"graph": "complete", "energies": energies})
    chosen, silence = RULES[rule].create(T), Silence(np.zeros(0))

    def walk(*stops):
        rng, where, visit = np.random.default_rng(5), position(landscape), np.zeros(3)
        start_randomly(landscape, where, rng)
        for until in stops:
            room = rejection_free.create(landscape, chosen, True)
            rejection_free.trajectory(room, landscape, chosen, silence, 0, where, visit, until, rng)
        return where.words[0], where.energy[0], visit[0], rng.random()

    assert walk(100.0) == walk(3.0, 40.0, 100.0)


@pytest.mark.uncompiled
def test_states_met_again_have_their_energies():
    """Test that with finitely many states the energy of a position is that of its word."""
    landscape = disorder_sample(SEED, "test", 4, 1, INFINITE)
    levels = energies_at(landscape, np.arange(16, dtype=np.uint64))
    for module in RULES.values():
        chosen, rng, where = module.create(0.8), np.random.default_rng(2), position(landscape)
        start_randomly(landscape, where, rng)
        room = rejection_free.create(landscape, chosen, True)
        for until in np.arange(1.0, 60.0):
            visit = np.zeros(3)
            rejection_free.trajectory(
                room, landscape, chosen, Silence(np.zeros(0)), 0, where, visit, until, rng
            )
            assert where.energy[0] == levels[int(where.words[0])]


def digest():
    results = (
        run(dynamics_parameters("complete", energies, rule, N, T, 3, 100.0), [])
        for energies, rule, N, T in MODELS
    )
    return hashlib.sha256(b"".join(map(bits, results))).hexdigest()


def test_compiled_and_uncompiled_give_the_same_bits(pytestconfig):
    command = "from tests.dynamics.test_complete_graph import digest; print(digest())"
    result = subprocess.run(
        [sys.executable, "-c", command],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        cwd=pytestconfig.rootpath,
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == [digest()]
