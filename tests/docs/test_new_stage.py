"""A new stage is one new folder, and its figures are a second one: no existing file is changed.

The stage of random walks in ``tests/docs/stage`` is added to a copy of the project. The copy uses
the stage in all the ways in which a stage can be used.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from glasscore.files.store import read
from tests.workflow.campaign_copy import CONFIG, CampaignCopy

PROJECT = Path(__file__).parents[2]
STAGE = Path(__file__).parent / "stage"
STUDY = {"N": [4, 16, 64], "samples": 400, "title": "Walkers at random"}
WALKS = {
    "campaign": "test",
    "seed": 1,
    "walks": {"plain": STUDY},
    "theory": CONFIG["theory"],
    "figures": ["mean_square_distance", "complexity"],
}
FILES = {f"walks/plain/N{N}.nc" for N in STUDY["N"]}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with the stage and with a finished campaign."""
    copied = CampaignCopy(PROJECT, tmp_path_factory.mktemp("stage"), WALKS)
    for file in STAGE.rglob("*.py"):
        place = copied.folder / file.relative_to(STAGE)
        assert not place.exists()
        place.parent.mkdir(exist_ok=True)
        shutil.copy(file, place)
    for manual in ("config/README.md", "results/README.md"):
        (copied.folder / manual).parent.mkdir(exist_ok=True)
        shutil.copy(PROJECT / manual, copied.folder / manual)
    copied.snakemake()
    return copied


def program(project, *arguments):
    """Run ``python -m glasscore`` in the copy."""
    command = [sys.executable, "-m", "glasscore", *arguments]
    return subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True
    )


def test_its_jobs_ran_and_their_numbers_are_right(project):
    for N in STUDY["N"]:
        found = read(project.results / f"walks/plain/N{N}.nc")
        mean, error = float(found.mean_square_distance), float(found.mean_square_distance_error)
        # The variance of x^2 is 2 N (N - 1). Five standard errors are exceeded once in two million.
        exact = (2 * N * (N - 1) / STUDY["samples"]) ** 0.5
        assert abs(mean - N) < 5 * exact
        assert error == pytest.approx(exact, rel=0.5)
        assert found.attrs["stage"] == "walks"
        assert int(found.N) == N


def test_its_figure_and_the_page_are_there(project):
    for ending in ("nc", "pdf", "png", "svg"):
        assert (project.results / f"figures/mean_square_distance.{ending}").exists()
    page = (project.results / "report.html").read_text()
    assert "Points are means over walkers, with standard errors." in page
    assert "walks: plain" in page
    assert "Walkers at random" in (project.results / "figures/mean_square_distance.svg").read_text()


def test_nothing_is_computed_again_until_something_changes(project):
    assert project.planned() == set()
    with project.changed() as config:
        config["walks"]["plain"]["N"] = [4, 16, 64, 256]
        project.configure(config)
        assert project.planned() == {"walks/plain/N256.nc", "figures/mean_square_distance.nc"}
    stage = project.folder / "glasscore/walks/stage.py"
    text = stage.read_text()
    stage.write_text(text + "\nCHANGED = True\n")
    assert project.planned() == FILES | {"figures/mean_square_distance.nc"}
    stage.write_text(text)


def test_it_is_checked_estimated_run_by_hand_and_verified(project):
    valid = program(project, "validate", "config.yaml")
    assert valid.stdout == "config.yaml is valid\n"
    (project.folder / "bad.yaml").write_text(
        yaml.safe_dump({**WALKS, "walks": {"plain": {**STUDY, "samples": 1}}})
    )
    bad = program(project, "validate", "bad.yaml")
    assert bad.returncode == 1
    assert bad.stderr == "error: bad.yaml: walks.plain.samples is 1, but must be at least 2.\n"
    cost = program(project, "estimate", "config.yaml")
    assert any(line.split()[:2] == ["walks", "3"] for line in cost.stdout.splitlines())
    parameters = read(project.results / "walks/plain/N16.nc").attrs["parameters"]
    by_hand = program(
        project, "walks", "--parameters", parameters, "--output", "by_hand.nc"
    )  # fmt: skip
    assert by_hand.returncode == 0, by_hand.stderr
    there = (project.results / "walks/plain/N16.nc").read_bytes()
    assert (project.folder / "by_hand.nc").read_bytes() == there
    verified = program(project, "verify", "--configfile", "config.yaml")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_its_keys_and_files_are_in_the_tables_of_the_manual(project):
    done = program(project, "tables")
    assert done.returncode == 0, done.stderr
    keys = (project.folder / "config/README.md").read_text()
    assert "| `walks` | | studies of random walks, by name | | none |" in keys
    assert "walks/<study>/N<N>.nc" in (project.folder / "results/README.md").read_text()
