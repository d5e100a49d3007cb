"""Time and memory that Snakemake takes to plan a campaign of some number of jobs.

    python -m tests.benchmarks.plan [JOBS ...]

The campaign has one study of ten sizes and ten temperatures, and three figures; a second campaign
has all its blocks at one size and temperature. The table gives the wall time and the processor time
of ``snakemake -n``, and the largest memory so far, in three cases: when no result exists; when all
files but the page exist and are examined for the first time; and again, when the ledger of files
that were examined exists.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from tests.report.test_page import pretended
from tests.workflow.campaign_copy import CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
JOBS = (1_000, 10_000)


def config(jobs: int, points: int) -> dict:
    """A campaign of about this many jobs at so many sizes and so many temperatures each."""
    blocks = max(1, jobs // points**2 - 1)
    return {
        "campaign": "plan",
        "seed": 1,
        "activated": {
            "rem": {
                "landscape": {"graph": "hypercube", "energies": "exponential"},
                "rule": "metropolis",
                "N": [8 + 2 * number for number in range(points)],
                "T": [round(0.3 + 0.05 * number, 2) for number in range(points)],
                "samples": 100 * blocks,
                "block": 100,
                "t_max": 1e8,
            }
        },
        "figures": ["energy_relaxation", "aging_function", "trapping_times"],
    }


def processor_time() -> float:
    """Processor time of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def plans(jobs: int, points: int) -> Iterator[str]:
    """Plan three times; return lines of the table."""
    chosen = config(jobs, points)
    # The page and the rule ``all`` are two further jobs.
    count = len(listing.jobs(validated(chosen))) + 2
    with tempfile.TemporaryDirectory() as folder:
        copied = CampaignCopy(PROJECT, Path(folder), chosen)
        results = Path(folder, "results", chosen["campaign"])
        for left, which in ((count, "nothing there"), (2, "all there"), (2, "all known")):
            if which == "all there":
                pretended(chosen, results, blocks=True)
            begin, before = time.monotonic(), processor_time()
            done = copied.snakemake("-n", "--quiet", "rules")
            seconds, used = time.monotonic() - begin, processor_time() - before
            assert f"total {left}" in " ".join(done.stdout.split()), done.stdout[-500:]
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            yield (
                f"{count:7d} jobs, {points**2:4d} points, {which:13}: {seconds:6.1f} s "
                f"({used:.1f}), {memory:6.0f} MiB"
            )


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or JOBS):
        for points in (1, 10):
            for line in plans(wanted, points):
                print(line, flush=True)
