"""The keys of a campaign: what a value may be, as a JSON schema, and what the manual says of it.

Values are checked in :mod:`glasscore.campaign.schema`, which also makes the sentences that refuse
them.

JSON Schema (draft 2020-12) has no words for some things that a campaign needs. The following words
are therefore added; other programs ignore them:

``description``
    Completes the sentence "<key> is <value>, but must be ...".
``discovered``
    A folder of glasscore. The value names one of its parts. If ``options`` is given too, the value
    may also be a mapping that names a part and gives its options.
``options``
    Keys whose values name a part of a folder. The constant ``OPTIONS`` of that part holds further
    keys.
``alone``
    A part and one of its options, used together with ``discovered`` and ``options``. A number that
    stands alone is the value of this option.
``alternatives``
    Keys of which one must be given; the first one is asked for if none is. It is used together
    with ``options``.
``used_by``
    Another key of the same mapping, a list of parts. The key has an effect only if one of the
    listed parts uses it.
``in_order``
    The order of a list is kept. All other lists of numbers or names are sorted.
``manual``
    What the manual's table of keys says: symbol, meaning and unit, and the default and the allowed
    range if they need other words than those that follow from the schema.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from glasscore.common.sentences import listed_in_words

Schema = dict[str, Any]


def as_written(value: float) -> str:
    """A number as people write it: ``20``, ``1e-6``, ``1e15``."""
    if isinstance(value, int) or value == 0 or 1e-4 < abs(value) < 1e5:
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    digits, _, power = f"{value:.11e}".partition("e")
    return f"{digits.rstrip('0').rstrip('.')}e{int(power)}"


def between(least: float, most: float) -> str:
    """A range in words."""
    return f"from {as_written(least)} to {as_written(most)}"


def whole_number(least: int, most: int, what: str = "a whole number", **more: Any) -> Schema:
    """A whole number in a range."""
    described = f"{what} {between(least, most)}"
    return {
        "type": "integer", "minimum": least, "maximum": most, "description": described, **more,
    }  # fmt: skip


def number(least: float, most: float, what: str = "a number", **more: Any) -> Schema:
    """A number in a range, its ends included."""
    described = f"{what} {between(least, most)}"
    return {"type": "number", "minimum": least, "maximum": most, "description": described, **more}


def number_above(least: float, most: float, what: str = "a number", **more: Any) -> Schema:
    """A number in a range, its lower end excluded."""
    described = f"{what} above {as_written(least)} and at most {as_written(most)}"
    return {
        "type": "number", "exclusiveMinimum": least, "maximum": most, "description": described,
        **more,
    }  # fmt: skip


def one_of(*choices: Schema, description: str, **more: Any) -> Schema:
    """A value of any of several kinds."""
    return {"description": description, "anyOf": list(choices), **more}


def word(*words: Any) -> Schema:
    """One of some words, or of some values that stand for themselves, such as infinity."""
    return {"enum": list(words)}


def list_of(items: Schema, description: str, **more: Any) -> Schema:
    """A list with one value at least; a single value stands for a list of one."""
    return {"description": description, "type": "array", "minItems": 1, "items": items, **more}


def names_of(folder: str, description: str, default: Sequence[str]) -> Schema:
    """A list of names of parts, each given once."""
    return list_of({"discovered": folder}, description, uniqueItems=True, default=list(default))


def part(folder: str, **more: Any) -> Schema:
    """The name of a part."""
    return {"discovered": folder, **more}


def part_with_options(folder: str) -> Schema:
    """The name of a part, or a mapping with its name and its options."""
    return {
        "discovered": folder,
        "required": ["name"],
        "options": {"name": folder},
        "properties": {"name": part(folder)},
    }


def text(most: int, description: str, **more: Any) -> Schema:
    """Text of at most ``most`` characters."""
    return {"description": description, "type": "string", "maxLength": most, **more}


def mapping(required: Sequence[str], keys: Mapping[str, Schema], **more: Any) -> Schema:
    """A mapping that may have the given keys and no others; some of them are required."""
    plural = "s" if len(required) > 1 else ""
    described = f"a mapping with at least the key{plural} {listed_in_words(required, 'and')}"
    return {
        "description": described,
        "type": "object",
        "required": list(required),
        "properties": dict(keys),
        **({} if "options" in more else {"additionalProperties": False}),
        **more,
    }


def manual(
    schema: Schema,
    meaning: str,
    *,
    symbol: str = "",
    unit: str = "",
    default: str | None = None,
    allowed: str | None = None,
) -> Schema:
    """A key with its row in the manual.

    Parameters
    ----------
    schema
        What the values of the key may be.
    meaning, symbol, unit
        What the key means, its symbol in formulas, and its unit.
    default, allowed
        The default and the allowed values, if they need other words than those that follow from
        the schema.
    """
    said = {"meaning": meaning, "symbol": symbol, "unit": unit}
    said |= {} if default is None else {"default": default}
    said |= {} if allowed is None else {"allowed": allowed}
    return {**schema, "manual": said}


STUDY_NAME = text(
    64,
    "text of at most 64 letters, digits, _ and - (not first -)",
    pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]*(?!\n)$",
)
# Text without a colon, a dollar sign, control characters, ends of lines and surrogates.
PRINTABLE = r"^[^:$\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+(?!\n)$"
TITLE = manual(
    text(
        64,
        "text of at most 64 characters on one line, without a colon or a dollar sign",
        minLength=1,
        pattern=PRINTABLE,
    ),
    "title of the study in figures; studies with the same title share a panel, and the filling of "
    "markers tells them apart if they have results at the same size and temperature",
    default="the study's name",
    allowed="text of at most 64 characters on one line, without `:` and `$`",
)
SAMPLES = manual(
    whole_number(1, 1_000_000, "a whole number of disorder samples"),
    "number of disorder samples at each N and T",
)
MOST_SAMPLES: int = SAMPLES["maximum"]
