"""Run times and memory of each stage, from the workflow's own records.

These change from run to run. The report therefore shows them in a section of their own.
"""

import csv
import math
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from glasscore.common.plans import Job


class Cost(NamedTuple):
    """Run times in seconds and memory in MiB of the recorded jobs of a stage; NaN if unknown."""

    stage: str
    jobs: int
    recorded: int
    wall: float
    processor: float
    longest: float
    memory: float


def costs(folder: Path, jobs: dict[str, Job]) -> list[Cost]:
    """One entry for each stage, in the order in which data pass through them."""
    stages: dict[str, list[str]] = {}
    for job in jobs.values():
        stages.setdefault(job.stage, []).append(job.output)
    return [_cost(stage, folder, outputs) for stage, outputs in stages.items()]


def _cost(stage: str, folder: Path, outputs: list[str]) -> Cost:
    found = [_record((folder / "benchmarks" / path).with_suffix(".tsv")) for path in outputs]
    records = [record for record in found if record]
    return Cost(
        stage,
        len(outputs),
        len(records),
        _total(record["s"] for record in records),
        _total(record["cpu_time"] for record in records),
        _largest(record["s"] for record in records),
        _largest(record["max_rss"] for record in records),
    )


def _record(path: Path) -> dict[str, float]:
    """The last line of a record. Jobs too short to be observed have no memory in theirs."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    if not rows:
        return {}
    return {name: _number(rows[-1].get(name)) for name in ("s", "cpu_time", "max_rss")}


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


def _total(values: Iterable[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) if known else math.nan


def _largest(values: Iterable[float]) -> float:
    return max((value for value in values if not math.isnan(value)), default=math.nan)
