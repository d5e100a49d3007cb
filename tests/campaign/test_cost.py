"""What a campaign is estimated to cost, and how many samples a job takes."""

import math
import tracemalloc
from copy import deepcopy
from importlib import import_module

import numpy as np
import pytest

from glasscore.__main__ import main
from glasscore.campaign import cost, listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.cost import EMPTY, START
from glasscore.common.plans import Job, plans
from glasscore.dynamics import cost as dynamics
from glasscore.dynamics import stage as dynamics_stage
from glasscore.dynamics.rules import rule_at
from glasscore.landscapes import cost as landscapes
from glasscore.landscapes.energies.cost import trap_visits
from glasscore.landscapes.sample import disorder_sample
from glasscore.langevin import cost as langevin
from glasscore.langevin import stage as langevin_stage
from glasscore.models.schedule import schedule
from tests.campaigns import dynamics_parameters
from tests.workflow.campaign_copy import CONFIG

# The factor within which estimates claim to be right.
FACTOR = 3.0


def one_study(**changed):
    study = {**CONFIG["activated"]["rem"], "block": "auto", **changed}
    return validated({**CONFIG, "activated": {"rem": study}, "figures": []})


def dynamics_jobs(config):
    jobs = listing.jobs(config).values()
    return {job.output: job.parameters for job in jobs if job.stage == "dynamics"}


def model(graph, energies, rule, N, T, t_max, clock="superbasin", **options):
    parameters = dynamics_parameters(graph, energies, rule, N, T, 1, t_max, clock=clock)
    parameters["landscape"] |= options
    return parameters


HYPERCUBE = [
    ("exponential", {}, (8, 16, 24, 64)),
    ("gaussian", {}, (8, 32, 64)),
    ("correlated", {"alpha": 0.5}, (8, 16, 24)),
    ("sk", {"field": 0.0}, (16, 256, 4096)),
    ("pspin", {"p": 3}, (16, 64, 256)),
    ("number_partitioning", {"logarithm": False}, (20, 100)),
]
POINTS = [
    model("hypercube", energies, "metropolis", N, T, t_max, clock, **options)
    for energies, options, sizes in HYPERCUBE
    for N in sizes
    for T in (0.0, 1e-6, 0.3, 0.75, 1.0, 1e6)
    for t_max in (11.0, 1e6, 1e15)
    for clock in discovery.names("dynamics/clocks")
] + [
    model("complete", "exponential", rule, N, T, t_max)
    for rule, coldest in (("arrhenius", 1e-6), ("metropolis", 0.0))
    for N in (2, 12, 24, math.inf)
    for T in (coldest, 0.5, 1.0, 1e6)
    for t_max in (11.0, 1e6, 1e15)
]


def test_a_block_is_as_large_as_time_and_memory_allow():
    for point in POINTS:
        samples = dynamics.samples_of_a_job(point)
        larger = samples * (2.5 if str(samples).startswith("2") else 2.0)
        assert str(samples).rstrip("0") in ("1", "2", "5")
        limits = (
            dynamics.SECONDS_OF_A_JOB / dynamics.seconds_of_a_sample(point),
            dynamics.MEMORY_OF_A_JOB / dynamics.memory_of_a_sample(point),
            dynamics.LARGEST_BLOCK,
        )
        assert samples <= max(1.0, min(limits))
        assert larger > min(limits)


def test_longer_runs_never_come_in_larger_blocks():
    for point in POINTS:
        later = {**point, "t_max": 10.0 * point["t_max"]}
        assert dynamics.seconds_of_a_sample(later) >= dynamics.seconds_of_a_sample(point)
        assert dynamics.samples_of_a_job(later) <= dynamics.samples_of_a_job(point)


def test_more_samples_leave_the_blocks_there_are_as_they_are():
    """Neither more samples nor windows that are recorded anyway change the blocks."""
    point = {"N": [64], "T": [0.95], "t_max": 1e9}
    few, many, others = (
        dynamics_jobs(one_study(**point, **changed))
        for changed in ({"samples": 1000}, {"samples": 9999}, {"samples": 1000, "windows": [2.0]})
    )
    assert len(few) > 2
    assert few == others
    assert few.items() <= many.items()


