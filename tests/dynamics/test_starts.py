"""Starts in equilibrium: the law of the first state, and what stays as it is in the run.

In equilibrium nothing depends on the waiting time. The energy of a planted state of Gaussian
energies is normal, with the mean -V/T and the variance V of a state's energy over samples.
"""

import json
import math

import numpy as np
import pytest
import xarray as xr
from scipy import special

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics import cost
from glasscore.dynamics.stage import run
from glasscore.dynamics.starts import equilibrium, planted
from glasscore.figures.drawing import solved_models
from glasscore.kernels.hashing import (
    hashed_words,
    keys_of,
    mixed,
    uniform,
    unmixed,
    words_of_uniform,
)
from glasscore.landscapes import couplings
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.graphs import hypercube
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import sample_of_job
from glasscore.theory.equilibrium_energy import planted_partition
from tests.campaigns import dynamics_parameters
from tests.statistical import assert_within, z_scores


def job(graph, energies, N, T, samples, t_max=100.0, start="planted", **others):
    """A job whose trajectories begin in equilibrium at its temperature."""
    options = {
        key: others.pop(key)
        for key in ("p", "field", "alpha", "logarithm", "bits")
        if key in others
    }
    given = dynamics_parameters(graph, energies, "metropolis", N, T, samples, t_max, **others)
    given["landscape"] |= options
    return {**given, "start": {"name": start, "T": T}}


def first_energies(module, given):
    """The energies of the states in which the trajectories of a job begin."""
    found = []
    for sample in range(given["samples"]):
        landscape, words = module.begin(given, sample)
        found.append(energies_at(landscape, words[np.newaxis])[0])
    return np.array(found)


@pytest.mark.uncompiled
def test_the_hash_is_inverted():
    rng = np.random.default_rng(1)
    with np.errstate(over="ignore"):
        for state, word, finer in rng.integers(0, 2**64, size=(100, 3), dtype=np.uint64):
            assert mixed(np.uint64(unmixed(int(word)))) == word
            keys = keys_of(int(state), int(word), int(finer))
            assert hashed_words(keys[0], keys[1], state) == (word, finer)


@pytest.mark.uncompiled
def test_words_are_found_for_numbers_down_to_the_deepest():
    rng = np.random.default_rng(2)
    for u in [*(rng.random(50) ** np.arange(1, 51)), 2.0**-100, 1.0]:
        word, finer = words_of_uniform(float(u), rng)
        # The last of 104 digits is half a unit off.
        assert uniform(np.uint64(word), np.uint64(finer)) == pytest.approx(
            u, rel=2**-50, abs=2**-103
        )


# Landscapes with an exact law of the first energy: its mean and variance.
def variance(N, p):
    return couplings.variance(N, p)


REAL = {"logarithm": True, "bits": np.inf}
PARTITIONS = {N: planted_partition(N, 2.0) for N in (20, 70)}
PLANTED = [
    (job("hypercube", "gaussian", 64, 1.0, 2000), -64.0, 64.0),
    (job("complete", "gaussian", 20, 0.9, 2000), -20.0 / 0.9, 20.0),
    (job("complete", "exponential", np.inf, 1.4, 2000), -3.5, 12.25),
    (job("hypercube", "exponential", 30, 2.0, 2000), -2.0, 4.0),
    (job("hypercube", "sk", 70, 1.5, 500, field=0.0), -34.5 / 1.5, 34.5),
    (job("hypercube", "pspin", 48, 0.8, 300, p=3), -variance(48, 3) / 0.8, variance(48, 3)),
    (job("hypercube", "pspin", 12, 0.7, 300, p=4), -variance(12, 4) / 0.7, variance(12, 4)),
    (job("hypercube", "pspin", 40, 1.2, 300, p=2), -19.5 / 1.2, 19.5),
    (job("hypercube", "number_partitioning", 20, 2.0, 2000, **REAL), *PARTITIONS[20]),
    (job("hypercube", "number_partitioning", 70, 2.0, 2000, **REAL), *PARTITIONS[70]),
]
# Fourth central moments in units of the squared variance, where energies are not normal. That of
# partitions is the limit of many numbers, at T = 2.
KURTOSIS = {
    "exponential": 9.0,
    "number_partitioning": 3.0 + special.polygamma(3, 0.25) / special.polygamma(1, 0.25) ** 2,
}


@pytest.mark.parametrize(("given", "mean", "spread"), PLANTED)
def test_planted_states_have_the_exact_law_of_the_energy(given, mean, spread):
    """Mean and variance of the energy."""
    found = first_energies(planted, given)
    count = found.size
    fourth = KURTOSIS.get(given["landscape"]["energies"], 3.0) * spread**2
    errors = math.sqrt(spread / count), math.sqrt((fourth - spread**2) / count)
    z = z_scores([found.mean(), np.mean((found - mean) ** 2)], [mean, spread], errors)
    assert_within(z, comparisons=2 * len(PLANTED))


