"""The plans of the stages do not get in each other's way."""

import pytest

from glasscore.__main__ import main
from glasscore.common.discovery import PACKAGE
from glasscore.common.plans import Plan, plans
from glasscore.common.studies import StudyPlan, sections


def test_each_stage_with_a_plan_has_one_place():
    assert set(plans()) == {path.parent.name for path in PACKAGE.glob("*/plan.py")}
    places = [plan.place for plan in plans().values()]
    assert len(set(places)) == len(places)
    assert places == sorted(places)


def test_no_key_of_a_campaign_is_declared_twice():
    keys = [key for plan in plans().values() for key in plan.keys]
    assert len(set(keys)) == len(keys)
    assert {plan.section for plan in plans().values() if isinstance(plan, StudyPlan)} == set(
        sections()
    )


def test_results_are_below_the_folder_of_their_stage():
    for stage, plan in plans().items():
        assert plan.path.startswith(f"{stage}/")
        assert plan.path.endswith(".nc")


def test_a_plan_without_studies_says_how_a_job_is_run_by_hand():
    for plan in plans().values():
        assert isinstance(plan, StudyPlan) or type(plan).by_hand is not Plan.by_hand


def test_no_stage_has_the_name_of_a_command(capsys):
    commands = {"validate", "estimate", "verify", "report", "tables"}
    assert not commands & set(plans())
    for command in commands:
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert end.value.code == 0
        assert command in capsys.readouterr().out
