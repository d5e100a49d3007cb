"""Estimated and measured cost of a finished campaign's jobs.

    python -m tests.benchmarks.cost config/config.yaml

CPU seconds are read from the logs of the jobs, and the memory from Snakemake's benchmark files. For
a job that continued from a restart file, the time before the restart does not count. The last line
of a stage gives the sum over its jobs, and the number of jobs that took between a third of their
estimate and three times their estimate.
"""

import csv
import re
import sys
from pathlib import Path

from glasscore.campaign.configuration import read, validated
from glasscore.campaign.cost import of_jobs
from glasscore.campaign.listing import jobs
from glasscore.common.cost import MIB

LINE = re.compile(r"^kernels: [\d.]+ of ([\d.]+) CPU seconds", re.MULTILINE)
FACTOR = 3.0


def measured(results: Path, output: str) -> tuple[float, float] | None:
    """CPU seconds and MiB of a job, or None if the job has not run."""
    log = (results / "logs" / output).with_suffix(".log")
    found = LINE.findall(log.read_text()) if log.exists() else []
    if not found:
        return None
    table = (results / "benchmarks" / output).with_suffix(".tsv")
    rows = list(csv.DictReader(table.open(), delimiter="\t")) if table.exists() else []
    return float(found[-1]), float(rows[-1]["max_rss"]) if rows else float("nan")


def main(file: str) -> None:
    config = validated(read(file), file)
    results = Path("results", config["campaign"])
    campaign = jobs(config)
    by_stage: dict[str, list[tuple[float, float]]] = {}
    print(f"{'job':56s} estimate  measured seconds   ratio   MiB estimated  measured")
    for output, cost in of_jobs(campaign).items():
        found = measured(results, output)
        if found is None or cost is None:
            continue
        seconds, memory = found
        by_stage.setdefault(campaign[output].stage, []).append((cost.seconds, seconds))
        print(
            f"{output:56s} {cost.seconds:8.1f} {seconds:8.1f} {cost.seconds / seconds:16.2f}"
            f" {cost.memory / MIB:15.0f} {memory:9.0f}"
        )
    for stage, pairs in by_stage.items():
        estimates, times = (sum(column) for column in zip(*pairs, strict=True))
        near = sum(1 / FACTOR <= estimate / time <= FACTOR for estimate, time in pairs)
        print(
            f"{stage:56s} {estimates:8.1f} {times:8.1f} {estimates / times:16.2f}"
            f"   {near} of {len(pairs)} jobs within a factor of {FACTOR:g}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
