"""HTML as a tree of elements, in which text is always escaped.

The tree is written by :mod:`xml.etree.ElementTree`. No page is put together from strings, which
might contain characters with a meaning in HTML.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from xml.etree.ElementTree import Element, tostring

Content = str | Element


def element(tag: str, *children: Content, **attributes: str) -> Element:
    """An element. ``class_`` and ``aria_label`` stand for the attributes class and aria-label."""
    names = {name: name.rstrip("_").replace("_", "-") for name in attributes}
    made = Element(tag, {names[name]: value for name, value in attributes.items()})
    for child in children:
        if isinstance(child, Element):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + child
        else:
            made.text = (made.text or "") + child
    return made


def folded(summary: str, *children: Content) -> Element:
    """Content that readers unfold with mouse or keyboard."""
    return element("details", element("summary", summary), *children)


def table(
    name: str, heads: Sequence[str], rows: Iterable[Sequence[Content]], numeric: Sequence[int] = ()
) -> Element:
    """A table that scrolls sideways if it is wider than the page.

    Parameters
    ----------
    name
        A description of the table for screen readers.
    heads, rows
        Names of the columns, and the cells of each row; the first cell of a row is its head.
    numeric
        Indices of the columns whose cells are aligned as numbers.
    """

    def cells(tag: str, row: Sequence[Content], first: int = 0) -> list[Element]:
        return [
            element(tag, cell, **({"class_": "number"} if index in numeric else {}))
            for index, cell in enumerate(row, first)
        ]

    head = element("tr", *[element("th", text, scope="col") for text in heads])
    body = [
        element("tr", element("th", row[0], scope="row"), *cells("td", row[1:], 1)) for row in rows
    ]
    inner = element("table", element("thead", head), element("tbody", *body))
    return scrolling(name, inner)


def scrolling(name: str, *children: Content) -> Element:
    """A region that scrolls sideways, by keyboard as well."""
    return element(
        "div", *children, class_="scrolling", role="region", aria_label=name, tabindex="0"
    )


def pairs(values: Mapping[str, Content]) -> Element:
    """A list of names and values."""
    entries = [
        part
        for name, value in values.items()
        for part in (element("dt", name), element("dd", value))
    ]
    return element("dl", *entries)


def embedded(content: bytes, kind: str) -> str:
    """A link that contains a whole file."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def document(root: Element) -> bytes:
    """The HTML of a page, as bytes for a browser."""
    text = tostring(root, encoding="unicode", method="html")
    return f"<!DOCTYPE html>\n{text}\n".encode()