def test_a_number_of_samples_in_a_block_is_kept():
    assert {job["samples"] for job in dynamics_jobs(one_study(samples=10, block=5)).values()} == {5}


@pytest.mark.parametrize("x", [0.3, 0.5, 0.7, 1.3])
@pytest.mark.parametrize("M", [2**8, 2**12, math.inf])
@pytest.mark.parametrize("t", [1e4, 1e6])
def test_visits_to_traps(x, M, t):
    """Mean visits until t are compared with traps that are drawn here, without the clocks."""
    rng = np.random.default_rng(20190129)
    total, runs = 0, 100
    for _ in range(runs):
        mean_times = rng.random(2**18 if math.isinf(M) else M) ** (-1.0 / x)
        visits, time = 0, 0.0
        while time < t:
            traps = rng.integers(mean_times.size, size=4096)
            arrivals = time + np.cumsum(mean_times[traps] * rng.standard_exponential(4096))
            visits += np.count_nonzero(arrivals < t)
            time = arrivals[-1]
        total += visits + 1
    estimated = trap_visits(x, math.log2(M), t)
    assert 1 / FACTOR < estimated / (total / runs) < FACTOR


# The work of a run is counted by its random numbers, which are the same on every machine.
MULTIPLIER, WORDS = 0x2360ED051FC65DA44385DF649FCCF645, 2**128
# A visit draws two numbers: where to go, and how long to stay.
WORDS_OF_A_VISIT = 2.0
# A leap over many visits draws more numbers, each of which takes a few nanoseconds.
WORDS_OF_A_LEAP = 40.0


def words_between(before, after):
    """How often a generator (PCG64) stepped between two of its states."""
    state, wanted, step, plus, bit, count = (
        before["state"], after["state"], MULTIPLIER, before["inc"], 1, 0
    )  # fmt: skip
    while state != wanted:
        if (state ^ wanted) & bit:
            state, count = (state * step + plus) % WORDS, count | bit
        bit, plus, step = bit << 1, (step + 1) * plus % WORDS, step * step % WORDS
    return count


@pytest.fixture
def drawn(monkeypatch):
    """Run a stage; return the number of 64-bit words that each of its random streams drew."""

    def words_of(stage, parameters):
        made = []

        def stream(seeds):
            made.append(create(seeds))
            begun.append(made[-1].state["state"])
            return made[-1]

        create, begun = np.random.PCG64, []
        with monkeypatch.context() as patched:
            patched.setattr(np.random, "PCG64", stream)
            stage.run(parameters, [])
        ends = [one.state["state"] for one in made]
        return [words_between(*pair) for pair in zip(begun, ends, strict=True)]

    return words_of


def test_words_are_counted():
    rng = np.random.default_rng(1)
    before = rng.bit_generator.state["state"]
    rng.random(1000)
    assert words_between(before, rng.bit_generator.state["state"]) == 1000


