"""The campaign's configuration is read, checked, and brought to one form.

The plan of each stage says what the values of its keys may be, and which values do not go together.
Checks that concern several stages are here.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from glasscore.campaign.normal_form import in_order, normal_form
from glasscore.campaign.reading import read as read  # what is read is checked here
from glasscore.campaign.schema import allowed, faults, schema
from glasscore.common import discovery
from glasscore.common.errors import CampaignError, shown
from glasscore.common.keys import Schema
from glasscore.common.plans import plans
from glasscore.common.sentences import listed_in_words, nearest, one_of, twins
from glasscore.common.studies import sections

MOST_JOBS = 100_000


def validated(config: dict[str, Any], source: str = "config") -> dict[str, Any]:
    """Check a campaign and bring it to one form.

    Parameters
    ----------
    config
        The configuration as read from YAML. It is not changed.
    source
        The name of its source, which begins every message.

    Returns
    -------
    dict
        A new mapping with all defaults filled in, lists where a single value was allowed, numbers
        as ``float`` or ``int``, and lists of numbers or names in increasing order, so that writing
        them in another order reruns nothing.

    Raises
    ------
    CampaignError
        If something is wrong; the message is one sentence on the first fault, with the key, its
        value and what is allowed.
    """
    normal = normal_form(config, schema())
    problem = next(_problems(normal), None)
    if problem is not None:
        raise CampaignError(f"{source}: {problem}" if source else problem)
    ordered = in_order(normal, schema())
    for section, plan in sections().items():
        ordered[section] = {name: plan.complete(one) for name, one in ordered[section].items()}
    return ordered


def checked(value: Any, of: Schema, *where: str) -> Any:
    """The checked form of a single value that is not part of a configuration.

    Parameters
    ----------
    value
        The value as it was given.
    of
        The schema of the value.
    where
        The keys that lead to the value.

    Raises
    ------
    CampaignError
        If something is wrong; the message is one sentence on the first fault.
    """
    normal = normal_form(value, of)
    for fault in faults(normal, of, *where):
        raise CampaignError(fault)
    return in_order(normal, of)


def _problems(config: Any) -> Iterator[str]:
    """All faults, the most telling first.

    Checks across keys come after the schema, because they rely on values of the right types.
    """
    yield from faults(config, schema())
    yield from _problems_of_campaign(config)
    for section in sections():
        for name, study in config[section].items():
            yield from _keys_without_effect(section, name, study)
    for plan in plans().values():
        yield from plan.problems(config)
    for shared in dict.fromkeys(plan.shares for plan in sections().values() if plan.shares):
        yield from _problems_of_disorder(config, shared)
    yield from _problems_of_number(config)


def _problems_of_campaign(config: dict[str, Any]) -> Iterator[str]:
    if not any(config[section] for section in sections()):
        yield (
            f"{listed_in_words(list(sections()), 'and')} are all empty, but one of them must hold "
            "a study."
        )
    for results in (Path("results"), discovery.PACKAGE.parent / "results"):
        folder = results / config["campaign"]
        if os.path.lexists(folder) and not os.path.isdir(folder):
            yield (
                f"campaign is {shown(config['campaign'])}, but must be another name, since "
                f"{folder} is no folder."
            )
    is_random = any(
        plan.is_random(study)
        for section, plan in sections().items()
        for study in config[section].values()
    )
    if is_random and "seed" not in config:
        yield f"seed is missing, but must be {allowed(schema()['properties']['seed'])}."
    for section in sections():
        yield from twins(section, config[section])


def _problems_of_disorder(config: dict[str, Any], shared: str) -> Iterator[str]:
    """Sentences on studies that use the disorder samples of another study but cannot."""
    alike_sections = [section for section, plan in sections().items() if plan.shares == shared]
    studies = [
        (section, name, study)
        for section in alike_sections
        for name, study in config[section].items()
    ]
    for section, name, study in studies:
        if "disorder" not in study:
            continue
        other = study["disorder"]
        place = f"{section}.{name}.disorder is {shown(other)}, but must be"
        named = [one for _, its_name, one in studies if its_name == other]
        alike = [one for one in named if one[shared] == study[shared]]
        if other == name or not named:
            known = sorted({its_name for _, its_name, _ in studies} - {name})
            yield (
                f"{place} the name of another study in {listed_in_words(alike_sections, 'or')}"
                f"{nearest(other, known)}."
            )
        elif not alike:
            yield f"{place} a study with the same {shared}."
        elif all("disorder" in one for one in alike):
            own = shown(alike[0]["disorder"])
            yield f"{place} a study with samples of its own, not with those of {own}."
        else:
            refusals = map(sections()[section].refusal_of_sharing, (study, *alike))
            refusal = next(filter(None, refusals), "")
            if refusal:
                yield f"{place} {refusal}."


def _problems_of_number(config: dict[str, Any]) -> Iterator[str]:
    """A sentence on too many jobs: Snakemake needs about a millisecond to plan each of them."""
    made = [
        (number, what, plan)
        for plan in plans().values()
        for what, number in plan.number_of_jobs(config).items()
    ]
    counts: Counter[str] = Counter()
    for number, what, _ in made:
        counts[what] += number
    if counts.total() > MOST_JOBS:
        largest = max(counts, key=counts.__getitem__)
        plans_of_largest = {number: plan for number, what, plan in made if what == largest}
        yield (
            f"{largest} makes {counts[largest]} of {counts.total()} jobs, but a campaign must have "
            f"at most {MOST_JOBS}: {plans_of_largest[max(plans_of_largest)].remedy}."
        )


def _keys_without_effect(section: str, name: str, study: dict[str, Any]) -> Iterator[str]:
    """Sentences on keys with a value other than the default that none of the chosen parts uses."""
    known = schema()["properties"][section]["additionalProperties"]["properties"]
    for key, part in known.items():
        if "used_by" not in part or study[key] == normal_form(part["default"], part):
            continue
        users = discovery.users(key, known[part["used_by"]]["items"]["discovered"])
        if not set(users) & set(study[part["used_by"]]):
            yield (
                f"{section}.{name}.{key} is {shown(study[key])}, but this key has no effect here: "
                f"it must only be given with {one_of(users)} among the {part['used_by']}."
            )
