"""Whole campaigns give the same numbers however they are run, and whatever interrupts them."""

import copy
import os
import re
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.workflow.campaign_copy import CONFIG, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
# A block takes a few seconds, most of them to begin, which is long enough to interrupt it.
SLOW = copy.deepcopy(CONFIG)
SLOW["figures"] = ["energy_relaxation"]
for kind in ("barriers", "master", "dmft", "theory", "langevin"):
    SLOW[kind] = {}
del SLOW["activated"]["gauss"], SLOW["activated"]["traps"]
SLOW["activated"]["rem"] |= {"N": [16], "T": [0.75], "samples": 30, "block": 6, "t_max": 2e7}


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    campaign = CampaignCopy(PROJECT, tmp_path_factory.mktemp("uninterrupted"), SLOW)
    campaign.snakemake()
    return campaign.files()


def start(campaign: CampaignCopy) -> subprocess.Popen:
    """Start a campaign in a process group of its own and wait for the landscape and two blocks."""
    log = campaign.folder / "output.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            campaign.command(),
            cwd=campaign.folder,
            env=campaign.environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 240
    while log.read_text().count("Finished jobid") < 3:
        assert process.poll() is None, "the campaign ended before it could be cut off"
        assert time.monotonic() < deadline, "too few jobs were finished"
        time.sleep(0.05)
    return process


def jobs_of(process: subprocess.Popen) -> list[int]:
    """Process numbers of the running jobs."""
    listed = subprocess.run(
        ["ps", "-eo", "pid,pgid,args"], capture_output=True, text=True, check=True
    ).stdout
    found = re.findall(
        rf"^\s*(\d+)\s+{process.pid}\s+.*-m glasscore dynamics", listed, re.MULTILINE
    )
    return [int(number) for number in found]


def send(number: signal.Signals, jobs: list[int]) -> list[int]:
    """Send a signal to jobs; return those that had not ended."""
    reached = []
    for job in jobs:
        with suppress(ProcessLookupError):
            os.kill(job, number)
            reached.append(job)
    return reached


def finished_blocks(campaign: CampaignCopy) -> dict[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in campaign.results.rglob("block*.nc")
    }


def test_an_interrupt_loses_only_the_jobs_in_flight(tmp_path, uninterrupted):
    campaign = CampaignCopy(PROJECT, tmp_path, SLOW)
    process = start(campaign)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=60) != 0
    before = finished_blocks(campaign)
    campaign.snakemake()
    assert campaign.files() == uninterrupted
    after = finished_blocks(campaign)
    kept = [path for path in before if before[path] == after[path]]
    # With two cores two jobs were running. Their files may exist, but are not trusted.
    assert len(kept) >= max(1, len(before) - 2)
    assert len(kept) < len(after)


def test_a_killed_job_goes_on_where_it_was(tmp_path, uninterrupted):
    campaign = CampaignCopy(PROJECT, tmp_path, SLOW)
    # Python runs this file when it starts; it makes jobs write a restart file at their first stop.
    (campaign.folder / "sitecustomize.py").write_text(
        "from glasscore.dynamics import restart\nrestart.SECONDS_BETWEEN_WRITES = 0.02\n"
    )
    process = start(campaign)
    killed: list[str] = []
    while not killed:
        assert process.poll() is None, "the campaign ended before its jobs could be killed"
        time.sleep(0.02)
        # No job may finish between the look at its files and its end.
        jobs = send(signal.SIGSTOP, jobs_of(process))
        names = [path.name for path in campaign.results.rglob("*.restart.npz")]
        firsts = [int(name.removeprefix("samples").partition("-")[0]) for name in names]
        kept = {f"block{first // SLOW['activated']['rem']['block']}" for first in firsts}
        finished = {Path(path).stem for path in finished_blocks(campaign)}
        killed = sorted(kept - finished)
        send(signal.SIGKILL if killed else signal.SIGCONT, jobs)
    assert process.wait(timeout=120) != 0
    campaign.snakemake()
    assert campaign.files() == uninterrupted
    logs = campaign.results / "logs" / "dynamics" / "rem" / "N16_T0.75"
    for block in killed:
        assert re.match(r"goes on with \d+ of 6 samples", (logs / f"{block}.log").read_text())


