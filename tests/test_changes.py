"""``start.py test --changed`` runs all tests that depend on a change, and not all others."""

import ast
import re
import subprocess
import sys

import pytest

from tests import changes, reach

PROJECT = reach.PROJECT
TESTS = {name: path for name, path in reach.files().items() if changes.is_test(path)}
# Files of tests that run whole campaigns, or read sources or manuals.
OF_ALL = {
    "tests.docs.test_how_to_add",
    "tests.test_imports",
    "tests.test_main",
    "tests.test_start",
    "tests.test_trust",
    "tests.workflow.test_reruns",
    "tests.workflow.test_runs",
}


def chosen(*paths):
    return changes.chosen(paths)


def test_nothing_is_run_where_nothing_was_changed():
    assert chosen() == set()


@pytest.mark.parametrize(
    ("path", "among", "not_among"),
    [
        # imported by the test itself, and through other modules
        ("glasscore/theory/sk.py", "tests.theory.test_sk", "tests.theory.test_trap_model"),
        ("glasscore/kernels/hashing.py", "tests.master.test_network", "tests.theory.test_sk"),
        # loaded by a name in an f-string: any part may be meant
        ("glasscore/dynamics/clocks/superbasin.py", "tests.dynamics.test_rejection",
         "tests.langevin.test_steps"),
        ("glasscore/landscapes/energies/pspin.py", "tests.barriers.test_stage",
         "tests.theory.test_sk"),
        ("glasscore/theory/studies/complexity.py", "tests.theory.test_stage",
         "tests.dmft.test_march"),
        ("glasscore/langevin/models/soft.py", "tests.langevin.test_stage", "tests.dmft.test_march"),
        # read by what finds out which parts there are
        ("glasscore/figures/theory/complexity.py", "tests.campaign.test_configuration",
         "tests.langevin.test_stage"),
        # helpers of tests
        ("tests/statistical.py", "tests.dynamics.test_clocks", "tests.workflow.test_runs"),
        ("tests/exact.py", "tests.dynamics.test_clocks", "tests.theory.test_sk"),
        ("tests/theory/test_sk.py", "tests.theory.test_sk", "tests.workflow.test_runs"),
        # files that are no modules
        ("README.md", "tests.test_start", "tests.theory.test_sk"),
        ("config/tiny.yaml", "tests.campaign.test_by_hand", "tests.theory.test_sk"),
        ("workflow/rules/stages.smk", "tests.test_trust", "tests.theory.test_sk"),
        ("tests/figures/drawings/states.json", "tests.figures.test_looks", "tests.theory.test_sk"),
        ("tests/docs/parts/glasscore/traps/longest_visits.py", "tests.docs.test_how_to_add",
         "tests.theory.test_sk"),
    ],
)  # fmt: skip
def test_what_depends_on_a_file_is_run(path, among, not_among):
    assert (PROJECT / path).is_file()
    assert {among, not_among} <= set(TESTS)
    found = chosen(path)
    assert among in found
    assert not_among not in found


@pytest.mark.parametrize("path", ["glasscore/theory/sk.py", "README.md", "Snakefile", "new.txt"])
def test_tests_of_the_whole_project_are_run_whatever_was_changed(path):
    assert chosen(path) >= OF_ALL


@pytest.mark.parametrize("path", sorted(changes.FOR_ALL))
def test_all_are_run_where_that_was_changed_which_all_depend_on(path):
    assert (PROJECT / path).is_file()
    assert chosen(path) == set(TESTS)


def test_most_tests_depend_on_some_files_alone():
    known = reach.Reach()
    of_the_project = {name for name in TESTS if known.is_of_the_project(name)}
    assert of_the_project > OF_ALL
    assert len(of_the_project) < len(TESTS) / 2


def test_files_that_are_gone_are_missed():
    """One deleted file could be loaded by its name; the other could be looked up as a part."""
    assert "tests.dynamics.test_rejection" in chosen("glasscore/dynamics/clocks/gone.py")
    found = chosen("glasscore/theory/gone.py")
    assert "tests.dynamics.test_threshold" in found
    assert "tests.dynamics.test_rejection" not in found


@pytest.mark.parametrize(
    ("text", "is_of_the_project"),
    [
        ("from glasscore.theory import sk", False),
        ("import subprocess\nsubprocess.run([sys.executable, '-c', TEXT], cwd=c.rootpath)", False),
        ("import subprocess\nsubprocess.run([sys.executable, '-m', 'glasscore'])", True),
        ("import subprocess\nsubprocess.Popen(command)", True),
        ("from subprocess import run\nrun([sys.executable, '-c', TEXT])", True),
        ("def test(pytestconfig):\n    (pytestconfig.rootpath / 'Snakefile').read_text()", True),
        ("from pathlib import Path\nHERE = Path(__file__).parent", True),
        ("from glasscore.__main__ import main", True),
        ("from glasscore.files import provenance", True),
        ("from glasscore.files.provenance import PACKAGE", True),
        ("from glasscore.common import discovery", True),
        ("import_module(name)", True),
        ("open('config/tiny.yaml')", True),
        ("open('no such file.yaml')", False),
    ],
)
def test_who_may_read_any_file_of_the_project(text, is_of_the_project, monkeypatch):
    monkeypatch.setattr(reach, "tree_of", lambda path: ast.parse(text))
    for function in (reach.imports_of, reach._texts, reach.reads_the_project):
        monkeypatch.setattr(reach, function.__name__, function.__wrapped__)
    assert reach.reads_the_project(PROJECT / "tests" / "test_some.py") == is_of_the_project


