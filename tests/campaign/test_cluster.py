"""Memory and time that jobs request on a cluster."""

from pathlib import Path

import pytest

from glasscore.campaign import cluster, listing
from glasscore.campaign.configuration import read, validated
from glasscore.campaign.cost import of_jobs
from glasscore.common.cost import MIB, Cost
from glasscore.common.errors import CampaignError

TINY = Path(__file__).resolve().parents[2] / "config" / "tiny.yaml"
COSTS = [cost for cost in of_jobs(listing.jobs(validated(read(TINY)))).values() if cost]


@pytest.mark.parametrize("ask", [cluster.memory, cluster.runtime])
def test_each_attempt_asks_for_twice_as_much(ask):
    for cost in (None, *COSTS):
        first, second, third = (ask(cost, attempt) for attempt in (1, 2, 3))
        assert isinstance(first, int)
        assert (second, third) == (2 * first, 4 * first)


def test_more_is_asked_for_than_is_expected():
    """Requests exceed estimates by the factor of three to which estimates are good."""
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


@pytest.mark.parametrize("ask", [cluster.memory, cluster.runtime])
def test_no_attempt_asks_for_more_than_the_limit(ask):
    for cost in (None, *COSTS):
        first = ask(cost)
        assert [ask(cost, attempt, first + 1) for attempt in (1, 2, 3)] == [
            first, first + 1, first + 1,
        ]  # fmt: skip
        assert ask(cost, 1, 1) == 1


def test_jobs_that_share_a_start_ask_for_it_once():
    """Twenty jobs of seconds are compared with one of them alone."""
    few = Cost(seconds=1.5, memory=0.0)
    assert cluster.runtime(few) == 11
    assert cluster.runtime_of_group([few] * 20) == 10 + 2
    assert cluster.runtime_of_group([few] * 20, 3) == 4 * 12
    assert cluster.runtime_of_group([few] * 20, 3, 30) == 30
    assert cluster.runtime_of_group([few, None]) == 10 + 61


@pytest.mark.parametrize("special", " '\"$`\\;&|<>(){}[]*?!#%~^\n")
def test_paths_that_a_shell_would_read_its_own_way_are_refused(special):
    path = f"/home/ada/my{special}project"
    with pytest.raises(CampaignError) as refusal:
        cluster.check_paths(["/home/ada", path])
    assert f"holds {special!r}, and" in str(refusal.value)


def test_plain_paths_are_taken():
    cluster.check_paths(["/home/ada/glasses_2.0-a,b+c=d:e@f", Path("/home/Zürich/ガラス")])
