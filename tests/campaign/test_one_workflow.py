"""A campaign is computed by one workflow at a time, which may be killed."""

import subprocess
import sys

import pytest

from glasscore.campaign import one_workflow
from glasscore.common.errors import CampaignError

HOLD = (
    "import sys; from pathlib import Path; from glasscore.campaign.one_workflow import hold;"
    "hold(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


@pytest.fixture(autouse=True)
def _locks_are_let_go(monkeypatch):
    """Release the locks after each test, as if this process had ended."""
    held = []
    monkeypatch.setattr(one_workflow, "_held", held)
    yield
    for lock in held:
        lock.close()


@pytest.fixture
def another(tmp_path):
    """Another process that holds the lock of the campaign ``mine``."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "mine")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_workflow_is_refused_until_the_first_is_killed(another, tmp_path):
    with pytest.raises(CampaignError, match="another workflow computes the campaign in .*mine: w"):
        one_workflow.hold(tmp_path / "mine")
    one_workflow.hold(tmp_path / "yours")
    another.kill()
    another.wait()
    one_workflow.hold(tmp_path / "mine")
    assert [lock.closed for lock in one_workflow._held] == [False, False]


def test_without_locks_it_goes_on(tmp_path, monkeypatch):
    def flock(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    one_workflow.hold(tmp_path / "mine")
