"""The set-up command: what it runs, when it installs, and how it ends."""

import ast
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from itertools import chain
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in programs are shell scripts")


def load(project: Path) -> ModuleType:
    """The start.py of a project, as a module."""
    spec = importlib.util.spec_from_file_location("start", project / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path):
    """A project in a folder with a blank, whose Python only writes down how it was called."""
    folder = tmp_path / "a project"
    for name in ("config", "results/talk/figures", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "start.py", folder)
    for name in ("pyproject.toml", "requirements.lock"):
        (folder / name).write_text("version 1\n")
    (folder / "config/config.yaml").write_text("campaign: talk  # a comment\nseed: 1\n")
    (folder / "config/other.yaml").write_text('campaign: "other"\n')
    become(
        folder,
        'printf "%s\\n" "$@" > calls; echo "${PYTHONDONTWRITEBYTECODE-unset}"; exit ${CODE:-0}',
    )
    module = load(folder)
    module.STAMP.write_text(module.digest())
    return folder


def become(project: Path, script: str) -> None:
    """Give the project's Python a meaning."""
    python = project / ".venv/bin/python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def start(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
    """Run the project's start.py from another folder."""
    return subprocess.run(
        [sys.executable, project / "start.py", *arguments],
        cwd=project.parent,
        env=os.environ | variables,
        capture_output=True,
        text=True,
    )


def calls(project: Path) -> list[str]:
    """Arguments of the last call of the project's Python."""
    return (project / "calls").read_text().splitlines()


def test_figures_use_all_cores_and_say_where_they_are(project):
    done = start(project, "figures", "--dry-run", "a b")
    assert done.returncode == 0
    assert calls(project) == ["-m", "snakemake", "--cores", "all", "--dry-run", "a b"]
    assert done.stderr == "Figures: results/talk/figures\n"
    (project / "results" / "talk" / "report.html").touch()
    said = start(project, "figures", "--dry-run").stderr
    assert said == "Figures: results/talk/figures\nReport: results/talk/report.html\n"


@pytest.mark.parametrize("argument", ["--cores=3", "-c3", "-j", "--profile=workflow/profiles/x"])
def test_arguments_about_cores_are_left_alone(project, argument):
    start(project, "figures", argument)
    assert calls(project) == ["-m", "snakemake", "--logger=glasscore", argument]


@pytest.mark.parametrize(
    ("arguments", "files"),
    [
        (["--configfile", "a.yaml", "--cores", "2"], ["a.yaml"]),
        (["--configfile=a b.yaml"], ["a b.yaml"]),
        (["-n", "--configfiles", "a.yaml", "b.yaml"], ["a.yaml", "b.yaml"]),
        (["--config", "seed=3"], []),
    ],
)
def test_configurations_are_found_among_the_arguments(project, arguments, files):
    assert load(project).configurations(*arguments) == files


def test_a_configuration_is_checked_first(project):
    done = start(project, "figures", "--configfile", "config/other.yaml", CODE="1")
    assert done.returncode == 1
    assert calls(project) == ["-m", "glasscore", "validate", "--quiet", "config/other.yaml"]


def test_tests_get_their_arguments(project):
    done = start(project, "test", "-k", "one or two", PYTHONDONTWRITEBYTECODE="1")
    assert calls(project) == ["-m", "pytest", "-k", "one or two"]
    assert done.stdout == "unset\n"


def test_exit_code_is_that_of_the_program(project):
    done = start(project, "figures", CODE="5")
    assert done.returncode == 5
    assert "Figures" not in done.stderr


def test_check_goes_on_after_a_failure(project):
    assert start(project, "check", CODE="1").returncode == 1
    assert calls(project) == ["-m", "mypy"]


def test_unknown_command_shows_the_usage(project):
    done = start(project, "figure")
    assert done.returncode == 2
    assert "start.py figures" in done.stdout


