"""What colours, markers and fillings stand for: the same in all panels of a figure."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.legend import Entries, entry, letters_of_drawn, with_letters
from glasscore.figures.drawing.style import by_distinct_value, colours, darker

MARKERS = "osD^v<>p*h"
# Markers of the studies that share a panel are filled in these ways.
FILLINGS = ("full", "none", "left", "right", "bottom", "top")
# Lines of solutions have these dashes, in the order of their numbers ``marker``.
DASHES: tuple[Any, ...] = ("-", (0, (5.0, 1.5)), (0, (5.0, 1.5, 1.0, 1.5)), (0, (1.0, 1.0)))
# Lines of theory are dashed, or as a figure chooses for some of their labels.
DOTTED, DASH_DOTTED, LONG_DASHES, SHORT_DASHES = ":", "-.", (0, (9.0, 2.0)), (0, (2.2, 1.2))
POINT: dict[str, Any] = {"markeredgewidth": 0.5, "zorder": 3}
BAR: dict[str, Any] = {"elinewidth": 0.7}
BAND: dict[str, Any] = {"alpha": 0.25, "linewidth": 0.0, "zorder": 1}
# A legend with more colours, or more markers, than this lists some of them only.
MOST_ENTRIES = 12
GREY = "0.4"
IN_GREY = {"color": GREY}
RESULTS = ("data", SOLUTION)


class Symbols:
    """The colours, markers and fillings of the curves of a figure.

    Where the number ``colour`` is infinite, which stands for the limit of many spins, a line is
    black, and points are black and open. Other colours stand for the numbers ``colour`` of curves,
    markers for their numbers ``marker``, and fillings for the studies of panels in which several
    studies have the same colours and markers. If all points have one colour and several markers,
    colours stand for the markers, too. Lines of solutions have dashes where points have markers;
    beside them, all lines of theory are dashed, so that both are seen where they agree.

    Parameters
    ----------
    curves
        All curves of the figure.
    styles
        The dashes of lines of theory by their label, to be told from other lines of theory.

    Attributes
    ----------
    size
        Size of the points, if it is not that of the style.
    """

    size: float | None = None

    def __init__(self, curves: list[Curve], styles: Mapping[str, Any] | None = None) -> None:
        self.styles = styles or {}
        data = [curve for curve in curves if curve.role in RESULTS]
        solved = [curve.marker for curve in curves if curve.role == SOLUTION]
        self.markers = by_distinct_value(
            [curve.marker for curve in data], lambda rank, _: MARKERS[rank % len(MARKERS)]
        )
        self.dashes = by_distinct_value(solved, lambda rank, _: DASHES[rank % len(DASHES)])
        self.by_marker = len({curve.colour for curve in data}) < 2 <= len(self.markers)
        self.inks = colours([self._value(curve) for curve in curves])
        self.studies = {study: rank for rank, study in enumerate(_look_alikes(data))}

    def _value(self, curve: Curve) -> float:
        """The number that the colour of a curve stands for; NaN for black."""
        if np.isinf(curve.colour):
            return np.nan
        if not self.by_marker:
            return curve.colour
        known = curve.role in RESULTS or curve.marker in self.markers
        return curve.marker if known and not np.isnan(curve.colour) else np.nan

    def ink(self, curve: Curve) -> Any:
        """The colour of a curve."""
        return self.inks.get(self._value(curve), (0.0, 0.0, 0.0, 1.0))

    def line(self, curve: Curve) -> dict[str, Any]:
        """How a line is drawn: over its points, and darker than they are, to be seen on them."""
        rank = self.studies.get(curve.study, 0)
        dashed = "--" if np.isnan(curve.colour) or self.dashes else "-"
        style = dashed if rank == 0 else (0, (4.0, 1.0) + (1.0, 1.0) * rank)
        style = self.styles.get(curve.label, style)
        return {"color": darker(self.ink(curve)), "linestyle": style, "zorder": 4}

    def solution(self, curve: Curve) -> dict[str, Any]:
        """How the line of a solution is drawn."""
        rank = self.studies.get(curve.study, 0)
        style = self.dashes[curve.marker] if rank == 0 else DASHES[rank % len(DASHES)]
        return {"color": self.ink(curve), "linestyle": style, "zorder": 3}

    def result(self, curve: Curve) -> dict[str, Any]:
        """How results are drawn, which are points or the line of a solution."""
        return self.solution(curve) if curve.role == SOLUTION else self.point(curve)

    def point(self, curve: Curve) -> dict[str, Any]:
        """How points are drawn."""
        look = self._point(self.markers[curve.marker], self.ink(curve), curve.study)
        if np.isinf(curve.colour):
            look |= {"markerfacecolor": "white", "markeredgecolor": look["color"]}
        return look

    def _point(self, marker: str, ink: Any, study: str) -> dict[str, Any]:
        filling = FILLINGS[self.studies.get(study, 0) % len(FILLINGS)]
        edge = "white" if filling == "full" else ink
        return {
            **{"marker": marker, "color": ink, "linestyle": "", "fillstyle": filling},
            **{"markerfacecoloralt": "white", "markeredgecolor": edge, **POINT},
            **({} if self.size is None else {"markersize": self.size, "markeredgewidth": 0.3}),
        }

    def entries(self, curves: list[Curve]) -> list[Entries]:
        """Groups of a legend's entries: colours, markers, studies, and lines."""
        data = [curve for curve in curves if curve.role in RESULTS and curve.x.size > 0]
        letter = letters_of_drawn(curves)
        groups = [*self._of_points(data, letter), self._of_lines(curves, letter)]
        return [group for group in groups if group]

    def _of_points(self, data: list[Curve], letter: dict[str, str]) -> list[Entries]:
        """Entries of results; two variables are told apart by two lists."""
        by_colour, by_marker = _by(data, "colour"), _by(data, "marker")
        if len(by_colour) > 1 and len(by_marker) > 1:
            groups = [
                [
                    entry(label, self._of_colour(some[-1]))
                    for label, some in thinned_out(_labelled(by_colour, "colour_label", letter))
                ],
                [
                    entry(label, {**self.result(unnamed(some[-1])), **IN_GREY})
                    for label, some in thinned_out(_labelled(by_marker, "marker_label", letter))
                ],
            ]
        else:
            alike = _by_label([unnamed(curve) for curve in data], self.result)
            # What is black comes last.
            alike.sort(key=lambda some: (np.nan_to_num(some[0].colour, nan=np.inf), some[0].marker))
            groups = [
                [
                    entry(label, self.result(some[0]))
                    for label, some in thinned_out(_labelled(alike, "label", letter))
                ]
            ]
        of_study = {curve.study: curve for curve in data if curve.study in self.studies}
        if len(of_study) > 1:
            groups.append(
                [
                    entry(study.replace("_", " "), {**self._of_study(of_study[study]), **IN_GREY})
                    for study in self.studies
                    if study in of_study
                ]
            )
        return groups

    def _of_colour(self, curve: Curve) -> dict[str, Any]:
        """The look of an entry that explains a colour alone."""
        if curve.role == SOLUTION:
            return {"color": self.ink(curve), "linestyle": "-"}
        return self._point("o", self.ink(curve), "")

    def _of_study(self, curve: Curve) -> dict[str, Any]:
        """The look of an entry that explains the look of a study alone."""
        if curve.role == SOLUTION:
            return self.solution(curve)
        return self._point("o", GREY, curve.study)

    def _of_lines(self, curves: list[Curve], letter: dict[str, str]) -> Entries:
        lines = [unnamed(curve) for curve in curves if curve.role == "theory" and curve.x.size > 0]
        found = []
        for some in _by_label(lines, lambda curve: self.line(curve)["linestyle"]):
            style = self.line(some[0])
            if len({str(self.ink(curve)) for curve in some}) > 1:
                style["color"] = "0.2"
            found.append(entry(with_letters(some[0].label, _panels(some), letter), style))
        return found


