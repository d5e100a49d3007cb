"""The origin of a result: the fingerprint of its code, the versions of libraries, and the commit.

Workflow managers notice a changed command or parameter, but not a changed function that the command
imports. This is what the fingerprint is for, which is a parameter of every job and an attribute of
every file.
"""

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from glasscore.files.sources import Source, sources

PACKAGE = Path(__file__).resolve().parents[1]
# These modules do not affect the numbers of a result, so that a change of them must not make a
# campaign run again.
WITHOUT_INFLUENCE = {
    "glasscore.common.log",
    "glasscore.files.provenance",
    "glasscore.files.sources",
}
# One call of git tells the commit and which sources have changed since. It writes no files, and it
# also works in the folder of another user, whose code is running anyway.
STATUS = ("--no-optional-locks", "-c", "safe.directory=*", "status", "--porcelain=v2", "--branch")
CHANGED = "+changes"
LIBRARIES = ("glasscore", "netCDF4", "numba", "numpy", "scipy", "xarray")


def canonical_json(value: object) -> str:
    """The same text for equal values: sorted keys, no spare blanks, ``Infinity`` for infinities.

    Keys are sorted as the strings that JSON makes of them. So a value that was read from the text
    gives the same text again.
    """
    as_read = json.loads(json.dumps(value))
    return json.dumps(as_read, sort_keys=True, separators=(",", ":"))


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that may affect the numbers."""
    return {"python": platform.python_version()} | {name: _installed(name) for name in LIBRARIES}


@cache
def _installed(library: str) -> str:
    """The version of a library. To read it takes milliseconds, but a process has one only."""
    return version(library)


@cache
def commit() -> str | None:
    """The commit of the working tree; None outside a git checkout, or without git.

    If sources of this package differ from the commit, ``+changes`` follows. The commit is for
    readers. Whether a result is up to date is decided by the fingerprint, which is the same for all
    commits with the same code.
    """
    folder = PACKAGE.parent
    if not (folder / ".git").exists():
        return None
    # Inside a hook, these variables may name another repository.
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", *STATUS, "--", PACKAGE.name]
    try:
        said = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True)
    except OSError:
        return None
    found = re.search(r"^# branch\.oid ([0-9a-f]+)$", said.stdout, re.MULTILINE)
    if found is None:
        return None
    changed = any(not line.startswith("#") for line in said.stdout.splitlines())
    return found[1] + (CHANGED if changed else "")


def source_hash(modules: Iterable[str]) -> str:
    """Fingerprint of modules and of all modules of this package that they import, also indirectly.

    It depends on all of their code, but not on docstrings, comments and layout.

    Parameters
    ----------
    modules
        Dotted module names, for instance ``"glasscore.traps.stage"``.

    Returns
    -------
    str
        Twelve hexadecimal digits of a SHA-256 digest.

    Raises
    ------
    ModuleNotFoundError
        If one of the modules has no file in this package.
    """
    digest = hashlib.sha256()
    for name in dependencies(modules):
        digest.update(f"{name}:{_source(name).fingerprint}\n".encode())
    return digest.hexdigest()[:12]


def changed(modules: Iterable[str]) -> list[Path]:
    """Files of modules and of all that they import, if they were written since they were read."""
    files = {_file(name) for name in dependencies(modules)}
    return [file for file in sources().changed() if file in files]


def decorators(name: str) -> tuple[str, ...]:
    """Names of the decorators in a module of this package."""
    return _source(name).decorators


def dependencies(modules: Iterable[str]) -> list[str]:
    """Sorted names of some modules and of all modules of the package that they import."""
    found: set[str] = set()
    waiting = list(modules)
    for name in waiting:
        if _file(name) is None:
            raise ModuleNotFoundError(f"no file in {PACKAGE} holds the module {name}")
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_imports(name))
    sources().keep()
    return sorted(found - WITHOUT_INFLUENCE)


def _file(name: str) -> Path | None:
    path = PACKAGE.parent.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


@cache
def _source(name: str) -> Source:
    path = _file(name)
    assert path is not None
    return sources().read(name, path)


@cache
def _imports(name: str) -> tuple[str, ...]:
    """Modules of the package that a module imports, and the packages that contain them."""
    parts = name.split(".")
    found = {".".join(parts[:count]) for count in range(1, len(parts))} | {*_source(name).imports}
    return tuple(
        sorted(module for module in found if module.split(".")[0] == PACKAGE.name and _file(module))
    )
