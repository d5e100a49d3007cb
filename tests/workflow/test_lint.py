"""Snakemake's own linter finds no fault in the workflow, and text of users is no pattern."""

import copy
import re
import subprocess
import sys

from tests.workflow.campaign_copy import CONFIG, CampaignCopy

# One environment, pinned by requirements.lock, serves the workflow and all its jobs.
ACCEPTED = {"Specify a conda environment or container for each rule.:"}


def test_lint(pytestconfig):
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint"],
        cwd=pytestconfig.rootpath,
        capture_output=True,
        text=True,
    )
    findings = re.findall(r"^    \* (.*)$", done.stdout + done.stderr, re.MULTILINE)
    assert set(findings) == ACCEPTED, done.stdout + done.stderr


def test_braces_in_titles_and_captions_are_text(tmp_path, pytestconfig):
    """Words in braces, such as names of wildcards, may stand in titles; formulas have them."""
    config = copy.deepcopy(CONFIG)
    config["activated"]["rem"]["title"] = "{study} of {N} spins, {t_w}, {params.code}"
    copied = CampaignCopy(pytestconfig.rootpath, tmp_path, config)
    planned = copied.snakemake("-n").stdout
    assert re.search(r"figures, landscapes, .*, page, theory, traps", planned), planned
