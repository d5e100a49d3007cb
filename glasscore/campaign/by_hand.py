"""Parameters of a job that is run by hand: checked as those of a campaign.

The smallest campaign that has the job is made up and checked, and its job is taken. Whatever is
refused in a configuration is therefore refused here too, in the same words, and no check is written
twice.
"""

import json
from typing import Any

from glasscore.campaign import listing
from glasscore.campaign.configuration import checked as checked_value
from glasscore.campaign.configuration import validated
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Parameters, plans
from glasscore.common.studies import StudyPlan, require
from glasscore.files.parameters_in_words import shown

OPTION = "--parameters"
NAME = "by_hand"  # name of the made-up campaign, which does not matter
PAGE = "report"


def checked(stage: str, text: str) -> Parameters:
    """The parameters of a job, in the form that a campaign gives them.

    Parameters
    ----------
    stage
        The name of a stage, or ``"report"``.
    text
        A JSON object, as in the attribute ``parameters`` of a result.

    Raises
    ------
    CampaignError
        If something is wrong; the message is one sentence on the first fault.
    """
    try:
        given = _object(text)
        expected = _expected(stage, given)
        unknown = next((key for key in given if key not in expected), None)
        if unknown is not None:
            raise CampaignError(
                f"{shown(unknown)} is {shown(given[unknown])}, but this key is unknown: the "
                f"parameters of {stage} are {', '.join(expected)}."
            )
    except CampaignError as error:
        raise CampaignError(f"{OPTION}: {error}") from None
    # JSON turns all keys into text, so that the job gets the same as from a list of jobs.
    return json.loads(json.dumps(expected))


def _object(text: str) -> Parameters:
    try:
        given = json.loads(text, object_pairs_hook=_with_each_key_once)
    except (ValueError, RecursionError):
        raise CampaignError(f"{shown(text)} is not valid JSON.") from None
    if not isinstance(given, dict):
        raise CampaignError(
            f"{shown(given)} is no JSON object, such as the attribute parameters holds."
        )
    return given


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> Parameters:
    found: Parameters = {}
    for key, value in pairs:
        if key in found:
            raise CampaignError(f"the key {shown(key)} is given twice.")
        found[key] = value
    return found


def _expected(stage: str, given: Parameters) -> Parameters:
    if stage == PAGE:
        return _of_page(given)
    plan = plans()[stage]
    if isinstance(plan, StudyPlan):
        return _of_study(plan, given)
    return plan.by_hand(given, checked_value)


def _of_study(plan: StudyPlan, given: Parameters) -> Parameters:
    """Parameters of the job that a campaign with one study of one size and temperature has."""
    require(given, "study")
    study = given["study"]
    if not isinstance(study, str):
        raise CampaignError(f"study is {shown(study)}, but must be text.")
    chosen = {key: value for key, value in given.items() if key not in ("seed", "study", "title")}
    chosen |= {key: [chosen[key]] for key in plan.lists if key in chosen}
    refusal = ""
    for variant in plan.studies_with(chosen):
        config = {"campaign": NAME, plan.section: {study: variant, **_sharing(study, variant)}}
        config |= {"seed": given["seed"]} if "seed" in given else {}
        try:
            jobs = listing.jobs(validated(config, ""))
        except CampaignError as error:
            refusal = _of_job(str(error), plan, study)
            continue
        expected = next(
            job.parameters
            for job in jobs.values()
            if (job.stage, job.parameters["study"]) == (plan.stage, study)
        )
        require(given, *expected)
        return plan.finish(given, expected)
    raise CampaignError(refusal)


def _of_job(problem: str, plan: StudyPlan, study: str) -> str:
    """Turn a sentence on a study into one on a job."""
    where = f"{plan.section}.{study}"
    problem = problem.replace(f"{where}.", "").replace(f"{where}: ", "")
    key, blank, rest = problem.partition(" ")
    return f"{plan.renamed.get(key, key)}{blank}{rest}"


def _sharing(name: str, study: Parameters) -> dict[str, Parameters]:
    """The study whose disorder samples a study uses, if any; it must be in the campaign too."""
    other = study.get("disorder")
    without = {key: value for key, value in study.items() if key != "disorder"}
    return {other: without} if isinstance(other, str) and other != name else {}


def _of_page(given: Parameters) -> Parameters:
    """The configuration of a campaign, and a caption for each of its figures."""
    require(given, "config", "captions")
    if not isinstance(given["config"], dict):
        raise CampaignError(f"config is {shown(given['config'])}, but must be a configuration.")
    expected = listing.report(validated(given["config"], "config"))
    captions = given["captions"]
    if not isinstance(captions, dict) or captions.keys() != expected["captions"].keys():
        names = ", ".join(expected["captions"]) or "none"
        raise CampaignError(
            f"captions is {shown(captions)}, but must be an object with text for each figure: "
            f"{names}."
        )
    for figure, caption in captions.items():
        if not isinstance(caption, str):
            raise CampaignError(f"captions.{figure} is {shown(caption)}, but must be text.")
    return {**expected, "captions": captions}
