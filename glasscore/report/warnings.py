"""What a reader of the report should know before trusting a number."""

from collections.abc import Iterator, Mapping
from typing import Any

from glasscore.discovery import STUDIES
from glasscore.report.agreement import Agreement
from glasscore.report.notation import plain
from glasscore.report.results import REFUSED, Result
from glasscore.stale import Verdict

# Beyond it, a standard normal number is found once in two million points.
FAR = 5.0
# So many files in a row are named one by one.
NAMED = 5


def warnings(
    config: dict[str, Any],
    found: list[Result],
    compared: dict[str, list[Agreement]],
    verdicts: Mapping[str, Verdict],
) -> Iterator[str]:
    """Sentences, the gravest first."""
    yield from _unsound(found, verdicts)
    yield from _pictures(found)
    yield from _few_samples(config, found)
    yield from _tolerances(found)
    yield from _versions(found)
    yield from _misses(compared)
    yield from _fits(found)


def _unsound(found: list[Result], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    """Results that are not there, and all files, blocks too, that would be computed again."""
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
        kind = STUDIES.get(result.job.stage)
        if result.samples is None or kind is None:
            continue
        study = config[kind][result.job.parameters["study"]]
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


def _misses(compared: dict[str, list[Agreement]]) -> Iterator[str]:
    for figure, agreements in compared.items():
        for one in agreements:
            if one.exact and one.largest > FAR:
                yield (
                    f"In {figure}, “{plain(one.points)}” lies up to {one.largest:.1f} standard "
                    f"errors off the exact law, in {plain(one.panel.partition(':')[0])}. With few "
                    "samples, or where an event was seen a few times, errors are not normal."
                )


def _fits(found: list[Result]) -> Iterator[str]:
    for result in found:
        for name in result.poor_fits:
            yield (
                f"{result.job.output}: a power law does not fit the tail of {name} (probability "
                f"below {REFUSED:g}); its exponent is that of the range fitted."
            )