# Points with few visits and with many, cold and hot, aging and in equilibrium.
VISITS = [
    model("hypercube", "exponential", "metropolis", 8, 0.5, 1e8),
    model("hypercube", "exponential", "metropolis", 12, 0.75, 1e6),
    model("hypercube", "exponential", "metropolis", 16, 0.75, 1e7),
    model("hypercube", "exponential", "metropolis", 24, 0.5, 1e8),
    model("hypercube", "exponential", "metropolis", 24, 1.2, 1e6),
    model("hypercube", "exponential", "metropolis", 64, 0.75, 1e7),
    model("hypercube", "gaussian", "metropolis", 12, 0.5665, 1e10),
    model("hypercube", "gaussian", "metropolis", 20, 0.8493, 1e8),
    model("hypercube", "correlated", "metropolis", 16, 0.5662, 1e6, "rejection_free", alpha=0.0625),
    model("hypercube", "correlated", "metropolis", 16, 0.5662, 1e6, "rejection_free", alpha=3.0),
    model("hypercube", "pspin", "metropolis", 32, 0.4, 1e6, "rejection_free", p=3),
    model("hypercube", "pspin", "metropolis", 128, 0.4, 1e5, "rejection_free", p=3),
    model("complete", "exponential", "arrhenius", math.inf, 0.7, 1e8),
    model("complete", "exponential", "arrhenius", 8, 0.5, 1e8),
    model("complete", "exponential", "arrhenius", 12, 1.3, 1e6),
    model("complete", "exponential", "metropolis", math.inf, 0.0, 1e8),
    model("complete", "exponential", "metropolis", math.inf, 0.8, 1e7),
    model("complete", "exponential", "metropolis", 8, 0.625, 1e7),
]
# Cold points, where nearly all jumps are returns. Their number differs from landscape to landscape,
# and the estimate is an upper bound.
COLD = [
    model("hypercube", "exponential", "metropolis", 24, 0.5, 1e8, "rejection_free"),
    model("hypercube", "gaussian", "metropolis", 20, 0.5, 1e7, "rejection_free"),
    model("hypercube", "number_partitioning", "metropolis", 32, 0.5, 1e6, "rejection_free",
          logarithm=True, bits=math.inf),
]  # fmt: skip


def steps(point):
    """Visits and leaps that a sample is estimated to take one by one."""
    visits = dynamics.visits_of_a_sample(point)
    if point["clock"] == "superbasin":
        return min(visits, dynamics.visits_and_leaps_of_a_sample(point))
    return visits


def named(point):
    model = point["landscape"]
    return f"{model['energies']}-{point['rule']}-N{point['N']}-T{point['T']}"


def visits_of(point, drawn):
    """Visits of a sample of the dynamics, counted by its random numbers."""
    samples = int(min(max(1e6 / steps(point), 5), 40))
    _, *words = drawn(dynamics_stage, {**point, "samples": samples})  # the first warms up
    assert len(words) == samples
    return np.mean(words) / WORDS_OF_A_VISIT


@pytest.mark.parametrize("point", VISITS, ids=named)
def test_as_many_visits_are_made_as_estimated(point, drawn):
    assert 1 / FACTOR < steps(point) / visits_of(point, drawn) < FACTOR


@pytest.mark.parametrize("point", COLD, ids=named)
def test_no_more_visits_are_made_than_estimated(point, drawn):
    counted = visits_of(point, drawn)
    assert 1.0 < counted < FACTOR * steps(point)


LEAPT = [
    model("hypercube", "exponential", "metropolis", 12, 0.3, 1e8),
    model("hypercube", "gaussian", "metropolis", 20, 0.3397, 1e10),
    model("hypercube", "gaussian", "metropolis", 64, 0.5665, 1e13),
]


@pytest.mark.parametrize("point", LEAPT, ids=named)
def test_leaps_and_visits_between_them_are_as_many_as_estimated(point, drawn):
    """Counts may exceed estimates by a known factor, since a leap draws more words than a visit."""
    counted = visits_of(point, drawn)
    assert steps(point) / FACTOR < counted < steps(point) * WORDS_OF_A_LEAP / WORDS_OF_A_VISIT
    assert counted < dynamics.visits_of_a_sample(point)


def test_the_superbasin_clock_is_never_said_to_make_more_steps():
    leaping = [point for point in POINTS if point["clock"] == "superbasin"]
    assert leaping
    for point in leaping:
        other = {**point, "clock": "rejection_free"}
        assert dynamics.seconds_of_a_sample(point) <= dynamics.seconds_of_a_sample(other)


def test_visits_take_longer_where_there_is_more_to_do():
    for point in POINTS:
        nanoseconds = dynamics.nanoseconds_of_a_visit(point)
        assert nanoseconds >= 10.0
        more = {**point, "recorders": [*point["recorders"], "metabasins"]}
        assert dynamics.nanoseconds_of_a_visit(more) > nanoseconds
        if point["landscape"]["graph"] == "hypercube":  # the rates of all moves are looked at
            larger = dynamics.nanoseconds_of_a_visit({**point, "N": 4 * point["N"]})
            assert nanoseconds < larger <= 4 * nanoseconds + 1000.0