LOADED = """
import sys
import pytest
pytest.main(["-q", "--numprocesses=0", "-p", "no:cacheprovider", *sys.argv[1:]])
ours = {name for name in sys.modules if name.split(".")[0] in ("glasscore", "tests")}
# folders of tests are no modules, but names in which modules lie
print("loaded", *sorted(name for name in ours if sys.modules[name].__file__))
"""
# Quick tests of modules that load others by their names.
SAMPLE = ("tests.langevin.test_refusals", "tests.models.test_schedule", "tests.theory.test_sk")


def test_what_tests_load_is_what_they_are_said_to_depend_on():
    """All modules that a process has loaded after it ran these tests must be among those found."""
    paths = [str(TESTS[name].relative_to(PROJECT)) for name in SAMPLE]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *paths], cwd=PROJECT, capture_output=True, text=True
    )
    *_, last = done.stdout.splitlines()
    assert " passed" in done.stdout
    assert last.startswith("loaded ")
    known = reach.Reach()
    said = set().union(*(known.of(name) for name in SAMPLE))
    # what tests/conftest.py imports itself, whatever is tested
    always = {"tests.conftest", "tests.changes", "tests.reach", "glasscore.__main__"}
    always |= {f"glasscore.{part}" for part in ("common", "common.errors", "common.log")}
    assert set(last.split()[1:]) - always - said == set()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A branch with a commit of its own, one change that is not committed, and a new file."""

    def git(*words):
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@localhost")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    def commit(message):
        git("add", ".")
        git("commit", "-q", "-m", message)

    monkeypatch.setattr(changes, "PROJECT", tmp_path)
    monkeypatch.setattr(changes, "chosen", lambda paths: {f"tests.{len(list(paths))}"})
    git("init", "-q", "-b", "main")
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text("1\n")
    commit("first")
    git("checkout", "-q", "-b", "branch")
    (tmp_path / "a.py").write_text("2\n")
    commit("second")
    (tmp_path / "b.py").write_text("2\n")
    (tmp_path / "a new\nfile.py").write_text("2\n")
    return git


class TestWhatWasChanged:
    def test_on_a_branch_all_since_it_left_main(self, checkout):
        found = changes.choice()
        assert found["tests"] == ["tests.3"]
        assert ": 3 files, on which 1 of " in found["sentence"]

    def test_on_main_what_is_not_committed(self, checkout):
        checkout("checkout", "-q", "main")
        assert changes.choice()["tests"] == ["tests.2"]

    def test_since_a_revision(self, checkout):
        assert changes.choice("HEAD")["tests"] == ["tests.2"]

    def test_moved_files_count_twice(self, checkout):
        checkout("mv", "c.py", "d.py")
        assert changes.choice("HEAD")["tests"] == ["tests.4"]

    def test_without_main(self, checkout):
        checkout("branch", "-q", "-D", "main")
        assert changes.choice()["tests"] == ["tests.2"]

    def test_no_such_revision(self, checkout):
        with pytest.raises(changes.UnknownChangesError, match="git was asked"):
            changes.choice("nowhere")

    def test_no_checkout(self, tmp_path, monkeypatch):
        monkeypatch.setattr(changes, "PROJECT", tmp_path)
        with pytest.raises(changes.UnknownChangesError, match="not a git repository"):
            changes.choice()

    def test_no_git(self, monkeypatch):
        monkeypatch.setenv("PATH", "")
        with pytest.raises(changes.UnknownChangesError, match="cannot be run"):
            changes.choice()


def pytest_says(*words):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "--numprocesses=0", *words],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )


def test_pytest_takes_the_chosen_files_alone(tmp_path):
    """The option is given as start.py gives it, for the tests of one folder."""
    (tmp_path / "pretend.py").write_text(
        "from tests import changes\n"
        "choice = {'tests': ['tests.theory.test_sk'], 'sentence': 'one of many'}\n"
        "changes.choice = lambda since: choice if since is None else {**choice, 'tests': []}\n"
    )
    words = ["-p", "pretend", "--override-ini", f"pythonpath=. {tmp_path}"]
    done = pytest_says(*words, "--changed", "tests/theory")
    assert done.returncode == 0
    assert "one of many" in done.stdout
    assert re.findall(r"<Module (.*)>", done.stdout) == ["test_sk.py"]
    done = pytest_says(*words, "--since=HEAD", "tests/theory")
    assert done.returncode == 0
    assert "<Module" not in done.stdout


def test_what_cannot_be_found_out_is_said_in_a_sentence():
    done = pytest_says("--since=nowhere", "tests/theory")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.count("\n") <= 2
    assert "git was asked" in done.stderr
    assert "Traceback" not in done.stderr
