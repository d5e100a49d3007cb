# What jobs request from a cluster. Snakemake's groups of jobs are changed in two ways: the time to
# start counts once for a group, and messages of the scheduler on a group are shown.

import os
import subprocess
import threading
import time
from contextlib import suppress
from itertools import product

from snakemake.iocontainers import ResourceList
from snakemake.jobs import GroupJob
from snakemake.resources import Resource


@cache
def costs():
    """Estimates of all jobs, by output."""
    return cost.of_jobs(JOBS)


@cache
def limit(stage, resource):
    """The largest request of jobs of a stage, from the resource max_runtime or max_mem."""
    given = workflow.get_rule(stage).resources.get(f"max_{resource}").raw
    with suppress(WorkflowError):
        given = Resource.parse_human_friendly(resource, given)
    if given is None or isinstance(given, int) and given > 0:
        return given
    raise CampaignError(
        f"max_{resource} is {given}, but must be a whole number of "
        + {"runtime": "minutes, or a time such as 4h", "mem": "MB, or a size such as 8GB"}[resource]
    )


def memory(template):
    """Memory that a job requests from a cluster, in MB."""

    def asked(wildcards, attempt):
        one = job(template, wildcards)
        return cluster.memory(costs()[one.output], attempt, limit(one.stage, "mem"))

    return asked


def runtime(template):
    """Time limit that a job requests from a cluster, in minutes."""
    return lambda wildcards, attempt: runtime_of([job(template, wildcards)], attempt)


def runtime_of(jobs, attempt):
    """Time limit, in minutes, for several jobs that run one after the other."""
    limits = [limit(one.stage, "runtime") for one in jobs]
    at_most = min(filter(None, limits), default=None)
    return cluster.runtime_of_group([costs()[one.output] for one in jobs], attempt, at_most)


def resources_of_group(group, summed=GroupJob.resources.fget):
    """What a group requests: the time of one start only, unless users set the time of its jobs."""
    asked = summed(group)
    jobs = [JOBS[str(one.output[0]).removeprefix(result(""))] for one in group.jobs]
    own = [runtime_of([one], group.attempt) for one in jobs]
    if own == [one.resources.get("runtime") for one in group.jobs]:
        asked = {**dict(asked.items()), "runtime": runtime_of(jobs, group.attempt)}
        asked = ResourceList(fromdict=asked)
    return asked


def log_error_of_group(group, msg=None, aux_logs=None, **details):
    """Report each job of a group that failed, with the message of the scheduler on the group."""
    for number, one in enumerate(group.jobs):
        one.log_error(msg, aux_logs=None if number else aux_logs, **details)


GroupJob.resources = property(resources_of_group)
GroupJob.log_error = log_error_of_group


def check_cluster():
    """Refuse limits that are no numbers and, if jobs go to a cluster, paths with characters that
    their commands cannot pass on."""
    try:
        for stage, resource in product({one.stage for one in JOBS.values()}, ("runtime", "mem")):
            limit(stage, resource)
        if workflow.executor_plugin.common_settings.non_local_exec:
            cluster.check_paths([os.getcwd(), sys.executable, *workflow.overwrite_configfiles])
    except CampaignError as error:
        refuse(error)


def say_why_jobs_wait():
    """If jobs wait in SLURM for another reason than their turn, print each such reason once."""
    run = getattr(workflow.scheduler._executor, "run_uuid", None)
    if run is not None:
        threading.Thread(target=watch, args=(run,), daemon=True).start()


def watch(run):
    said = {"None", "Priority", "Resources", "BeginTime"}
    while True:
        time.sleep(workflow.remote_execution_settings.seconds_between_status_checks)
        queue = ["squeue", "--noheader", "--states=PENDING", f"--name={run}", "--format=%r"]
        for reason in subprocess.run(queue, capture_output=True, text=True).stdout.splitlines():
            if reason not in said:
                said.add(reason)
                print(f"SLURM lets a job wait: {reason}", file=sys.stderr, flush=True)
