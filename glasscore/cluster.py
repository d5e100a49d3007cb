"""What a job asks of a cluster: memory and time, twice as much at each attempt.

Locally nothing is asked. A job that is cut off for its time goes on from its restart file where its
stage keeps one (``dynamics``, ``dmft``), so that little is lost.
"""

from glasscore.campaign import Job

# Interpreter, libraries and compiler take 400 MB (measured, x86-64).
LEAST_MEMORY = 1000  # MB
# Start on a cold file system, and compilation in a cold cache, 20 to 60 s.
LEAST_TIME = 10  # minutes
ON_ALL_STATES = ("barriers", "master")
LONGEST = {"dynamics": 120, "traps": 20, "landscapes": 10, "figures": 20}  # minutes
OTHERWISE = 60
MARGIN = 4  # slower processors


def one_sample(stage: str, N: int) -> tuple[float, float]:
    """Seconds and MB that one sample of N spins takes, as measured; those of all its states."""
    if stage == "barriers":  # 10 s and 0.6 GiB at N = 24
        return 10 * 2.1 ** (N - 24), 600 * 2.0 ** (N - 24)
    # Of `master` the escape times, 15 s and 1.2 GiB at N = 14, and what is offered to N = 11 only.
    all_rates = 10 * 8.0 ** (N - 10) if N <= 11 else 0
    return 15 * 7.1 ** (N - 14) + all_rates, 1200 * 4.0 ** (N - 14)


def memory(job: Job, attempt: int = 1) -> int:
    """Memory that a job asks for, in MB.

    Parameters
    ----------
    job
        What it computes.
    attempt
        1 at first, 2 when it is tried again.
    """
    needed = float(LEAST_MEMORY)
    if job.stage in ON_ALL_STATES:
        needed += 1.5 * one_sample(job.stage, job.parameters["N"])[1]
    if job.stage == "traps":
        needed += 10 * len(job.inputs)
    return round(needed) * 2 ** (attempt - 1)


def runtime(job: Job, attempt: int = 1) -> int:
    """Time limit that a job asks for, in minutes.

    Parameters
    ----------
    job
        What it computes.
    attempt
        1 at first, 2 when it is tried again.
    """
    if job.stage in ON_ALL_STATES:
        seconds = one_sample(job.stage, job.parameters["N"])[0]
        needed = LEAST_TIME + MARGIN * seconds * job.parameters["samples"] / 60
    else:
        needed = LONGEST.get(job.stage, OTHERWISE)
    return round(needed) * 2 ** (attempt - 1)
