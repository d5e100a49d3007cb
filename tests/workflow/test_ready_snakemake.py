"""Snakemake in a fork of the server does the same as Snakemake in a new process."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.workflow import ready_snakemake
from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
SNAKEFILE = """
import glasscore.campaign.listing, json, os, sys
import snakemake_logger_plugin_glasscore

said = {
    "arguments": sys.argv,
    "folder": os.getcwd(),
    "given": os.environ["GIVEN"],
    "input": sys.stdin.read(),
    "modules": [glasscore.campaign.listing.__file__, snakemake_logger_plugin_glasscore.__file__],
    "path": sys.path,
    "program": sys.executable,
}
print(json.dumps(said))
print("an error", file=sys.stderr)
if "fault" in config:
    raise ValueError("of the Snakefile")
if "status" in config:
    sys.exit(config["status"])
rule all:
"""


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    campaign = CampaignCopy(PROJECT, tmp_path_factory.mktemp("ready"), SMALL)
    (campaign.folder / "Snakefile").write_text(SNAKEFILE)
    return campaign


@pytest.mark.parametrize(
    ("given", "status"),
    [([], 0), (["--config", "status=3"], 3), (["--config", "fault=yes"], 1)],
)
def test_it_says_the_same_and_ends_alike(copied, given, status):
    words = ["--cores", "1", "-n", "--logger=glasscore", *given]
    environment = {**copied.environment, "GIVEN": "words, and é"}
    expected = subprocess.run(
        [sys.executable, "-m", "snakemake", *words],
        cwd=copied.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert expected.returncode == status
    assert str(copied.folder / "glasscore" / "campaign" / "listing.py") in expected.stdout
    done = ready_snakemake.run(words, copied.folder, environment)
    assert (done.returncode, done.stdout, done.stderr) == (
        status,
        expected.stdout,
        expected.stderr,
    )
