"""What a campaign is estimated to cost, and how many samples a job takes."""

import math
from copy import deepcopy
from importlib import import_module

import numpy as np
import pytest

from glasscore.__main__ import main
from glasscore.campaign import cost, listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.plans import Job, plans
from glasscore.dynamics import cost as dynamics
from glasscore.landscapes import cost as landscapes
from glasscore.landscapes.energies.cost import trap_visits
from glasscore.landscapes.sample import disorder_sample
from glasscore.models.schedule import schedule
from tests.campaigns import dynamics_parameters
from tests.workflow.campaign_copy import CONFIG

# What estimates claim.
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
    """And windows that are recorded anyway do not move them."""
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
    """Traps drawn here, without the clocks: mean visits until t."""
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


# CPU microseconds of a sample, measured by the stage's own runs.
MEASURED = [
    ("hypercube", "exponential", "metropolis", 8, 0.5, 1e10, 3.7e6),
    ("hypercube", "exponential", "metropolis", 12, 0.3, 1e8, 395.0),
    ("hypercube", "exponential", "metropolis", 12, 0.75, 1e6, 3351.0),
    ("hypercube", "exponential", "metropolis", 16, 0.75, 1e8, 194741.0),
    ("hypercube", "exponential", "metropolis", 24, 0.5, 1e8, 2163.0),
    ("hypercube", "exponential", "metropolis", 24, 1.2, 1e6, 41228.0),
    ("hypercube", "exponential", "metropolis", 64, 0.75, 1e8, 75041.0),
    ("hypercube", "gaussian", "metropolis", 12, 0.5665, 1e10, 100166.0),
    ("hypercube", "gaussian", "metropolis", 20, 0.3397, 1e10, 1110.0),
    ("hypercube", "gaussian", "metropolis", 20, 0.8493, 1e8, 6025.0),
    ("hypercube", "gaussian", "metropolis", 64, 0.5665, 1e13, 8467.0),
    ("complete", "exponential", "arrhenius", math.inf, 0.7, 1e8, 7414.0),
    ("complete", "exponential", "arrhenius", 8, 0.5, 1e8, 10876.0),
    ("complete", "exponential", "arrhenius", 12, 1.3, 1e6, 12315.0),
    ("complete", "exponential", "metropolis", math.inf, 0.0, 1e8, 137.0),
    ("complete", "exponential", "metropolis", math.inf, 0.8, 1e8, 38154.0),
    ("complete", "exponential", "metropolis", 12, 0.625, 1e8, 54620.0),
]
OF_COUPLINGS = [
    ("correlated", {"alpha": 0.0625}, 16, 0.5662, 1.6e6, 16495.0),
    ("correlated", {"alpha": 3.0}, 16, 0.5662, 1.6e6, 1229.0),
    ("pspin", {"p": 3}, 32, 0.4, 1e6, 2332.0),
    ("pspin", {"p": 3}, 128, 0.4, 1e6, 34509.0),
    ("sk", {"field": 0.0}, 64, 0.4, 1e6, 9179.0),
    ("sk", {"field": 0.0}, 256, 0.4, 1e6, 26762.0),
    ("number_partitioning", {"logarithm": True}, 32, 0.5, 1e6, 297.0),
]
CASES = [(model(*case), microseconds) for *case, microseconds in MEASURED] + [
    (model("hypercube", energies, "metropolis", N, T, t_max, **options), microseconds)
    for energies, options, N, T, t_max, microseconds in OF_COUPLINGS
]


@pytest.mark.parametrize(("point", "microseconds"), CASES)
def test_a_sample_takes_what_was_measured(point, microseconds):
    assert 1 / FACTOR < 1e6 * dynamics.seconds_of_a_sample(point) / microseconds < FACTOR


# The same of Langevin dynamics: model, N, T, further keys, CPU milliseconds of one sample.
LANGEVIN = [
    ({"name": "spherical", "covariance": {3: 0.5}}, 64, 0.5, {"waiting_times": [0, 2]}, 230),
    ({"name": "spherical", "covariance": {3: 0.5}}, 128, 0, {"waiting_times": [0, 2]}, 1240),
    ({"name": "spherical", "covariance": {2: 0.5, 4: 0.5}}, 40, 0.5, {}, 1000),
    ({"name": "linear", "r0": 2.5}, 600, 1,
     {"start": "equilibrium", "t_max": 16, "response": True, "frequencies": [0, 1]}, 900),
    ({"name": "soft", "r": 0, "u": 1}, 128, 1.2,
     {"t_max": 20, "waiting_times": [0, 10], "response": True}, 130),
    ({"name": "soft", "r": 0, "u": 1}, 1024, 1.2, {"t_max": 5, "response": True}, 590),
    ({"name": "soft", "r": 0, "u": 1}, 4096, 1.2,
     {"t_max": 4, "time_step": 0.1, "trajectories": 1, "start": "planted"}, 1210),
    ({"name": "spiked_tensor", "r": 2}, 64, 0.2, {"t_max": 20, "trajectories": 8}, 280),
]  # fmt: skip


@pytest.mark.parametrize(("of_model", "N", "T", "changed", "milliseconds"), LANGEVIN)
def test_a_langevin_sample_takes_what_was_measured(of_model, N, T, changed, milliseconds):
    study = {"model": of_model, "N": N, "T": T, "samples": 1, "t_max": 10, **changed}
    jobs = listing.jobs(validated({"campaign": "a", "seed": 1, "langevin": {"one": study}}))
    (found,) = cost.of_jobs(jobs).values()
    assert 1 / FACTOR < 1e3 * (found.seconds - cost.START) / milliseconds < FACTOR


@pytest.mark.parametrize("t_max", [1e6, 1e8, 1e12])
@pytest.mark.parametrize("recorder", ["basins", "metabasins"])
def test_recorders_of_traps_count_in_the_memory_of_a_sample(recorder, t_max):
    """What one more sample adds to a record and to the copy that is completed at the end."""
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


def size_of(record):
    """Bytes of the arrays of a recorder."""
    if isinstance(record, tuple):
        return sum(map(size_of, record))
    return getattr(record, "nbytes", 0)


@pytest.mark.parametrize("N", [2, 24, 64, math.inf])
def test_a_survey_of_the_complete_graph_costs_its_steps_alone(N):
    """No state is stored: only rules that look where a move leads have a table."""
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
