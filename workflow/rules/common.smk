# What all stages share: the checked configuration, and the look-up of a job by its output.

import shlex
import sys
from functools import cache
from pathlib import Path

from glasscore.campaign import adoption, cluster, cost, listing, stale
from glasscore.campaign.configuration import read, validated
from glasscore.campaign.job_list import job_list
from glasscore.campaign.one_workflow import hold
from glasscore.common.errors import CampaignError, sentence
from glasscore.common.plans import Job, plans
from glasscore.files.provenance import canonical_json, source_hash
from glasscore.files.whole_file import check_writable, remove_partial_files
from snakemake.exceptions import WorkflowError

# Jobs run with the interpreter that runs the workflow, whether its environment is activated or not.
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


def settled(settings):
    """Compare existing files with the campaign before anything is planned."""
    try:
        adoption.settle(settings, FOLDER, JOBS, PAGE.parameters)
    except OSError as error:
        refuse(sentence(error))


CONFIG = checked(config)
JOBS = listing.jobs(CONFIG)
FOLDER = Path("results", CONFIG["campaign"])
PAGE = Job("report", "report.html", listing.report(CONFIG))
JOB_LIST = job_list(FOLDER, [*JOBS.values(), PAGE])
adoption.before_planning(workflow, settled)


def prepare(config, jobs):
    """Refuse folders that may not be written to or that another workflow writes to; remove partial
    files of killed jobs; write the list of jobs."""
    folder = Path("results", config["campaign"])
    try:
        # A job that cannot write its benchmark would fail only after its computation.
        above = (folder, folder / "logs", folder / "benchmarks")
        check_writable({above[1]} | {(each / output).parent for each in above for output in jobs})
        hold(folder)
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
    """All files that the report shows: all results except those that may be deleted."""
    return [result(path) for path in listing.reported(JOBS)]


def targets():
    """The targets of the campaign: all results, and the page that shows them."""
    return reported() + [result("report.html")]


# Snakemake compares parameters with those of the last run only if they are functions of the
# wildcards alone. Each function below is therefore made for the template of its rule's output.


def job(template, wildcards):
    path = template.format(**wildcards)
    if path not in JOBS:
        raise WorkflowError(f"{result(path)} is no file of this campaign's configuration.")
    return JOBS[path]


def inputs(template):
    """The files that a job reads."""
    return lambda wildcards: [result(path) for path in job(template, wildcards).inputs]


def jobs_file(wildcards, output):
    """The file in which a job finds its parameters and inputs.

    Since this is a function of the output, Snakemake does not compare it with the last run.
    """
    return str(JOB_LIST.path)


def parameters(template):
    """All values that a job depends on, as JSON, which Snakemake compares with the last run."""
    return lambda wildcards: canonical_json(job(template, wildcards).parameters)


def code(template):
    """Fingerprint of the code that a job runs, which Snakemake does not see by itself."""
    return lambda wildcards: stale.fingerprint(job(template, wildcards))
