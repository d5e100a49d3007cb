# The map of a campaign: config -> landscapes -> dynamics -> traps -> figures -> report; barriers,
# master, dmft, theory and langevin stand beside.
# What each job needs is said in glasscore/campaign/listing.py; config/README.md explains every key.

from snakemake.utils import min_version

min_version("9.0")


# A configuration named on the command line stands alone: it is not mixed with the default one.
if not workflow.overwrite_configfiles:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/cluster.smk"
include: "workflow/rules/landscapes.smk"
include: "workflow/rules/dynamics.smk"
include: "workflow/rules/traps.smk"
include: "workflow/rules/barriers.smk"
include: "workflow/rules/master.smk"
include: "workflow/rules/dmft.smk"
include: "workflow/rules/theory.smk"
include: "workflow/rules/langevin.smk"
include: "workflow/rules/figures.smk"
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
