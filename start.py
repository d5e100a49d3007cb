"""Set up and run glasscore; needs nothing but Python 3.11 or newer.

    python3 start.py figures [snakemake arguments]    compute the campaign, up to its figures
    python3 start.py test [pytest arguments]          run the tests
    python3 start.py test --changed                   run the tests that your changes may affect
    python3 start.py check                            lint, formatting, types
    python3 start.py tables                           bring the tables of the manual up to date
    python3 start.py install                          only the set-up, which the others include
    python3 start.py --version                        versions, for the report of a fault

Everything is installed into .venv beside this file, in the versions of requirements.lock, and
again only when these change or the folder is another. Paths among the arguments are relative to
this folder.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

if sys.version_info < (3, 11):
    # Older Pythons must be able to read this file to say so: no newer syntax anywhere in it.
    sys.exit(
        "glasscore needs Python 3.11 or newer and this is Python %d.%d: run start.py with a "
        "newer one, for instance: python3.11 start.py figures" % sys.version_info[:2]
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(PROGRAMS / "python")
STAMP = VENV / "installed"

INSTALL = (
    # pip is called twice, because it verifies hashes only if everything it installs has one, and
    # glasscore itself has none.
    ("pip", "install", "-qq", "--require-hashes", "--requirement", "requirements.lock"),
    # glasscore is installed as a folder on Python's path, where Snakemake looks for its plug-ins.
    (
        *("pip", "install", "-qq", "--no-deps", "--editable", "."),
        "--config-settings=editable_mode=compat",
    ),
)
CHECK = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("snakefmt", "--check", "Snakefile", "workflow"),
    ("mypy",),
)
# Arguments of Snakemake that say how many jobs run at once, or where.
PLACEMENT = ("--cores", "-c", "--jobs", "-j", "--executor", "-e", "--profile", "--workflow-profile")
# Options of Snakemake whose values are YAML files.
WITH_YAML = ("--configfile", "--configfiles", "--report-metadata")
YAML, RESULTS = (".yaml", ".yml", ".json"), (".nc", ".pdf", ".png", ".svg", ".html")
interrupted: "list[int]" = []
# Environment variables that are removed: the first makes every import two or three times slower;
# the others would let in packages from outside the environment.
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")


def say(sentence: str) -> None:
    """Print a message to the user on the standard error stream."""
    print(sentence, file=sys.stderr, flush=True)


def run(command: "list[str]") -> int:
    """Run a command in this folder with the environment's programs; return its exit code."""
    variables = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    variables["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)])
    variables.update(caches())
    # An interrupt from the keyboard also reaches the child; this process waits for it to tidy up.
    signal.signal(signal.SIGINT, lambda number, frame: interrupted.append(number))
    child = subprocess.Popen(command, cwd=ROOT, env=variables)

    def terminate(number, frame):
        if not interrupted:
            say(
                "Asked to end: what runs now is finished first. To stop it at once: "
                "kill -INT -- -%d" % os.getpgrp()
            )
        interrupted.append(number)
        child.terminate()

    signal.signal(signal.SIGTERM, terminate)
    code = child.wait()
    if code < 0 and not interrupted:
        memory = ", as the system does where memory is short" if code == -9 else ""
        say("python %s was killed by signal %d%s." % (" ".join(command[1:3]), -code, memory))
    return code if code >= 0 else 128 - code


@cache
def caches() -> "dict[str, str]":
    """Environment variables that move caches into .venv if the home folder cannot be used."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser(os.path.join("~", ".cache"))
    try:
        if not os.path.isabs(home):
            raise OSError("no home folder")
        os.makedirs(home, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(bytes(1 << 20))
    except OSError as error:
        print("%s cannot be used (%s): caches go to .venv/cache" % (home, error), file=sys.stderr)
        return {"XDG_CACHE_HOME": str(VENV / "cache")}
    return {}


def run_module(*command: str) -> int:
    """Run a Python module of the environment."""
    return run([PYTHON, "-m", *command])


def digest() -> str:
    """A digest of everything that the environment depends on.

    This includes the required versions, the path of this folder, and those files of the environment
    that contain the path of a folder: its programs name their Python, and the editable installation
    of glasscore names the folder of its sources.
    """
    packages = "lib/python*/site-packages"
    named = [
        PROGRAMS / "snakemake",
        *sorted(VENV.glob(packages + "/__editable__*glasscore*")),
        *sorted(VENV.glob(packages + "/glasscore-*.dist-info/direct_url.json")),
    ]
    files = [ROOT / "pyproject.toml", ROOT / "requirements.lock"]
    files += [file for file in named if file.is_file()]
    parts = [str(ROOT).encode(), repr((sys.version_info[:2], INSTALL)).encode()]
    parts += [file.read_bytes() for file in files]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_installed() -> bool:
    """Whether an installation of exactly these versions in this folder was finished."""
    return Path(PYTHON).exists() and STAMP.exists() and STAMP.read_text() == digest()


def environment_maker() -> "list[str]":
    """The command that makes an empty environment and replaces any that is there."""
    if find_spec("venv") and find_spec("ensurepip"):
        python = getattr(sys, "_base_executable", sys.executable)
        return [python, "-m", "venv", "--clear", str(VENV)]
    if find_spec("virtualenv"):
        return [sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(VENV)]
    if shutil.which("virtualenv"):
        return ["virtualenv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    sys.exit(
        "This Python cannot make virtual environments: install the package python3-venv "
        "(Debian, Ubuntu: sudo apt install python3-venv), then repeat the same command."
    )


def wait_for_others(file: "IO[bytes]") -> None:
    """Let only one start.py install at a time, if the system has locks."""
    with suppress(ImportError, OSError):
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start.py installs into .venv: waiting until it has ended ...")
            fcntl.flock(file, fcntl.LOCK_EX)


def install() -> int:
    """Install unless this is done; an unfinished or outdated environment is made anew."""
    if is_installed():
        return 0
    with ExitStack() as opened:
        with suppress(OSError):  # if this folder is read-only, no other start.py installs either
            wait_for_others(opened.enter_context(open(__file__, "rb+")))
        if is_installed():
            return 0
        maker = environment_maker()
        if VENV.is_symlink():  # the environment that it points to may belong to another folder
            VENV.unlink()
        say("Installing into .venv, once: a minute or more ...")
        code = run(maker)
        for step in INSTALL:
            code = code or run_module(*step)
        if code:
            say("Not installed: the same command tries again.")
        else:
            STAMP.write_text(digest())
        return code


def configurations(*arguments: str) -> "list[str]":
    """The configuration files among the arguments of Snakemake."""
    files = []
    names = ("--configfile", "--configfiles")
    for index, word in enumerate(arguments):
        option, equals, value = word.partition("=")
        if option in names and equals:
            files.append(value)
        elif word in names:
            rest = arguments[index + 1 :]
            ends = [place for place, other in enumerate(rest) if other.startswith("-")]
            files += rest[: min([*ends, len(rest)])]
    return files


def with_configuration(*arguments: str) -> "list[str]":
    """The arguments, where a YAML file among the targets is turned into the configuration.

    No job makes a YAML file. If one is among the targets, ``--configfile`` was forgotten.
    """
    for file in configurations(*arguments):
        if file.endswith(RESULTS) or not (file.endswith(YAML) or (ROOT / file).is_file()):
            sys.exit(
                "error: %s is taken for a configuration, as --configfile takes all words up to the "
                "next option: put targets before it." % file
            )
    kept, found, option = [], [], ""
    for word in arguments:
        if word.startswith("-"):
            option = "" if "=" in word else word
        elif word.endswith(YAML[:2]) and "=" not in word and option not in WITH_YAML:
            found.append(word)
            continue
        kept.append(word)
    if not found:
        return kept
    all_found = sorted({*configurations(*kept), *found})
    if len(all_found) > 1:
        sys.exit(
            "error: %s are several configurations, and a campaign has one: run python3 start.py "
            "figures --configfile %s, then the same with the next." % (all_found, all_found[0])
        )
    say("%s is a configuration: taken as --configfile=%s" % (found[0], found[0]))
    return ["--configfile=" + found[0], *kept]


def campaign(*arguments: str) -> str:
    """Name of the campaign: the last argument that sets it wins, as in Snakemake."""
    files = [ROOT / name for name in configurations(*arguments) or ["config/config.yaml"]]
    texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]
    names = [""]
    for text in [*texts, *arguments]:
        names += re.findall(r"^campaign\s*[:=]\s*[\"']?([^\s\"'#]+)", text, re.MULTILINE)
    return names[-1]


def logs() -> "set[Path]":
    """Snakemake's own log files, one for each of its runs."""
    return set(ROOT.glob(".snakemake/log/*.log"))


def figures(*given: str) -> int:
    """Run the workflow, on all cores unless the arguments say otherwise."""
    arguments = with_configuration(*given)
    for file in configurations(*arguments):
        code = run_module("glasscore", "validate", "--quiet", file)
        if code:
            return code
    options = []
    is_dry = any(re.fullmatch("--dry-?run|-[a-zA-Z]*n[a-zA-Z]*", word) for word in arguments)
    if not is_dry and not any(word.startswith("--logger") for word in arguments):
        options += ["--logger=glasscore"]
    if not any(word.startswith(PLACEMENT) for word in arguments):
        options += ["--cores", "all"]
    before = logs()
    code = run_module("snakemake", *options, *arguments)
    folder = Path("results", campaign(*arguments), "figures")
    if code == 0 and not is_dry and (ROOT / folder).is_dir():
        say("Figures: %s" % folder)
        report = folder.parent / "report.html"
        if (ROOT / report).is_file():
            say("Report: %s" % report)
    elif interrupted:
        say("Stopped. What is finished is kept; the same command goes on.")
    elif code:
        account = [str(log.relative_to(ROOT)) for log in sorted(logs() - before)]
        where = " above and in %s" % ", ".join(account) if account else " above"
        say("Not finished (exit code %d): what went wrong stands%s." % (code, where))
    return code


def version() -> int:
    """Print the versions, without installing anything."""
    if is_installed():
        return run_module("glasscore", "--version")
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    number = re.findall(r"^version = \"(.*)\"", text, re.MULTILINE)
    python = "%d.%d.%d" % sys.version_info[:3]
    print("glasscore %s, not installed in this folder yet; Python %s" % (number[0], python))
    return 0


def main(command: str = "", *arguments: str) -> int:
    """Run one of the commands; return its exit code."""
    commands = {
        "figures": lambda: figures(*arguments),
        "test": lambda: run_module("pytest", *arguments),
        "check": lambda: max(run_module(*tool) for tool in CHECK),
        "tables": lambda: run_module("glasscore", "tables"),
        "install": lambda: 0,
    }
    if command == "--version":
        return version()
    if command not in commands:
        print(__doc__)
        if command in ("-h", "--help"):
            return 0
        say("error: start.py has no command %r" % command if command else "error: no command given")
        return 2
    return install() or commands[command]()


if __name__ == "__main__":
    try:
        code = main(*sys.argv[1:])
    except OSError as error:
        sys.exit("error: %s" % error)
    except KeyboardInterrupt:
        say("Stopped. The same command goes on.")
        code = 130
    sys.exit(code)
