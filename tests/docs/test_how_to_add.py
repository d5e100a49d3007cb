"""The rows of the table "How to add ..." of README.md are followed word by word.

The parts in ``parts/`` are examples of what the rows ask for. They are added to one copy of the
project, in which a campaign uses them all. No other file of the copy is changed unless a row names
it.
"""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import yaml

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.dmft import stage as dmft
from glasscore.files.store import read
from tests.common.test_contracts import VERBS, contract_of
from tests.workflow.campaign_copy import CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
PARTS = Path(__file__).with_name("parts")
README = (PROJECT / "README.md").read_text(encoding="utf-8")
TABLE = README.split("## How to add ...")[1].split("\n## ")[0]
CELLS = re.findall(r"^\| (an? [^|]*|the [^|]*) \| ([^|]*) \| ([^|]*) \|$", TABLE, re.MULTILINE)
WRITE = {what.replace("*", ""): write for what, write, _ in CELLS}
TEST = {what.replace("*", ""): test for what, _, test in CELLS}
LIST = re.compile(r"`([A-Z]+)`(?: and `([A-Z]+)`)? of `(tests/[\w/.]+)`")


class Row(NamedTuple):
    """How a row was followed.

    Attributes
    ----------
    name
        The name of the part.
    folder
        The folder of the part, relative to ``glasscore``, whose contract the row must explain.
    files
        The files that were written, with ``<name>`` for the name.
    lines
        The lines that are added to lists of the tests, by the name of the list.
    """

    name: str
    folder: str | None
    files: tuple[str, ...]
    lines: dict[str, str]


def one_file(name: str, folder: str, **lines: str) -> Row:
    return Row(name, folder, (f"glasscore/{folder}/<name>.py",), lines)


