"""The tables of the manual are those that the plans and the parts make now."""

from pathlib import Path

import pytest

from glasscore.campaign import tables
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.common.keys import Schema
from glasscore.common.plans import plans

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", tables.PAGES)
def test_tables_are_up_to_date(page):
    """If this fails, run ``python3 start.py tables``."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    assert len(tables.TABLE.findall(text)) > 1
    assert tables.renewed(text) == text


def test_a_table_that_is_old_is_brought_up_to_date(tmp_path):
    for page in tables.PAGES:
        (tmp_path / page).parent.mkdir()
        (tmp_path / page).write_text((PROJECT / page).read_text(encoding="utf-8"))
    assert tables.write(tmp_path) == []
    page = tmp_path / "config/README.md"
    text = page.read_text(encoding="utf-8")
    assert "\n| `seed` |" in text
    page.write_text(text.replace("\n| `seed` |", "\n| `need` |", 1))
    assert tables.write(tmp_path) == ["config/README.md"]
    assert page.read_text(encoding="utf-8") == text


def test_a_table_that_nobody_makes_is_refused():
    text = "<!-- table: nothing -->\n<!-- end of table -->"
    with pytest.raises(CampaignError, match="there is no table nothing, but only campaign, "):
        tables.renewed(text)


def keys_in(schema: Schema) -> dict[str, Schema]:
    """All keys of a schema, also those of mappings within it."""
    found: dict[str, Schema] = {}
    for key, one in schema.get("properties", {}).items():
        found |= {key: one}
        found |= {f"{key}.{inner}": said for inner, said in keys_in(one).items()}
        found |= {f"{key}[].{inner}": said for inner, said in keys_in(one.get("items", {})).items()}
    return found


@pytest.mark.parametrize("stage", plans())
def test_every_key_says_what_it_means(stage):
    """Exceptions are keys in a mapping that repeat a key of the study, and names of parts."""
    for section, schema in plans()[stage].keys.items():
        studies = schema.get("additionalProperties") or {}
        keys = {section: schema, **keys_in(schema), **keys_in(studies)}
        for key, one in keys.items():
            outer, _, inner = key.rpartition(".")
            if not (outer and inner in keys) and not (inner == "name" and "discovered" in one):
                assert one.get("manual", {}).get("meaning"), key


def test_every_part_that_the_manual_lists_says_what_it_is():
    pages = [(PROJECT / page).read_text(encoding="utf-8") for page in tables.PAGES]
    folders = [name for page in pages for name in tables.TABLE.findall(page) if "/" in name]
    assert len(folders) >= 5
    for folder in folders:
        for name in discovery.names(folder):
            assert len(discovery.head(folder, name)) > 10, f"{folder}/{name}"
