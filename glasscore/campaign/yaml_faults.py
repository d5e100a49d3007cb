"""What is wrong with a text that is not YAML, and in which line.

PyYAML names the line in which its parser failed, in the parser's own words. That line is often
later than the one with the fault. The usual faults are therefore found here from the text: lines
that are indented with a tab, or otherwise than their neighbours; a blank that is missing after a
colon or a dash; brackets and quotes that are not closed.
"""

import re
from typing import NamedTuple

import yaml

from glasscore.common.errors import shown

BLOCK_ENDS = "expected <block end>"
NO_COLON = "could not find expected ':'"
SECOND_COLON = "mapping values are not allowed here"
FLOW = re.compile(r"while parsing a flow (mapping|sequence)")
NO_DOCUMENT = "expected '<document start>'"
ANOTHER_DOCUMENT = "but found another document"
QUOTED = "while scanning a quoted scalar"
NO_TOKEN = re.compile(r"found character '(.+)' that cannot start any token")
UNSPACED = re.compile(r"[\w.-]+(:)\S|(-)[^\s-]")
IN_QUOTES = re.compile(r"'[^']*'|\"[^\"]*\"|\s#.*")


class _Line(NamedTuple):
    """A line that begins a key, an item or a value: its number, from 1, and its indentation."""

    number: int
    indentation: int
    text: str

    @property
    def is_item(self) -> bool:
        return self.text == "-" or self.text.startswith("- ")

    @property
    def opens(self) -> bool:
        """Whether deeper lines may follow."""
        return self.text.endswith(":") or self.is_item


def fault(text: str, error: yaml.MarkedYAMLError) -> tuple[int | None, str]:
    """The number of the line that is to blame, from 1, and what is wrong with it.

    Parameters
    ----------
    text
        The text that was read.
    error
        The error of PyYAML; its words are kept if none of the usual faults is found.
    """
    problem = " ".join(str(error.problem).split())
    if error.problem_mark is None:
        return None, problem
    at = error.problem_mark.line + 1
    start = error.context_mark or error.problem_mark
    first, column = start.line + 1, start.column + 1
    lines = _lines(text)
    character = NO_TOKEN.search(problem)
    if character and character[1] == r"\t":
        line = text.splitlines()[at - 1]
        if line[: error.problem_mark.column].strip():
            return at, "a tab stands where only blanks may"
        return at, "the line is indented with a tab, but must be with blanks"
    if character:
        return at, f"text that begins with {character[1]} needs quotes"
    if error.context == QUOTED:
        return first, f"the quotation mark in column {column} is not closed"
    if error.context and FLOW.match(error.context):
        bracket = "{" if "mapping" in error.context else "["
        return first, f"the {bracket} in column {column} is not closed, or lacks a comma behind it"
    if problem.startswith(BLOCK_ENDS) and problem[-2] in "]}":
        return at, f"the {problem[-2]} in column {error.problem_mark.column + 1} closes nothing"
    if problem == ANOTHER_DOCUMENT:
        return at, "a second document begins here, but a file holds one campaign"
    stuck = first if problem == NO_COLON else at
    if problem.startswith(NO_DOCUMENT) and lines and lines[0].indentation:
        outermost = next((line for line in lines if line.number == stuck), lines[0])
        return lines[0].number, _unlike(lines[0], outermost)
    before = [line for line in lines if line.number < stuck]
    here = next((line for line in lines if line.number == stuck), None)
    if problem.startswith((BLOCK_ENDS, NO_COLON, SECOND_COLON)) and here:
        # PyYAML misses the colon of a line only in the next line, because text may go on there.
        suspects = [here] if problem == NO_COLON else before[-1:]
        found = _without_colon(suspects[0], before) if suspects else None
        after = [line for line in lines if line.number > stuck]
        found = found or _indentation(here, before, after)
        if problem == SECOND_COLON:
            problem = "text with a colon and a blank in it needs quotes"
        return found or (at, problem)
    return at, problem


def _lines(text: str) -> list[_Line]:
    """Lines that begin a key, an item or a value; not blank ones, comments, or within brackets."""
    found, depth = [], 0
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip(" ")
        if content and not content.startswith("#") and depth <= 0:
            found.append(_Line(number, len(line) - len(line.lstrip(" ")), content))
        plain = IN_QUOTES.sub("", line)
        depth += sum(plain.count(sign) for sign in "[{") - sum(plain.count(sign) for sign in "]}")
    return found


def _without_colon(line: _Line, before: list[_Line]) -> tuple[int, str] | None:
    text = IN_QUOTES.sub("", line.text).strip()
    if text.endswith(":") or ": " in text or line.is_item or not re.match(r"[\w.-]", text):
        return None
    above = next((one for one in reversed(before) if one.number < line.number), None)
    if above and above.text.endswith(":") and line.indentation <= above.indentation:
        return None
    missing = UNSPACED.match(text)
    if missing:
        sign = "colon" if missing[1] else "dash"
        return line.number, f"a blank is missing after the {sign} of {shown(text)}"
    return line.number, f"a colon is missing after {shown(text)}"


def _indentation(line: _Line, before: list[_Line], after: list[_Line]) -> tuple[int, str] | None:
    """A sentence on the indentation of a line, if it differs from that of all open lines like it.

    If a line agrees with the one below it, the first line of their block is to blame instead.
    """
    indented = line.indentation
    if len(before) > 1 and before[-2].opens and after and after[0].indentation == indented:
        opener, first = before[-2:]
        differs = first.is_item == line.is_item and first.indentation != indented
        if differs and opener.indentation < min(indented, first.indentation):
            return first.number, _unlike(first, line)
    if len(before) > 1 and before[-2].indentation == indented and not before[-1].opens:
        sibling, shallower = before[-2:]
        if shallower.indentation < indented and shallower.is_item == sibling.is_item:
            return shallower.number, _unlike(shallower, sibling)
    still_open: list[_Line] = []
    for one in before:
        while still_open and still_open[-1].indentation >= one.indentation:
            # Items of a list may stand below their key.
            if still_open[-1].indentation == one.indentation and one.is_item:
                break
            still_open.pop()
        still_open.append(one)
    above = before[-1] if before else None
    allowed = {one.indentation: one.number for one in still_open if one.is_item == line.is_item}
    if above and above.opens and above.indentation < indented:
        return None
    if not allowed or indented in allowed:
        if above and above.text.endswith(":") and indented <= above.indentation:
            return line.number, (
                f"the line is indented by {_blanks(indented)}, but must be by more than "
                f"{above.indentation}, below line {above.number}"
            )
        return None
    lower = max((one for one in allowed if one < indented), default=None)
    higher = min((one for one in allowed if one > indented), default=None)
    choices = [f"{one}, as line {allowed[one]}" for one in (higher, lower) if one is not None]
    return line.number, (
        f"the line is indented by {_blanks(indented)}, but must be by {', or by '.join(choices)}"
    )


def _unlike(line: _Line, other: _Line) -> str:
    """A sentence that says that a line is not indented as another one of its block."""
    return (
        f"the line is indented by {_blanks(line.indentation)}, but must be by {other.indentation}, "
        f"as line {other.number}"
    )


def _blanks(count: int) -> str:
    return f"{count} blank" if count == 1 else f"{count} blanks"
