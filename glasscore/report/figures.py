"""One figure in the report: its drawing, caption, parameters and numbers."""

import csv
import io
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.figures.drawing.curves import SOLUTION, Curve, from_dataset
from glasscore.figures.plan import left_out, section_of
from glasscore.files.pictures import intact
from glasscore.files.store import read
from glasscore.report.agreement import Agreement
from glasscore.report.elements import Content, element, embedded, folded, pairs, scrolling, table
from glasscore.report.notation import plain, with_formulas


def title_of(name: str) -> str:
    """A figure's name in words."""
    return name.replace("_", " ").capitalize()


class Shown(NamedTuple):
    """What the file of a figure holds; it is empty if the file is missing or damaged.

    Attributes
    ----------
    curves
        The curves that the figure shows.
    notes
        The part of its caption that depends on what this drawing shows.
    """

    curves: list[Curve]
    notes: str


def shown_in(path: Path) -> Shown:
    """What the file of a figure holds."""
    try:
        dataset = read(path)
        return Shown(from_dataset(dataset), dataset.attrs["notes"])
    except (CampaignError, OSError, ValueError, AttributeError, KeyError, RuntimeError):
        return Shown([], "")


def section(
    job: Job,
    folder: Path,
    config: dict[str, Any],
    shown: Shown,
    caption: str,
    compared: list[Agreement],
) -> Element:
    """The section of the page about one figure.

    Parameters
    ----------
    job
        The job that makes the figure.
    folder
        The folder of the campaign's results.
    config
        The validated configuration.
    shown
        What the figure's file holds.
    caption
        The caption of all drawings of this figure; empty lines separate its paragraphs.
    compared
        The comparisons of its points with its lines.
    """
    name, curves = job.parameters["figure"], shown.curves
    drawing = _drawing((folder / job.output).with_suffix(".svg"))
    if not drawing or not curves:
        body = [element("p", "This figure has not been drawn, or its file is damaged.")]
    else:
        body = [
            element(
                "figure",
                _picture(name, drawing, curves),
                _caption(job, config, f"{caption}\n\n{shown.notes}"),
            ),
            folded("Parameters", *_parameters(job, config)),
            folded("Numbers", *_numbers(name, folder / job.output, curves)),
        ]
        if compared:
            body.append(folded("Points against lines", *_agreement(compared)))
    heading = element("h3", title_of(name))
    return element("section", heading, *body, id=f"figure-{name}", aria_label=title_of(name))


def _drawing(path: Path) -> bytes:
    """The picture of a figure, or nothing if it is missing or damaged."""
    try:
        return intact(path)
    except (CampaignError, OSError, ValueError):
        return b""


def _picture(name: str, drawing: bytes, curves: list[Curve]) -> Element:
    panels = list(dict.fromkeys(plain(curve.panel.partition(":")[0]) for curve in curves))
    drawn = [curve for curve in curves if curve.x.size > 0]
    points = sum(curve.role == "data" for curve in drawn)
    described = (
        f"{title_of(name)}: {points} sets of points and {len(drawn) - points} lines, of "
        f"{'; '.join(panels)}. The numbers are below."
    )
    source = embedded(drawing, "image/svg+xml")
    return scrolling(f"Drawing: {title_of(name)}", element("img", src=source, alt=described))


def _caption(job: Job, config: dict[str, Any], caption: str) -> Element:
    text = caption.replace("``", "")
    paragraphs = [
        element("p", *with_formulas(" ".join(part.split()))) for part in text.split("\n\n") if part
    ]
    counts = [
        f"{study} {config[kind][study]['samples']}"
        for kind, study in studies_of(job)
        if "samples" in config.get(kind, {}).get(study, {})
    ]
    if counts:
        paragraphs.append(element("p", f"Disorder samples: {', '.join(counts)}."))
    lacking = left_out(job.parameters["figure"], config)
    if lacking:
        each = "; ".join(f"{study}, which lacks {what}" for study, what in lacking.items())
        paragraphs.append(element("p", f"Left out: {each}."))
    return element("figcaption", *paragraphs)


def studies_of(job: Job) -> list[tuple[str, str]]:
    """The studies that a figure shows, each with the section of the config that holds it."""
    parts = (path.removesuffix(".nc").split("/")[:2] for path in job.inputs)
    found = [(section_of(stage), study) for stage, study in parts]
    return list(dict.fromkeys(found))


def _parameters(job: Job, config: dict[str, Any]) -> list[Element]:
    """The parameters of every study that the figure shows, with defaults filled in."""
    found = []
    for kind, study in studies_of(job):
        chosen = config.get(kind, {}).get(study, {})
        values = {key: _text(value) for key, value in chosen.items()}
        found += [element("h4", f"{kind}: {study}"), pairs(values)]
    return found


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_text(part)}" for key, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    if isinstance(value, float):
        return f"{value:.12g}".replace("inf", "∞")
    return str(value)


def _numbers(name: str, path: Path, curves: list[Curve]) -> list[Element]:
    links = element(
        "p",
        "All numbers: ",
        element("a", "CSV", href=embedded(_csv(curves), "text/csv"), download=f"{name}.csv"),
        ", ",
        element(
            "a",
            "netCDF",
            href=embedded(path.read_bytes(), "application/x-netcdf"),
            download=f"{name}.nc",
        ),
        ".",
    )
    heads = ("panel", "label", "shown as", "points", "x from", "x to", "y from", "y to")
    rows: list[tuple[Content, ...]] = [
        (
            _label(curve.panel.replace(":", ",")),
            _label(curve.label),
            SHOWN_AS[curve.role],
            str(curve.x.size),
            *(f"{end:.5g}" for along in (curve.x, curve.y) for end in (along.min(), along.max())),
        )
        for curve in curves
        if curve.x.size > 0
    ]
    return [links, table(f"Curves of {title_of(name)}", heads, rows, range(3, 8))]


def _label(text: str) -> Element:
    """A label of the figure in the cell of a table."""
    return element("span", *(with_formulas(text) or ["–"]))


def _csv(curves: list[Curve]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("panel", "role", "label", "x", "y", "y_error"))
    for curve in curves:
        errors = np.full(curve.x.size, np.nan) if curve.error is None else curve.error
        for x, y, error in zip(curve.x, curve.y, errors, strict=True):
            shown = "" if np.isnan(error) else repr(float(error))
            row = (curve.panel, curve.role, curve.label, repr(float(x)), repr(float(y)), shown)
            writer.writerow(row)
    return text.getvalue().encode()


SHOWN_AS = {"data": "points", SOLUTION: "solution", "theory": "line of theory"}
HEADS = ("panel", "points", "line", "compared", "mean of z²", "largest |z|", "largest difference")


def _agreement(compared: list[Agreement]) -> list[Element]:
    kinds = {True: "Exact laws", False: "Limits and guides, which points need not meet"}
    found = []
    for exact, heading in kinds.items():
        rows = [row(one) for one in compared if one.exact is exact]
        if rows:
            found += [element("h4", heading), table(heading, HEADS, rows, range(3, 7))]
    return found


def row(one: Agreement) -> tuple[Content, ...]:
    """The row of a comparison in a table with the columns ``HEADS``."""
    return (
        _label(one.panel.replace(":", ",")),
        _label(one.points),
        _label(one.line),
        str(one.compared),
        "–" if np.isnan(one.chi_squared) else f"{one.chi_squared:.2f}",
        "–" if np.isnan(one.largest) else f"{one.largest:.1f}",
        f"{one.difference:.2g}",
    )
