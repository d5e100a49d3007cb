"""Test studies that share the disorder samples of another study, with noise of their own."""

import copy
from importlib import import_module

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.landscapes.interface import energies_at
from glasscore.landscapes.sample import sample_of_job
from glasscore.langevin import stage as langevin

REM = {
    "landscape": {"graph": "hypercube", "energies": "gaussian"},
    "rule": "metropolis",
    "N": [5],
    "T": [0.7],
    "samples": 3,
    "t_max": 100.0,
}
EXACT = {key: REM[key] for key in ("landscape", "N", "samples")}
SOFT = {
    "model": {"name": "soft", "r": 1.0, "u": 1.0},
    "N": [6],
    "T": [0.5],
    "samples": 2,
    "trajectories": 2,
    "t_max": 1.0,
}
CONFIG = {
    "campaign": "pairs",
    "seed": 1,
    "activated": {"rem": REM, "bath": {**REM, "rule": "heat_bath", "disorder": "rem"}},
    "barriers": {"minima": {**EXACT, "disorder": "rem"}},
    "master": {"exact": {**EXACT, "rule": "metropolis", "T": [0.7], "disorder": "rem"}},
    "langevin": {"soft": SOFT, "warm": {**SOFT, "T": [1.0], "disorder": "soft"}},
}
STATES = np.arange(2**5, dtype=np.uint64)


def jobs_of(config=CONFIG):
    return listing.jobs(validated(config))


def changed(place, value):
    config = copy.deepcopy(CONFIG)
    kind, study, key = place.split(".")
    config[kind][study][key] = value
    return config


def energies(job):
    return np.array([energies_at(sample_of_job(job.parameters, k), STATES) for k in range(3)])


@pytest.mark.uncompiled
def test_all_stages_see_the_landscapes_of_the_study_that_is_named():
    own = energies(jobs_of()["dynamics/rem/N5_T0.7/block0.nc"])
    for output in (
        "landscapes/bath/N5.nc",
        "dynamics/bath/N5_T0.7/block0.nc",
        "barriers/minima/N5.nc",
        "master/exact/N5_T0.7.nc",
    ):
        assert np.array_equal(energies(jobs_of()[output]), own)
    config = copy.deepcopy(CONFIG)
    del config["activated"]["bath"]["disorder"]
    assert not np.isin(energies(jobs_of(config)["landscapes/bath/N5.nc"]), own).any()


def test_the_noise_is_a_study_s_own():
    """Test that studies with one rule have different trajectories on the shared samples."""
    listed = jobs_of(changed("activated.bath.rule", "metropolis"))
    run = import_module("glasscore.dynamics.stage").run
    first, second = (
        run(listed[f"dynamics/{study}/N5_T0.7/block0.nc"].parameters, [])
        for study in ("rem", "bath")
    )
    assert not np.array_equal(first.visits, second.visits)
    assert not np.array_equal(first.waiting_energy, second.waiting_energy)
    levels = np.sort(energies(listed["dynamics/rem/N5_T0.7/block0.nc"]), axis=1)
    for one in (first, second):
        for sample in range(3):
            assert np.isin(one.waiting_energy.values[sample], levels[sample]).all()


def test_langevin_dynamics_shares_couplings(monkeypatch):
    drawn = {}
    module = import_module("glasscore.langevin.models.soft")
    draw = module.draw

    def noted(N, options, generator):
        model = draw(N, options, generator)
        drawn.setdefault(study, []).append(model.couplings)
        return model

    monkeypatch.setattr(module, "draw", noted)
    starts = {}
    for study in ("soft", "warm"):
        (job,) = (job for job in jobs_of().values() if job.parameters["study"] == study)
        starts[study] = langevin.run(job.parameters, [])
    assert np.array_equal(drawn["soft"], drawn["warm"])
    assert not np.array_equal(starts["soft"].correlation, starts["warm"].correlation)


def test_parameters_without_the_key_are_as_ever():
    for job in jobs_of().values():
        shares = job.parameters.get("study") in ("bath", "minima", "exact", "warm")
        assert ("disorder" in job.parameters) == shares


@pytest.mark.parametrize(
    ("place", "value", "sentence"),
    [
        (
            "activated.bath.disorder",
            "ren",
            "activated.bath.disorder is 'ren', but must be the name of another study in activated, "
            "barriers or master; did you mean rem.",
        ),
        (
            "activated.bath.disorder",
            "bath",
            "activated.bath.disorder is 'bath', but must be the name of another study in ",
        ),
        (
            "barriers.minima.disorder",
            "bath",
            "barriers.minima.disorder is 'bath', but must be a study with samples of its own, not "
            "with those of 'rem'.",
        ),
        (
            "master.exact.landscape",
            {"graph": "hypercube", "energies": "exponential"},
            "master.exact.disorder is 'rem', but must be a study with the same landscape.",
        ),
        (
            "langevin.warm.disorder",
            "rem",
            "langevin.warm.disorder is 'rem', but must be the name of another study in langevin",
        ),
        (
            "langevin.warm.model",
            {"name": "soft", "r": 1.0, "u": 2.0},
            "langevin.warm.disorder is 'soft', but must be a study with the same model.",
        ),
        (
            "langevin.warm.start",
            "planted",
            "langevin.warm.disorder is 'soft', but must be left out where start is planted, as ",
        ),
        (
            "activated.bath.disorder",
            3,
            "activated.bath.disorder is 3, but must be the name of another study, whose disorder ",
        ),
    ],
)
def test_refusals(place, value, sentence):
    config = changed(place, value)
    if value == "planted":
        config["langevin"]["warm"]["T"] = [2.0]
    with pytest.raises(CampaignError) as refused:
        validated(config, "mine.yaml")
    assert str(refused.value).removeprefix("mine.yaml: ").startswith(sentence)