AFTERWARDS = "an observable afterwards"
ROWS = {
    "a law of energies": one_file(
        "flat",
        "landscapes/energies",
        LANDSCAPES='("hypercube", "flat", {}, 6, lambda energy: np.clip(1.0 + energy, 0.0, 1.0)),',
        MODELS='("rejection", "hypercube", "flat", "metropolis", 8, 0.5, 100.0, {}),',
    ),
    "a graph of states": Row(
        "ring",
        "landscapes/graphs",
        ("glasscore/landscapes/graphs/<name>.py", "glasscore/dynamics/graphs/<name>.py"),
        {
            "LANDSCAPES": '("ring", "exponential", {}, 5, None),',
            "MODELS": '("rejection_free", "ring", "exponential", "arrhenius", 5, 0.5, 100.0, {}),',
        },
    ),
    "a rule": one_file(
        "faster",
        "dynamics/rules",
        RULES='{"name": "faster", "factor": 3.0},',
        MODELS='("rejection", "hypercube", "exponential", {"name": "faster", "factor": 3.0}, '
        "8, 0.5, 100.0, {}),",
    ),
    "a clock": one_file(
        "step_by_step",
        "dynamics/clocks",
        CLOCKS='"step_by_step": SYSTEMS[:1],',
        MODELS='("step_by_step", "hypercube", "gaussian", "metropolis", 8, 0.5, 100.0, {}),',
    ),
    "a start": one_file("all_up", "dynamics/starts"),
    "an observable on the way": one_file("longest_visit", "dynamics/recorders"),
    AFTERWARDS: Row("longest_visits", None, ("glasscore/traps/<name>.py",), {}),
    "an observable of the exact dynamics": one_file("energy_range", "master/observables"),
    "an exact law or stationary equation": one_file(
        "free_spins",
        "theory/studies",
        STUDIES='"free": {"solve": "free_spins", "T": [0.5, 1.0], "h": [0.3]},',
    ),
    "a DMFT model": Row("", None, (), {}),
    # No key of the config chooses the equations; tests/dmft/test_equations.py integrates them.
    "an equation of motion of C and R": Row(
        "asymmetric_couplings", None, ("glasscore/dmft/equations/<name>.py",), {}
    ),
    "a single site": one_file(
        "weak_glauber",
        "dmft/single_site/models",
        STUDIES='"weak": {**SOFT, "model": {"single_site": "weak_glauber"}},',
    ),
    "a model of continuous spins": one_file(
        "springs",
        "langevin/models",
        OPTIONS='"springs": {"k": 1.5},',
        MODULES='"springs": __import__("glasscore.langevin.models.springs", fromlist=["draw"]),',
    ),
    "a figure": Row("longest_visits", "figures", ("glasscore/figures/<stage>/<name>.py",), {}),
}
# There are two kinds of recorders, so that this row has a second part.
SECOND = {"an observable on the way": "first_energy"}
STUDY: dict[str, Any] = {
    "landscape": {"graph": "ring", "energies": "flat"},
    "rule": {"name": "faster", "factor": 3},
    "clock": "step_by_step",
    "recorders": ["energy", "longest_visit", "first_energy"],
    "N": [3],
    "T": [0.0, 0.5],
    "samples": 3,
    "t_max": 20,
    "windows": [0.5],
}
HYPERCUBE = {"graph": "hypercube", "energies": "flat"}
CONFIG: dict[str, Any] = {
    "campaign": "test",
    "seed": 1,
    "activated": {
        "new": STUDY,
        "rejection": {**STUDY, "clock": "rejection", "T": [0.5]},
        "leaps": {**STUDY, "clock": "superbasin", "landscape": HYPERCUBE, "T": [0.5]},
        "up": {**STUDY, "landscape": HYPERCUBE, "T": [0.5], "start": "all_up", "samples": 1},
    },
    "master": {
        "new": {
            "landscape": HYPERCUBE,
            "rule": "faster",
            "N": 3,
            "T": 0.5,
            "samples": 2,
            "observables": ["energy_range"],
        }
    },
    "dmft": {
        "site": {
            "model": {"single_site": "weak_glauber"},
            "T": 1.5,
            "T_initial": "equilibrium",
            "t_max": 1.0,
            "tolerance": 0.5,
            "ensembles": 2,
            "trajectories": 128,
        },
    },
    "theory": {"free": {"solve": "free_spins", "T": [0.5], "h": [0.3]}},
    "langevin": {
        "springs": {
            "model": {"name": "springs", "k": 1.5},
            "N": 4,
            "T": 0.5,
            "samples": 2,
            "trajectories": 2,
            "t_max": 1.0,
        }
    },
    "figures": ["longest_visits"],
}
# The tests of the copy run in one process, whatever the options of these tests are.
PYTEST = ("-m", "pytest", "-q", "-n", "0")
JOBS = """
from pathlib import Path
from glasscore.campaign import listing, cost
from glasscore.__main__ import run
from glasscore.campaign.configuration import read, validated

folder, listed = Path("results/test"), listing.jobs(validated(read("config.yaml")))
assert set(cost.of_jobs(listed)) == set(listed)
for job in listed.values():
    # A survey of a landscape takes long without compiled kernels; one is enough.
    if job.stage == "landscapes" and job.parameters["study"] != "new":
        continue
    inputs = [str(folder / path) for path in job.inputs]
    run(job.stage, job.parameters, inputs, str(folder / job.output))
"""


