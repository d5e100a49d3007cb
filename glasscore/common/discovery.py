"""Which models, rules, recorders and figures exist: read from the sources, nothing imported.

A part exists as soon as its file does, and says in constants what it can be combined with, so that
a campaign can be refused before any code of the part runs.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
HELPERS = {"interface", "stage", "cost", "plan", "drawing"}
# Keys of a study that place observation times.
OF_SCHEDULE = ("windows", "waiting_times_per_decade", "times_per_decade")
# Where the config holds the studies whose results a stage keeps.
STUDIES = {
    "traps": "activated",
    "barriers": "barriers",
    "master": "master",
    "dmft": "dmft",
    "theory": "theory",
    "langevin": "langevin",
}


def names(folder: str | Path) -> list[str]:
    """Names of the parts in a folder, sorted.

    Parameters
    ----------
    folder
        Relative to this package, for instance ``"landscapes/energies"``. Its parts may also stand
        in folders within it, as figures do, one folder a stage. Files whose name starts with an
        underscore, and those in ``HELPERS``, are no parts.
    """
    top = PACKAGE / folder
    found = (path.relative_to(top).with_suffix("").parts for path in _sources(top, "*"))
    return sorted(
        parts[-1]
        for parts in found
        if not any(part.startswith("_") or part in HELPERS for part in parts)
    )


def _sources(top: Path, name: str) -> list[Path]:
    return [*top.glob(f"{name}.py"), *top.glob(f"*/{name}.py")]


def _source(folder: str | Path, name: str) -> Path | None:
    """The file of a part, if it exists."""
    path = PACKAGE / folder / f"{name}.py"
    if path.is_file():
        return path
    return next(iter(sorted((PACKAGE / folder).glob(f"*/{name}.py"))), None)


def module(folder: str, name: str) -> str:
    """Dotted name of the module of a part."""
    path = _source(folder, name) or PACKAGE / folder / name
    return ".".join(["glasscore", *path.relative_to(PACKAGE).with_suffix("").parts])


def name_of(part: str | Mapping[str, Any]) -> str:
    """The word for a part, which a config gives alone or, with options, in a mapping."""
    return part if isinstance(part, str) else part["name"]


def constant(folder: str | Path, name: str, constant: str, default: Any = None) -> Any:
    """Value of a literal constant in a part's source.

    Parameters
    ----------
    folder, name
        Which part.
    constant
        Name of the constant, assigned at the top level of the file.
    default
        Returned if there is no such file or no such constant in it.

    Raises
    ------
    ValueError
        If the constant is not a literal, and so cannot be known without running the file.
    """
    path = _source(folder, name)
    if path is None:
        return default
    expression = _assignments(path).get(constant)
    if expression is None:
        return default
    try:
        return ast.literal_eval(expression)
    except ValueError:
        raise ValueError(f"{constant} in {path} must be a literal") from None


def caption(figure: str) -> str:
    """What a figure shows: the text at the head of its source."""
    path = _source("figures", figure)
    text = path.read_text(encoding="utf-8") if path else ""
    return ast.get_docstring(ast.parse(text)) or figure


def defines(folder: str | Path, name: str, function: str) -> bool:
    """Whether a part's source defines a function at its top level."""
    path = _source(folder, name)
    body = ast.parse(path.read_text(encoding="utf-8")).body if path else []
    return any(isinstance(node, ast.FunctionDef) and node.name == function for node in body)


def registers(folder: str | Path, name: str, verb: str) -> bool:
    """Whether a part's source registers a body of its own for a verb."""
    path = _source(folder, name)
    return path is not None and f"@{verb}.register" in _text(path)


def is_needed(name: str, recorders: Iterable[str]) -> bool:
    """Whether one of these recorders asks for a key of the study by this name."""
    return any(name in constant("dynamics/recorders", each, "NEEDS", ()) for each in recorders)


def users(key: str, folder: str) -> list[str]:
    """The parts of a folder that a key of the study makes a difference to, as they say."""
    said = {"NEEDS": (), "USES": OF_SCHEDULE, "PARAMETERS": ()}
    return [
        part
        for part in names(folder)
        if any(key in constant(folder, part, *one) for one in said.items())
    ]


def needs(figure: str) -> tuple[str, ...]:
    """Stages whose results a figure shows: that of its folder, then those of its ``BESIDE``.

    The campaign must have studies of the first. Those of the others are laid over where it has
    them. A figure that does not exist has none.
    """
    path = _source("figures", figure)
    return (path.parent.name, *constant("figures", figure, "BESIDE", ())) if path else ()


def is_about(figure: str, study: dict[str, Any]) -> bool:
    """Whether a figure shows a study (or a job's parameters) of the kind that it needs."""
    return is_about_the_model(figure, study) and not lacks(figure, study)


def is_about_the_model(figure: str, study: dict[str, Any]) -> bool:
    """Whether a figure shows studies of this model, if they hold what it needs.

    The figure's constants tell: ``ONLY``, values of keys of ``landscape`` or ``model``, ``None``
    for keys that are not there. Of studies of the stage ``theory``, ``SOLVES`` alone tells.
    """
    if "solve" in study:
        return study["solve"] in constant("figures", figure, "SOLVES", ())
    of = {**study.get("landscape", {}), **study.get("model", {})}
    only = constant("figures", figure, "ONLY", {})
    return all(of.get(key) in values for key, values in only.items())


def lacks(figure: str, study: dict[str, Any]) -> str:
    """What a study must record or observe to be shown by a figure and does not; ``""`` if nothing.

    The figure's constants tell: ``OBSERVABLES`` and ``RECORDERS``, all of which the study must
    have, and ``ANY_RECORDER``, of which it must have one.
    """
    found = []
    for word, key in (("observable", "observables"), ("recorder", "recorders")):
        asked = constant("figures", figure, word.upper() + "S", ())
        missing = [name for name in asked if name not in study.get(key, ())]
        if missing:
            found.append(f"the {word}{'s' if len(missing) > 1 else ''} {in_words(missing, 'and')}")
    any_of = constant("figures", figure, "ANY_RECORDER", ())
    if any_of and not set(any_of) & set(study.get("recorders", ())):
        found.append(f"the recorder {in_words(any_of, 'or')}")
    return " and ".join(found)


def in_words(names: Sequence[str], last: str) -> str:
    """A list as it is written in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    *others, end = names
    return f"{', '.join(others)} {last} {end}" if others else end


def left_out(figure: str, config: dict[str, Any]) -> dict[str, str]:
    """Studies whose model a figure shows, but not their results, by what they lack.

    Parameters
    ----------
    figure
        Its name.
    config
        A validated campaign.

    Returns
    -------
    dict
        From ``section.study`` to what :func:`lacks` says of it.
    """
    kinds = {STUDIES[stage]: None for stage in needs(figure)[:1]}
    return {
        f"{kind}.{name}": lacking
        for kind in kinds
        for name, study in config[kind].items()
        if is_about_the_model(figure, study) and (lacking := lacks(figure, study))
    }


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def _assignments(path: Path) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: node.value for target in targets if isinstance(target, ast.Name)}
    return found
