"""One campaign on a SLURM of two nodes, one of which dies, and on one machine: logs and checksums.

    python -m tests.cluster.side_by_side

Of Snakemake's logs it shows what was started and what came to its end, without paths and dates.
The exit status is 1 where a single bit of a result differs.
"""

import hashlib
import re
import sys
import tempfile
from itertools import zip_longest
from pathlib import Path

from tests.cluster.private_slurm import private_slurm, why_not
from tests.cluster.test_slurm import BLOCKS, jobs, kill_a_node_at_work, start
from tests.workflow.campaign_copy import CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
WIDTH = 58
DIGITS = 16
# Lines of a log, and what is shown of them.
SHOWN = [
    (r"\s*(Job \d+: .*)", r"\1"),
    (r"Job (\d+ has been submitted with SLURM jobid \d+) .*", r"Job \1"),
    (
        r"Job [-\w]{36} has been (submitted with SLURM jobid \d+) .*/group_(\w+)_\w+/.*",
        r"Group \2 \1",
    ),
    (r"(Finished jobid: .*)", r"\1"),
    (r"(Trying to restart job \d+).*", r"\1"),
    (r"(\d+ of \d+ steps \(100%\) done)", r"\1"),
]


def on_slurm(folder: Path) -> tuple[CampaignCopy, list[str]]:
    """Run the campaign on a SLURM; what its log shows, and what became of SLURM's own jobs."""
    with private_slurm(folder / "slurm") as slurm:
        campaign = CampaignCopy(PROJECT, folder / "slurm_run", BLOCKS)
        process = start(campaign, slurm)
        log = campaign.folder / "output.log"
        kill_a_node_at_work(slurm, process, log)
        assert process.wait() == 0, log.read_text()
        columns = [jobs(slurm, what) for what in ("jobid", "nodelist", "state")]
        ended = [
            f"SLURM job {number} on {where}: {state}"
            for number, where, state in sorted(zip(*columns, strict=True))
        ]
    return campaign, [*shown(log.read_text()), "", *ended]


def on_one_machine(folder: Path) -> tuple[CampaignCopy, list[str]]:
    """Run the campaign without SLURM; what its log shows."""
    campaign = CampaignCopy(PROJECT, folder / "local_run", BLOCKS)
    return campaign, shown(campaign.snakemake().stderr)


def shown(log: str) -> list[str]:
    """The lines of a log that say what was started and what ended."""
    found = [
        match.expand(text)
        for line in log.splitlines()
        for pattern, text in SHOWN
        if (match := re.fullmatch(pattern, line))
    ]
    # A job of Snakemake's rule `all`, which has no message, ends before the last line.
    return [line for line in found if line != "Finished jobid: 0 (Rule: all)"]


def main() -> int:
    """Print both logs and the checksums; 0 if all are equal."""
    reason = why_not()
    if reason is not None:
        print(reason, file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        (cluster, left), (local, right) = (run(Path(folder)) for run in (on_slurm, on_one_machine))
        first, second = cluster.files(), local.files()
    for pair in zip_longest(["SLURM", "", *left], ["one machine", "", *right], fillvalue=""):
        print(f"{pair[0]:{WIDTH}s}{pair[1]}".rstrip())
    print(f"\nfirst {DIGITS} digits of SHA-256")
    for name in sorted(first | second):
        digests = [
            hashlib.sha256(files[name]).hexdigest()[:DIGITS] if name in files else "missing"
            for files in (first, second)
        ]
        print(f"{name:40s}{digests[0]:{DIGITS + 2}s}{digests[1]}")
    equal = first == second
    print("all bytes are equal" if equal else "NOT EQUAL")
    return int(not equal)


if __name__ == "__main__":
    sys.exit(main())
