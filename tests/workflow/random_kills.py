"""Kill a campaign again and again, at random times, and see that nothing is lost.

``python -m tests.workflow.random_kills --kills 50`` prints what was killed and when. A test does
the same with a few kills.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]


class Kill(NamedTuple):
    """What was killed, and after how many seconds of its run."""

    target: str
    seconds: float


def start(campaign: CampaignCopy) -> subprocess.Popen:
    """Start a campaign in a process group of its own."""
    with (campaign.folder / "output.log").open("w") as output:
        return subprocess.Popen(
            campaign.command(),
            cwd=campaign.folder,
            env=campaign.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def jobs_of(process: subprocess.Popen) -> list[int]:
    """Numbers of the processes that run jobs of a campaign."""
    listed = subprocess.run(
        ["ps", "-eo", "pid=,pgid=,args="], capture_output=True, text=True, check=True
    ).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [
        int(number)
        for number, group, command in rows
        if group == str(process.pid) and command.startswith("python -m glasscore ")
    ]


def kill(process: subprocess.Popen, target: str) -> str:
    """Kill a job, Snakemake alone, or everything; return which it was."""
    jobs = jobs_of(process)
    if target == "job" and jobs:
        os.kill(jobs[0], signal.SIGKILL)
    elif target == "all":
        os.killpg(process.pid, signal.SIGKILL)
    else:
        target = "snakemake"
        process.kill()
    process.wait(timeout=600)
    return target


def killed_at_random(
    campaign: CampaignCopy, expected: dict[str, bytes], kills: int, seed: int, longest: float
) -> Iterator[Kill]:
    """Kill a campaign at random times until there were enough kills; then let it finish.

    If the campaign finishes before it is killed, its files are compared with the expected ones, and
    it starts again without any results.
    """
    generator = random.Random(seed)
    done = 0
    while done < kills:
        process = start(campaign)
        seconds = generator.uniform(0, longest)
        target = generator.choice(("job", "snakemake", "all"))
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            yield Kill(kill(process, target), seconds)
            done += 1
            campaign.snakemake("--unlock")
        else:
            assert code == 0, (campaign.folder / "output.log").read_text()
            check(campaign, expected)
            shutil.rmtree(campaign.results)
            shutil.rmtree(campaign.folder / ".snakemake")
    campaign.snakemake()
    check(campaign, expected)


def check(campaign: CampaignCopy, expected: dict[str, bytes]) -> None:
    """Check that there are exactly the expected files, with the expected bytes."""
    assert campaign.files() == expected
    assert list(campaign.results.rglob("*.partial")) == []


def main() -> None:
    """Run a campaign, kill it many times, and print a table of the kills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign = CampaignCopy(PROJECT, Path(folder), SMALL)
        campaign.snakemake()  # compiles
        shutil.rmtree(campaign.results)
        begin = time.monotonic()
        campaign.snakemake()
        longest = time.monotonic() - begin
        print(f"undisturbed: {longest:.1f} s")
        expected = campaign.files()
        shutil.rmtree(campaign.results)
        for number, one in enumerate(
            killed_at_random(campaign, expected, chosen.kills, chosen.seed, longest), 1
        ):
            print(f"{number:3d}  {one.target:9s}  after {one.seconds:5.1f} s", flush=True)
        print(f"all {len(expected)} files as undisturbed")


if __name__ == "__main__":
    main()
