"""The file in which the jobs of a workflow find their parameters and inputs."""

import os
import re
import time
from pathlib import Path

import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.job_list import KEPT, job_list, look_up
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.files.provenance import canonical_json
from tests.test_trust import directives
from tests.workflow.campaign_copy import CONFIG

PROJECT = Path(__file__).resolve().parents[2]
JOBS = listing.jobs(validated(CONFIG))
AVERAGE = "traps/rem/N4_T0.5.nc"
# All that a command may contain; no part of it grows with the campaign.
WORDS = {"params.stage:q", "params.jobs:q", "output:q", "output.result:q", "log:q"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Path("results", "test")


@pytest.fixture
def listed(folder):
    found = job_list(folder, JOBS.values())
    found.write()
    return found


def test_every_job_finds_its_parameters_and_inputs(folder, listed):
    for output, job in JOBS.items():
        parameters, inputs = look_up(listed.path, job.stage, str(folder / output))
        assert canonical_json(parameters) == canonical_json(job.parameters)
        assert inputs == [str(folder / path) for path in job.inputs]


def test_the_page_keeps_the_order_of_the_configuration(folder):
    parameters = listing.report(validated(CONFIG))
    listed = job_list(folder, [Job("report", "report.html", parameters)])
    listed.write()
    found, _ = look_up(listed.path, "report", str(folder / "report.html"))
    assert list(found["config"]["activated"]) == list(CONFIG["activated"])


def test_another_configuration_is_another_file(folder, listed):
    """No workflow therefore changes the file that the jobs of another one read."""
    other = job_list(folder, listing.jobs(validated({**CONFIG, "seed": 2})).values())
    assert other.path != listed.path
    other.write()
    assert look_up(listed.path, "traps", str(folder / AVERAGE))[0]["seed"] == 1


def test_lists_of_long_ago_are_removed(folder, listed):
    old = listed.path.with_name("0123456789abcdef.txt")
    old.write_text("")
    os.utime(old, (0, time.time() - 1.1 * KEPT))
    waiting = listed.path.with_name("0123456789abcde0.txt")
    waiting.write_text("")
    os.utime(waiting, (0, time.time() - 0.9 * KEPT))
    listed.write()
    assert {path.name for path in listed.path.parent.iterdir()} == {
        listed.path.name,
        waiting.name,
    }


@pytest.mark.parametrize("name", ["{}", "./{}", "../jobs/{}"])
def test_wherever_it_is_named_from(folder, listed, monkeypatch, name):
    monkeypatch.chdir(folder / "jobs")
    path = Path(name.format(listed.path.name))
    _, inputs = look_up(path, "traps", f"../{AVERAGE}")
    assert inputs == [f"../{path}" for path in JOBS[AVERAGE].inputs]


@pytest.mark.parametrize(
    ("stage", "output"),
    [
        ("traps", "results/test/traps/rem/N4_T0.6.nc"),
        ("traps", AVERAGE),
        ("figures", f"results/test/{AVERAGE}"),
        ("tra", f"results/test/{AVERAGE}"),
    ],
)
def test_what_is_not_listed_is_refused(listed, stage, output):
    with pytest.raises(CampaignError, match=f"lists no job of the stage {stage} .* {output}\\.$"):
        look_up(listed.path, stage, output)


def test_a_list_that_was_changed_is_refused(folder, listed):
    listed.path.write_bytes(listed.content.replace(b'"T": 0.5', b'"T": -.5'))
    with pytest.raises(CampaignError, match="is no list of jobs as a workflow writes it"):
        look_up(listed.path, "traps", str(folder / AVERAGE))


def test_a_list_that_is_missing_is_missed_in_a_sentence(folder):
    with pytest.raises(CampaignError, match="^nowhere.txt is not there: .*Start the workflow"):
        look_up(Path("nowhere.txt"), "traps", str(folder / AVERAGE))


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "workflow" / "rules").glob("*.smk")), ids=lambda path: path.name
)
def test_no_command_grows_with_the_campaign(path):
    commands = [block for _, block in directives(path.read_text(encoding="utf-8"))]
    assert commands or path.name in ("common.smk", "cluster.smk")
    for block in commands:
        assert set(re.findall(r"\{(.*?)\}", block)) <= WORDS
