"""Which files of tests depend on what was changed: what ``start.py test --changed`` runs.

What was changed is asked of git: all files, also new ones, that differ from the commit at which the
branch left ``main`` (on ``main`` itself from the last commit), or from the revision that
``--since`` names. A file of tests is run

- if it, or a module that it depends on, was changed (see ``tests/reach.py``: import statements,
  names given to ``import_module``, names of modules in texts of tests);
- if it may depend on any file of the project, because it reads or runs files by their path, starts
  programs, or looks up modules by names that cannot be read beforehand. Such a file is run after
  all changes except those of other tests, which only ``tests/test_changes.py`` reads;
- in any case if a file of ``FOR_ALL`` was changed.

The choice is made by files, not by single tests, and rather includes too many. Faults that only the
other tests can find, such as kernels that became slow, are left to the whole suite.
"""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from tests.reach import PROJECT, Reach, files, name_of

MAIN = ("main", "origin/main")
# Files that decide how all tests are run, or with which packages.
FOR_ALL = {"pyproject.toml", "requirements.lock", "tests/conftest.py", "glasscore/__init__.py"}


class UnknownChangesError(Exception):
    """Raised if git cannot tell which files were changed."""


class Choice(TypedDict):
    """Dotted names of the chosen files of tests, and a sentence about them."""

    tests: list[str]
    sentence: str


def is_test(path: Path) -> bool:
    """Whether a path is that of a file of tests."""
    return path.name.startswith("test_") and path.suffix == ".py"


def choice(revision: str | None = None) -> Choice:
    """The files of tests to be run after the changes since a revision, or since one as above.

    Raises
    ------
    UnknownChangesError
        If this is no checkout of git, or the revision does not exist.
    """
    _git("rev-parse", "--show-toplevel")
    base = revision or _where_the_branch_began()
    listed = _git("diff", "--name-only", "--no-renames", "-z", base, "--")
    listed += _git("ls-files", "--others", "--exclude-standard", "-z")
    changed = sorted({name for name in listed.split("\0") if name})
    tests = sorted(chosen(changed))
    total = sum(is_test(path) for path in files().values())
    of = _git("rev-parse", "--short", base).strip()
    sentence = (
        f"changed since {of}: {len(changed)} files, on which {len(tests)} of {total} files of "
        "tests depend"
    )
    return {"tests": tests, "sentence": sentence}


def chosen(changed: Iterable[str]) -> set[str]:
    """The files of tests, by their dotted names, that depend on one of some changed files.

    Parameters
    ----------
    changed
        Paths relative to the project, including those of deleted files.
    """
    paths = set(changed)
    tests = {name: path for name, path in files().items() if is_test(path)}
    if not paths:
        return set()
    if paths & FOR_ALL:
        return set(tests)
    names = {name_of(Path(path)) for path in paths if path.endswith(".py")}
    reach = Reach(also=names)
    found = {name for name in tests if reach.of(name) & names}
    # A file that no test imports is data, and neither a test nor a helper: for instance the parts
    # that a manual shows.
    loaded = set().union(*(reach.of(name) for name in tests))
    of_tests = {name for name in names & loaded if name.startswith("tests.")}
    if of_tests:
        found |= {name for name in tests if "tests.reach" in reach.direct(name)}
    if len(of_tests) < len(paths):
        found |= {name for name in tests if reach.is_of_the_project(name)}
    return found


def _where_the_branch_began() -> str:
    for main in MAIN:
        try:
            return _git("merge-base", "HEAD", main).strip()
        except UnknownChangesError:  # there is no such branch
            continue
    return "HEAD"


def _git(*words: str) -> str:
    """The output of a git command in the folder of this project."""
    try:
        done = subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True)
    except OSError as error:
        raise UnknownChangesError(f"--changed asks git, which cannot be run: {error}.") from None
    if done.returncode:
        said = done.stderr.strip() or "no answer"
        raise UnknownChangesError(f"git was asked what was changed, and says: {said}")
    return done.stdout
