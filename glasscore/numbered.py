"""Numbered files as one word: a command may be 128 KiB long, a list of blocks is longer.

``block{0..399}.nc`` stands for 400 files, as in the shell; names of results hold no braces.
"""

import re
from collections.abc import Iterable

NUMBERED = re.compile(r"(.*?)([0-9]+)(\.[A-Za-z]+)")
RANGE = re.compile(r"(.*)\{([0-9]+)\.\.([0-9]+)\}(.*)")


def compressed(paths: Iterable[str]) -> list[str]:
    """Words for paths, in their order: files numbered one after the other are one word."""
    words: list[str] = []
    run: tuple[str, int, int, str] | None = None
    for path in paths:
        found = NUMBERED.fullmatch(path)
        here = (found[1], int(found[2]), found[3]) if found and _plain(found[2]) else None
        if run and here and here == (run[0], run[2] + 1, run[3]):
            run = (run[0], run[1], here[1], run[3])
            continue
        words += _word(run)
        run = (here[0], here[1], here[1], here[2]) if here else None
        words += [] if here else [path]
    return words + _word(run)


def expanded(words: Iterable[str]) -> list[str]:
    """The paths that words stand for."""
    paths: list[str] = []
    for word in words:
        found = RANGE.fullmatch(word)
        if found is None:
            paths.append(word)
        else:
            numbers = range(int(found[2]), int(found[3]) + 1)
            paths += [f"{found[1]}{number}{found[4]}" for number in numbers]
    return paths


def _plain(digits: str) -> bool:
    return str(int(digits)) == digits


def _word(run: tuple[str, int, int, str] | None) -> list[str]:
    if run is None:
        return []
    stem, first, last, ending = run
    return [f"{stem}{first}{ending}" if first == last else f"{stem}{{{first}..{last}}}{ending}"]
