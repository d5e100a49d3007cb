# The map of a campaign: config -> stages -> figures -> report. What each job needs is said in the plan
# of its stage, glasscore/<stage>/plan.py; config/README.md explains every key.

from snakemake.utils import min_version

min_version("9.0")


# A configuration named on the command line stands alone: it is not mixed with the default one.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/stages.smk"
include: "workflow/rules/report.smk"


# With the folder locked, before the first job.
onstart:
    check_cluster()
    prepare(CONFIG, JOBS)
    say_why_jobs_wait()


rule all:
    default_target: True
    input:
        targets(),
    localrule: True