def test_interrupt_waits_for_the_program_to_tidy_up(project):
    become(project, "trap 'sleep 0.5; exit 7' INT; touch ready; while :; do sleep 0.05; done")
    process = subprocess.Popen(
        [sys.executable, project / "start.py", "figures"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for _ in range(600):
        if (project / "ready").exists():
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 7
    assert errors == "Stopped. What is finished is kept; the same command goes on.\n"


def test_old_python_is_told_in_one_sentence(project):
    script = (
        "import runpy, sys; sys.version_info = (3, 8, 0); "
        f"runpy.run_path({str(project / 'start.py')!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r"glasscore needs Python 3\.11 or newer .* Python 3\.8: .*\n", done.stderr)


def test_old_python_can_read_the_file():
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.fixture
def installer(project, monkeypatch):
    """The module, its commands, and the exit codes they are to give, by their first words."""
    module = load(project)
    commands: list[str] = []
    codes: dict[str, int] = {}

    def run(command):
        commands.append(" ".join(command[2:4]))
        return codes.get(commands[-1], 0)

    monkeypatch.setattr(module, "run", run)
    return module, commands, codes


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.lock"])
def test_installs_again_only_after_a_change(installer, name):
    module, commands, _ = installer
    assert module.install() == 0
    assert commands == []
    (module.ROOT / name).write_text("version 2\n")
    assert module.install() == 0
    assert commands == ["venv --clear", "pip install", "pip install"]
    assert module.install() == 0
    assert len(commands) == 3


def test_unfinished_installation_is_repaired(installer):
    module, commands, codes = installer
    module.STAMP.unlink()
    codes["pip install"] = 1
    assert module.install() == 1
    assert commands == ["venv --clear", "pip install"]
    codes.clear()
    assert module.install() == 0
    assert commands[2:] == ["venv --clear", "pip install", "pip install"]
    assert module.is_installed()


def test_moved_project_installs_again(project):
    moved = project.with_name("elsewhere")
    project.rename(moved)
    assert not load(moved).is_installed()


def test_python_without_environments_names_the_package(installer, monkeypatch):
    module, _, _ = installer
    module.STAMP.unlink()
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "ensurepip" else True)
    assert module.environment_maker()[1:3] == ["-m", "virtualenv"]
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    monkeypatch.setattr(module.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="python3-venv"):
        module.install()


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([], "talk"),
        (["--configfile", "config/other.yaml"], "other"),
        (["--configfile=config/other.yaml"], "other"),
        (["--configfile", "config/other.yaml", "--config", "seed=2", "campaign=third"], "third"),
    ],
)
def test_campaign(project, arguments, name):
    assert load(project).campaign(*arguments) == name


def test_lock_holds_all_dependencies_with_hashes_and_no_address():
    metadata = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = re.findall(r"^([\w.-]+)==\S+ .*\\\n +--hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)
    assert len(locked) == len(re.findall(r"^\S", lock, re.MULTILINE))
    wanted = [*metadata["dependencies"], *chain(*metadata["optional-dependencies"].values())]
    names = {re.split(r"[<>=! \[]", requirement)[0].lower() for requirement in wanted}
    assert names <= set(locked)
    assert not re.search(r"://|[/@]", lock)


def test_a_start_file_that_may_not_be_written_to_is_no_obstacle(project, monkeypatch):
    """Without the lock, two that install at once are in each other's way, and no more."""
    start_file = load(project)
    start_file.STAMP.unlink()

    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(start_file, "open", refuse, raising=False)
    monkeypatch.setattr(start_file, "run", lambda command: 0)
    assert start_file.install() == 0
    assert start_file.is_installed()


@pytest.mark.parametrize("home", ["file", "file/below"])
def test_without_a_home_caches_stay_in_the_project(project, home):
    """Snakemake, for one, fails where it cannot keep a cache."""
    (project.parent / "file").touch()
    become(project, 'echo "${XDG_CACHE_HOME-unset}"')
    environment = {"HOME": str(project.parent / home)}
    if "XDG_CACHE_HOME" in os.environ:
        environment["XDG_CACHE_HOME"] = environment["HOME"]
    done = start(project, "test", **environment)
    assert done.stdout == f"{project / '.venv' / 'cache'}\n"
    assert done.stderr.count("caches go to .venv/cache") == 1
    (project.parent / "home").mkdir()
    environment = {name: str(project.parent / "home") for name in environment}
    done = start(project, "test", **environment)
    assert done.stdout in ("unset\n", f"{project.parent / 'home'}\n")
    assert done.stderr == ""
