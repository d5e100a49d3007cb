"""The set-up command: what it runs, when it installs, and how it ends."""

import ast
import fcntl
import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
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
    """A project in a folder with a blank in its name, whose Python only records its arguments."""
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
    """Replace the project's Python by a script."""
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


def wait_for(file: Path) -> None:
    """Wait until a program has made a file."""
    for _ in range(1200):
        if file.exists():
            return
        time.sleep(0.05)
    raise TimeoutError(file)


def calls(project: Path) -> list[str]:
    """Arguments of the last call of the project's Python."""
    return (project / "calls").read_text().splitlines()


def test_figures_use_all_cores_and_say_where_they_are(project):
    done = start(project, "figures", "a b")
    assert done.returncode == 0
    assert calls(project) == ["-m", "snakemake", "--logger=glasscore", "--cores", "all", "a b"]
    assert done.stderr == "Figures: results/talk/figures\n"
    (project / "results" / "talk" / "report.html").touch()
    said = start(project, "figures").stderr
    assert said == "Figures: results/talk/figures\nReport: results/talk/report.html\n"


@pytest.mark.parametrize("option", ["-n", "-np", "-Fn", "--dry-run", "--dryrun"])
def test_a_dry_run_is_shown_by_snakemake_and_makes_no_figures(option, project):
    done = start(project, "figures", option)
    assert done.returncode == 0
    assert calls(project) == ["-m", "snakemake", "--cores", "all", option]
    assert done.stderr == ""


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


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["config/other.yaml"], ["--configfile=config/other.yaml"]),
        (["-n", "config/other.yml"], ["--configfile=config/other.yml", "-n"]),
        (["--cores", "2", "a.yaml", "x.nc"], ["--configfile=a.yaml", "--cores", "2", "x.nc"]),
        (["--configfile=a.yaml", "a.yaml"], ["--configfile=a.yaml", "--configfile=a.yaml"]),
        (["--configfile", "a.yaml", "b.yaml"], ["--configfile", "a.yaml", "b.yaml"]),
        (["--config", "title=a.yaml", "x.nc"], ["--config", "title=a.yaml", "x.nc"]),
    ],
)
def test_a_yaml_file_among_the_targets_is_the_configuration(project, arguments, kept, capsys):
    assert load(project).with_configuration(*arguments) == kept
    assert bool(capsys.readouterr().err) == (kept[0].startswith("--configfile="))


@pytest.mark.parametrize("target", ["results/a/figures/states.nc", "report.html", "all"])
def test_a_target_behind_the_configuration_is_refused(project, target):
    """Snakemake would take it for a second configuration."""
    with pytest.raises(SystemExit, match=f"{target} is taken for a configuration"):
        load(project).with_configuration("--configfile", "config/mine.yaml", target)


def test_two_yaml_files_among_the_targets_are_refused(project):
    done = start(project, "figures", "config/other.yaml", "config/config.yaml")
    assert done.returncode == 1
    assert "--configfile config/config.yaml" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project / "calls").exists()


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
    wait_for(project / "ready")
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 7
    assert errors == "Stopped. What is finished is kept; the same command goes on.\n"


def test_whatever_ends_a_program_has_a_sentence(project):
    assert "Not finished (exit code 5)" in start(project, "figures", CODE="5").stderr
    become(project, "kill -9 $$")
    done = start(project, "check")
    assert done.returncode == 137
    assert re.search("python -m ruff was killed by signal 9, as the system does", done.stderr)
    (project / ".venv/bin/python").chmod(0o644)
    done = start(project, "test")
    assert done.returncode == 1
    assert re.fullmatch(r"error: .*Permission denied.*\n", done.stderr)


def test_a_request_to_end_is_handed_on_and_said(project):
    become(project, "trap 'exit 1' TERM; touch ready; while :; do sleep 0.05; done")
    process = subprocess.Popen(
        [sys.executable, project / "start.py", "figures"], stderr=subprocess.PIPE, text=True
    )
    wait_for(project / "ready")
    process.terminate()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert re.fullmatch(
        r"Asked to end: what runs now is finished first. To stop it at once: kill -INT -- -\d+\n"
        r"Stopped. What is finished is kept; the same command goes on.\n",
        errors,
    )


@pytest.fixture
def workflow(project):
    """The project with a real Python, whose Snakefile is given by each test."""
    become(project, f'exec "{sys.executable}" "$@"')
    shutil.copytree(
        ROOT / "snakemake_logger_plugin_glasscore", project / "snakemake_logger_plugin_glasscore"
    )
    return project


JOB = "rule one:\n    output: 'a'\n    log: 'a.log'\n    shell: {!r}\n"


