"""Auxiliary services of a computation may fail; the numbers are written all the same.

Real jobs run without locks, a log, a cache of compiled kernels, or a home folder.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.files.provenance import canonical_json
from tests.workflow.campaign_copy import SMALL
from tests.workflow.test_faults import without_privileges

ROOT = Path(__file__).resolve().parents[1]
JOBS = {job.stage: job for job in listing.jobs(validated(SMALL)).values()}
# A replacement of fcntl that behaves as on file systems without locks.
WITHOUT_LOCKS = """
#include <errno.h>
#include <fcntl.h>
int flock(int file, int how) { errno = ENOLCK; return -1; }
"""
WITHOUT_A_HOME = (
    "import pwd, runpy, sys\n"
    "def nobody(number): raise KeyError(number)\n"
    "pwd.getpwuid = nobody\n"
    "runpy.run_module('glasscore', run_name='__main__', alter_sys=True)"
)
ALONE = "kernels are compiled for this job alone, as "


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """A cache with the kernels of the job."""
    folder = tmp_path_factory.mktemp("kernels")
    assert run(folder, folder / "first.nc").returncode == 0
    return folder


@pytest.fixture(scope="module")
def expected(kernels):
    return (kernels / "first.nc").read_bytes()


@pytest.fixture
def output(tmp_path):
    return tmp_path / "landscape.nc"


def run(
    cache: Path | None,
    output: Path,
    python: tuple[str, ...] = (sys.executable, "-m", "glasscore"),
    stderr: str = "",
    before: str = "true",
    home: str | None = None,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """One small job with compiled kernels, started by a shell as the workflow does."""
    words = [*python, "landscapes", "--output", str(output)]
    words += ["--parameters", canonical_json(JOBS["landscapes"].parameters)]
    known = {name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR")}
    chosen = {"GLASSCORE_CACHE": str(cache)} if cache else {}
    return subprocess.run(
        ["bash", "-c", f'{before}; exec "$@" {stderr}', "job", *words],
        cwd=ROOT,
        env=known | chosen | ({"HOME": home} if home else {}) | variables,
        capture_output=True,
        text=True,
    )


def test_file_systems_without_locks(kernels, expected, output, tmp_path):
    if shutil.which("gcc") is None:
        pytest.skip("gcc, which makes a system without locks here, is not installed")
    (tmp_path / "locks.c").write_text(WITHOUT_LOCKS)
    library = str(tmp_path / "locks.so")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, tmp_path / "locks.c"], check=True)
    done = run(kernels, output, LD_PRELOAD=library)
    assert done.returncode == 0, done.stderr
    assert output.read_bytes() == expected


@pytest.mark.parametrize("stderr", ["2> /dev/full", "2>&-", "2> /dev/full 1>&-"])
def test_logs_that_cannot_be_written(stderr, kernels, expected, output):
    assert run(kernels, output, stderr=stderr).returncode == 0
    assert output.read_bytes() == expected


class TestCacheOfKernels:
    """The cache of kernels saves time, but no job needs it."""

    @staticmethod
    def check(done, output, expected):
        assert done.returncode == 0, done.stderr
        assert output.read_bytes() == expected
        assert done.stderr.count(ALONE) == 1
        assert "GLASSCORE_CACHE" in done.stderr

    def test_its_folder_can_be_chosen(self, kernels, expected):
        assert list(kernels.rglob("*.nbi"))

    def test_a_file_in_its_place(self, expected, output, tmp_path):
        (tmp_path / "file").touch()
        self.check(run(tmp_path / "file", output), output, expected)

    def test_no_room_is_left_for_it(self, expected, output, tmp_path):
        """Files longer than a limit fail as they do on a full disk or beyond a quota."""
        done = run(tmp_path / "kernels", output, before="ulimit -f 48")
        self.check(done, output, expected)
        assert list((tmp_path / "kernels").rglob("*.nbc.tmp.*")) == []

    def test_it_belongs_to_somebody_else(self, kernels, expected, output, tmp_path):
        shutil.copytree(kernels, tmp_path / "kernels")
        for path in (tmp_path / "kernels").rglob("*"):
            path.chmod(0 if path.is_file() else 0o555)
        try:
            python = (*without_privileges(), sys.executable, "-m", "glasscore")
            done = run(tmp_path / "kernels", output, python)
        finally:
            for path in (tmp_path / "kernels").rglob("*"):
                path.chmod(0o755)
        self.check(done, output, expected)

    def test_its_files_are_damaged(self, kernels, expected, output, tmp_path):
        shutil.copytree(kernels, tmp_path / "kernels")
        for index in (tmp_path / "kernels").rglob("*.nbi"):
            index.write_bytes(index.read_bytes()[:40])
        self.check(run(tmp_path / "kernels", output), output, expected)
        # The kernels were written again.
        done = run(tmp_path / "kernels", output)
        assert ALONE not in done.stderr

    def test_a_home_that_is_no_folder(self, expected, output, tmp_path):
        (tmp_path / "file").touch()
        done = run(None, output, home=str(tmp_path / "file"))
        self.check(done, output, expected)

    def test_a_user_without_a_home(self, expected, output):
        done = run(None, output, (sys.executable, "-c", WITHOUT_A_HOME))
        self.check(done, output, expected)
