# What all stages share: the checked configuration, and the look-up of a job by its output.

import sys
from pathlib import Path

from glasscore import campaign
from glasscore.configuration import read, validated
from glasscore.errors import CampaignError
from glasscore.provenance import canonical_json, source_hash

# Jobs run with the interpreter that runs the workflow, in an environment activated or not.
shell.prefix(f"export PATH={str(Path(sys.executable).parent)!r}:$PATH; ")


def checked(config):
    try:
        for file in workflow.configfiles:
            read(file)
        return validated(config, ", ".join(map(str, workflow.configfiles)) or "config")
    except CampaignError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


CONFIG = checked(config)
JOBS = campaign.jobs(CONFIG)


def result(path):
    """A file of this campaign; wildcards of rules pass through."""
    return f"results/{CONFIG['campaign']}/{path}"


def targets():
    """All files but the blocks of the dynamics."""
    return [result(path) for path, job in JOBS.items() if job.stage != "dynamics"]


# Snakemake compares parameters with those of the last run only if they are functions of the
# wildcards alone; so each of these knows the template of its rule's output.


def inputs(template):
    """The files that a job reads."""
    return lambda wildcards: [result(path) for path in JOBS[template.format(**wildcards)].inputs]


def parameters(template):
    """All values that a job depends on, as JSON."""
    return lambda wildcards: canonical_json(JOBS[template.format(**wildcards)].parameters)


def code(template):
    """Fingerprint of the code that a job runs, which Snakemake does not see by itself."""

    def fingerprint(wildcards):
        job = JOBS[template.format(**wildcards)]
        return source_hash(campaign.modules(job.stage, job.parameters))

    return fingerprint


wildcard_constraints:
    study="[^/]+",
    N="[^/_]+",
    T="[^/]+",
    block=r"\d+",
    figure="[^/]+",