def begin(workflow: Path) -> subprocess.Popen:
    """Start the workflow and wait until its job is running."""
    process = subprocess.Popen(
        [sys.executable, workflow / "start.py", "figures"],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(workflow / "ready")
    return process


def test_a_folder_that_is_locked_is_told_with_the_command_that_unlocks(workflow):
    (workflow / "Snakefile").write_text(JOB.format("touch a ready; sleep 60"))
    arguments = ("figures", "--rerun-incomplete", "--config", "seed=2")
    process = begin(workflow)
    done = start(workflow, *arguments)
    assert done.returncode == 1
    assert re.search(r"error: another Snakemake is at work .*\(process \d+\)", done.stderr)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    done = start(workflow, *arguments)
    assert done.returncode == 1
    command = re.findall("remove its lock with: python3 start.py (.*)", done.stderr)
    assert command == ["figures --unlock --rerun-incomplete --config seed=2"]
    assert done.stderr.splitlines()[-1].startswith("Not finished (exit code 1)")
    assert "Unlocked" in start(workflow, *command[0].split()).stderr
    assert "IncompleteFilesException" in start(workflow, "figures").stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_jobs_that_are_stopped_have_not_failed(workflow, number):
    (workflow / "Snakefile").write_text(JOB.format("touch ready; exec sleep 60"))
    process = begin(workflow)
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped  one" in errors
    assert "FAILED" not in errors
    assert "not complete" not in errors
    assert errors.endswith("Stopped. What is finished is kept; the same command goes on.\n")


def test_a_request_to_end_waits_for_jobs_and_says_how_to_stop_them(workflow):
    (workflow / "Snakefile").write_text(JOB.format("touch ready; exec sleep 300"))
    process = begin(workflow)
    process.terminate()
    said = process.stderr.readline()
    while "Asked to end" not in said:
        said = process.stderr.readline()
    assert subprocess.run(re.findall("kill .*", said)[0].split(), check=False).returncode == 0
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "stopped  one" in errors
    assert errors.endswith("Stopped. What is finished is kept; the same command goes on.\n")


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
    """The module, a list of its commands, and the exit codes to return, by their first words."""
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


def test_an_environment_that_is_changed_to_another_folder_is_made_anew(project):
    module = load(project)
    packages = project / ".venv/lib/python3.11/site-packages"
    (packages / "glasscore-0.1.0.dist-info").mkdir(parents=True)
    files = [
        project / ".venv/bin/snakemake",
        packages / "__editable__.glasscore-0.1.0.pth",
        packages / "__editable___glasscore_0_1_0_finder.py",
        packages / "glasscore-0.1.0.dist-info/direct_url.json",
    ]
    for file in files:
        file.write_text(f"of {project}\n")
    module.STAMP.write_text(module.digest())
    assert module.is_installed()
    for file in files:
        file.write_text("of /elsewhere\n")
        assert not module.is_installed()
        file.write_text(f"of {project}\n")
    assert module.is_installed()


def test_an_environment_copied_from_another_folder_is_made_anew(project):
    other = project.with_name("another")
    shutil.copytree(project, other)
    assert not load(other).is_installed()


def test_a_link_to_the_environment_of_another_folder_leaves_that_as_it_is(installer):
    module, commands, _ = installer
    other = module.ROOT.with_name("other environment")
    module.VENV.rename(other)
    module.VENV.symlink_to(other)
    module.STAMP.write_text("of another folder")
    assert not module.is_installed()
    module.environment_maker = lambda: ["python", "-m", "venv"]
    with pytest.raises(FileNotFoundError):  # the stand-in makes no environment to put a stamp in
        module.install()
    assert commands[0] == "venv"
    assert (other / "bin/python").exists()


def test_a_second_start_says_that_it_waits_for_the_first(project, capsys):
    module = load(project)
    with open(project / "start.py", "rb+") as first, open(project / "start.py", "rb+") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        waiting = threading.Thread(target=module.wait_for_others, args=(second,), daemon=True)
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
        fcntl.flock(first, fcntl.LOCK_UN)
        waiting.join(30)
        assert not waiting.is_alive()
    assert capsys.readouterr().err.startswith("Another start.py installs")


def test_version_installs_nothing(project):
    (project / "pyproject.toml").write_text('version = "1.2.3"\n')
    done = start(project, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"glasscore 1\.2\.3, not installed .* Python 3\.", done.stdout)
    module = load(project)
    module.STAMP.write_text(module.digest())
    start(project, "--version")
    assert calls(project) == ["-m", "glasscore", "--version"]


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
        (["results/binary.nc"], "talk"),
    ],
)
def test_campaign(project, arguments, name):
    (project / "results/binary.nc").write_bytes(b"\x89HDF\ncampaign: none\n")
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
    """Without the lock, two installations at once may disturb each other; nothing else is lost."""
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
    """Snakemake, for instance, fails if it cannot write its cache."""
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
