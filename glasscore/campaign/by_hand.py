"""Parameters of a job that is run by hand: checked as those of a campaign.

The smallest campaign that has the job is written down, checked, and asked for its job. So whatever
a configuration refuses is refused here too, in the same words, and nothing is checked in two ways.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.common import discovery
from glasscore.common.errors import CampaignError
from glasscore.files.inputs import shown
from glasscore.models.schedule import STANDARD_WINDOWS

Parameters = dict[str, Any]
OPTION = "--parameters"
NAME = "by_hand"  # of the campaign, and of studies whose own name does not matter
# What the configuration's schema allows.
MOST_SAMPLES = 1_000_000
# A study that has a figure, for campaigns that are about a title or a style.
ANY_STUDY: Parameters = {"solve": "almeida_thouless_line", "T": [0.5]}
ITS_FIGURE = "de_almeida_thouless_line"


def checked(stage: str, text: str) -> Parameters:
    """The parameters of a job, in the form that a campaign gives them.

    Parameters
    ----------
    stage
        Which stage, or ``"report"``.
    text
        A JSON object, as in the attribute ``parameters`` of a result.

    Raises
    ------
    CampaignError
        One sentence with the first thing wrong.
    """
    given = _object(text)
    expected = _MAKERS.get(stage, _of_study)(stage, given)
    unknown = next((key for key in given if key not in expected), None)
    if unknown is not None:
        raise _refusal(
            f"{shown(unknown)} is {shown(given[unknown])}, but this key is unknown: the parameters "
            f"of {stage} are {', '.join(expected)}."
        )
    # As JSON, which has text for all keys: a job gets the same from a list of jobs.
    return json.loads(json.dumps(expected))


def _object(text: str) -> Parameters:
    try:
        given = json.loads(text, object_pairs_hook=_with_each_key_once)
    except (ValueError, RecursionError):
        raise _refusal(f"{shown(text)} is not valid JSON.") from None
    if not isinstance(given, dict):
        raise _refusal(f"{shown(given)} is no JSON object, such as the attribute parameters holds.")
    return given


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> Parameters:
    found: Parameters = {}
    for key, value in pairs:
        if key in found:
            raise _refusal(f"the key {shown(key)} is given twice.")
        found[key] = value
    return found


def _refusal(problem: str) -> CampaignError:
    return CampaignError(f"{OPTION}: {problem}")


def _required(given: Parameters, *keys: str) -> None:
    for key in keys:
        if key not in given:
            raise _refusal(f"{key} is missing.")


def _of_study(stage: str, given: Parameters) -> Parameters:
    """Parameters of the job that a campaign with one study of one size and temperature has."""
    _required(given, "study")
    study = given["study"]
    if not isinstance(study, str):
        raise _refusal(f"study is {shown(study)}, but must be text.")
    section = "activated" if stage in ("landscapes", "dynamics", "traps") else stage
    chosen = {key: value for key, value in given.items() if key not in ("seed", "study", "title")}
    if stage != "theory":  # of which one job solves all sizes and temperatures
        chosen |= {key: [chosen[key]] for key in ("N", "T") if key in chosen}
    refusal = ""
    for variant in _VARIANTS.get(stage, _as_given)(chosen):
        config = {"campaign": NAME, section: {study: variant, **_sharing(study, variant)}}
        config |= {"seed": given["seed"]} if "seed" in given else {}
        try:
            jobs = listing.jobs(validated(config, OPTION)).values()
        except CampaignError as error:
            refusal = _of_job(str(error), section, study, stage)
            continue
        expected = next(
            job.parameters for job in jobs if (job.stage, job.parameters["study"]) == (stage, study)
        )
        _required(given, *expected)
        return _of_block(given, expected) if stage == "dynamics" else expected
    raise CampaignError(refusal)


def _of_job(problem: str, section: str, study: str, stage: str) -> str:
    """A sentence on a study as a sentence on a job."""
    problem = problem.replace(f"{section}.{study}.", "").replace(f"{section}.{study}: ", "")
    if stage == "dynamics":
        for key, name in (("windows", "extra_windows"), ("block", "samples")):
            problem = problem.replace(f"{OPTION}: {key} ", f"{OPTION}: {name} ")
    return problem


def _sharing(name: str, study: Parameters) -> dict[str, Parameters]:
    """The study whose disorder samples a study shares, if it does: it must be in the campaign."""
    other = study.get("disorder")
    without = {key: value for key, value in study.items() if key != "disorder"}
    return {other: without} if isinstance(other, str) and other != name else {}


def _as_given(chosen: Parameters) -> Iterator[Parameters]:
    yield chosen


def _of_dynamics(chosen: Parameters) -> Iterator[Parameters]:
    """A study with one block, whose windows are those recorded beside the standard ones."""
    extra = chosen.pop("extra_windows", [])
    chosen.pop("first_sample", None)
    chosen["block"] = chosen.get("samples")
    if extra != []:
        chosen["windows"] = extra
    elif _is_used("windows", chosen):
        chosen["windows"] = STANDARD_WINDOWS[0]
    yield chosen


def _of_traps(chosen: Parameters) -> Iterator[Parameters]:
    """A study whose dynamics is such that the averages can be taken."""
    threshold = {"threshold": 0.0} if _is_used("threshold", chosen) else {}
    yield {**chosen, "t_max": 1e15, **threshold}


def _is_used(key: str, chosen: Parameters) -> bool:
    """Whether one of the recorders of a study asks for a key."""
    recorders = chosen.get("recorders")
    return isinstance(recorders, list) and any(
        user in recorders for user in discovery.users(key, "dynamics/recorders")
    )


def _of_landscape(chosen: Parameters) -> Iterator[Parameters]:
    """Studies of some dynamics on the landscape, of which one must be allowed."""
    for rule in reversed(discovery.names("dynamics/rules")):
        yield {"rule": rule, "T": 1.0, "t_max": 1e15, "samples": 1, **chosen}


def _of_block(given: Parameters, expected: Parameters) -> Parameters:
    first, most = given["first_sample"], MOST_SAMPLES - expected["samples"]
    if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= most:
        raise _refusal(
            f"first_sample is {shown(first)}, but must be a whole number from 0 to {most}, so that "
            f"no sample comes after the first {MOST_SAMPLES}."
        )
    windows = given["extra_windows"]
    if isinstance(windows, list) and len(windows) > len(expected["extra_windows"]):
        raise _refusal(
            f"extra_windows is {shown(windows)}, but must hold no window that is recorded anyway: "
            f"{shown(STANDARD_WINDOWS)}."
        )
    return {**expected, "first_sample": first}


def _of_figure(stage: str, given: Parameters) -> Parameters:
    """A figure's name, style and titles; what it is about, its inputs tell."""
    _required(given, "figure", "titles", "style")
    figure, titles, style = given["figure"], given["titles"], given["style"]
    if figure not in discovery.names("figures"):
        raise _refusal(f"figure is {shown(figure)}, but must name a file in glasscore/figures.")
    base = {"campaign": NAME, "theory": {NAME: ANY_STUDY}, "figures": [ITS_FIGURE]}
    checked_style = validated({**base, "style": style}, OPTION)["style"]
    _required(style, *checked_style)
    stages = discovery.needs(figure)
    if not isinstance(titles, dict) or not titles.keys() <= set(stages):
        raise _refusal(
            f"titles is {shown(titles)}, but must be an object with titles of studies by stage, "
            f"and the figure {figure} shows {' and '.join(stages) or 'none'}."
        )
    for of_stage, titled in titles.items():
        if not isinstance(titled, dict):
            raise _refusal(
                f"titles.{of_stage} is {shown(titled)}, but must be an object with a title for "
                "each study."
            )
        studies = {study: {**ANY_STUDY, "title": title} for study, title in titled.items()}
        try:
            validated({**base, "theory": studies or base["theory"]}, OPTION)
        except CampaignError as error:
            problem = str(error).replace("theory", f"titles.{of_stage}", 1).replace(".title ", " ")
            raise CampaignError(problem) from None
    return {"figure": figure, "titles": titles, "style": checked_style}


def _of_report(stage: str, given: Parameters) -> Parameters:
    """The configuration of a campaign, and a caption for each of its figures."""
    _required(given, "config", "captions")
    if not isinstance(given["config"], dict):
        raise _refusal(f"config is {shown(given['config'])}, but must be a configuration.")
    expected = listing.report(validated(given["config"], f"{OPTION}: config"))
    captions = given["captions"]
    if not isinstance(captions, dict) or captions.keys() != expected["captions"].keys():
        names = ", ".join(expected["captions"]) or "none"
        raise _refusal(
            f"captions is {shown(captions)}, but must be an object with text for each figure: "
            f"{names}."
        )
    for figure, caption in captions.items():
        if not isinstance(caption, str):
            raise _refusal(f"captions.{figure} is {shown(caption)}, but must be text.")
    return {**expected, "captions": captions}


_VARIANTS: dict[str, Callable[[Parameters], Iterator[Parameters]]] = {
    "dynamics": _of_dynamics,
    "traps": _of_traps,
    "landscapes": _of_landscape,
}
_MAKERS: dict[str, Callable[[str, Parameters], Parameters]] = {
    "figures": _of_figure,
    "report": _of_report,
}
