"""One form for all ways to write the same campaign."""

import math
import re
from typing import Any

from glasscore.campaign.schema import is_number, properties_of
from glasscore.common.keys import Schema

DECIMAL = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")


def normal_form(value: Any, schema: Schema) -> Any:
    """A copy with defaults filled in, and lists and numbers made wherever the value allows it."""
    for choice in schema.get("anyOf", ()):
        value = normal_form(value, choice)
    if {"discovered", "options"} <= schema.keys():
        return _part(value, schema)
    match schema.get("type"):
        case "number":
            number = _number(value)
            return float(number) + 0.0 if is_number(number) else value
        case "integer":
            number = _number(value)
            return int(number) if is_number(number) and number == int(number) else value
        case "array":
            values = value if isinstance(value, list | tuple) else [value]
            return [normal_form(item, schema["items"]) for item in values]
        case "object" if isinstance(value, dict):
            return _mapping(value, schema)
    return value


def in_order(value: Any, schema: Schema) -> Any:
    """A valid value with sorted lists, unless their order counts, and sorted keys of numbers."""
    if isinstance(value, dict):
        known = properties_of(value, schema)
        others = schema.get("additionalProperties") or {}
        ordered = {key: in_order(one, known.get(key, others)) for key, one in value.items()}
        by_number = schema.get("propertyNames", {}).get("type") == "number"
        return dict(sorted(ordered.items())) if by_number else ordered
    if isinstance(value, list):
        items = [in_order(one, schema.get("items", {})) for one in value]
        has_order = all(isinstance(item, int | float) for item in items) or all(
            isinstance(item, str) for item in items
        )
        return sorted(items) if has_order and not schema.get("in_order") else items
    return value


def _mapping(mapping: dict[Any, Any], schema: Schema) -> dict[Any, Any]:
    # jsonschema leaves the key None out of the place of an error, so it is replaced by the empty
    # text, which is refused as well
    mapping = {"" if key is None else key: value for key, value in mapping.items()}
    if schema.get("propertyNames", {}).get("type") == "number":
        mapping = _with_numbers_as_keys(mapping)
    properties = properties_of(mapping, schema)
    defaults = {key: part["default"] for key, part in properties.items() if "default" in part}
    known = [key for key in properties if key in mapping or key in defaults]
    others = schema.get("additionalProperties") or {}
    return {
        key: normal_form(mapping.get(key, defaults.get(key)), properties.get(key, others))
        for key in [*known, *(key for key in mapping if key not in properties)]
    }


def _part(value: Any, schema: Schema) -> Any:
    """A part with options as a mapping that names it; a part without options as its name."""
    alone = _number(value)
    if "alone" in schema and is_number(alone):
        name, option = schema["alone"]
        value = {"name": name, option: alone}
    mapping = value if isinstance(value, dict) else {"name": value}
    mapping = _mapping(mapping, schema)
    has_no_more = mapping.keys() == properties_of(mapping, schema).keys() == {"name"}
    return mapping["name"] if has_no_more else mapping


def _with_numbers_as_keys(mapping: dict[Any, Any]) -> dict[Any, Any]:
    renamed: dict[Any, Any] = {}
    for key, value in mapping.items():
        number = normal_form(_number(key), {"type": "integer"})
        renamed[key if number in renamed else number] = value
    return renamed


def _number(value: Any) -> Any:
    """The number that a text stands for (YAML reads 1e8 as text); other values as they are."""
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        return value
    number = int(value) if value.isdigit() and len(value) < 20 else float(value)
    return number if math.isfinite(number) else value
