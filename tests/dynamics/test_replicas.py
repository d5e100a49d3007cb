"""Several trajectories in the landscape of each sample (key ``replicas``)."""

import json

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.by_hand import checked
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics.restart import restart_file
from glasscore.dynamics.stage import run
from glasscore.dynamics.starts import equilibrium
from glasscore.landscapes.interface import energies_at
from tests.campaigns import bits, dynamics_parameters

STUDY = {
    "landscape": {"graph": "hypercube", "energies": "gaussian"}, "rule": "metropolis", "N": [8],
    "T": [0.5], "samples": 5, "block": 2, "t_max": 1e3,
}  # fmt: skip


def config(**changes):
    return {"campaign": "c", "seed": 1, "activated": {"a": {**STUDY, **changes}}}


def jobs(**changes):
    return listing.jobs(validated(config(**changes)))


def test_more_replicas_add_blocks_and_change_no_other():
    one, three = jobs(), jobs(replicas=3)
    average = "traps/a/N8_T0.5.nc"
    assert {output: three[output] for output in one if output != average} == {
        output: job for output, job in one.items() if output != average
    }
    folder = "dynamics/a/N8_T0.5"
    new = [f"{folder}/block{block}-replica{k}.nc" for k in (1, 2) for block in range(3)]
    assert sorted(three.keys() - one.keys()) == sorted(new)
    # The rules of the workflow read numbers in paths up to the next underscore.
    assert not any("_" in output.rpartition("/")[2] for output in new)
    for output in new:
        parameters = three[output].parameters
        block = output.partition("-replica")[0] + ".nc"
        assert parameters.pop("replica") == int(output[-4])
        assert parameters == one[block].parameters
    assert three[average].inputs == (*one[average].inputs, *new)
    assert three[average].parameters == {**one[average].parameters, "replicas": 3}


def test_the_number_of_jobs_is_known_without_a_list():
    study = validated(config(replicas=3))
    told = listing.plans()["dynamics"].number_of_jobs(study)
    assert sum(told.values()) == sum(job.stage == "dynamics" for job in jobs(replicas=3).values())


def test_jobs_run_by_hand():
    found = jobs(replicas=2)
    for output in ("dynamics/a/N8_T0.5/block1-replica1.nc", "traps/a/N8_T0.5.nc"):
        job = found[output]
        given = json.loads(json.dumps(job.parameters))
        assert checked(job.stage, json.dumps(given)) == given


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"replicas": 0}, "a.replicas is 0, but must be a whole number of trajectories from 1"),
        ({"replicas": 1001}, "a.replicas is 1001, but must be a whole number of trajectories fr"),
        (
            {"replicas": 101, "samples": 10_000},
            "a.replicas is 101, but must be at most 100 with 10000 samples, so that there are not "
            "more than 1000000 trajectories.",
        ),
        (
            {"replicas": 2, "recorders": ["energy"]},
            "a.replicas is 2, but this key has no effect here: it must only be given with confi",
        ),
        (
            {
                "replicas": 2, "N": [float("inf")], "rule": "arrhenius",
                "landscape": {"graph": "complete", "energies": "exponential"},
            },
            "a.N is .inf, but must be a whole number with 2 replicas, since trajectories among",
        ),
    ],
)  # fmt: skip
def test_refusals(changes, sentence):
    with pytest.raises(CampaignError) as refused:
        validated(config(**changes))
    assert sentence in str(refused.value)


def of_replica(k, **others):
    own = {"replica": k} if k else {}
    given = dynamics_parameters("hypercube", "sk", "metropolis", 8, 1.5, 4, 1e2, **own, **others)
    given["landscape"]["field"] = 0.0
    return given


def test_trajectories_differ_in_one_landscape():
    results = [run(of_replica(k), []) for k in range(3)]
    assert bits(results[1]) == bits(run(of_replica(1), []))
    for other in results[1:]:
        assert not np.array_equal(other.energy, results[0].energy)
    # SK energies of one landscape of eight spins are those of its states, 128 without the sign.
    for sample in range(4):
        levels = [
            set(one.energy.values[sample].round(9))
            | set(one.waiting_energy.values[sample].round(9))
            for one in results
        ]
        assert len(set().union(*levels)) <= 128


def test_each_begins_in_equilibrium_in_a_state_of_its_own():
    """All states of a landscape are drawn with their weights: the mean energy is that of 200."""
    start = {"name": "equilibrium", "T": 1.5}
    states, energies = set(), []
    for k in range(200):
        landscape, words = equilibrium.begin(of_replica(k, start=start), 0)
        states.add(int(words[0]))
        energies.append(energies_at(landscape, words[np.newaxis])[0])
    every = energies_at(landscape, np.arange(256, dtype=np.uint64)[:, np.newaxis])
    weights = np.exp(-every / 1.5) / np.exp(-every / 1.5).sum()
    mean, error = weights @ every, np.sqrt((weights @ every**2 - (weights @ every) ** 2) / 200)
    assert len(states) > 50
    assert abs(np.mean(energies) - mean) < 5 * error  # fails with the probability 6e-7


def test_restart_files_of_trajectories_do_not_meet():
    output = "results/c/dynamics/a/N8_T0.5/block0.nc"
    first, second = (restart_file(output, of_replica(k), "0").path for k in (0, 1))
    assert first.parts[-4:] == ("restart", "a", "N8_T0.5", "samples0-3.restart.npz")
    assert second.parts[-4:] == ("a", "N8_T0.5", "replica1", "samples0-3.restart.npz")
