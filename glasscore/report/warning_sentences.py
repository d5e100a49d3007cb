"""Warnings: what a reader of the report should know before trusting a number."""

from collections.abc import Iterator, Mapping
from statistics import NormalDist
from typing import Any

import numpy as np

from glasscore.campaign.stale import Verdict
from glasscore.figures.plan import section_of
from glasscore.report.agreement import Agreement
from glasscore.report.notation import plain
from glasscore.report.results import Result

# Of two million standard normal numbers, about one lies further from 0 than this.
FAR = 5.0
# If all tails of a campaign are power laws with the exponents of their laws, this is the
# probability that at least one is said not to be a power law, and that at least one is said to miss
# its exponent.
FALSE_ALARM = 0.01
# The fit chooses its range, so that exponents scatter by up to this multiple of their errors.
SCATTER_OF_CHOICE = 1.4
# This number of files with the same fault are named one by one.
NAMED = 5


def warnings(
    config: dict[str, Any],
    found: list[Result],
    compared: dict[str, list[Agreement]],
    verdicts: Mapping[str, Verdict],
) -> Iterator[str]:
    """Sentences about what is wrong, the most serious first."""
    yield from _missing_or_stale(found, verdicts)
    yield from _pictures(found)
    yield from _few_samples(config, found)
    yield from _tolerances(found)
    yield from _versions(found)
    yield from _far_from_laws(compared)
    yield from _tails_off_their_laws(found)


def _missing_or_stale(found: list[Result], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """Results that are missing or damaged, and all files that would be computed again."""
    named: dict[str, list[str]] = {}
    for state, words in (("absent", "is missing"), ("damaged", "cannot be read")):
        named[words] = [result.job.output for result in found if result.state == state]
    for path, verdict in verdicts.items():
        if path.endswith(".nc") and verdict.state == "stale":
            named.setdefault(f"would be computed again: {verdict.why}", []).append(path)
    for words, paths in named.items():
        yield from (f"{path} {words}." for path in paths[:NAMED])
        if paths[NAMED:]:
            yield f"So it is with {len(paths) - NAMED} more files, the last {paths[-1]}."


def _pictures(found: list[Result]) -> Iterator[str]:
    for result in found:
        for name in result.damaged_pictures:
            yield f"figures/{name} is damaged, or another program wrote to it."


def _few_samples(config: dict[str, Any], found: list[Result]) -> Iterator[str]:
    for result in found:
        # A survey of landscapes has samples of its own number.
        if result.samples is None or "samples" not in result.job.parameters:
            continue
        study = config[section_of(result.job.stage)][result.job.parameters["study"]]
        wanted = study.get("samples", result.samples)
        if result.samples < wanted:
            yield f"{result.job.output} averages {result.samples} of {wanted} disorder samples."
        elif result.samples == 1:
            yield f"{result.job.output} rests on one disorder sample: it has no standard errors."


def _tolerances(found: list[Result]) -> Iterator[str]:
    for result in found:
        tolerance = result.job.parameters.get("tolerance")
        reached = result.estimates.get("energy_error_reached", 0.0)
        if tolerance is not None and reached > tolerance:
            yield (
                f"{result.job.output} reached an energy error of {reached:.2g}, not the tolerance "
                f"{tolerance:.2g}."
            )


def _versions(found: list[Result]) -> Iterator[str]:
    sets = {result.versions for result in found if result.versions}
    if len(sets) > 1:
        yield f"The files were made with {len(sets)} sets of versions, listed under Provenance."


def _far_from_laws(compared: dict[str, list[Agreement]]) -> Iterator[str]:
    for figure, agreements in compared.items():
        for one in agreements:
            if one.exact and one.largest > FAR:
                yield (
                    f"In {figure}, “{plain(one.points)}” lies up to {one.largest:.1f} standard "
                    f"errors off the exact law, in {plain(one.panel.partition(':')[0])}. With few "
                    "samples, or where an event was seen a few times, errors are not normal."
                )


def _tails_off_their_laws(found: list[Result]) -> Iterator[str]:
    """Tails that are no power laws, or miss their exponents.

    Each tail is tested at its share of the level, so that many tails raise no more false alarms
    than one does.
    """
    tails = [(result.job.output, tail) for result in found for tail in result.tails]
    level = FALSE_ALARM / max(1, sum(np.isfinite(tail.probability) for _, tail in tails))
    compared = sum(np.isfinite(tail.exponent - tail.law) for _, tail in tails)
    far = -SCATTER_OF_CHOICE * NormalDist().inv_cdf(0.5 * FALSE_ALARM / max(1, compared))
    for path, tail in tails:
        if tail.probability < level:
            yield (
                f"{path}: a power law does not fit the tail of {tail.name} (probability "
                f"{tail.probability:.1g}); its exponent is that of the range fitted."
            )
        if abs(tail.exponent - tail.law) > far * tail.error:
            off = abs(tail.exponent - tail.law) / tail.error
            yield (
                f"{path}: the exponent of {tail.name}, {tail.exponent:.3f} ± {tail.error:.3f}, "
                f"lies {off:.0f} standard errors off {tail.law:.3g}, its law at long times and for "
                "many states."
            )
