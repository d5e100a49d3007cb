"""The code of the tutorial runs, and the plans in it are those of the workflow."""

import copy
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import yaml

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.files.store import quantity, read, write
from tests.statistical import assert_within
from tests.workflow.campaign_copy import CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
TUTORIAL = (PROJECT / "docs" / "tutorial.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)
FIRST, STUDY = (yaml.safe_load(text) for kind, text in BLOCKS if kind == "yaml")
READING, LANDSCAPE, COMPARING = (text for kind, text in BLOCKS if kind == "python")
PLANS = [text for kind, text in BLOCKS if re.match(r"[a-z]+ +\d+$", text.partition("\n")[0])]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The project with the tutorial's landscape and both its studies."""
    both = {**FIRST, "activated": FIRST["activated"] | STUDY}
    copied = CampaignCopy(PROJECT, tmp_path_factory.mktemp("tutorial"), both)
    energies = copied.folder / "glasscore" / "landscapes" / "energies"
    (energies / "logistic.py").write_text(LANDSCAPE)
    return copied


def plan(before, after):
    """Number of jobs by stage that are new or changed, or that depend on such jobs.

    tests/workflow/test_reruns.py tests that Snakemake runs exactly these jobs.
    """
    known, listed = (
        listing.jobs(validated(config)) if config else {} for config in (before, after)
    )
    changed: set[str] = set()
    for output, job in listed.items():
        if known.get(output) != job or changed & set(job.inputs):
            changed.add(output)
    counts = Counter(listed[output].stage for output in changed)
    return {**counts, "page": 1}


def written(text):
    return {word: int(count) for word, count in re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)}


def changed(**of_study):
    config = copy.deepcopy(FIRST)
    config["activated"]["rem"] |= of_study
    return config


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        (0, None, FIRST),
        (1, FIRST, changed(samples=400)),
        (2, FIRST, changed(T=[0.5, 0.75])),
        (3, FIRST, {**FIRST, "style": {"font_size": 10}}),
    ],
)
def test_plans_are_as_written(number, before, after):
    assert written(PLANS[number]) == plan(before, after)


def test_plan_with_the_landscape_is_as_written(monkeypatch, project):
    monkeypatch.setattr(discovery, "PACKAGE", project.folder / "glasscore")
    after = {**FIRST, "activated": FIRST["activated"] | STUDY}
    assert written(PLANS[4]) == plan(FIRST, after)
    assert len(PLANS) == 5


def test_the_landscape_has_about_forty_lines():
    lines = [line for line in LANDSCAPE.splitlines() if line.strip()]
    assert len(lines) <= 40


def test_workflow_knows_the_landscape(project):
    said = project.snakemake("-n", "--quiet", "rules").stdout
    both = {"landscapes": 2, "dynamics": 4, "traps": 2, "figures": 2, "page": 1}
    assert both.items() <= written(said).items()


def test_the_landscape_has_its_law(project):
    output = "results/first/landscapes/logistic/N12.nc"
    parameters = '{"seed":1,"study":"logistic","N":12,' + (
        '"landscape":{"graph":"hypercube","energies":"logistic"}}'
    )
    subprocess.run(
        [sys.executable, "-m", "glasscore", "landscapes", "--parameters", parameters,
         "--output", output],
        cwd=project.folder, env=project.environment, check=True,
    )  # fmt: skip
    survey = read(project.folder / output)
    error = survey.energy_density_error.values
    seen = error > 0
    z = (survey.energy_density - survey.energy_density_exact).values[seen] / error[seen]
    assert seen.sum() > 20
    # The errors are not normal for energies that fewer than about five walks have met.
    common = survey.energy_density_exact.values[seen] > 1e-3
    assert_within(z[common], comparisons=int(np.size(z)))


def test_results_are_read_as_written(tmp_path, monkeypatch, capsys):
    time = quantity("time", [1.0, 999.0, 1e5], "time", "t")
    waiting_time = quantity("waiting_time", [1.0, 3.2, 9000.0], "waiting time", "t_w")
    window = quantity("window", [0.2, 0.5], "window", "omega")
    pairs = ("waiting_time", "window")
    made = xr.Dataset(
        {
            "energy": quantity("time", [-1.0, -2.5, -3.0], "energy", "E"),
            "energy_error": quantity("time", [0.1, 0.25, 0.3], "its error", "E"),
            "same_configuration": quantity(pairs, np.arange(6.0).reshape(3, 2), "aging", "q"),
        },
        {"time": time, "waiting_time": waiting_time, "window": window},
        {"time_unit": "1", "energy_unit": "J"},
    )
    for study in ("rem", "logistic"):
        path = tmp_path / "results" / "first" / "traps" / study / "N12_T0.5.nc"
        write(made, path, parameters={}, source_hash="0" * 12)
    monkeypatch.chdir(tmp_path)
    exec(compile(READING + COMPARING, "tutorial", "exec"), {})
    said = ["-2.50 +- 0.25", "rem [3. 5.]", "logistic [3. 5.]"]
    assert capsys.readouterr().out.splitlines() == said
