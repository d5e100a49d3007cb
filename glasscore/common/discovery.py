"""Which parts (models or rules, for instance) a folder has, as read from the sources alone.

A part exists as soon as its file does. Constants in the file say what the part can be combined
with, so that a campaign can be refused before any code of the part runs.
"""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
HELPERS = {"interface", "stage", "cost", "plan", "selection", "drawing"}
# Keys of a study that place observation times.
OF_SCHEDULE = ("windows", "waiting_times_per_decade", "times_per_decade")


def names(folder: str | Path) -> list[str]:
    """Names of the parts in a folder, sorted.

    Parameters
    ----------
    folder
        Relative to this package, for instance ``"landscapes/energies"``. Its parts may also stand
        in folders within it, as figures do, one folder a stage. Files whose name starts with an
        underscore, and those in ``HELPERS``, are no parts.
    """
    return sorted(name for name in _files(PACKAGE / folder) if not _is_helper(name))


def _is_helper(name: str) -> bool:
    return name.startswith("_") or name in HELPERS


@cache
def _files(top: Path) -> dict[str, Path]:
    """The sources in a folder and in the folders within it, by their names without ``.py``."""
    within = [path for path in top.glob("*/*.py") if not _is_helper(path.parent.name)]
    return {path.stem: path for path in [*sorted(within, reverse=True), *top.glob("*.py")]}


def source(folder: str | Path, name: str) -> Path | None:
    """The file of a part, if it exists."""
    return _files(PACKAGE / folder).get(name)


def module(folder: str, name: str) -> str:
    """Dotted name of the module of a part."""
    path = source(folder, name) or PACKAGE / folder / name
    return ".".join(["glasscore", *path.relative_to(PACKAGE).with_suffix("").parts])


def head(folder: str | Path, name: str) -> str:
    """The first paragraph at the head of a part's source, without its full stop."""
    path = source(folder, name)
    text = ast.get_docstring(_parsed(path)) if path else ""
    return " ".join((text or "").split("\n\n")[0].split()).rstrip(".")


def name_of(part: str | Mapping[str, Any]) -> str:
    """The word for a part, which a config gives alone or, with options, in a mapping."""
    return part if isinstance(part, str) else part["name"]


def constant(folder: str | Path, name: str, constant: str, default: Any = None) -> Any:
    """Value of a literal constant in a part's source.

    Parameters
    ----------
    folder, name
        The folder and the name of the part.
    constant
        Name of the constant, assigned at the top level of the file.
    default
        Returned if there is no such file or no such constant in it.

    Raises
    ------
    ValueError
        If the constant is not a literal, and so cannot be known without running the file.
    """
    path = source(folder, name)
    if path is None:
        return default
    expression = _assignments(path).get(constant)
    if expression is None:
        return default
    try:
        return ast.literal_eval(expression)
    except ValueError:
        raise ValueError(f"{constant} in {path} must be a literal") from None


def defines(folder: str | Path, name: str, function: str) -> bool:
    """Whether a part's source defines a function at its top level."""
    path = source(folder, name)
    body = _parsed(path).body if path else []
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in body)


def users(key: str, folder: str) -> list[str]:
    """The parts of a folder that use a key of the study, as their constants say."""
    said = {"NEEDS": (), "USES": OF_SCHEDULE, "PARAMETERS": ()}
    return [
        part
        for part in names(folder)
        if any(key in constant(folder, part, *one) for one in said.items())
    ]


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _assignments(path: Path) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in _parsed(path).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node.value for target in targets if isinstance(target, ast.Name)}
    return found
