"""Settings of all tests: one thread for linear algebra, and the longest files run first.

The option ``--changed`` is also defined here."""

import gc
import os
import sys
from pathlib import Path

import pytest
from xdist.scheduler import LoadFileScheduling

from glasscore.__main__ import OBJECTS_BETWEEN_COLLECTIONS
from tests import changes, reach

# Several threads would slow down small matrices on a busy machine.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")
# The garbage collector runs as rarely as in every job.
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
# Each process takes file after file, so that long files must not come last.
LONG = (
    "figures/test_figures.py",
    "figures/test_looks.py",
    "figures/test_page.py",
    "figures/test_captions.py",
    "workflow/test_runs.py",
    "workflow/test_faults.py",
    "workflow/test_reruns.py",
    "cluster/test_slurm.py",
    "dynamics/test_restart.py",
    "traps/test_memory.py",
    "published/test_random_energy_model.py",
    "published/test_trap_model.py",
)


def pytest_collection_modifyitems(items):
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get("/".join(item.path.parts[-2:]), len(LONG)))


# These look at the same figures, which one process draws once for all of them.
TOGETHER = ("figures/test_looks.py", "figures/test_page.py", "figures/test_captions.py")


class ByFile(LoadFileScheduling):
    """Whole files go to one process, and some files together."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return TOGETHER[0] if file.endswith(TOGETHER) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(autouse=True)
def _close_figures():
    """Close the figures that a test drew, since many open figures are a warning in a later test."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def pytest_addoption(parser):
    parser.addoption(
        "--changed",
        action="store_true",
        help="only the files of tests that depend on files changed since the branch left main, or, "
        "on main, since the last commit (see tests/changes.py)",
    )
    parser.addoption(
        "--since", metavar="REVISION", help="as --changed, since this revision of git instead"
    )


def pytest_configure(config):
    config.chosen = None
    if hasattr(config, "workerinput"):  # a process of several has been told
        config.chosen = config.workerinput["chosen"]
    elif config.getoption("changed") or config.getoption("since"):
        try:
            config.chosen = changes.choice(config.getoption("since"))
        except changes.UnknownChangesError as error:
            raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Tell each process of pytest-xdist what was chosen, so that all choose the same."""
    node.workerinput["chosen"] = node.config.chosen


def pytest_report_header(config):
    return None if config.chosen is None else config.chosen["sentence"]


def pytest_ignore_collect(collection_path, config):
    if config.chosen is None or not changes.is_test(Path(collection_path)):
        return None
    return None if reach.name_of(collection_path) in config.chosen["tests"] else True


def pytest_sessionfinish(session):
    """If no test depends on what was changed, that is no failure."""
    if (
        session.config.chosen is not None
        and session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED
    ):
        session.exitstatus = pytest.ExitCode.OK
