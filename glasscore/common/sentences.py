"""Parts of the sentences that tell users what is wrong."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from glasscore.common.errors import Refusal, shown

PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def listed_in_words(names: Sequence[str], last: str) -> str:
    """A list as it is written in a sentence: ``a``, ``a and b``, ``a, b and c``."""
    *others, end = names
    return f"{', '.join(others)} {last} {end}" if others else end


def one_of(names: Sequence[str]) -> str:
    """The names that are allowed, as the end of "must be ..."."""
    return names[0] if len(names) == 1 else f"one of {', '.join(names) or '(none)'}"


def nearest(word: Any, names: Iterable[str]) -> str:
    """A question that offers the name most similar to a word; empty if none is similar."""
    lower = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower()[:64], lower, 1) if isinstance(word, str) else []
    return f"; did you mean {lower[near[0]]}" if near else ""


def place(*keys: Any) -> str:
    """Where a value stands in a campaign: ``activated.rem.T``."""
    return ".".join(key_in_words(key) for key in keys) or "the campaign"


def key_in_words(key: Any) -> str:
    """A key as it is named in a sentence."""
    return key if isinstance(key, str) and PLAIN.fullmatch(key) else shown(key)


def refused(where: str, refusal: Refusal | None) -> Iterator[str]:
    """A refusal of a study by a stage or a part, in the same words as at run time."""
    if refusal is not None:
        key, value, requirement = refusal
        yield f"{where}.{key} is {shown(value)}, but must {requirement}."


def twins(where: str, names: Iterable[str]) -> Iterator[str]:
    """Sentences on names of studies that would name the same folder on some file systems."""
    seen: dict[str, str] = {}
    for name in names:
        twin = seen.setdefault(name.lower(), name)
        if twin != name:
            yield (
                f"{where} has the studies {twin} and {name}, but study names must differ in more "
                "than case, since they name folders."
            )


def repetitions(where: str, values: Iterable[float]) -> Iterator[str]:
    """Sentences on values in a list that would name the same file."""
    counts = Counter(f"{value:.12g}" for value in values)
    for text, count in counts.items():
        if count > 1:
            yield f"{where} has {text} {count} times, but its values must differ in 12 digits."
