"""The page of a campaign: its sections, from a validated configuration and a folder of results."""

import math
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import yaml

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.stale import Verdict, page_digest, verdicts
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.common.studies import sections
from glasscore.files.label import Ledger
from glasscore.files.seal import with_comment
from glasscore.files.whole_file import whole_file
from glasscore.report import figures
from glasscore.report.agreement import Agreement, agreements
from glasscore.report.costs import costs
from glasscore.report.elements import document, element, folded, scrolling, table
from glasscore.report.results import ESTIMATES, Result, results
from glasscore.report.stylesheet import STYLE
from glasscore.report.warning_sentences import FAR, warnings

# A browser fetches nothing from anywhere, whatever the page contains.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
SECTIONS = {
    "warnings": "Warnings",
    "figures": "Figures",
    "laws": "Points against exact laws",
    "accuracy": "Accuracy of solutions",
    "provenance": "Provenance",
    "cost": "Run times and memory",
}


def write(parameters: dict[str, Any], path: Path, folder: Path) -> None:
    """Write the page of the results in a folder; it appears whole or not at all."""
    content = page(parameters, folder)
    with whole_file(path) as beside:
        beside.write_bytes(content)


def page(parameters: dict[str, Any], folder: Path) -> bytes:
    """The report of a campaign.

    Parameters
    ----------
    parameters
        ``config``, the campaign's configuration, and ``captions`` of its figures.
    folder
        The folder of its results. Files that are missing there, or do not belong to the campaign,
        are named in warnings.
    """
    # JSON makes texts of the powers of a covariance: validating makes them numbers again.
    config = validated(parameters["config"])
    if not folder.is_dir():
        raise CampaignError(f"there is no folder {folder} with results to be reported.")
    jobs = listing.jobs(config)
    ledger = Ledger(folder)
    known = verdicts(jobs, ledger)
    found = results(folder, jobs, known)
    drawn = {name: jobs[f"figures/{name}.nc"] for name in config["figures"]}
    held = {name: figures.shown_in(folder / job.output) for name, job in drawn.items()}
    compared = {name: list(agreements(shown.curves)) for name, shown in held.items()}
    sentences = list(warnings(config, found, compared, known))
    each = [
        figures.section(
            job, folder, config, held[name], parameters["captions"][name], compared[name]
        )
        for name, job in drawn.items()
    ]
    for job, shown in zip(drawn.values(), each, strict=True):
        if known[job.output].state == "stale":
            why = f"This figure would be computed again: {known[job.output].why}."
            shown.insert(1, element("p", why))
    content = document(
        element(
            "html",
            _head(config["campaign"], page_digest(parameters, jobs, known, ledger)),
            element(
                "body",
                element("a", "Skip to the content", href="#content", class_="skip"),
                _header(config, found, sentences),
                _contents(drawn),
                element(
                    "main",
                    _warnings(sentences),
                    _section("figures", *(each or [element("p", "The campaign draws none.")])),
                    _laws(compared),
                    _accuracy(found),
                    _provenance(config, found, known),
                    _cost(folder, jobs),
                    id="content",
                ),
            ),
            lang="en",
        )
    )
    return with_comment(content)


def _section(name: str, *children: Element) -> Element:
    return element("section", element("h2", SECTIONS[name]), *children, id=name)


def _head(name: str, made_from: str) -> Element:
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", **{"http-equiv": "Content-Security-Policy"}, content=POLICY),
        # It distinguishes a page of these results from a page of others.
        element("meta", name="made-from", content=made_from),
        element("title", f"Campaign {name}"),
        element("style", STYLE),
    )


def _header(config: dict[str, Any], found: list[Result], sentences: list[str]) -> Element:
    studies = sum(len(config[section]) for section in sections())
    current = sum(result.state == "current" for result in found)
    text = (
        f"{_count(len(config['figures']), 'figure')} of {_count(studies, 'study', 'studies')}; "
        f"{current} of {_count(len(found), 'result file')} current; "
        f"{_count(len(sentences), 'warning')}."
    )
    return element("header", element("h1", f"Campaign {config['campaign']}"), element("p", text))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _contents(drawn: dict[str, Any]) -> Element:
    sections = [
        element("li", element("a", title, href=f"#{name}")) for name, title in SECTIONS.items()
    ]
    each = [
        element("li", element("a", figures.title_of(name), href=f"#figure-{name}"))
        for name in drawn
    ]
    lists = [element("ul", *sections)] + (
        [folded("All figures", element("ul", *each))] if each else []
    )
    return element("nav", *lists, aria_label="Contents")


def _warnings(sentences: list[str]) -> Element:
    looked_for = element(
        "p",
        "Looked for: files that are missing, damaged, or would be computed again, because they or "
        "what they are made from do not belong to this configuration and this code; fewer "
        "disorder samples than asked for, or only one; tolerances missed; "
        f"files made with different versions; points further than {FAR:g} standard errors from an "
        "exact law; tails that refuse their fit.",
        class_="soft",
    )
    if not sentences:
        return _section("warnings", element("p", "None."), looked_for)
    listed = element("ul", *[element("li", text) for text in sentences], class_="warnings")
    return _section("warnings", listed, looked_for)


