"""What a campaign will cost: CPU time and memory of each job, estimated before any of them starts.

Each stage estimates its own jobs, by the function ``estimate(parameters, inputs)`` of its module
``cost``. Its arguments are the parameters of the job and those of the jobs whose files it reads; it
returns a ``Cost``. Rates were measured on one core of a server (``tests/benchmarks/cost.py``
measures them again).
"""

import heapq
import math
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module

from glasscore.common import discovery
from glasscore.common.cost import HOUR, MIB, START, Cost
from glasscore.common.plans import Job


def of_jobs(jobs: dict[str, Job]) -> dict[str, Cost | None]:
    """Estimates of all jobs of a campaign, by output; None for stages without an estimate."""
    found = {}
    for output, job in jobs.items():
        inputs = [jobs[path].parameters for path in job.inputs]
        estimate = _estimator(job.stage)
        found[output] = estimate(job.parameters, inputs) if estimate else None
    return found


@cache
def _estimator(stage: str) -> Callable[..., Cost] | None:
    if not discovery.defines(stage, "cost", "estimate"):
        return None
    return import_module(f"glasscore.{stage}.cost").estimate


def table(jobs: dict[str, Job], cores: int) -> str:
    """Jobs, CPU hours and memory by stage, and the time that all jobs take on some cores."""
    costs = of_jobs(jobs)
    lines = [f"{'stage':12s}{'jobs':>8s}{'CPU hours':>12s}{'longest job':>14s}{'memory':>12s}"]
    for stage in dict.fromkeys(job.stage for job in jobs.values()):
        outputs = [output for output, job in jobs.items() if job.stage == stage]
        lines.append(_row(stage, [costs[output] for output in outputs]))
    if len(lines) > 2:
        lines.append(_row("all", list(costs.values())))
    seconds = {output: cost.seconds if cost else START for output, cost in costs.items()}
    plural = "cores" if cores > 1 else "core"
    lines.append(f"on {cores} {plural}: {in_words(wall_time(jobs, seconds, cores))}")
    lines.append("Within a factor of about three; compiling, once, takes a minute or so more.")
    if not all(costs.values()):
        lines.append("Stages without an estimate count as the start of a process.")
    return "\n".join(lines)


def wall_time(jobs: dict[str, Job], seconds: dict[str, float], cores: int) -> float:
    """Time until all jobs are done, if the longest job that may begin goes to the next free core.

    Jobs wait for those that compute their inputs. The time is therefore never shorter than that of
    the longest chain of jobs, however many cores there are.
    """
    generation: dict[str, int] = {}
    for output, job in jobs.items():  # in the order of the data
        before = (generation[path] for path in job.inputs if path in generation)
        generation[output] = 1 + max(before, default=-1)
    done: dict[str, float] = {}
    free = [0.0] * min(cores, len(jobs))
    for output in sorted(jobs, key=lambda output: (generation[output], -seconds[output])):
        ready = max((done[path] for path in jobs[output].inputs if path in done), default=0.0)
        begin = max(heapq.heappop(free), ready)
        done[output] = begin + seconds[output]
        heapq.heappush(free, done[output])
    return max(done.values(), default=0.0)


def in_words(seconds: float) -> str:
    """A time to two digits, in the largest unit of which it has at least two."""
    units = (("days", 86400.0), ("hours", HOUR), ("minutes", 60.0))
    name, unit = next((unit for unit in units if seconds >= 2 * unit[1]), ("seconds", 1.0))
    return f"{rounded(seconds / unit)} {name}"


def rounded(value: float) -> str:
    """A number to two digits, without an exponent."""
    if value == 0.0:
        return "0"
    value = float(f"{value:.1e}")
    return f"{value:.{max(0, 1 - math.floor(math.log10(value)))}f}"


def _row(name: str, costs: Iterable[Cost | None]) -> str:
    costs = list(costs)
    known = [cost for cost in costs if cost is not None]
    if not known:
        return f"{name:12s}{len(costs):8d}{'not known':>12s}"
    hours = sum(cost.seconds for cost in known) / HOUR
    longest = in_words(max(cost.seconds for cost in known))
    memory = max(cost.memory for cost in known) / MIB
    return f"{name:12s}{len(costs):8d}{rounded(hours):>12s}{longest:>14s}{memory:>8.0f} MiB"