def test_after_killing_everything_unlock_and_the_same_command_finish(tmp_path, uninterrupted):
    campaign = CampaignCopy(PROJECT, tmp_path, SLOW)
    process = start(campaign)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=60)
    assert "--unlock" in campaign.snakemake(check=False).stderr
    campaign.snakemake("--unlock")
    campaign.snakemake()
    assert campaign.files() == uninterrupted


def test_cores_and_blocks_do_not_change_a_bit(tmp_path):
    results = {}
    # Jobs of other sections do not depend on blocks, so that they are left out.
    studies = {name: CONFIG["activated"][name] for name in ("traps", "rem")}
    activated = {**CONFIG, "activated": studies, "figures": ["energy_relaxation"]}
    for kind in ("barriers", "master", "dmft", "theory", "langevin"):
        activated[kind] = {}
    for name, cores, block in (("one", "1", 250), ("two", "2", 3)):
        config = copy.deepcopy(activated)
        for study in config["activated"].values():
            study["block"] = block
        campaign = CampaignCopy(PROJECT, tmp_path / name, config)
        campaign.snakemake("--cores", cores, "--omit-from", "page")  # the page is not compared
        results[name] = {
            path: content
            for path, content in campaign.files().items()
            if not path.startswith("dynamics/")
        }
    assert results["one"] == results["two"]
    assert len(results["one"]) == 9


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return CampaignCopy(PROJECT, tmp_path_factory.mktemp("refused"))


class TestRefusals:
    """A refusal is one sentence and a non-zero exit status, without traceback or started jobs."""

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            (lambda c: c["activated"]["rem"].update(N=[65]), "activated.rem.N is 65"),
            (lambda c: c["activated"]["rem"].update(T=[-1.0]), "activated.rem.T is -1"),
            (lambda c: c["activated"]["rem"].update(sampels=3), "did you mean samples"),
            (lambda c: c["activated"]["rem"].update(samples=0), "activated.rem.samples is 0"),
            (lambda c: c["activated"]["rem"].update(t_max=1e16), "activated.rem.t_max is 1e+16"),
            (lambda c: c["activated"]["rem"].update(T=[0.5, 0.5]), "activated.rem.T has 0.5 2"),
            (lambda c: c["activated"]["rem"].update(T="hot"), "activated.rem.T is 'hot'"),
            (lambda c: c.update(figures=["energy_relaxatoin"]), "mean energy_relaxation"),
        ],
    )
    def test_bad_configuration(self, refused, change, sentence):
        with refused.changed() as config:
            change(config)
            refused.configure(config)
            done = refused.snakemake(check=False)
        assert done.returncode != 0
        lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
        assert len(lines) == 1
        assert sentence in lines[0]
        assert "Traceback" not in done.stderr + done.stdout
        assert not refused.results.exists()

    def test_a_solve_out_of_reach_says_so_and_keeps_the_rest(self, refused):
        with refused.changed() as config:
            # the files that depend on the energies of the samples
            config["master"]["rem"]["T"] = [1e-4]
            config["activated"] = {"rem": config["activated"]["rem"]}
            for kind in ("barriers", "dmft", "theory", "langevin"):
                config[kind] = {}
            config["figures"] = []
            refused.configure(config)
            done = refused.snakemake(check=False)
        assert done.returncode != 0
        assert "error: T is 0.0001, but must be at least" in done.stderr
        assert "Traceback" not in done.stderr + done.stdout
        assert (refused.results / "traps" / "rem" / "N4_T0.75.nc").exists()
