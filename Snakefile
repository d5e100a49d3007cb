# The way of the data in a campaign is config -> stages -> figures -> report. The plan of a stage,
# glasscore/<stage>/plan.py, says what its jobs need; config/README.md explains every key.

from snakemake.utils import min_version

min_version("9.0")


# A configuration named on the command line stands alone: it is not mixed with the default one.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/stages.smk"
include: "workflow/rules/report.smk"


# Snakemake runs this with the folder locked, before the first job.
onstart:
    check_cluster()
    prepare(CONFIG, JOBS)
    say_why_jobs_wait()


rule all:
    default_target: True
    input:
        targets(),
    localrule: True
