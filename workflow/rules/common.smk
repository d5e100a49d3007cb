# What all stages share: the checked configuration, and the look-up of a job by its output.

import shlex
import sys
from functools import cache
from pathlib import Path

from glasscore import campaign, cluster, cost, stale
from glasscore.configuration import read, validated
from glasscore.errors import CampaignError, sentence
from glasscore.job_list import job_list
from glasscore.provenance import canonical_json, source_hash
from glasscore.whole_file import check_writable, remove_partial_files
from snakemake.exceptions import WorkflowError

# Jobs run with the interpreter that runs the workflow, in an environment activated or not.
shell.prefix(f"export PATH={shlex.quote(str(Path(sys.executable).parent))}:$PATH; ")


def refuse(error):
    print(f"error: {error}", file=sys.stderr)
    sys.exit(1)


def checked(config):
    try:
        for file in workflow.configfiles:
            read(file)
        files = [str(file) for file in workflow.configfiles]
        changes = ["--config"] if workflow.config_settings.config else []
        return validated(config, " with ".join(files + changes) or "config")
    except CampaignError as error:
        refuse(error)


def listed(config):
    """All jobs of the campaign; refused if files are stale and Snakemake cannot know it."""
    jobs = campaign.jobs(config)
    if not any(Path(".snakemake", "metadata").glob("*")):
        try:
            stale.check(Path("results", config["campaign"]), jobs)
        except CampaignError as error:
            refuse(error)
    return jobs


CONFIG = checked(config)
JOBS = listed(CONFIG)
PAGE = campaign.Job("report", "report.html", campaign.report(CONFIG))
JOB_LIST = job_list(Path("results", CONFIG["campaign"]), [*JOBS.values(), PAGE])


def prepare(config, jobs):
    """Refuse folders that may not be written to; remove what killed jobs left; list the jobs."""
    folder = Path("results", config["campaign"])
    try:
        check_writable({(folder / output).parent for output in jobs} | {folder / "logs"})
        remove_partial_files(folder)
        JOB_LIST.write()
    except CampaignError as error:
        refuse(error)
    except OSError as error:
        refuse(sentence(error))


def result(path):
    """A file of this campaign; wildcards of rules pass through."""
    return f"results/{CONFIG['campaign']}/{path}"


def reported():
    """All files that the report is about: all but the blocks of the dynamics."""
    wanted = [path for path, job in JOBS.items() if job.stage != "dynamics"]
    drawn = [path.removesuffix("nc") for path, job in JOBS.items() if job.stage == "figures"]
    return [
        result(path)
        for path in wanted + [stem + kind for stem in drawn for kind in ("png", "pdf", "svg")]
    ]


def targets():
    """What the campaign is for: all results, and the page that holds them."""
    return reported() + [result("report.html")]


# Snakemake compares parameters with those of the last run only if they are functions of the
# wildcards alone; so each of these knows the template of its rule's output.


def job(template, wildcards):
    path = template.format(**wildcards)
    if path not in JOBS:
        raise WorkflowError(f"{result(path)} is no file of this campaign's configuration.")
    return JOBS[path]


def inputs(template):
    """The files that a job reads."""
    return lambda wildcards: [result(path) for path in job(template, wildcards).inputs]


def jobs_file(wildcards, output):
    """Where a job finds its parameters and inputs; Snakemake compares no function of the output."""
    return str(JOB_LIST.path)


def parameters(template):
    """All values that a job depends on, as JSON: Snakemake compares them with the last run's."""
    return lambda wildcards: canonical_json(job(template, wildcards).parameters)


def code(template):
    """Fingerprint of the code that a job runs, which Snakemake does not see by itself."""

    def fingerprint(wildcards):
        one = job(template, wildcards)
        return source_hash(campaign.modules(one.stage, one.parameters))

    return fingerprint


@cache
def costs():
    """Estimates of all jobs, by output."""
    return cost.of_jobs(JOBS)


def memory(template):
    """Memory that a job asks of a cluster, in MB."""
    return lambda wildcards, attempt: cluster.memory(
        costs()[job(template, wildcards).output], attempt
    )


def runtime(template):
    """Time limit that a job asks of a cluster, in minutes."""
    return lambda wildcards, attempt: cluster.runtime(
        costs()[job(template, wildcards).output], attempt
    )


wildcard_constraints:
    study="[^/]+",
    N="[^/_]+",
    T="[^/]+",
    block=r"\d+",
    figure="[^/]+",
