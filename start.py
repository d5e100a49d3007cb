"""Set up and run glasscore; needs nothing but Python 3.11 or newer.

    python3 start.py figures [snakemake arguments]    compute the campaign, up to its figures
    python3 start.py test [pytest arguments]          run the tests
    python3 start.py check                            lint, formatting, types
    python3 start.py install                          only the set-up, which the others include

Everything is installed into .venv beside this file, in the versions of requirements.lock, and
again only when these change. Paths among the arguments are relative to this folder.
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
    # Two calls, because pip verifies the hashes of the lock only where everything has one.
    ("pip", "install", "-qq", "--require-hashes", "--requirement", "requirements.lock"),
    ("pip", "install", "-qq", "--no-deps", "--editable", "."),
)
CHECK = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("snakefmt", "--check", "Snakefile", "workflow"),
    ("mypy",),
)
# Arguments of Snakemake that say how many jobs run at once, or where.
PLACEMENT = ("--cores", "-c", "--jobs", "-j", "--executor", "-e", "--profile", "--workflow-profile")
interrupted: "list[int]" = []
# The first makes every import two or three times slower; the others let foreign packages in.
UNWANTED = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH")


def run(command: "list[str]") -> int:
    """Run a command in this folder with the environment's programs; return its exit code."""
    variables = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    variables["PATH"] = os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)])
    variables.update(caches())
    # An interrupt from the keyboard reaches the child by itself: wait for it to tidy up.
    signal.signal(signal.SIGINT, lambda number, frame: interrupted.append(number))
    child = subprocess.Popen(command, cwd=ROOT, env=variables)
    signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    code = child.wait()
    return code if code >= 0 else 128 - code


@cache
def caches() -> "dict[str, str]":
    """Where programs shall keep what they need again, if they cannot at home."""
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
    """Everything that the environment depends on, in one word."""
    parts = [str(ROOT).encode(), repr(sys.version_info[:2]).encode()]
    parts += [(ROOT / name).read_bytes() for name in ("pyproject.toml", "requirements.lock")]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def is_installed() -> bool:
    """Whether an installation of exactly these versions was finished."""
    return Path(PYTHON).exists() and STAMP.exists() and STAMP.read_text() == digest()


def environment_maker() -> "list[str]":
    """Command that makes an empty environment, whatever stands there."""
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


def install() -> int:
    """Install unless that is done; what is unfinished or out of date is made anew."""
    if is_installed():
        return 0
    with ExitStack() as opened:
        with suppress(ImportError, OSError):  # a second start.py waits while a first one installs
            import fcntl

            fcntl.flock(opened.enter_context(open(__file__, "rb+")), fcntl.LOCK_EX)
        if is_installed():
            return 0
        maker = environment_maker()
        print("Installing into .venv, once: a minute or more ...", file=sys.stderr)
        code = run(maker)
        for step in INSTALL:
            code = code or run_module(*step)
        if code:
            print("Not installed: the same command tries again.", file=sys.stderr)
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


def campaign(*arguments: str) -> str:
    """Name of the campaign: the last argument that sets it wins, as in Snakemake."""
    names = [""]
    for argument in ["config/config.yaml", *arguments]:
        file = ROOT / argument.replace("--configfile=", "")
        text = file.read_text(encoding="utf-8") if file.is_file() else argument
        names += re.findall(r"^campaign\s*[:=]\s*[\"']?([^\s\"'#]+)", text, re.MULTILINE)
    return names[-1]


def figures(*arguments: str) -> int:
    """Run the workflow, on all cores unless the arguments say otherwise."""
    for file in configurations(*arguments):
        code = run_module("glasscore", "validate", "--quiet", file)
        if code:
            return code
    options = []
    if not {"-n", "--dry-run", "--dryrun"} & set(arguments) and not any(
        word.startswith("--logger") for word in arguments
    ):
        options += ["--logger=glasscore"]
    if not any(word.startswith(PLACEMENT) for word in arguments):
        options += ["--cores", "all"]
    code = run_module("snakemake", *options, *arguments)
    folder = Path("results", campaign(*arguments), "figures")
    if code == 0 and (ROOT / folder).is_dir():
        print("Figures: %s" % folder, file=sys.stderr)
        report = folder.parent / "report.html"
        if (ROOT / report).is_file():
            print("Report: %s" % report, file=sys.stderr)
    elif interrupted:
        print("Stopped. What is finished is kept; the same command goes on.", file=sys.stderr)
    return code


def main(command: str = "", *arguments: str) -> int:
    """Run one of the commands; return its exit code."""
    commands = {
        "figures": lambda: figures(*arguments),
        "test": lambda: run_module("pytest", *arguments),
        "check": lambda: max(run_module(*tool) for tool in CHECK),
        "install": lambda: 0,
    }
    if command not in commands:
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    return install() or commands[command]()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
