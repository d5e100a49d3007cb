"""A job in a fork of the server does the same as a job in a new process."""

import subprocess
import sys
from pathlib import Path

import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.files.provenance import canonical_json
from tests.workflow import ready_jobs
from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
JOBS = {job.stage: job for job in listing.jobs(validated(SMALL)).values()}
SAID = """
import json, os, sys, glasscore
said = [sys.argv[1:], os.getcwd(), os.environ["GIVEN"], glasscore.__file__, sys.stdin.read()]
print(json.dumps(said))
print("an error", file=sys.stderr)
sys.exit(3)
"""


@pytest.fixture
def copied(tmp_path):
    return CampaignCopy(PROJECT, tmp_path / "a copy", SMALL)


def run(copied, environment, *words):
    """Start a job by a shell, as the workflow does."""
    return subprocess.run(
        ["bash", "-c", 'set -euo pipefail; python -m glasscore "$@"', "job", *words],
        cwd=copied.folder,
        env=environment | {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"},
        input="words",
        capture_output=True,
        text=True,
    )


def test_it_says_the_same_and_ends_alike(copied):
    (copied.folder / "glasscore" / "__main__.py").write_text(SAID)
    plain = copied.environment | {"GIVEN": "é ' words"}
    ready = ready_jobs.environment_with_ready_jobs(plain)
    assert ready_jobs.FUNCTION in ready
    first, second = (run(copied, one, "it's", "", "two words") for one in (plain, ready))
    assert first.returncode == 3
    assert str(copied.folder / "glasscore" / "__init__.py") in first.stdout
    assert first.stdout.endswith('"words"]\n')
    assert (second.returncode, second.stdout, second.stderr) == (3, first.stdout, first.stderr)


def test_it_makes_the_same_file_and_is_refused_alike(copied):
    plain = copied.environment
    ready = ready_jobs.environment_with_ready_jobs(plain)
    made = []
    for number, environment in enumerate((plain, ready)):
        output = copied.folder / f"{number}.nc"
        words = ["--parameters", canonical_json(JOBS["landscapes"].parameters), "--output", output]
        done = run(copied, environment, "landscapes", *map(str, words))
        assert done.returncode == 0, done.stderr
        made.append((output.read_bytes(), run(copied, environment, "landscapes").stderr))
    assert made[0] == made[1]
    assert "error: " in made[0][1]


def test_a_job_that_is_killed_has_failed(copied):
    (copied.folder / "glasscore" / "__main__.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ready = ready_jobs.environment_with_ready_jobs(copied.environment)
    assert run(copied, ready).returncode == 128 + 9


@pytest.mark.parametrize("name", ["NUMBA_DISABLE_JIT", "PYTHONHASHSEED", "LD_PRELOAD"])
def test_where_libraries_would_read_something_else_a_job_starts_from_nothing(copied, name):
    other = copied.environment | {name: "17"}
    assert ready_jobs.environment_with_ready_jobs(other) == other