def test_a_block_takes_its_samples_one_after_the_other():
    for point in POINTS:
        one, many = (dynamics.estimate({**point, "samples": n}, []) for n in (1, 100))
        landscape = landscapes.memory_of_a_landscape(point)
        assert many.seconds - START == pytest.approx(100 * (one.seconds - START))
        each = one.memory - EMPTY - landscape
        assert many.memory - EMPTY - landscape == pytest.approx(100 * each)


# Points of Langevin dynamics: model, N, T and further keys.
LANGEVIN = [
    ({"name": "spherical", "covariance": {3: 0.5}}, 64, 0.5, {"waiting_times": [0, 1]}),
    ({"name": "spherical", "covariance": {2: 0.5, 4: 0.5}}, 40, 0.5, {}),
    ({"name": "soft", "r": 0, "u": 1}, 128, 1.2, {"waiting_times": [0, 1], "response": True}),
    ({"name": "soft", "r": 0, "u": 1}, 1024, 1.2, {"t_max": 1, "response": True}),
    ({"name": "spiked_tensor", "r": 2}, 64, 0.2, {"trajectories": 8}),
]


def langevin_parameters(of_model, N, T, changed):
    study = {"model": of_model, "N": N, "T": T, "samples": 1, "t_max": 2, **changed}
    config = {"campaign": "a", "seed": 1, "langevin": {"one": study}}
    (job,) = listing.jobs(validated(config)).values()
    return job.parameters


@pytest.mark.parametrize("case", LANGEVIN)
def test_as_many_normal_numbers_are_drawn_in_langevin_dynamics_as_estimated(case, drawn):
    """Without noise only the couplings draw normal numbers."""
    of_model, N, T, changed = case
    warm, cold = (langevin_parameters(of_model, N, one, changed) for one in (T, 0))
    seconds = langevin.estimate(warm, []).seconds - langevin.estimate(cold, []).seconds
    counted = sum(drawn(langevin_stage, warm)) - sum(drawn(langevin_stage, cold))
    assert 1 / FACTOR < seconds / langevin.NORMAL / counted < FACTOR


def test_noise_that_begins_later_is_drawn_from_the_start_on(drawn):
    """A run at T = 0 that is heated draws as many numbers as a hot one, which the cost knows."""
    of_model, N, T, changed = LANGEVIN[0]
    heated = {**changed, "ramps": [{"begin": 1, "T": T}]}
    hot, cold = (langevin_parameters(of_model, N, *each) for each in ((T, changed), (0, heated)))
    assert langevin.estimate(cold, []).seconds == langevin.estimate(hot, []).seconds
    words = [sum(drawn(langevin_stage, each)) for each in (cold, hot)]
    # A normal number takes now and then more than one word of random bits.
    assert words[0] == pytest.approx(words[1], rel=0.01)


@pytest.mark.parametrize("case", LANGEVIN)
def test_langevin_dynamics_allocates_no_more_than_estimated(case):
    """The memory of an empty process is left out; the estimate is also not far too large."""
    parameters = langevin_parameters(*case)
    langevin_stage.run({**parameters, "samples": 1}, [])
    tracemalloc.start()
    try:
        langevin_stage.run(parameters, [])
        _, largest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert largest < langevin.estimate(parameters, []).memory - EMPTY < 2 * FACTOR * largest


