"""Jobs run by hand are checked as those of a campaign are."""

import json
import math
import random
from pathlib import Path

import pytest

from glasscore.__main__ import main
from glasscore.campaign import listing
from glasscore.campaign.by_hand import checked
from glasscore.campaign.configuration import read, validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.files.provenance import canonical_json
from tests.workflow.campaign_copy import CONFIG
from tests.workflow.test_fuzz import BASES, mutate

PROJECT = Path(__file__).resolve().parents[2]
CAMPAIGNS = sorted((PROJECT / "config").rglob("*.yaml"))
JOBS = listing.jobs(validated(CONFIG))
# One job of each kind is taken from the configurations that are mutated in another test too. The
# first of these is left out, since it is refused for a key without effect.
KINDS = {
    (job.stage, index): job.parameters
    for index, base in enumerate(BASES[1:])
    for job in listing.jobs(validated(base)).values()
}
SEED = 20250301
COUNT = 600


def distinct(config):
    """The jobs of a campaign, with only the first and the last of the blocks of each point."""
    jobs = list(listing.jobs(config).values())
    for job, following in zip(jobs, [*jobs[1:], None], strict=True):
        inner = job.stage == "dynamics" and job.parameters["first_sample"] > 0
        if not (inner and following is not None and following.stage == "dynamics"):
            yield job


@pytest.mark.parametrize("path", CAMPAIGNS, ids=lambda path: path.stem)
def test_every_job_of_every_campaign_is_accepted_as_it_is(path):
    config = validated(read(path))
    for job in distinct(config):
        parameters = canonical_json(json.loads(json.dumps(job.parameters)))
        assert canonical_json(checked(job.stage, parameters)) == parameters, job.output
    page = json.dumps(listing.report(config))
    assert canonical_json(checked("report", page)) == canonical_json(json.loads(page))


BLOCK = JOBS["dynamics/rem/N4_T0.5/block1.nc"].parameters
AVERAGE = JOBS["traps/rem/N4_T0.5.nc"].parameters
LANDSCAPE = JOBS["landscapes/traps/Ninf.nc"].parameters
MASTER = JOBS["master/rem/N4_T0.5.nc"].parameters
DMFT = JOBS["dmft/pspin/T0.5.nc"].parameters
LANGEVIN = JOBS["langevin/linear/N8_T0.5.nc"].parameters
THEORY = JOBS["theory/line.nc"].parameters
FIGURE = JOBS["figures/energy_relaxation.nc"].parameters
BARRIERS = JOBS["barriers/rem/N4.nc"].parameters
REPORT = listing.report(validated(CONFIG))


def without(parameters, key):
    return {name: value for name, value in parameters.items() if name != key}


