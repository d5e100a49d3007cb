"""Test options of rules in the config, in the jobs that follow from it, and in their results."""

import copy

import numpy as np
import pytest

from glasscore.campaign import cost, listing
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.dynamics.restart import restart_file
from glasscore.dynamics.stage import run
from glasscore.files.store import parameters_of, read, write
from glasscore.master import stage as master
from glasscore.traps import stage as traps

STUDY = {
    "landscape": {"graph": "hypercube", "energies": "exponential"},
    "rule": "metropolis",
    "N": [4],
    "T": [0.5],
    "samples": 2,
    "t_max": 100.0,
}
CONFIG = {
    "campaign": "rules",
    "seed": 1,
    "activated": {"rem": STUDY},
    "master": {"rem": {key: STUDY[key] for key in ("landscape", "rule", "N", "T", "samples")}},
    "figures": ["energy_relaxation", "escape_times"],
}
BARRIER = {"name": "barrier", "top": -0.5}


def with_rule(rule, kind=None):
    config = copy.deepcopy(CONFIG)
    for each in [kind] if kind else ["activated", "master"]:
        config[each]["rem"]["rule"] = rule
    return config


def refusal(config):
    with pytest.raises(CampaignError) as refused:
        validated(config, "mine.yaml")
    return str(refused.value).removeprefix("mine.yaml: ")


def test_a_rule_without_options_is_one_word():
    """Test that a name alone and a mapping without options give the same jobs."""
    plain = listing.jobs(validated(CONFIG))
    assert listing.jobs(validated(with_rule({"name": "metropolis"}))) == plain
    for job in plain.values():
        if "rule" in job.parameters:
            assert job.parameters["rule"] == "metropolis"


def test_options_are_parameters_of_jobs():
    listed = listing.jobs(validated(with_rule({"top": "-5e-1", "name": "barrier"})))
    stages = {job.stage for job in listed.values() if job.parameters.get("rule") == BARRIER}
    assert stages == {"dynamics", "traps", "master"}
    for job in listed.values():
        if job.stage in ("dynamics", "master"):
            rules = [name for name in listing.modules(job.stage, job.parameters) if "rules" in name]
            assert rules == ["glasscore.dynamics.rules.barrier"]
    assert set(cost.of_jobs(listed)) == set(listed)


def test_restart_files_of_other_options_are_not_taken(tmp_path):
    files = [
        restart_file(tmp_path / "block0.nc", {"rule": {**BARRIER, "top": top}}, "0" * 12)
        for top in (-0.5, -1.0)
    ]
    assert files[0].identity != files[1].identity


@pytest.mark.parametrize("kind", ["activated", "master"])
@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("barrier", "rule.top is missing, but must be an energy B from -1e6 to 1e6."),
        ({"top": 1}, "rule.name is missing, but must be one of arrhenius, barrier, "),
        ({"name": "barier", "top": 1}, "did you mean barrier."),
        ({"name": "barrier", "top": 1e7}, "rule.top is 10000000, but must be an energy B from"),
        ({"name": "barrier", "top": 1, "N": 1}, "rule.N is 1, but this key is unknown: known "),
        ({"name": "metropolis", "top": 1}, "rule.top is 1, but this key is unknown: known here "),
        ({}, "rule.name is missing, but must be one of arrhenius, barrier, "),
        (["metropolis"], "rule is ['metropolis'], but must be one of arrhenius, barrier, "),
        (None, "rule is empty, but must be one of arrhenius, barrier, "),
        ({"name": None}, "rule is empty, but must be one of arrhenius, barrier, "),
    ],
)
def test_refusals(kind, rule, sentence):
    assert sentence in refusal(with_rule(rule, kind))


def test_a_graph_refuses_rules_by_name():
    config = with_rule(BARRIER)
    config["activated"]["rem"]["landscape"] = {"graph": "complete", "energies": "exponential"}
    assert refusal(config).startswith("activated.rem.rule is 'barrier', but must be one of ")


def test_jobs_run_as_listed(tmp_path):
    listed = listing.jobs(validated(with_rule(BARRIER)))
    runs = {"dynamics": run, "traps": traps.run, "master": master.run}
    for job in listed.values():
        if job.stage in runs:
            inputs = [str(tmp_path / path) for path in job.inputs]
            made = runs[job.stage](job.parameters, inputs).assign_attrs(stage=job.stage)
            write(made, tmp_path / job.output, parameters=job.parameters, source_hash="0" * 12)
    averages = read(tmp_path / "traps/rem/N4_T0.5.nc")
    assert parameters_of(averages)["rule"] == BARRIER
    assert np.isfinite(averages.energy).all()
