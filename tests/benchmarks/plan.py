"""Time and memory that Snakemake takes to plan a campaign of some number of jobs.

    python -m tests.benchmarks.plan [JOBS ...]

One study of ten sizes and ten temperatures, three figures, nothing computed yet; and the same where
one size and temperature has all the blocks. Wall and processor time
of ``snakemake -n``, and the largest memory so far.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from glasscore import campaign
from glasscore.configuration import validated
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
    """Of all programs that were run and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def plan(jobs: int, points: int) -> str:
    """Plan once; a line of numbers."""
    chosen = config(jobs, points)
    count = len(campaign.jobs(validated(chosen))) + 2  # the page, and the rule all
    with tempfile.TemporaryDirectory() as folder:
        copied = CampaignCopy(PROJECT, Path(folder), chosen)
        begin, before = time.monotonic(), processor_time()
        done = copied.snakemake("-n", "--quiet", "rules")
        seconds = time.monotonic() - begin
    assert f"total {count}" in " ".join(done.stdout.split()), done.stdout[-500:]
    used = processor_time() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return (
        f"{count:7d} jobs, {points**2:4d} points: {seconds:6.1f} s ({used:.1f}), {memory:6.0f} MiB"
    )


if __name__ == "__main__":
    for wanted in map(int, sys.argv[1:] or JOBS):
        for points in (1, 10):
            print(plan(wanted, points), flush=True)
