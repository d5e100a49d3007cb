"""Test the rejection clock against exact laws, against the other clocks, and against itself."""

import math
import os
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest
from scipy import stats

from glasscore.dynamics.clocks import rejection
from glasscore.dynamics.interface import (
    DEPARTURE,
    VISIT_SIZE,
    attempt_move,
    compute_rates,
    join_recorders,
)
from glasscore.dynamics.recorders import configurations, energy, trapping_times
from glasscore.dynamics.rules import arrhenius, heat_bath, metropolis
from glasscore.dynamics.stage import run
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import energies_at, position, update_energy
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule
from tests.campaigns import SEED, bits, dynamics_parameters
from tests.master_equation import assert_obeyed, solved
from tests.statistical import assert_same_distribution, assert_within

EXPONENTIAL = {"graph": "hypercube", "energies": "exponential"}
GAUSSIAN = {"graph": "hypercube", "energies": "gaussian"}
SK = {"graph": "hypercube", "energies": "sk", "field": 0.4}
P_SPIN = {"graph": "hypercube", "energies": "pspin", "p": 3}
FOUR_SPIN = {"graph": "hypercube", "energies": "pspin", "p": 4}
STEPS = {"graph": "complete", "energies": "exponential"}
RULES = {"metropolis": metropolis, "heat_bath": heat_bath, "arrhenius": arrhenius}


@pytest.fixture(autouse=True)
def _words_wrap_around():
    with np.errstate(over="ignore"):
        yield


def parameters(model, rule, N, T, samples, t_max, **others):
    return dynamics_parameters(
        model["graph"],
        model["energies"],
        rule,
        N,
        T,
        samples,
        t_max,
        **{"landscape": model, "clock": "rejection", **others},
    )


# Importing the module of a graph registers its workspaces.
for graph in ("hypercube", "complete"):
    import_module(f"glasscore.dynamics.graphs.{graph}")

# The law of trajectories --------------------------------------------------------------------------


def acceptance(rule, energy, after, T):
    """The rate of an attempted move, from its definition."""
    if rule == "metropolis":
        return np.exp(np.minimum(0.0, (energy - after) / T))
    if rule == "heat_bath":
        return 1.0 / (1.0 + np.exp((after - energy) / T))
    return np.exp(energy / T) * np.ones_like(after)


SYSTEMS = [
    (EXPONENTIAL, "metropolis", 6, 0.5, 600, "rejection"),
    (GAUSSIAN, "metropolis", 8, 0.9, 100, "rejection"),
    (GAUSSIAN, "arrhenius", 6, 0.9, 600, "rejection"),
    (SK, "heat_bath", 6, 0.4, 600, "rejection"),
    (P_SPIN, "metropolis", 6, 0.4, 600, "rejection"),
    (FOUR_SPIN, "metropolis", 6, 0.4, 300, "rejection"),
    (STEPS, "metropolis", 6, 0.5, 600, "rejection"),
    (SK, "heat_bath", 6, 0.4, 600, "rejection_free"),
    (P_SPIN, "metropolis", 6, 0.4, 600, "rejection_free"),
]
T_MAX = 1e3
TIMES = 8


