"""The schema of a campaign, made from the plans of all stages, and sentences on what breaks it.

The additions to JSON Schema are explained in ``glasscore/common/keys.py``.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators

from glasscore.common import discovery
from glasscore.common.errors import shown
from glasscore.common.keys import Schema, manual, text, whole_number
from glasscore.common.plans import plans
from glasscore.common.sentences import nearest, one_of, place

CAMPAIGN = manual(
    text(
        64,
        "text of at most 64 letters, digits, _, - and . (not first - or .)",
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(?!\n)$",
    ),
    "name of the folder below `results/`",
    allowed="at most 64 letters, digits, `_`, `-` and `.`; begins with none of `-` and `.`; not "
    "the name of a file there, such as `README.md`",
)
SEED = manual(
    {
        **whole_number(0, 2**63 - 1),
        "description": "a whole number from 0 to 9223372036854775807 (2^63 - 1)",
    },
    "source of all random numbers",
    default="required unless no study draws random numbers",
    allowed="whole number, 0 to 2^63 - 1",
)


@cache
def schema() -> Schema:
    """The schema of a campaign."""
    keys: dict[str, Schema] = {"campaign": CAMPAIGN, "seed": SEED}
    for plan in plans().values():
        keys |= plan.keys
    return {
        "description": "a mapping that holds a campaign",
        "type": "object",
        "additionalProperties": False,
        "required": ["campaign"],
        "properties": keys,
    }


def properties_of(mapping: Mapping[Any, Any], schema: Schema) -> dict[str, Schema]:
    """The known keys of a mapping, including the options of the parts that it names."""
    properties = dict(schema.get("properties", {}))
    for key, folder in schema.get("options", {}).items():
        if mapping.get(key) in discovery.names(folder):
            properties |= discovery.constant(folder, mapping[key], "OPTIONS", {})
    return properties


def faults(value: Any, schema: Schema, *where: str) -> Iterator[str]:
    """Sentences on all that does not fit a schema, the most telling first.

    Parameters
    ----------
    value
        The value in its normal form.
    schema
        The schema that it must fit.
    where
        The keys that lead to the value.
    """
    errors = _Validator(schema).iter_errors(value)
    for error in sorted(errors, key=lambda error: _precedence(error, value)):
        yield _sentence(error, value, where)


def is_number(value: Any) -> bool:
    """Whether a value is a real and finite number that fits into floating point."""
    real = isinstance(value, int | float) and not isinstance(value, bool)
    return real and abs(value) <= sys.float_info.max


def _check_discovered(
    validator: Any, folder: str, value: Any, schema: Schema
) -> Iterator[ValidationError]:
    # If a mapping is allowed, its keys are checked one by one elsewhere.
    named = isinstance(value, dict) and "options" in schema
    if not named and value not in discovery.names(folder):
        yield ValidationError("not discovered")


def _check_options(
    validator: Any, folders: dict[str, str], value: Any, schema: Schema
) -> Iterator[ValidationError]:
    named = isinstance(value, dict) and all(
        value.get(key) in discovery.names(folder)
        or (key in schema.get("alternatives", ()) and key not in value)
        for key, folder in folders.items()
    )
    # If a part does not exist, its name is to blame and its options are not.
    if named:
        known = properties_of(value, schema)
        alternatives = schema.get("alternatives", [])
        asked = [key for key in alternatives if key in value] or alternatives[:1]
        optional = schema["properties"].keys() - {*schema.get("required", []), *asked}
        required = [key for key in known if "default" not in known[key] and key not in optional]
        closed = {"properties": known, "required": required, "additionalProperties": False}
        yield from validator.descend(value, closed)


_Validator = validators.extend(
    Draft202012Validator,
    {"discovered": _check_discovered, "options": _check_options},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "number": lambda _, value: is_number(value),
            "integer": lambda _, value: is_number(value) and isinstance(value, int),
        }
    ),
)


def _walk(parts: Iterable[Any], value: Any) -> Iterator[tuple[Any, Any]]:
    """Each key or index of a path into a value, with the mapping or list it is looked up in."""
    for part in parts:
        yield part, value
        value = value[part]


def _precedence(error: ValidationError, value: Any) -> tuple[bool, list[int]]:
    """Sort key of errors: unknown keys first, since a misspelt key also looks like a missing one.

    All other errors follow in the order of their places.
    """
    order = [
        part if isinstance(holder, list) else list(holder).index(part)
        for part, holder in _walk(error.absolute_path, value)
    ]
    return error.validator != "additionalProperties", order


def _sentence(error: ValidationError, whole: Any, where: tuple[str, ...]) -> str:
    steps = _walk(error.absolute_path, whole)
    keys = [*where, *(part for part, holder in steps if isinstance(holder, dict))]
    value, schema = error.instance, error.schema
    if error.validator == "additionalProperties":
        known = schema["properties"]
        key = next(key for key in value if key not in known)
        return (
            f"{place(*keys, key)} is {shown(value[key])}, but this key is unknown: known here are "
            f"{', '.join(known)}{_unspaced(key, known) or nearest(key, known)}."
        )
    if error.validator == "required":
        key = next(key for key in error.validator_value if key not in value)
        return f"{place(*keys, key)} is missing, but must be {allowed(schema['properties'][key])}."
    if "propertyNames" in error.absolute_schema_path:
        return (
            f"{place(*keys)} has the key {shown(value)}, but its keys must be "
            f"{schema['description']}."
        )
    return f"{place(*keys)} is {shown(value)}, but must be {allowed(schema, value)}."


def allowed(schema: Schema, value: Any = None) -> str:
    """What a value must be, as the end of a sentence."""
    if "description" in schema:
        return schema["description"]
    names = schema.get("enum") or discovery.names(schema["discovered"])
    also = ", or a number" if "alone" in schema else ""
    return one_of(names) + also + nearest(value, names)


def _unspaced(word: Any, names: Iterable[str]) -> str:
    """A question about a blank, if a word such as graph:hypercube begins with a name."""
    name, colon, _ = word.partition(":") if isinstance(word, str) else ("", "", "")
    return f"; is a blank missing after {name}:" if colon and name in names else ""