@pytest.mark.parametrize("p", [2, 3, 4])
def test_planting_shifts_all_couplings_alike(p):
    """Each coupling is shifted by beta Var(J) times the product of its spins, to half a unit."""
    N, beta, key = 9, 0.8, np.array([3, 4], np.uint64)
    word = np.array([0b101100111], np.uint64)
    spins = np.array([1 if int(word[0]) >> i & 1 else -1 for i in range(N)])
    deviation = couplings.standard_deviation(N, p)
    unit = couplings.unit_of(deviation)
    change = couplings.planted_table(N, p, key, word, beta) - couplings.table(N, p, key)
    expected = np.zeros_like(change)
    for index in np.ndindex(*change.shape):
        places = index
        if p == 4:
            pairs = [(j, k) for j in range(N) for k in range(j + 1, N)]
            places = (index[0], *pairs[index[1]], index[2])
        if len(set(places)) == p:
            expected[index] = round(beta * deviation**2 / unit) * np.prod(spins[list(places)])
    assert np.array_equal(change, expected)


EXACT = [
    job("hypercube", "gaussian", 8, 0.5, 1000, start="equilibrium"),
    job("complete", "exponential", 8, 0.5, 1000, start="equilibrium"),
    job("hypercube", "sk", 8, 0.5, 1000, start="equilibrium", field=0.3),
    job("hypercube", "correlated", 8, 0.5, 1000, start="equilibrium", alpha=1.0),
]


@pytest.mark.parametrize("given", EXACT)
def test_exact_starts_have_boltzmanns_law_in_each_sample(given):
    """The energy less its exact mean in the sample, in units of its exact standard deviation."""
    deviation, spread = 0.0, 0.0
    for sample in range(given["samples"]):
        landscape, words = equilibrium.begin(given, sample)
        energies = energies_of_all_states(hypercube.create(given["N"], landscape.energies))
        weights = np.exp(-(energies - energies.min()) / given["T"])
        weights /= weights.sum()
        mean = weights @ energies
        deviation += energies[int(words[0])] - mean
        spread += weights @ (energies - mean) ** 2
    assert_within(deviation / math.sqrt(spread), comparisons=len(EXACT))


def test_an_exact_start_keeps_the_landscape():
    given = EXACT[0]
    words = np.arange(2**8, dtype=np.uint64)
    started, _ = equilibrium.begin(given, 3)
    assert np.array_equal(energies_at(started, words), energies_at(sample_of_job(given, 3), words))


STATIONARY = [
    (job("hypercube", "sk", 32, 1.5, 1000, 640.0, field=0.0), -15.5 / 1.5, 15.5),
    (job("hypercube", "pspin", 16, 0.8, 1000, 320.0, p=3), -variance(16, 3) / 0.8, variance(16, 3)),
    (job("hypercube", "gaussian", 20, 1.2, 1000, 1e3), -20.0 / 1.2, 20.0),
    (job("complete", "exponential", np.inf, 1.5, 1000, 1e4), -3.0, 9.0),
    (job("hypercube", "number_partitioning", 20, 2.0, 1000, 1e4, **REAL), *PARTITIONS[20]),
]


@pytest.mark.parametrize(("given", "mean", "spread"), STATIONARY)
def test_the_energy_keeps_its_exact_law_in_the_run(given, mean, spread):
    """The mean at all times at once, whose errors are those of the exact variance."""
    energy = run(given, []).energy
    z = z_scores(energy.mean("sample"), mean, math.sqrt(spread / given["samples"]))
    assert_within(z, comparisons=z.size * len(STATIONARY))


def test_correlations_of_a_planted_glass_do_not_age():
    """C(t_w, t_w + t) of the SK model at lags of one and four sweeps, at two waiting times."""
    N, samples = 64, 1000
    given = job("hypercube", "sk", N, 1.5, samples, 6.0 * N * 16, field=0.0)
    given |= {"extra_windows": [1 / 16, 0.25, 1.0, 4.0], "recorders": ["configurations"]}
    given |= {"waiting_times_per_decade": 20}
    distance = run(given, []).distance.astype(float)
    overlap = 1.0 - 2.0 * distance / N
    early = distance.waiting_time.sel(waiting_time=N, method="nearest").item()
    late = distance.waiting_time.sel(waiting_time=16 * N, method="nearest").item()
    assert late / early == pytest.approx(16.0, rel=0.1)
    for ratio in (1.0, 4.0):
        first = overlap.sel(waiting_time=early, window=ratio)
        # The lag at the later time differs a little, since waiting times are rounded.
        second = overlap.sel(waiting_time=late, window=ratio / 16)
        change = (second - first).values
        error = change.std(ddof=1) / math.sqrt(samples)
        assert_within(change.mean() / error, comparisons=2)