@pytest.mark.parametrize(
    ("model", "rule", "N", "T", "samples", "clock"),
    SYSTEMS,
    ids=lambda v: v["energies"] if isinstance(v, dict) else str(v),
)
def test_master_equation(model, rule, N, T, samples, clock):
    """Compare energy, return and persistence probabilities at 8 times, and jumps at the end."""
    result = run(parameters(model, rule, N, T, samples, T_MAX, clock=clock), [])
    omega = 0.5
    waiting = np.flatnonzero(result.waiting_time.values <= T_MAX / (1 + omega))
    waiting = waiting[:: max(1, waiting.size // TIMES)][:TIMES]
    landscapes = (disorder_sample(SEED, "test", N, sample, model) for sample in range(samples))
    t_w = result.waiting_time.values[waiting]
    means = solved(landscapes, model["graph"], rule, N, T, t_w, omega, T_MAX)
    comparisons = (3 * TIMES + 1) * len(SYSTEMS)
    assert_obeyed(result, waiting, omega, means, comparisons)
    excess = result.visits.values - means.visits
    assert_within(excess.mean() / (excess.std(ddof=1) / math.sqrt(samples)), comparisons)


def record(landscape, t_max):
    """The recorders of a job of one sample."""
    plan = schedule(t_max, 8, 4, [])
    modules = (configurations, energy, trapping_times)
    return join_recorders([module.create(landscape, plan, 1) for module in modules])


# The law of one visit -----------------------------------------------------------------------------


@kernel
def one_visit(clock, landscape, rule, recorder, sample, where, visits, rng):
    """Run visits to one state; return their durations and the moves that end them.

    All arguments of the trajectory have the types that they have in the stage, so that both share
    its code: the sample is not a constant, and a row that is looked up is contiguous.
    """
    for index in range(len(visits)):
        visit = visits[index]
        visit[:] = 0.0
        rejection.trajectory(clock, landscape, rule, recorder, sample, where, visit, 1e-300, rng)


VISITS = [
    (GAUSSIAN, "metropolis", 5, 1.0),
    (GAUSSIAN, "arrhenius", 5, 4.0),
    (SK, "heat_bath", 5, 0.5),
]


@pytest.mark.parametrize("most", [1, 3, rejection.MOST_ATTEMPTS])
@pytest.mark.parametrize(("model", "rule", "N", "T"), VISITS, ids=lambda v: str(v)[-12:])
def test_one_visit(model, rule, N, T, most):
    """Test exponential durations, moves in proportion to their rates, and their independence."""
    landscape = disorder_sample(SEED, "visit", N, 1, model)
    chosen = RULES[rule].create(T)
    clock = rejection.create(landscape, chosen, True)._replace(most=most)
    levels = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
    tests = 3 * 2 * len(VISITS) * 3
    # The two states are an excited state and the ground state.
    for state in (int(np.argsort(levels)[2**N * 3 // 4]), int(np.argmin(levels))):
        where = position(landscape)
        where.words[0] = state
        settle(landscape, where)
        visits = np.zeros((20_000, VISIT_SIZE))
        rng = np.random.default_rng(state)
        one_visit(clock, landscape, chosen, record(landscape, 1.0), 0, where, visits, rng)
        after = levels[state ^ (1 << np.arange(N))]
        rates = acceptance(rule, levels[state], after, T) / N
        lengths = visits[:, DEPARTURE] * rates.sum()
        moves = visits[:, rejection.DESTINATION].astype(int)
        assert stats.kstest(lengths, "expon").pvalue > 1e-6 / tests
        expected = rates / rates.sum() * len(visits)
        assert_same_distribution(np.bincount(moves, minlength=N), expected, 1e-6 / tests)
        # The product of two independent variables has the exact mean 0 and a known variance.
        product = (lengths - 1) * (moves - moves.mean()) / moves.std()
        assert_within(product.mean() * math.sqrt(len(visits)), tests)


@kernel
def settle(landscape, where):
    update_energy(landscape, where)


@kernel
def gammas(n, values, rng):
    for index in range(values.size):
        values[index] = rejection.gamma(n, rng)


@pytest.mark.parametrize("n", [1, 2, 7, 1000, rejection.MOST_ATTEMPTS])
def test_sum_of_exponential_times(n):
    values = np.zeros(50_000)
    gammas(n, values, np.random.default_rng(n))
    assert stats.kstest(values, stats.gamma(n).cdf).pvalue > 1e-6 / 5


# Detailed balance ---------------------------------------------------------------------------------


@kernel
def count_accepted(landscape, rule, where, work, tried, prepared, counts, rng):
    """Count how often each move is accepted among the attempts at one state."""
    if prepared:
        compute_rates(work, landscape, rule, where)
    for _ in range(tried):
        if prepared:
            accepted = rejection.attempt_from_table(work, landscape, rule, where, rng)
        else:
            accepted = attempt_move(work, landscape, rule, where, rng)
        if accepted:
            counts[work.chosen[0]] += 1


BALANCED = [(GAUSSIAN, 3), (SK, 4), (P_SPIN, 4)]


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("model", "N"), BALANCED, ids=lambda v: str(v)[-12:])
def test_detailed_balance(model, N, rule, prepared):
    """Test the balance of accepted moves with Boltzmann weights, and each acceptance on its own.

    The numbers of attempts are equal for all states and attempts are independent, so that the
    counts are binomial.
    """
    T, tried = 0.8, 1_000_000
    landscape = disorder_sample(SEED, "balance", N, 2, model)
    levels = energies_at(landscape, np.arange(2**N, dtype=np.uint64))
    chosen = RULES[rule].create(T)
    work = rejection.create(landscape, chosen, True).work
    counts, bounds = np.zeros((2**N, N)), np.zeros(2**N)
    rng = np.random.default_rng(5)
    for state in range(2**N):
        where = position(landscape)
        where.words[0] = state
        settle(landscape, where)
        bounds[state] = rejection.largest_rate(chosen, levels[state])
        attempted = rejection.divide_rates(chosen, bounds[state])
        count_accepted(landscape, attempted, where, work, tried, prepared, counts[state], rng)

    states = np.arange(2**N)[:, np.newaxis]
    others = states ^ (1 << np.arange(N))
    moves = np.arange(N)
    probability = acceptance(rule, levels[states], levels[others], T) / N / bounds[:, np.newaxis]
    variance = tried * probability * (1 - probability)
    comparisons = 2 * N * 2**N * len(BALANCED) * len(RULES) * 2
    assert_within(
        ((counts - tried * probability) / np.sqrt(variance))[tried * probability > 50], comparisons
    )

    weight = np.exp(-(levels - levels.min()) / T) * bounds
    flow, error = counts * weight[:, np.newaxis], variance * weight[:, np.newaxis] ** 2
    back, error_back = flow[others, moves], error[others, moves]
    often = tried * np.minimum(probability, probability[others, moves]) > 50
    assert often.any()
    assert_within(((flow - back) / np.sqrt(error + error_back))[often], comparisons)


# One trajectory in parts, in other modes, at the limits -------------------------------------------


CONTINUED = [
    (EXPONENTIAL, "metropolis", 12, 0.6),
    (GAUSSIAN, "arrhenius", 12, 1.5),
    (P_SPIN, "metropolis", 12, 0.5),
    (SK, "heat_bath", 70, 0.5),
    (STEPS, "metropolis", 8, 0.7),
    (STEPS, "heat_bath", np.inf, 0.7),
    (STEPS, "arrhenius", 64, 0.7),
]


@pytest.mark.parametrize("most", [4, rejection.MOST_ATTEMPTS])
@pytest.mark.parametrize(("model", "rule", "N", "T"), CONTINUED, ids=lambda v: str(v)[-24:])
def test_a_run_in_parts_is_the_run(model, rule, N, T, most):
    """Test equal bits, if only position, visit, random stream and record are kept between parts."""

    def in_parts(stops):
        landscape = disorder_sample(SEED, "parts", N, 3, model)
        chosen = RULES[rule].create(T)
        where, visit, rng = position(landscape), np.zeros(VISIT_SIZE), np.random.default_rng(9)
        recorder = record(landscape, 2000.0)
        settle(landscape, where)
        count = 0
        for stop in stops:
            landscape = disorder_sample(SEED, "parts", N, 3, model)
            clock = rejection.create(landscape, chosen, True)._replace(most=most)
            count += rejection.trajectory(
                clock, landscape, chosen, recorder, 0, where, visit, stop, rng
            )
        rows = [row for one in recorder.each for row in one]
        kept = (*where, visit, *rows, np.array([count, rng.random()]))
        numbers = b"".join(np.asarray(part).tobytes() for part in kept)
        return numbers, recorder.each[0].departures[0]

    whole, departures = in_parts([2000.0])
    # Some stops lie within visits, two within the same visit, and some far apart.
    ends = np.unique(departures[np.isfinite(departures)])[:12]
    assert ends.size > 3
    stops = np.sort([1e-3, *np.nextafter(ends, 0), *ends, *(0.9 * ends), 2000.0])
    assert in_parts(stops[stops <= 2000.0])[0] == whole


MODELS = [
    (EXPONENTIAL, "metropolis", 20, 0.5),
    (GAUSSIAN, "arrhenius", 9, 0.9),
    (SK, "heat_bath", 70, 0.8),
    (P_SPIN, "metropolis", 12, 0.7),
    (FOUR_SPIN, "metropolis", 9, 0.7),
    (STEPS, "arrhenius", np.inf, 0.5),
]

COMPARE = """
import hashlib, numpy as np
from glasscore.dynamics.stage import run
from glasscore.models.schedule import schedule
from tests.campaigns import bits
from tests.dynamics.test_rejection import MODELS, parameters
for model in MODELS:
    print(hashlib.sha256(bits(run(parameters(*model, 3, 100.0), []))).hexdigest())
"""


def test_compiled_and_uncompiled_give_the_same_bits(pytestconfig):
    digests = [
        subprocess.run(
            [sys.executable, "-c", COMPARE],
            env={**os.environ, "NUMBA_DISABLE_JIT": switch},
            cwd=pytestconfig.rootpath,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for switch in "01"
    ]
    assert digests[0] == digests[1]
    assert len(set(digests[0].split())) == len(MODELS)


@pytest.mark.uncompiled
def test_blocks_do_not_matter():
    model = MODELS[0]
    whole = run(parameters(*model, 4, 100.0), [])
    part = run(parameters(*model, 2, 100.0, first_sample=2), [])
    assert bits(part) == bits(whole.isel(sample=slice(2, 4)))


@pytest.mark.parametrize("T", [0.0, 1e-6, 1e6])
@pytest.mark.parametrize(("model", "N"), [(GAUSSIAN, 64), (P_SPIN, 20)])
def test_the_longest_runs_end(model, N, T):
    """Test that runs of 1e15 attempts end, whether the state is frozen or not."""
    t_max = 1e15 if T < 1 else 1e3
    result = run(parameters(model, "metropolis", N, T, 4, t_max), [])
    assert np.isfinite(result.energy).all()
    assert (result.energy.diff("time") <= 0).all() or T > 1
    assert (result.visits > 0).all()