@pytest.mark.parametrize("case", LANGEVIN)
def test_langevin_dynamics_costs_more_of_more_work(case):
    """The cost grows with the couplings of N spins, with trajectories and with steps."""
    parameters = langevin_parameters(*case)

    def seconds(**changed):
        return langevin.estimate({**parameters, **changed}, []).seconds - START

    N, steps = 4096, {"t_max": 64.0, "waiting_times": [0.0], "trajectories": 64}
    power = max(langevin._powers(parameters["model"]))
    assert seconds(N=2 * N, **steps) / seconds(N=N, **steps) == pytest.approx(2**power, rel=0.1)
    once = seconds(**steps)
    assert seconds(**steps | {"t_max": 128.0}) == pytest.approx(2 * once, rel=0.1)
    assert once < seconds(**steps | {"trajectories": 128}) < 2.1 * once
    assert seconds(samples=64, **steps) > 32 * seconds(samples=1, **steps) / 1.5


@pytest.mark.parametrize("t_max", [1e6, 1e8, 1e12])
@pytest.mark.parametrize("recorder", ["basins", "metabasins"])
def test_recorders_of_traps_count_in_the_memory_of_a_sample(recorder, t_max):
    """One more sample adds memory to a record and to the copy that is completed at the end."""
    point = model("complete", "exponential", "metropolis", math.inf, 0.4, t_max)
    point |= {"times_per_decade": 8, "waiting_times_per_decade": 4, "recorders": []}
    estimated = dynamics.memory_of_a_sample({**point, "recorders": [recorder]})
    estimated -= dynamics.memory_of_a_sample(point)
    create = import_module(f"glasscore.dynamics.recorders.{recorder}").create
    landscape = disorder_sample(1, "study", math.inf, 0, point["landscape"])
    one, two = (
        size_of(create(landscape, schedule(t_max, 8, 4, []), samples, threshold=-1.0))
        for samples in (1, 2)
    )
    assert two - one < estimated < FACTOR * 2 * (two - one)


@pytest.mark.parametrize("t_max", [1e6, 1e8, 1e12])
@pytest.mark.parametrize(
    "landscape",
    [
        ("hypercube", "sk", "metropolis", 64, 1.5),
        ("hypercube", "sk", "metropolis", 1000, 1.5),
        ("complete", "exponential", "arrhenius", 12, 0.5),
        ("complete", "exponential", "arrhenius", math.inf, 0.5),
    ],
)
def test_responses_count_in_the_memory_of_a_sample(landscape, t_max):
    """The scores of all spins, or the times in all traps, are kept at each waiting time."""
    options = {"field": 0.0} if landscape[1] == "sk" else {}
    point = model(*landscape, t_max, **options)
    point |= {"times_per_decade": 8, "waiting_times_per_decade": 4, "recorders": []}
    estimated = dynamics.memory_of_a_sample({**point, "recorders": ["responses"]})
    estimated -= dynamics.memory_of_a_sample(point)
    create = import_module("glasscore.dynamics.recorders.responses").create
    rule = rule_at(point["rule"], point["T"])
    drawn = disorder_sample(1, "study", point["N"], 0, point["landscape"])
    one, two = (
        size_of(create(drawn, schedule(t_max, 8, 4, []), samples, rule)) for samples in (1, 2)
    )
    assert (two - one) / FACTOR < estimated < FACTOR * 2 * (two - one)


def size_of(record):
    """Bytes of the arrays of a recorder."""
    if isinstance(record, tuple):
        return sum(map(size_of, record))
    return getattr(record, "nbytes", 0)


@pytest.mark.parametrize("N", [2, 24, 64, math.inf])
def test_a_survey_of_the_complete_graph_costs_its_steps_alone(N):
    """No states are stored. Only rules that need the energy after a move have a table."""
    survey = {"landscape": {"graph": "complete", "energies": "exponential"}, "N": N}
    assert landscapes.memory_of_a_landscape(survey) == 0.0
    assert landscapes.seconds_of_a_landscape(survey) == 0.0


def test_a_table_of_sorted_states_comes_beside_what_is_stored():
    energies = {"graph": "complete", "energies": "correlated", "alpha": 1.0}
    point = {"landscape": energies, "rule": "metropolis", "N": 20}
    stored, both = 2 * 8 * 2.0**20, (2 * 8 + 3 * 8) * 2.0**20
    assert landscapes.memory_of_a_landscape(point) == both
    assert landscapes.memory_of_a_landscape({**point, "rule": "arrhenius"}) == stored


