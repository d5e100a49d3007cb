"""The elements and texts of a page as an HTML parser sees them, for tests."""

import base64
from html.parser import HTMLParser
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

ALLOWED = (
    "#",
    "data:image/svg+xml;base64,",
    "data:text/csv;base64,",
    "data:application/x-netcdf;base64,",
)
VOID = {"meta", "img", "br", "link", "input", "hr", "col"}


class Found(NamedTuple):
    """An element: its tag, its attributes, and the tags around it."""

    tag: str
    attributes: dict[str, str | None]
    around: tuple[str, ...]


class Outline(HTMLParser):
    """All elements and all text of a page. Tags that are not closed in order are an error."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[Found] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute given twice: {tag} {attrs}"
        self.elements.append(Found(tag, dict(attrs), tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of all elements that have a certain tag."""
        return [found.attributes for found in self.elements if found.tag == tag]

    @property
    def ids(self) -> list[str]:
        return [found.attributes["id"] for found in self.elements if "id" in found.attributes]

    @property
    def references(self) -> list[str]:
        """All addresses that a browser would fetch, or go to on a click."""
        names = ("href", "src", "srcset", "action", "data", "poster", "background", "style")
        return [found.attributes[name] for found in self.elements for name in names
                if name in found.attributes]  # fmt: skip

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


def content_of(link: str) -> bytes:
    """The file that a data link contains."""
    head, _, body = link.partition(",")
    assert head.startswith("data:")
    return (
        base64.b64decode(body, validate=True) if head.endswith("base64") else unquote_to_bytes(body)
    )


def assert_stands_alone(outline: Outline) -> None:
    """Check that the page fetches and runs nothing, and that its inner links have targets."""
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & {
        found.tag for found in outline.elements
    }
    for reference in outline.references:
        assert reference.startswith(ALLOWED), reference[:80]
        assert not reference.startswith("#") or reference[1:] in outline.ids
    assert not [name for found in outline.elements for name in found.attributes
                if name.startswith("on")]  # fmt: skip
    assert not [text for text in outline.texts if "@import" in text or "url(" in text]


def assert_accessible(outline: Outline) -> None:
    """Check the order of headings, the descriptions of pictures, and the use by keyboard."""
    assert outline.all("html") == [{"lang": "en"}]
    levels = [
        int(found.tag[1]) for found in outline.elements if found.tag in ("h1", "h2", "h3", "h4")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert len(outline.ids) == len(set(outline.ids))
    assert all(picture["alt"] for picture in outline.all("img"))
    assert outline.all("a")[0] == {"href": "#content", "class": "skip"}
    assert len(outline.all("main")) == 1
    for found in outline.elements:
        if found.attributes.get("class") == "scrolling":
            assert found.attributes["tabindex"] == "0"
            assert found.attributes["role"] == "region"
            assert found.attributes["aria-label"]
        if found.tag in ("table", "pre"):
            assert "div" in found.around
        if found.tag == "th":
            assert found.attributes["scope"] in ("col", "row")
    assert len(outline.all("details")) == len(outline.all("summary"))
