"""The jobs of a campaign: which file needs which parameters, inputs and code.

Everything here is a pure function of the validated configuration and of the plans of the stages.
The workflow files therefore hold no decisions, and tests can find out which jobs a change reruns.
"""

from typing import Any

from glasscore.common.plans import Job, Parameters, plans

PAGE = "report.html"


def jobs(config: dict[str, Any]) -> dict[str, Job]:
    """All jobs of a validated configuration, by output path, in the order of the data."""
    listed: list[Job] = []
    for plan in plans().values():
        listed += plan.jobs(config, tuple(listed))
    return {job.output: job for job in listed}


def targets(jobs: dict[str, Job]) -> list[str]:
    """All results of a campaign except those that may be deleted once others are made from them."""
    return [output for output, job in jobs.items() if plans()[job.stage].is_kept]


def pictures_beside(job: Job) -> list[str]:
    """The pictures that a job makes beside its output."""
    stem = job.output.removesuffix(".nc")
    return [stem + ending for ending in plans()[job.stage].beside]


def reported(jobs: dict[str, Job]) -> list[str]:
    """All files that a campaign's page shows: its results, and the pictures of its figures."""
    return targets(jobs) + [name for job in jobs.values() for name in pictures_beside(job)]


def report(config: dict[str, Any]) -> Parameters:
    """The parameters of the page of a campaign: the configuration and the captions of figures."""
    captions: dict[str, str] = {}
    for plan in plans().values():
        captions |= plan.captions(config)
    return {"config": config, "captions": captions}


def modules(stage: str, parameters: Parameters) -> list[str]:
    """Modules whose code a job runs: first that with ``run``, then those of chosen parts."""
    return plans()[stage].modules(parameters)