def _laws(compared: dict[str, list[Agreement]]) -> Element:
    rows = []
    for name, found in compared.items():
        exact = [one for one in found if one.exact]
        measured = [one for one in exact if not math.isnan(one.largest)]
        if not exact:
            continue
        count = sum(one.compared for one in measured)
        square = (
            sum(one.compared * one.chi_squared for one in measured) / count if count else math.nan
        )
        rows.append(
            (
                element("a", figures.title_of(name), href=f"#figure-{name}"),
                str(len(exact)),
                str(sum(one.compared for one in exact)),
                _number(square, ".2f"),
                _number(max((one.largest for one in measured), default=math.nan), ".1f"),
                _number(max(one.difference for one in exact), ".2g"),
            )
        )
    if not rows:
        return _section("laws", element("p", "No figure draws an exact law beside its points."))
    explained = element(
        "p",
        "z = (point − law) / standard error. Where samples are many, z is a standard normal number "
        "and the mean of z² is 1; points of one curve come from the same trajectories and are not "
        "independent, so that the mean of z² scatters more than their number suggests. Solutions "
        "without statistical errors have only a difference. The tables of all pairs, and of lines "
        "that are limits or guides, stand under each figure.",
    )
    heads = (
        "figure", "pairs", "points", "mean of z²", "largest |z|", "largest difference",
    )  # fmt: skip
    return _section("laws", explained, table(SECTIONS["laws"], heads, rows, range(1, 6)))


def _number(value: float, form: str) -> str:
    return "–" if math.isnan(value) else format(value, form)


def _accuracy(found: list[Result]) -> Element:
    solved = [result for result in found if result.estimates]
    if not solved:
        return _section("accuracy", element("p", "The campaign has no self-consistent studies."))
    rows = [
        (
            result.job.output,
            _number(result.job.parameters.get("tolerance", math.nan), ".2g"),
            *(_number(result.estimates.get(name, math.nan), ".2g") for name in ESTIMATES),
        )
        for result in solved
    ]
    explained = element(
        "p",
        "Largest errors left at any time, as estimated by each solution itself from a coarser one.",
    )
    heads = ("file", "tolerance", "energy", "correlation", "response")
    return _section("accuracy", explained, table(SECTIONS["accuracy"], heads, rows, range(1, 5)))


def _provenance(config: dict[str, Any], found: list[Result], known: dict[str, Verdict]) -> Element:
    sources = Counter(
        (result.job.stage, result.source_hash, result.seed)
        for result in found
        if result.source_hash
    )
    rows = [(stage, code, seed, str(count)) for (stage, code, seed), count in sources.items()]
    versions = Counter(result.versions for result in found if result.versions)
    listed = [
        element(
            "p", f"{_count(count, 'file')}: " + ", ".join(f"{name} {word}" for name, word in each)
        )
        for each, count in versions.items()
    ]
    heads = ("stage", "fingerprint of the code", "seed", "files")
    text = yaml.safe_dump(config, sort_keys=False, allow_unicode=True, width=80)
    return _section(
        "provenance",
        element("h3", "Versions"),
        *(listed or [element("p", "No file has been computed.")]),
        element("h3", "Code and seeds"),
        table("Code and seeds", heads, rows, [3]),
        folded(
            "The campaign, with all defaults",
            scrolling("Configuration", element("pre", element("code", text))),
        ),
        folded(
            "All files",
            table(
                "Files", ("file", "state"), _states(known, {result.job.output for result in found})
            ),
        ),
    )


def _states(known: dict[str, Verdict], shown: Collection[str]) -> list[tuple[str, str]]:
    """Names and states of files. Of the blocks, which are many, only those to be computed again."""
    return [
        (name, f"{verdict.state}: {verdict.why}" if verdict.why else verdict.state)
        for name, verdict in known.items()
        if name in shown or not verdict.belongs
    ]


def _cost(folder: Path, jobs: dict[str, Job]) -> Element:
    rows = [
        (
            cost.stage,
            str(cost.jobs),
            str(cost.recorded),
            _duration(cost.wall),
            _duration(cost.processor),
            _duration(cost.longest),
            _number(cost.memory, ".0f"),
        )
        for cost in costs(folder, jobs)
    ]
    explained = element(
        "p",
        "The only part of this page that is not the same on every computer: what the workflow "
        "recorded of each job's last run. A run that was cut off and went on counts from there.",
    )
    heads = (
        "stage",
        "jobs",
        "recorded",
        "sum of run times",
        "processor time",
        "longest job",
        "MiB at most",
    )
    return _section("cost", explained, table(SECTIONS["cost"], heads, rows, range(1, 7)))


def _duration(seconds: float) -> str:
    if math.isnan(seconds):
        return "–"
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
