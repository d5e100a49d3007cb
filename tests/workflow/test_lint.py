"""Snakemake's own linter finds no fault in the workflow."""

import re
import subprocess
import sys

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