class SmallSymbols(Symbols):
    """Small points, for figures of many of them."""

    size = 3.2


def _look_alikes(data: list[Curve]) -> dict[str, None]:
    """The studies that have results of the same colour and marker in one panel as another study."""
    alike: dict[tuple[str, float, float], dict[str, None]] = {}
    for curve in data:
        if curve.study:
            key = curve.panel, curve.colour, curve.marker
            alike.setdefault(key, {})[curve.study] = None
    return {study: None for some in alike.values() if len(some) > 1 for study in some}


def _by(data: list[Curve], name: str) -> list[list[Curve]]:
    """Results in groups with the same colour, or the same marker, if it has a label."""
    found: dict[float, list[Curve]] = {}
    for curve in data:
        if getattr(curve, f"{name}_label"):
            found.setdefault(getattr(curve, name), []).append(curve)
    return [found[value] for value in sorted(found)]


def _labelled(
    groups: list[list[Curve]], name: str, letter: dict[str, str]
) -> list[tuple[str, list[Curve]]]:
    """Groups of results with their labels; values of a variable need no letters if it is in all.

    A panel may lack some of the sizes or temperatures of a figure. Their letters would make the
    legend long, and tell nothing that is not seen in the panels.
    """
    panels: dict[str, set[str]] = {}
    for some in groups:
        variable = getattr(some[-1], name).partition("=")[0]
        panels.setdefault(variable, set()).update(_panels(some))
    found = []
    for some in groups:
        label = getattr(some[-1], name)
        variable, is_value, _ = label.partition("=")
        where = panels[variable] if is_value and len(panels[variable]) == len(letter) else None
        found.append((with_letters(label, where or _panels(some), letter), some))
    return found


def _panels(curves: list[Curve]) -> set[str]:
    return {curve.panel for curve in curves}


def _by_label(curves: list[Curve], look: Callable[[Curve], Any]) -> list[list[Curve]]:
    """Curves with one label and look; curves without a label are left out."""
    found: dict[str, list[Curve]] = {}
    for curve in curves:
        if curve.label:
            found.setdefault(f"{curve.label} {look(curve)}", []).append(curve)
    return list(found.values())


def draw(axes: Any, curves: list[Curve], symbols: Symbols) -> None:
    """Draw the curves of a panel: data as points with bars, solutions and theory as lines."""
    for curve in curves:
        if curve.x.size == 0:
            continue
        if curve.role == "data":
            axes.errorbar(curve.x, curve.y, curve.error, **symbols.point(curve), **BAR)
            continue
        look = symbols.solution(curve) if curve.role == SOLUTION else symbols.line(curve)
        axes.plot(curve.x, curve.y, **look)
        if curve.error is not None:
            ends = curve.y - curve.error, curve.y + curve.error
            axes.fill_between(curve.x, *ends, color=look["color"], **BAND)


def unnamed(curve: Curve) -> Curve:
    """The curve without the name of its study, for an entry that is about all studies."""
    return curve._replace(study="")


def thinned_out(entries: list[Any]) -> list[Any]:
    """At most as many entries as a legend may have, evenly chosen, the first and last included."""
    count = len(entries)
    if count <= MOST_ENTRIES:
        return entries
    return [entries[round(rank)] for rank in np.linspace(0, count - 1, MOST_ENTRIES)]