@pytest.mark.parametrize(
    ("stage", "parameters", "sentence"),
    [
        ("dynamics", {**BLOCK, "T": -0.5}, "T is -0.5, but must be a temperature from 1e-6"),
        ("dynamics", {**BLOCK, "T": math.nan}, "T is .nan, but must be"),
        ("dynamics", {**BLOCK, "T": [0.5]}, "T is [0.5], but must be"),
        ("dynamics", {**BLOCK, "N": 65}, "N is 65, but must be at most 64"),
        ("dynamics", {**BLOCK, "N": math.inf}, "N is .inf, but must be a whole number"),
        ("dynamics", {**BLOCK, "rule": "glauber"}, "rule is 'glauber', but must be one of"),
        ("dynamics", {**BLOCK, "clock": 3}, "clock is 3, but must be one of"),
        ("dynamics", {**BLOCK, "samples": 0}, "samples is 0, but must be"),
        ("dynamics", {**BLOCK, "samples": 100_001}, "samples is 100001, but must be"),
        ("dynamics", {**BLOCK, "samples": "auto"}, "samples is 'auto', but must be"),
        ("dynamics", {**BLOCK, "first_sample": -1}, "first_sample is -1, but must be"),
        ("dynamics", {**BLOCK, "first_sample": 999_999}, "first_sample is 999999, but must be"),
        ("dynamics", {**BLOCK, "first_sample": True}, "first_sample is true, but must be"),
        ("dynamics", {**BLOCK, "replica": 0}, "replica is 0, but must be a whole number from 1 t"),
        ("dynamics", {**BLOCK, "replica": 1000}, "replica is 1000, but must be a whole number fr"),
        ("dynamics", {**BLOCK, "replica": True}, "replica is true, but must be a whole number fr"),
        ("dynamics", {**BLOCK, "replicas": 2}, '"replicas" is 2, but this key is unknown'),
        ("dynamics", {**BLOCK, "extra_windows": [-1]}, "extra_windows is -1, but must be"),
        ("dynamics", {**BLOCK, "extra_windows": [0.5]}, "extra_windows is [0.5], but must hold no"),
        ("dynamics", {**BLOCK, "extra_windows": None}, "extra_windows is empty, but must be"),
        ("dynamics", {**BLOCK, "windows": [1.0]}, '"windows" is [1.0], but this key is unknown'),
        ("dynamics", {**BLOCK, "block": 2}, '"block" is 2, but this key is unknown'),
        ("dynamics", {**BLOCK, "title": "x"}, '"title" is "x", but this key is unknown'),
        ("dynamics", {**BLOCK, "Sampels": 2}, "Sampels is 2, but this key is unknown"),
        ("dynamics", {**BLOCK, "threshold": 0.0}, "threshold"),
        ("dynamics", without(BLOCK, "clock"), "clock is missing"),
        ("dynamics", without(BLOCK, "seed"), "seed is missing"),
        ("dynamics", without(BLOCK, "study"), "study is missing"),
        ("dynamics", without(BLOCK, "first_sample"), "first_sample is missing"),
        ("dynamics", without(BLOCK, "T"), "T is missing"),
        ("dynamics", {**BLOCK, "study": "../x"}, "'../x'"),
        ("dynamics", {**BLOCK, "study": ["x"]}, 'study is ["x"], but must be text'),
        ("dynamics", {**BLOCK, "seed": -1}, "seed is -1, but must be"),
        ("dynamics", {**BLOCK, "landscape": 1}, "landscape is 1, but must be"),
        ("dynamics", {**BLOCK, "t_max": 1.0}, "t_max is 1, but must be at least"),
        ("traps", {**AVERAGE, "samples": -4}, "samples is -4, but must be"),
        ("traps", {**AVERAGE, "replicas": 0}, "replicas is 0, but must be a whole number of traj"),
        ("traps", {**AVERAGE, "windows": [0.5, 0]}, "windows is 0, but must be"),
        ("traps", {**AVERAGE, "T": -0.5}, "T is -0.5, but must be"),
        ("traps", {**AVERAGE, "t_max": 1e3}, '"t_max" is 1000.0, but this key is unknown'),
        ("traps", without(AVERAGE, "windows"), "windows is missing"),
        ("traps", without(AVERAGE, "samples"), "samples is missing"),
        ("landscapes", {**LANDSCAPE, "N": 1}, "N is 1, but must be"),
        ("landscapes", {**LANDSCAPE, "N": 1000}, "N is 1000, but must be at most"),
        ("landscapes", {**LANDSCAPE, "rule": "metropolis"}, '"rule" is "metropolis", but this key'),
        ("landscapes", without(LANDSCAPE, "N"), "N is missing"),
        ("barriers", {**BARRIERS, "N": 25}, "N is 25, but must be"),
        ("barriers", without(BARRIERS, "branches"), "branches is missing"),
        ("barriers", {**BARRIERS, "branches": 1}, "branches is 1, but must be"),
        ("master", {**MASTER, "N": 15}, "N is 15, but must be"),
        ("master", {**MASTER, "T": 0}, "T is 0, but must be"),
        ("master", {**MASTER, "observables": ["energy"]}, "observables is 'energy', but must be"),
        ("dmft", {**DMFT, "tolerance": 0}, "tolerance is 0, but must be"),
        ("dmft", {**DMFT, "model": {"covariance": {"1": 0.5}}}, "model.covariance has the key 1"),
        ("dmft", {**DMFT, "seed": 1}, '"seed" is 1, but this key is unknown'),
        ("dmft", without(DMFT, "tolerance"), "tolerance is missing"),
        ("langevin", {**LANGEVIN, "time_step": 2}, "time_step is 2, but must be"),
        ("langevin", {**LANGEVIN, "t_max": 0.97}, "t_max is 0.97, but must be a whole multiple"),
        ("langevin", {**LANGEVIN, "start": "planted"}, "start is 'planted', but must be"),
        ("theory", {**THEORY, "T": 2.0}, "T is 2, but must be"),
        ("theory", {**THEORY, "solve": "x"}, "solve is 'x', but must be"),
        ("theory", {**THEORY, "title": "x"}, '"title" is "x", but this key is unknown'),
        ("figures", {**FIGURE, "figure": "nothing"}, 'figure is "nothing", but must'),
        ("figures", {**FIGURE, "titles": {"dmft": {}}}, "titles is "),
        ("figures", {**FIGURE, "titles": {"traps": 1}}, "titles.traps is 1, but must"),
        ("figures", {**FIGURE, "titles": {"traps": {"rem": "a:b"}}}, "titles.traps.rem is 'a:b'"),
        ("figures", {**FIGURE, "style": {}}, "font_size is missing"),
        ("figures", {**FIGURE, "style": {"font_size": 99}}, "style.font_size is 99, but must"),
        ("figures", {**FIGURE, "seed": 1}, '"seed" is 1, but this key is unknown'),
        ("report", {"config": REPORT["config"]}, "captions is missing"),
        ("report", {**REPORT, "captions": {}}, "captions is {}, but must"),
        ("report", {**REPORT, "config": {"campaign": "x"}}, "config: activated"),
        ("report", {**REPORT, "config": []}, "config is [], but must"),
    ],
)
def test_what_no_campaign_has_is_refused_in_a_sentence(
    stage, parameters, sentence, tmp_path, capsys
):
    output = tmp_path / "result.nc"
    status = main([stage, "--parameters", json.dumps(parameters), "--output", str(output)])
    error = capsys.readouterr().err
    assert (status, list(tmp_path.iterdir())) == (1, []), error
    assert error.startswith("error: --parameters: ")
    assert sentence in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    ["", "x", "[1]", "1", "null", "NaN", '{"T": 1', "{'T': 1}", '{"T": 1, "T": 2}', "9" * 5000,
     "[" * 100_000, '{"T": 1}\n{}'],
)  # fmt: skip
@pytest.mark.parametrize("stage", ["dynamics", "figures", "report"])
def test_what_is_no_json_object_is_refused_in_a_sentence(stage, text, tmp_path, capsys):
    assert main([stage, "--parameters", text, "--output", str(tmp_path / "result.nc")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: --parameters: ")
    assert error.count("\n") == 1
    assert len(error) < 300


def test_spelling_and_order_are_those_of_a_campaign():
    """Text may stand for a number as in a configuration, and files have a campaign's parameters."""
    spelt = {**BLOCK, "t_max": "1e2", "recorders": BLOCK["recorders"][::-1], "N": 4.0}
    assert canonical_json(checked("dynamics", json.dumps(spelt))) == canonical_json(BLOCK)


@pytest.mark.parametrize("stage", ["landscapes", "dynamics", "traps"])
def test_the_study_whose_samples_are_shared_need_not_be_given(stage):
    shared = {**CONFIG["activated"]["rem"], "rule": "heat_bath", "disorder": "rem"}
    config = {**CONFIG, "activated": {**CONFIG["activated"], "shared": shared}}
    for job in listing.jobs(validated(config)).values():
        if (job.stage, job.parameters.get("study")) == (stage, "shared"):
            parameters = canonical_json(job.parameters)
            assert '"disorder":"rem"' in parameters
            assert canonical_json(checked(stage, parameters)) == parameters
    with pytest.raises(CampaignError, match="disorder is 'shared', but must be the name"):
        checked(stage, parameters_with(parameters, disorder="shared"))


def parameters_with(text, **changes):
    return json.dumps({**json.loads(text), **changes})


def test_mutated_parameters_are_accepted_or_refused_in_a_sentence():
    """Accepted parameters are those of a job of a campaign: checked again, they stay the same."""
    draw = random.Random(SEED)
    kinds = list(KINDS.items())
    accepted = 0
    for number in range(COUNT):
        (stage, _), parameters = kinds[number % len(kinds)]
        changed = json.loads(json.dumps(parameters))
        mutate(changed, draw)
        try:
            text = json.dumps(changed)
        except (TypeError, ValueError):
            continue  # dates and bytes, which JSON cannot hold
        try:
            found = canonical_json(checked(stage, text))
        except CampaignError as error:
            said = str(error)
            assert said.startswith("--parameters: "), said
            assert said.endswith("."), said
            assert said.isprintable(), said
            assert len(said) < 1200, said
            continue
        accepted += 1
        assert canonical_json(checked(stage, found)) == found
        for module in listing.modules(stage, json.loads(found)):
            assert discovery.PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py").exists()
    assert COUNT / 20 < accepted < COUNT / 2
