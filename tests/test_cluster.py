"""What jobs ask of a cluster."""

from pathlib import Path

import pytest

from glasscore import campaign, cluster
from glasscore.configuration import read, validated
from glasscore.cost import MIB, Cost, of_jobs

TINY = Path(__file__).resolve().parents[1] / "config" / "tiny.yaml"
COSTS = [cost for cost in of_jobs(campaign.jobs(validated(read(TINY)))).values() if cost]


@pytest.mark.parametrize("ask", [cluster.memory, cluster.runtime])
def test_each_attempt_asks_for_twice_as_much(ask):
    for cost in (None, *COSTS):
        first, second, third = (ask(cost, attempt) for attempt in (1, 2, 3))
        assert isinstance(first, int)
        assert (second, third) == (2 * first, 4 * first)


def test_more_is_asked_for_than_is_expected():
    """By the factor of three to which estimates are good."""
    for cost in COSTS:
        assert cluster.memory(cost) * MIB > cost.memory
        assert cluster.runtime(cost) * 60 > 3 * cost.seconds


def test_large_jobs_ask_by_their_size():
    day = Cost(seconds=86400.0, memory=2048 * MIB)
    assert cluster.runtime(day) == 4 * 1440 + 10
    assert cluster.memory(day) == 2 * 2048 + 500


def test_without_an_estimate_an_hour_is_asked_for():
    assert cluster.runtime(None) == 70
    assert cluster.memory(None) == 1500
