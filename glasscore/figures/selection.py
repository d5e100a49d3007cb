"""Which figures there are, and which studies they show: read from their sources."""

import ast
from typing import Any

from glasscore.common import discovery
from glasscore.common.sentences import listed_in_words

FOLDER = "figures"


def names() -> list[str]:
    """All figures."""
    return discovery.names(FOLDER)


def caption(figure: str) -> str:
    """What a figure shows: the text at the head of its source."""
    path = discovery.source(FOLDER, figure)
    text = path.read_text(encoding="utf-8") if path else ""
    return ast.get_docstring(ast.parse(text)) or figure


def needs(figure: str) -> tuple[str, ...]:
    """Stages whose results a figure shows: that of its folder, then those of its ``BESIDE``.

    The campaign must have studies of the first. Those of the others are laid over where it has
    them. A figure that does not exist has none.
    """
    path = discovery.source(FOLDER, figure)
    return (path.parent.name, *_said(figure, "BESIDE", ())) if path else ()


def is_about(figure: str, study: dict[str, Any]) -> bool:
    """Whether a figure shows a study (or a job's parameters) of a stage that it needs."""
    return is_about_the_model(figure, study) and not lacks(figure, study)


def is_about_the_model(figure: str, study: dict[str, Any]) -> bool:
    """Whether a figure shows studies of this model, if they hold what it needs.

    The figure's constants tell: ``ONLY``, values of keys of ``landscape`` or ``model``, ``None``
    for keys that are not there. Where a study says what it solves, ``SOLVES`` alone tells.
    """
    if "solve" in study:
        return study["solve"] in _said(figure, "SOLVES", ())
    of = {**study.get("landscape", {}), **study.get("model", {})}
    only = _said(figure, "ONLY", {})
    return all(of.get(key) in values for key, values in only.items())


def lacks(figure: str, study: dict[str, Any]) -> str:
    """What a study must record or observe to be shown by a figure and does not; ``""`` if nothing.

    The figure's constants tell: ``OBSERVABLES`` and ``RECORDERS``, all of which the study must
    have, and ``ANY_RECORDER``, of which it must have one. Studies of stages that have no such key,
    which are laid over, lack nothing. Simulations whose temperature or field changes, or that are
    in a field, are shown by figures with the constant ``PROTOCOLS`` alone, since the laws of all
    others hold at a constant temperature without a field.
    """
    found = []
    simulated = "landscape" in study or "time_step" in study
    if simulated and not _said(figure, "PROTOCOLS", False):
        if study.get("ramps"):
            found.append("a constant temperature and field")
        elif study.get("field"):
            found.append("a field of zero")
    for word, key in (("observable", "observables"), ("recorder", "recorders")):
        if key not in study:
            continue
        missing = [name for name in _said(figure, key.upper(), ()) if name not in study[key]]
        if missing:
            plural = "s" if len(missing) > 1 else ""
            found.append(f"the {word}{plural} {listed_in_words(missing, 'and')}")
    any_of = _said(figure, "ANY_RECORDER", ())
    if any_of and "recorders" in study and not set(any_of) & set(study["recorders"]):
        found.append(f"the recorder {listed_in_words(any_of, 'or')}")
    return " and ".join(found)


def asked_in_words(figure: str, keys_of_models: set[str]) -> str:
    """What a figure asks of a study, as the end of a sentence.

    Parameters
    ----------
    figure
        Its name.
    keys_of_models
        Keys that landscapes or models of such studies can have; of others nothing is said.
    """
    only = _said(figure, "ONLY", {})
    asked = [_with(key, values) for key, values in only.items() if key in keys_of_models]
    for key in ("observables", "recorders"):
        asked += [f" with {name} among its {key}" for name in _said(figure, key.upper(), ())]
    if solves := _said(figure, "SOLVES", ()):
        asked.append(f" with solve: {_one_of(solves)}")
    if recorders := _said(figure, "ANY_RECORDER", ()):
        asked.append(f" with a recorder that is {_one_of(recorders)}")
    return " and".join(asked)


def _with(key: str, values: list[str | None]) -> str:
    """What a study must have; None stands for a key that is not there."""
    named = [value for value in values if value is not None]
    if not named:
        return f" without {key}"
    listed = [*named, "none"] if len(named) < len(values) else named
    return f" with {key}: {listed_in_words(listed, 'or')}"


def _one_of(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"one of {', '.join(names)}"


def _said(figure: str, constant: str, default: Any) -> Any:
    return discovery.constant(FOLDER, figure, constant, default)
