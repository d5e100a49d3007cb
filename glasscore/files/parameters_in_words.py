"""Parameters of jobs in sentences, as they stand in result files: in JSON, and short."""

import json
from typing import Any

from glasscore.files.provenance import canonical_json

LONGEST = 60  # characters of a value
NAMED = 3  # keys that are named where parameters differ


def shown(value: Any) -> str:
    """A value in a sentence: short, on one line."""
    text = "nothing" if value is None else canonical_json(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def read_as(text: str, kind: type) -> Any:
    """What a text of JSON holds; an empty value of the kind if it holds another one, or none."""
    try:
        found = json.loads(text)
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()


def differences(said: str, asked: dict[str, Any]) -> list[str]:
    """Which of the parameters in a file differ from those asked for, with both values.

    Parameters
    ----------
    said
        JSON, as it stands in the file.
    asked
        The parameters of the job.
    """
    wanted = canonical_json(asked)
    if said == wanted:
        return []
    before, now = _flat(read_as(said, dict)), _flat(json.loads(wanted))
    # A whole number is the same in both spellings.
    keys = [key for key in sorted(before | now) if before.get(key, key) != now.get(key, key)]
    named = [f"{key} is {_word(before, key)} instead of {_word(now, key)}" for key in keys[:NAMED]]
    if keys[NAMED:]:
        named[-1] += f", with {len(keys) - NAMED} more keys that differ"
    return named


def _flat(values: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {above + key: value}
    return flat


def _word(values: dict[str, Any], key: str) -> str:
    text = canonical_json(values[key]) if key in values else "not set"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
