"""Whatever goes wrong, a sentence says what, and the final results are the same to the bit."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from glasscore.__main__ import main
from tests.workflow.campaign_copy import SMALL, CampaignCopy
from tests.workflow.random_kills import check, jobs_of, killed_at_random, start

PROJECT = Path(__file__).resolve().parents[2]
PICTURE = Path("figures", "energy_relaxation.pdf")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    campaign = CampaignCopy(PROJECT, tmp_path_factory.mktemp("undisturbed"), SMALL)
    campaign.snakemake()
    return campaign


@pytest.fixture(scope="module")
def expected(undisturbed):
    return undisturbed.files()


@pytest.fixture
def fresh(tmp_path):
    return CampaignCopy(PROJECT, tmp_path, SMALL)


@pytest.fixture
def finished(undisturbed, expected, tmp_path):
    return undisturbed.clone(tmp_path)


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    return [line.strip() for line in done.stderr.splitlines() if "error: " in line]


def test_snakemake_is_killed_and_its_jobs_live_on(fresh, expected):
    process = start(fresh)
    while not jobs_of(process):
        assert process.poll() is None, (fresh.folder / "output.log").read_text()
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert "--unlock" in fresh.snakemake(check=False).stderr
    # Unlocking reads no result, so that no damaged result can prevent it.
    unreadable = fresh.results / "report.html"
    unreadable.mkdir()
    fresh.snakemake("--unlock")
    unreadable.rmdir()
    fresh.snakemake()
    check(fresh, expected)


def test_random_kills(fresh, expected):
    """A few kills are tested; ``python -m tests.workflow.random_kills`` does fifty in a row."""
    killed = list(killed_at_random(fresh, expected, kills=3, seed=2, longest=6.0))
    assert len(killed) == 3


def test_two_snakemakes_in_one_folder(finished, expected):
    (finished.results / PICTURE).unlink()
    first = start(finished)
    while not jobs_of(first):
        assert first.poll() is None, (finished.folder / "output.log").read_text()
        time.sleep(0.02)
    for job in (first.pid, *jobs_of(first)):
        os.kill(job, signal.SIGSTOP)
    second = finished.snakemake(check=False)
    assert second.returncode != 0
    assert "Directory cannot be locked" in second.stderr
    assert "no other Snakemake process" in second.stderr
    os.killpg(first.pid, signal.SIGCONT)
    assert first.wait(timeout=300) == 0
    check(finished, expected)


def cut_short(content: bytes) -> bytes:
    return content[:-1000]


def with_a_flipped_bit(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 16]) + content[place + 1 :]


def test_damaged_files_are_named_and_computed_again(finished, expected, capsys):
    """This holds with and without Snakemake's records of them; a figure would show the damage."""
    average = finished.results / "traps" / "traps" / "Ninf_T0.5.nc"
    block = finished.results / "dynamics" / "traps" / "Ninf_T0.5" / "block0.nc"
    average.write_bytes(cut_short(average.read_bytes()))
    block.write_bytes(with_a_flipped_bit(block.read_bytes()))
    done = finished.snakemake()
    name = str(block.relative_to(finished.results))
    assert f"{name} and 1 more (it is damaged, or another program wrote to it)" in done.stderr
    check(finished, expected)
    assert main(["verify", str(finished.results)]) == 0
    assert "0 damaged" in capsys.readouterr().out


def test_without_records_damage_is_looked_for_in_all_of_a_file(finished, expected):
    shutil.rmtree(finished.folder / ".snakemake")
    average = finished.results / "traps" / "traps" / "Ninf_T0.5.nc"
    average.write_bytes(with_a_flipped_bit(average.read_bytes()))
    assert "Ninf_T0.5.nc (it is damaged, or" in finished.snakemake().stderr
    check(finished, expected)


