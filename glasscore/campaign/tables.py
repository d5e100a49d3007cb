"""The tables of the manual: keys of a campaign, parts of each folder, and result files.

They are written into ``config/README.md`` and ``results/README.md`` from the plans of the stages
and from the sources of the parts. Each table stands between two comments, the first of which names
it. The rest of these pages is written by people and left as it is.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from glasscore.campaign.schema import allowed, schema
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.common.keys import Schema, as_written
from glasscore.common.plans import plans
from glasscore.common.studies import sections

PAGES = ("config/README.md", "results/README.md")
BEGIN, END = "<!-- table: {} -->", "<!-- end of table -->"
TABLE = re.compile(r"<!-- table: (.+?) -->\n.*?<!-- end of table -->", re.DOTALL)
# Sections for stages that the page does not describe yet are added before this comment.
OTHERS = "<!-- sections of further stages are added here -->"
HEADS = ("key", "symbol", "meaning", "unit", "default", "allowed")


def write(root: Path) -> list[str]:
    """Bring the tables of both pages up to date; return the pages that changed."""
    changed = []
    for page in PAGES:
        path = root / page
        before = path.read_text(encoding="utf-8")
        after = renewed(before)
        if after != before:
            path.write_text(after, encoding="utf-8")
            changed.append(page)
    return changed


def renewed(text: str) -> str:
    """A page with all its tables as they must be now.

    Raises
    ------
    CampaignError
        If the page names a table that does not exist.
    """
    if OTHERS in text:
        named = TABLE.findall(text)
        for section, plan in sections().items():
            if section not in named:
                heading = f"## {plan.about[0].upper()}{plan.about[1:]} (`{section}`)"
                empty = f"{BEGIN.format(section)}\n{END}"
                text = text.replace(OTHERS, f"{heading}\n\n{empty}\n\n{OTHERS}")
    return TABLE.sub(lambda found: _between(found[1]), text)


def _between(name: str) -> str:
    lines = "\n".join(_table(name))
    return f"{BEGIN.format(name)}\n{lines}\n{END}"


def _table(name: str) -> Iterator[str]:
    keys = schema()["properties"]
    makers: dict[str, Callable[[], Iterator[tuple[str, ...]]]] = {
        "campaign": lambda: _rows_of_keys(schema(), is_whole=False),
        "paths": _rows_of_paths,
        "files": _rows_of_files,
        "style": lambda: _rows_of_keys(keys["style"]),
        **{
            section: partial(_rows_of_keys, keys[section]["additionalProperties"])
            for section in sections()
        },
        **{name: rows for plan in plans().values() for name, rows in plan.tables.items()},
    }
    if "/" in name:
        return _written(_rows_of_parts(name))
    if name not in makers:
        raise CampaignError(f"there is no table {name}, but only {', '.join(makers)}, and folders.")
    return _written(makers[name]())


def _written(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        cells = (cell.replace("|", r"\|") for cell in row)
        yield f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")
        if number == 0:
            yield "|" + "---|" * len(row)


def _rows_of_keys(mapping: Schema, *, is_whole: bool = True) -> Iterator[tuple[str, ...]]:
    """Keys with what the plan says of them; keys of an inner mapping follow that mapping."""
    yield HEADS
    yield from _keys_of(mapping, is_whole)


def _keys_of(mapping: Schema, is_whole: bool) -> Iterator[tuple[str, ...]]:
    required = mapping.get("required", [])
    for key, one in mapping["properties"].items():
        said = one.get("manual")
        if said is None:
            continue
        default = said.get("default")
        if default is None:
            default = _default(one["default"]) if "default" in one else ""
            default = default or ("required" if key in required else "")
        known = said["allowed"] if "allowed" in said else _allowed(one)
        users = _users(key, one, mapping["properties"])
        yield (
            f"`{key}`", said.get("symbol", ""), said["meaning"] + users, said.get("unit", ""),
            default, known,
        )  # fmt: skip
        if is_whole:
            inner = one.get("items", one)
            if "properties" in inner and "discovered" not in inner:
                yield from _keys_of(inner, is_whole)


def _users(key: str, one: Schema, keys: dict[str, Schema]) -> str:
    """A clause that names the parts that use a key; empty if the key always has an effect."""
    if "used_by" not in one:
        return ""
    users = discovery.users(key, keys[one["used_by"]]["items"]["discovered"])
    return f"; used by {', '.join(f'`{user}`' for user in users)}"


def _default(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_default, value)) or "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if value == float("inf"):
        return "`.inf`"
    if isinstance(value, int | float):
        return as_written(value)
    return f"`{value}`" if isinstance(value, str) else str(value)


def _allowed(one: Schema) -> str:
    folder = one.get("discovered") or one.get("items", {}).get("discovered")
    if folder:
        names = ", ".join(f"`{name}`" for name in discovery.names(folder))
        return f"files in `glasscore/{folder}/`: {names}"
    if one.get("type") == "object" and "properties" not in one and "propertyNames" not in one:
        return ""
    if one.get("additionalProperties") and "manual" in one and one.get("type") == "object":
        return "see below"
    text = allowed(one)
    return ", ".join(f"`{word}`" for word in one["enum"]) if "enum" in one else text


def _rows_of_parts(folder: str) -> Iterator[tuple[str, ...]]:
    """The parts of a folder: the first paragraph of each source, and the keys that it brings."""
    found = [
        (name, discovery.head(folder, name), _options_of(folder, name))
        for name in discovery.names(folder)
    ]
    with_keys = any(options for *_, options in found)
    yield ("name", "what it is", "further keys")[: 3 if with_keys else 2]
    for name, head, options in found:
        yield (f"`{name}`", head, options)[: 3 if with_keys else 2]


def _options_of(folder: str, name: str) -> str:
    options = discovery.constant(folder, name, "OPTIONS", {})
    return "; ".join(
        f"`{key}`: {allowed(one)}"
        + (f", default {_default(one['default'])}" if "default" in one else ", required")
        for key, one in options.items()
    )


def _rows_of_paths() -> Iterator[tuple[str, ...]]:
    yield ("path", "what it holds")
    for plan in plans().values():
        path = re.sub(r"{(\w+)}", r"<\1>", plan.path)
        endings = "".join(f", `{ending}`" for ending in plan.beside)
        yield f"`{path}`{endings}", plan.contents


def _rows_of_files() -> Iterator[tuple[str, ...]]:
    yield ("file", "dimensions", "variables")
    for plan in plans().values():
        yield from plan.results
