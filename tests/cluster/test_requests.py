"""What jobs ask of SLURM, and what is said where it refuses, by a SLURM that refuses everything."""

import copy
import os
import re
from pathlib import Path

import pytest

from glasscore.campaign.cluster import MARGIN, TIME_OF_THE_START, runtime
from glasscore.common.cost import START, Cost
from tests.workflow import ready_snakemake
from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
REASON = "Requested time limit is invalid (missing or exceeds some limit)"
PROGRAMS = {
    "sbatch": f'echo "$@" >> "$SENT"; echo "sbatch: error: {REASON}" >&2; exit 1',
    **dict.fromkeys(("squeue", "scontrol", "scancel", "sinfo"), "exit 0"),
}
IMPATIENT = ("--slurm-init-seconds-before-status-checks=1", "--seconds-between-status-checks=1")
# Twenty landscapes, which share a job, and twice as many jobs of their own.
TWENTY = copy.deepcopy(SMALL)
TWENTY["activated"]["traps"] |= {
    "landscape": {"graph": "hypercube", "energies": "exponential"},
    "rule": "metropolis",
    "N": list(range(2, 22)),
}


class Refused:
    """A campaign whose jobs were refused.

    Attributes
    ----------
    asked
        Minutes and MB that were asked for, of each attempt to start a job, by name of its rule.
    said
        What Snakemake said.
    """

    def __init__(self, folder: Path, *options: str, name: str = "project") -> None:
        programs = folder / "bin"
        programs.mkdir(parents=True)
        for program, script in PROGRAMS.items():
            (programs / program).write_text(f"#!/bin/sh\n{script}\n")
            (programs / program).chmod(0o755)
        campaign = CampaignCopy(PROJECT, folder / name, TWENTY)
        packages = os.pathsep.join([str(campaign.folder), str(PROJECT)])
        path = os.pathsep.join([str(programs), os.environ["PATH"]])
        sent = folder / "sent"
        sent.touch()
        profile = ("--profile", "workflow/profiles/slurm", "--slurm-no-account", *IMPATIENT)
        done = ready_snakemake.run(
            [*profile, *options, "--configfile", "config.yaml"],
            campaign.folder,
            {**campaign.environment, "PYTHONPATH": packages, "PATH": path, "SENT": str(sent)},
        )
        assert done.returncode == 1
        self.said = done.stdout + done.stderr
        pattern = r"--comment rule_([a-z]+).*? -t (\d+) --mem (\d+) "
        self.asked: dict[str, list[tuple[int, int]]] = {}
        for line in sent.read_text().splitlines():
            rule, minutes, memory = re.search(pattern, line).groups()
            self.asked.setdefault(rule, []).append((int(minutes), int(memory)))

    def minutes(self, rule: str) -> list[int]:
        return [minutes for minutes, memory in self.asked[rule]]


def test_a_start_is_charged_once_for_jobs_that_share_it_and_the_refusal_is_shown(tmp_path):
    refused = Refused(tmp_path, "--until=landscapes", "--retries=1", "--logger=glasscore")
    first, second = refused.minutes("landscapes")
    assert runtime(Cost(START, 0.0)) <= first <= TIME_OF_THE_START + MARGIN * 20 * 2 * START / 60
    assert second == 2 * first
    assert REASON in refused.said


def test_what_is_set_wins_and_nothing_else_exceeds_the_limits(tmp_path):
    refused = Refused(
        tmp_path, "--retries=1", "--default-resources", "max_runtime=15", "max_mem=1GB",
        "--set-resources", "dynamics:runtime=30", "dynamics:mem_mb=3000",
    )  # fmt: skip
    assert set(refused.asked["dynamics"]) == {(30, 3000)}
    assert refused.asked["landscapes"][1] == (15, 1000)
    assert REASON in refused.said
    assert "message: None" not in refused.said


@pytest.mark.parametrize("limit", ["max_runtime=0", "max_mem=soon"])
def test_a_limit_that_is_none_is_refused(limit, tmp_path):
    refused = Refused(tmp_path, "--default-resources", limit)
    assert refused.asked == {}
    assert f"error: {limit.replace('=', ' is ')}, but must be a whole number of" in refused.said


def test_a_path_with_special_characters_is_refused_at_once(tmp_path):
    refused = Refused(tmp_path, "--retries=0", name="it's $HOME")
    assert refused.asked == {}
    assert """it's $HOME holds ' ' and '$' and "'", and jobs of a cluster""" in refused.said
    assert "Traceback" not in refused.said