def added(path: str, before: str, line: str) -> str:
    """The source with a line inserted before the first line that holds some text."""
    assert before in path
    return path.replace(before, line + before, 1)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the project with all parts, and the results of the campaign of all."""
    copied = CampaignCopy(PROJECT, tmp_path_factory.mktemp("parts"), CONFIG)
    for part in ("tests", "pyproject.toml", "config"):
        copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        copy(PROJECT / part, copied.folder / part)
    for row in ROWS.values():
        for file in row.files:
            path = path_of(file, row.name)
            assert not (PROJECT / path).exists()
            shutil.copy(PARTS / path, copied.folder / path)
    second = "glasscore/dynamics/recorders/first_energy.py"
    shutil.copy(PARTS / second, copied.folder / second)
    # The row of observables afterwards also asks for an import and a call.
    stage = copied.folder / "glasscore/traps/stage.py"
    text = added(
        stage.read_text(),
        "from glasscore.traps.moves import",
        "from glasscore.traps.longest_visits import longest_visits\n",
    )
    call = '    if "longest_visit" in parameters["recorders"]:\n'
    call += "        variables |= longest_visits(blocks)\n"
    stage.write_text(added(text, "    variables |= trajectories(blocks)\n", call))
    run(copied, "-c", JOBS)
    return copied


def run(project, *command, check=True):
    # With so few states, kernels run faster without compilation than it would take to compile them.
    # The tutorial's landscape tests that new parts can be compiled.
    environment = {**project.environment, "NUMBA_DISABLE_JIT": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0 or not check, done.stdout[-2000:] + done.stderr[-4000:]
    return done


def path_of(file: str, name: str) -> str:
    """The path of a part that a row names; the figure belongs to the stage ``traps``."""
    return file.replace("<name>", name).replace("<stage>", "traps")


def names_in(text: str) -> set[str]:
    """All words in backticks that are names of constants, functions or methods."""
    return {word for word in re.findall(r"`(\w+)`", text) if word not in ("complete", "energies")}


def test_the_rows_are_those_that_were_followed():
    assert set(WRITE) == set(ROWS)


def test_every_folder_of_parts_has_a_row():
    folders = {row.folder for row in ROWS.values() if row.folder} | {"dynamics/graphs"}
    assert folders == set(VERBS)


@pytest.mark.parametrize("what", ROWS)
def test_a_row_names_what_was_written_and_nothing_else(what):
    row, text = ROWS[what], WRITE[what]
    named = set(re.findall(r"`(glasscore/[\w/<>]+\.py)`", text))
    assert set(row.files) == {path for path in named if "<name>" in path}
    assert all((PROJECT / path).is_file() for path in named - set(row.files))
    parts = [PARTS / path_of(path, row.name) for path in row.files]
    if what in SECOND:
        parts.append(parts[0].with_stem(SECOND[what]))
    sources = "".join(path.read_text() for path in parts)
    for name in names_in(text) - {"RULES"}:
        assert re.search(rf"\b{name}\b", sources), f"{name} was not needed"


@pytest.mark.parametrize("what", [what for what, row in ROWS.items() if row.folder])
def test_a_row_names_all_that_its_contract_asks_for(what):
    row = ROWS[what]
    contract = contract_of(row.folder)
    constants = {name for name in contract.__annotations__ if not hasattr(contract, name)}
    functions = {
        name
        for name, promised in vars(contract).items()
        if hasattr(promised, "__code__")
        and not name.startswith("_")
        and not hasattr(promised, "is_optional")
    }
    assert constants | functions <= names_in(WRITE[what])


def test_the_campaign_of_all_parts_runs(project):
    found = {
        path: read(project.results / path)
        for path in (
            "landscapes/new/N3.nc",
            "traps/new/N3_T0.nc",
            "traps/new/N3_T0.5.nc",
            "traps/rejection/N3_T0.5.nc",
            "traps/leaps/N3_T0.5.nc",
            "dynamics/new/N3_T0.5/block0.nc",
            "dynamics/up/N3_T0.5/block0.nc",
            "master/new/N3_T0.5.nc",
            "dmft/site/T1.5.nc",
            "theory/free.nc",
            "langevin/springs/N4_T0.5.nc",
            "figures/longest_visits.nc",
        )
    }
    blocks = found["dynamics/new/N3_T0.5/block0.nc"]
    assert (blocks.longest_visit > 0).all()
    assert ((blocks.first_energy >= -1) & (blocks.first_energy < 0)).all()
    assert found["dynamics/up/N3_T0.5/block0.nc"].attrs["start"] == "all_up"
    mean = found["traps/new/N3_T0.5.nc"].mean_longest_visit
    assert float(mean) == pytest.approx(float(blocks.longest_visit.mean()), rel=1e-14)
    assert (found["master/new/N3_T0.5.nc"].energy_range > 0).all()
    assert float(found["theory/free.nc"].magnetisation[0, 0]) == pytest.approx(0.5370495669980353)
    assert found["dmft/site/T1.5.nc"].attrs["model"] == "weakly coupled Ising spins"
    drawn = found["figures/longest_visits.nc"]
    assert drawn.sizes["curve"] == 5
    assert "The point of a single sample has no bar." in drawn.attrs["notes"]
    for kind in ("png", "pdf", "svg"):
        assert (project.results / f"figures/longest_visits.{kind}").stat().st_size > 1000


def test_another_covariance_needs_no_code():
    """This is the only row without a part: the model that it names runs as it is."""
    (model,) = re.findall(r"`(covariance: [^`]+)`", WRITE["a DMFT model"])
    study = {"model": yaml.safe_load(model), "T": 0.5, "t_max": 1.0, "tolerance": 0.01}
    (job,) = listing.jobs(validated({"campaign": "test", "dmft": {"mixed": study}})).values()
    assert job.parameters["model"] == {"covariance": {3: 0.5, 4: 0.5}}
    assert np.isfinite(dmft.run(job.parameters, []).energy).all()


def test_rules_that_a_graph_does_not_name_are_refused(project):
    complete = {"graph": "complete", "energies": "exponential"}
    study = {**STUDY, "landscape": complete}
    (project.folder / "other.yaml").write_text(
        yaml.safe_dump({**CONFIG, "activated": {"new": study}, "figures": []})
    )
    said = run(project, "-m", "glasscore", "validate", "other.yaml", check=False)
    assert "activated.new.rule is 'faster', but must be one of arrhenius, " in said.stderr


def test_figures_are_kept_as_the_row_says(project):
    (command,) = re.findall(r"`python (-m tests[^`]+)`", TEST["a figure"])
    name, of = "longest_visits", "test"
    words = command.replace("<campaign>", of).replace("<name>", name).split()
    missing = run(project, *words[:2], name, check=False)
    assert missing.returncode != 0
    assert missing.stderr.startswith(f"The figure {name} shows studies that the campaign of ")
    assert len(missing.stderr.splitlines()) == 1
    run(project, *words)
    assert (project.folder / f"tests/figures/drawings/{name}.json").is_file()
    # The tests pass, although their campaign has no such study.
    kept = f"tests/figures/test_looks.py::test_figure_looks_as_it_did[{name}]"
    run(project, *PYTEST, kept)
    shown = "from tests.figures.test_figures import shown_by_the_campaign as shown; "
    shown += f"assert shown(['{name}', 'aging_function']) == ['aging_function']"
    run(project, "-c", shown)


@pytest.mark.parametrize("what", ROWS)
def test_tests_are_where_the_row_says(what):
    lists = LIST.findall(TEST[what])
    assert {name for found in lists for name in found[:2] if name} == set(ROWS[what].lines)
    for *names, file in lists:
        tree = ast.parse((PROJECT / file).read_text(encoding="utf-8"))
        assigned = [
            ast.unparse(node) for node in tree.body if isinstance(node, (ast.Assign, ast.AnnAssign))
        ]
        for name in filter(None, names):
            assert any(re.match(rf"{name}\b", text) for text in assigned)
    for path in re.findall(r"`(tests/[\w/.]+)`", TEST[what]):
        assert (PROJECT / path).exists()


def test_the_lines_make_the_tests_cover_the_parts(project):
    """Only those tests of the lists are run that take a few seconds."""
    for what, row in ROWS.items():
        for *names, file in LIST.findall(TEST[what]):
            path = project.folder / file
            for name in filter(None, names):
                text = path.read_text()
                opening = re.search(rf"^{name}\b[^=]*= [\[{{]\n", text, re.MULTILINE)
                assert opening, f"{name} of {file} has no room for a line"
                end = opening.end()
                path.write_text(f"{text[:end]}    {row.lines[name]}\n{text[end:]}")
    done = run(
        project, *PYTEST, "-k",
        "flat or ring or faster or step_by_step or longest_visit or first_energy or energy_range "
        "or free_spins or weak_glauber or springs or all_ or every_",
        "tests/common/test_contracts.py",
        "tests/landscapes/test_contract.py::test_all_landscapes_are_tested",
        "tests/dynamics/test_clocks.py::test_all_models_are_tested",
        "tests/dynamics/test_rules.py",
        "tests/dmft/single_site/test_single_site_stage.py::test_all_models_are_tested",
        "tests/langevin/test_models.py",
        "tests/theory/test_stage.py::test_every_study_is_here",
    )  # fmt: skip
    assert " passed" in done.stdout
