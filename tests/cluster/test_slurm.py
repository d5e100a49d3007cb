"""A campaign on a real SLURM of two nodes: the same bytes as on one machine."""

import copy
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.cluster.private_slurm import private_slurm, why_not
from tests.cluster.test_requests import TWENTY
from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
# Two temperatures of one block each: their averages share a job.
BLOCKS = copy.deepcopy(SMALL)
BLOCKS["activated"]["traps"] |= {"T": [0.5, 0.75], "block": 4}
# What a real cluster needs: none of it. No accounting here, and no patience.
HERE = (
    "--slurm-status-command=squeue",
    "--slurm-no-account",
    "--slurm-init-seconds-before-status-checks=6",
    "--seconds-between-status-checks=1",
    "--latency-wait=5",
)

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture
def slurm(tmp_path):
    before = sorted(Path("/etc/slurm").rglob("*"))
    with private_slurm(tmp_path / "slurm") as running:
        yield running
    assert running.left() == []
    assert sorted(Path("/etc/slurm").rglob("*")) == before


def start(campaign: CampaignCopy, slurm, *more: str) -> subprocess.Popen:
    """Start a campaign on SLURM, with the profile that users have."""
    options = ("--profile", "workflow/profiles/slurm", *HERE, *more)
    command = [word for word in campaign.command(*options) if word not in ("--cores", "2")]
    with (campaign.folder / "output.log").open("w") as output:
        return subprocess.Popen(
            command,
            cwd=campaign.folder,
            env={**campaign.environment, **slurm.environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def jobs(slurm, what: str) -> list[str]:
    """A property of all jobs that this SLURM had, those that ended included."""
    return subprocess.run(
        ["squeue", "--noheader", "--states=all", f"--Format={what}"],
        env={**os.environ, **slurm.environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()


def node_with_dynamics(slurm) -> str | None:
    """A node on which a block is being computed."""
    for node in slurm.nodes:
        if any(" -m glasscore dynamics " in command for command in slurm.running(node)):
            return node
    return None


def kill_a_node_at_work(slurm, process: subprocess.Popen, log: Path) -> str:
    """Kill the first node that computes a block, and say which it was."""
    while not (node := node_with_dynamics(slurm)):
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    slurm.kill_node(node)
    return node


def test_a_node_dies_and_the_bytes_are_those_of_one_machine(tmp_path, slurm):
    campaign = CampaignCopy(PROJECT, tmp_path / "slurm_run", BLOCKS)
    process = start(campaign, slurm)
    log = campaign.folder / "output.log"
    node = kill_a_node_at_work(slurm, process, log)

    local = CampaignCopy(PROJECT, tmp_path / "local_run", BLOCKS)
    local.snakemake()
    assert process.wait(timeout=600) == 0, log.read_text()[-4000:]
    assert campaign.files() == local.files()
    assert len(local.files()) == 9

    # The landscape, two blocks, both averages together and the figure; one block once more.
    assert sorted(jobs(slurm, "state")) == ["COMPLETED"] * 5 + ["NODE_FAIL"]
    assert jobs(slurm, "numcpus") == ["1"] * 6
    slurm.start_node(node)
    slurm.wait_for_states(dict.fromkeys(slurm.nodes, "idle"))


@pytest.mark.parametrize(("minutes", "reason"), [("12", None), ("11", "PartitionTimeLimit")])
def test_twenty_landscapes_share_a_job_in_a_short_partition(minutes, reason, tmp_path):
    """It asks for twelve minutes; where it waits for ever, as SLURM has it, that is said."""
    with private_slurm(tmp_path / "slurm", longest=minutes) as slurm:
        campaign = CampaignCopy(PROJECT, tmp_path / "run", TWENTY)
        process = start(campaign, slurm, "--until", "landscapes", "--retries=0")
        log = campaign.folder / "output.log"
        waits = f"SLURM lets a job wait: {reason}"
        while not (asked := jobs(slurm, "timelimit")) or (reason and waits not in log.read_text()):
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        assert asked == ["12:00"]
        assert reason or "lets a job wait" not in log.read_text()
        process.kill()
        process.wait()