def test_results_of_another_machine_with_one_more_temperature(finished):
    """Snakemake has records of the new files only; old files are kept until the seed changes."""
    shutil.rmtree(finished.folder / ".snakemake")
    times = {path: path.stat().st_mtime_ns for path in finished.results.rglob("*T0.5*")}
    with finished.changed() as config:
        config["activated"]["traps"]["T"] = [0.5, 0.75]
        finished.configure(config)
        finished.snakemake()
        assert all(path.stat().st_mtime_ns == time for path, time in times.items())
        assert finished.planned() == set()
        config["seed"] = 2
        finished.configure(config)
        assert finished.planned() == {path for path in finished.files() if path.endswith(".nc")}


def test_damaged_pictures_are_named_and_drawn_again(finished, expected, capsys):
    damages = {".pdf": cut_short, ".png": with_a_flipped_bit, ".svg": with_a_flipped_bit}
    damaged = [(finished.results / PICTURE).with_suffix(ending) for ending in damages]
    for path in damaged:
        path.write_bytes(damages[path.suffix](path.read_bytes()))
    assert main(["verify", "--delete", str(finished.results)]) == 0
    said = capsys.readouterr()
    names = [
        line.partition("error: ")[2].partition(" is damaged")[0] for line in said.err.splitlines()
    ]
    assert names == [str(path) for path in damaged]
    assert "3 damaged and deleted" in said.out
    finished.snakemake()
    check(finished, expected)
    # the same holds if they are not deleted
    damaged[0].write_bytes(cut_short(damaged[0].read_bytes()))
    finished.snakemake()
    check(finished, expected)


def without_privileges() -> list[str]:
    """The command that makes the superuser obey permissions; other users obey them anyway."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv, of util-linux, is not installed: permissions do not bind root")
    forbidden = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={forbidden}", f"--inh-caps={forbidden}"]


@pytest.mark.parametrize("folder", ["figures", "benchmarks/figures"])
def test_a_folder_that_may_not_be_written_to(folder, finished, expected):
    (finished.results / PICTURE).unlink()
    forbidden = finished.results / folder
    forbidden.chmod(0o555)
    try:
        done = subprocess.run(
            [*without_privileges(), *finished.command()],
            cwd=finished.folder,
            env=finished.environment,
            capture_output=True,
            text=True,
        )
    finally:
        forbidden.chmod(0o755)
    (said,) = errors(done)
    name = forbidden.relative_to(finished.folder)
    assert said.startswith(f"error: {name} may not be written to")
    finished.snakemake()
    check(finished, expected)


def test_a_link_to_a_folder_that_is_gone(fresh):
    (fresh.folder / "results").symlink_to("gone")
    (said,) = errors(fresh.snakemake(check=False))
    assert "/results is a link to gone, which is not there, and results belong in" in said


def test_a_full_disk(fresh, expected):
    """Results are written to a disk of 64 kB, and then to a larger one, both of this test alone."""
    own_mounts = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run([*own_mounts, "mount", "-t", "tmpfs", "none", "/mnt"]).returncode != 0:
        pytest.skip("a small disk cannot be mounted here: that needs root, and unshare")
    fresh.results.mkdir(parents=True)
    kept = fresh.folder / "kept"
    script = """
        set -e
        disk=$1; kept=$2; shift 2
        mount -t tmpfs -o size=64k none "$disk"
        if "$@" > full.log 2>&1; then exit 1; fi
        find "$disk" -name '*.partial' > left.log
        mount -o remount,size=64m "$disk"
        "$@"
        cp -r "$disk" "$kept"
    """
    command = ["bash", "-c", script, "script", str(fresh.results), str(kept), *fresh.command()]
    done = subprocess.run(
        [*own_mounts, *command],
        cwd=fresh.folder,
        env=fresh.environment,
        capture_output=True,
        text=True,
    )
    said = (fresh.folder / "full.log").read_text()
    assert done.returncode == 0, said + done.stderr
    assert "No space left on device. Make room; then the same command goes on." in said
    assert "Traceback" not in said
    assert (fresh.folder / "left.log").read_text() == ""
    fresh.results.rmdir()
    kept.rename(fresh.results)
    check(fresh, expected)