@pytest.mark.parametrize("stage", plans())
def test_every_stage_has_an_estimate(stage):
    assert discovery.defines(stage, "cost", "estimate")


def chain(*inputs):
    return Job("traps", "", {}, inputs)


class TestWallTime:
    def test_jobs_fill_the_cores(self):
        jobs = dict.fromkeys("abcd", chain())
        for cores, seconds in ((1, 10.0), (2, 5.0), (3, 4.0), (100, 4.0)):
            assert cost.wall_time(jobs, {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}, cores) == seconds

    def test_a_job_waits_for_its_inputs(self):
        jobs = {"a": chain(), "b": chain(), "c": chain("a"), "d": chain("c", "b")}
        seconds = {"a": 1.0, "b": 10.0, "c": 2.0, "d": 3.0}
        assert cost.wall_time(jobs, seconds, 1) == 16.0
        assert cost.wall_time(jobs, seconds, 2) == cost.wall_time(jobs, seconds, 9) == 13.0

    def test_nothing_takes_no_time(self):
        assert cost.wall_time({}, {}, 2) == 0.0


def test_averages_cost_more_of_more_samples():
    few, many = (
        cost.of_jobs(listing.jobs(one_study(samples=samples, N=[8], T=[0.5])))[
            "traps/rem/N8_T0.5.nc"
        ]
        for samples in (10, 10000)
    )
    assert few.seconds < many.seconds
    assert few.memory < many.memory


def test_a_stage_without_an_estimate_is_shown_all_the_same(monkeypatch):
    jobs = listing.jobs(one_study())
    defines = discovery.defines
    monkeypatch.setattr(
        discovery, "defines", lambda folder, *names: folder != "traps" and defines(folder, *names)
    )
    cost._estimator.cache_clear()
    try:
        lines = cost.table(jobs, 2).splitlines()
    finally:
        cost._estimator.cache_clear()
    assert any(line.startswith("traps") and line.endswith("not known") for line in lines)
    assert lines[-1].startswith("Stages without an estimate")


def test_every_stage_of_a_campaign_is_in_the_table():
    jobs = listing.jobs(validated(deepcopy(CONFIG)))
    table = cost.table(jobs, 1)
    for stage in {job.stage for job in jobs.values()}:
        count = sum(job.stage == stage for job in jobs.values())
        assert f"{stage:12s}{count:8d}" in table
    assert f"{'all':12s}{len(jobs):8d}" in table
    assert "on 1 core: " in table


def test_times_and_numbers_in_words():
    assert cost.in_words(0.0) == "0 seconds"
    assert cost.in_words(119.0) == "120 seconds"
    assert cost.in_words(120.0) == "2.0 minutes"
    assert cost.in_words(7.5 * 3600) == "7.5 hours"
    assert cost.in_words(1e7) == "120 days"
    assert [cost.rounded(value) for value in (0.00123, 0.996, 9.96, 12345.0)] == [
        "0.0012", "1.0", "10", "12000",
    ]  # fmt: skip


def test_from_the_command_line(capsys):
    assert main(["estimate", "config/tiny.yaml", "--cores", "4"]) == 0
    assert "on 4 cores: " in capsys.readouterr().out


@pytest.mark.parametrize("cores", ["0", "-1", "1.5", "many", "1000001"])
def test_impossible_numbers_of_cores_are_refused(cores, capsys):
    with pytest.raises(SystemExit):
        main(["estimate", "config/tiny.yaml", "--cores", cores])
    assert "from 1 to 1000000" in capsys.readouterr().err


def test_a_faulty_campaign_is_refused_in_a_sentence(tmp_path, capsys):
    (tmp_path / "bad.yaml").write_text("campaign: bad\nseed: 1\nactivated: {}\n")
    assert main(["estimate", str(tmp_path / "bad.yaml")]) == 1
    assert "are all empty" in capsys.readouterr().err
