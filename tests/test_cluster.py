"""What jobs ask of a cluster."""

from pathlib import Path

import pytest

from glasscore import campaign, cluster
from glasscore.campaign import Job
from glasscore.configuration import read, validated

TINY = Path(__file__).resolve().parents[1] / "config" / "tiny.yaml"
JOBS = campaign.jobs(validated(read(TINY)))


@pytest.mark.parametrize("ask", [cluster.memory, cluster.runtime])
def test_each_attempt_asks_for_twice_as_much(ask):
    for job in JOBS.values():
        first, second, third = (ask(job, attempt) for attempt in (1, 2, 3))
        assert isinstance(first, int)
        assert (second, third) == (2 * first, 4 * first)


def test_no_job_asks_for_less_than_its_start_takes():
    for job in JOBS.values():
        assert cluster.memory(job) >= cluster.LEAST_MEMORY
        assert cluster.runtime(job) >= cluster.LEAST_TIME


@pytest.mark.parametrize(
    ("stage", "N", "samples", "megabytes", "seconds"),
    # as config/README.md states them: of one sample, in memory; of one sample, in time
    [("barriers", 24, 10, 600, 10), ("barriers", 20, 1, 0, 0.3), ("master", 14, 10, 1200, 15)],
)
def test_jobs_on_all_states_ask_for_what_was_measured(stage, N, samples, megabytes, seconds):
    job = Job(stage, "file.nc", {"N": N, "samples": samples})
    assert cluster.memory(job) >= cluster.LEAST_MEMORY + megabytes
    assert cluster.runtime(job) * 60 >= 2 * seconds * samples


def test_a_stage_that_is_not_listed_asks_too():
    assert cluster.runtime(Job("other", "file.nc", {})) == cluster.OTHERWISE