def test_infinitely_many_traps_in_equilibrium_are_left_by_the_exact_law():
    """Pi(t) = (x - 1) t^(1 - x) gamma(x - 1, t) at every waiting time, x = T."""
    x, samples = 1.4, 4000
    given = dynamics_parameters("complete", "exponential", "arrhenius", np.inf, x, samples, 1e4)
    given |= {"start": {"name": "planted", "T": x}, "recorders": ["configurations"]}
    given["extra_windows"] = [0.5]
    found = run(given, [])
    stayed = (found.departure > found.waiting_time * 1.5).values.mean(axis=0)
    lag = 0.5 * found.waiting_time.values
    known = lag <= 5e3
    law = (x - 1) * lag ** (1 - x) * special.gammainc(x - 1, lag) * special.gamma(x - 1)
    error = np.sqrt(law * (1 - law) / samples)
    assert_within(z_scores(stayed, law, error)[known])


@pytest.mark.parametrize("given", [PLANTED[4][0], PLANTED[5][0], EXACT[0]])
def test_blocks_do_not_matter(given):
    few = {**given, "samples": 4, "recorders": ["energy"]}
    whole = run(few, [])
    part = run({**few, "first_sample": 2, "samples": 2}, [])
    assert np.array_equal(whole.energy[2:], part.energy)


ACTIVATED = {"rule": "metropolis", "N": [8], "T": [1.5], "samples": 2, "t_max": 100.0}
SK = {"graph": "hypercube", "energies": "sk"}
IN_A_FIELD = {**SK, "field": 0.2}
CORRELATED = {"graph": "hypercube", "energies": "correlated", "alpha": 1.0}
DIFFERENCES = {"graph": "hypercube", "energies": "number_partitioning", "logarithm": False}
TRAPS = {
    "landscape": {"graph": "complete", "energies": "exponential"}, "N": [math.inf], "T": [0.5],
}  # fmt: skip


def studied(**changes):
    """A validated campaign of one study, and the starts of its jobs of the dynamics."""
    study = {**ACTIVATED, "landscape": SK, **changes}
    config = validated({"campaign": "test", "seed": 1, "activated": {"a": study}})
    jobs = [job for job in listing.jobs(config).values() if job.stage == "dynamics"]
    return [job.parameters.get("start") for job in jobs]


def test_a_temperature_stands_for_equilibrium_and_same_for_that_of_the_run():
    assert studied() == studied(start="random") == [None]
    assert studied(start=1.2) == studied(start="1.2") == [{"name": "equilibrium", "T": 1.2}]
    both = studied(start="planted", T=[1.5, 2.0])
    assert both == [{"name": "planted", "T": 1.5}, {"name": "planted", "T": 2.0}]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"start": "equilibrium", "N": [25]},
            "a.N is 25, but must be at most 24 with start",
        ),
        (
            {"start": "planted", "T": [1.0]},
            "a.start.T is 1, but must be above T_c = 1, since",
        ),
        (
            {"start": "planted", "landscape": IN_A_FIELD},
            "a.start is 'planted', but must be equilibrium or random where no T_c is known",
        ),
        (
            {"start": "planted", "landscape": CORRELATED},
            "a.start is 'planted', but must be equilibrium or random with energies: correlated",
        ),
        (
            {"start": "planted", "landscape": DIFFERENCES},
            "a.start is 'planted', but must be equilibrium or random with logarithm: false",
        ),
        (
            {"start": "planted", "landscape": {**DIFFERENCES, "logarithm": True}, "T": [1.0]},
            "a.start.T is 1, but must be above T_c = 1, since at and below it planted",
        ),
        ({**TRAPS, "start": "equilibrium"}, "since at and below it infinitely many traps have no"),
        (
            {"start": "planted", "disorder": "a"},
            "a.disorder is 'a', but must",
        ),
    ],
)
def test_starts_without_a_law_are_refused(changes, said):
    with pytest.raises(CampaignError) as refusal:
        studied(**changes)
    assert said in str(refusal.value)


def test_laws_of_quenches_are_not_drawn_beside_other_starts():
    landscape = json.dumps({"landscape": {"graph": "complete", "energies": "exponential"}})
    quench = xr.Dataset(attrs={"parameters": landscape, "start": "random"})
    assert solved_models.is_quench(quench)
    assert not solved_models.is_quench(quench.assign_attrs(start="planted"))
    for name in ("is_trap_model", "is_step_model"):
        assert not getattr(solved_models, name)(quench.assign_attrs(start="planted"))


def test_the_list_of_states_is_in_the_estimate():
    study = job("hypercube", "gaussian", 24, 1.2, 10, start="equilibrium")
    random = {key: value for key, value in study.items() if key != "start"}
    listed, quenched = (cost.estimate(one, []) for one in (study, random))
    # 2^24 states are listed in about two seconds, with three numbers each.
    assert 10 * 0.7 < listed.seconds - quenched.seconds < 10 * 6.0
    assert listed.memory - quenched.memory == 24 * 2**24
