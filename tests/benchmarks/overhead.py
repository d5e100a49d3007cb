"""CPU seconds of a job that are not spent on physics, as a table in Markdown.

    python -m tests.benchmarks.overhead

The table has the parts of a process that computes next to nothing, and the time that Snakemake
takes for each job and once per campaign. CPU seconds are those of whole processes, as the minimum
of several runs, or differences between campaigns of many and of few jobs.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.campaign.job_list import job_list
from tests.workflow.campaign_copy import SMALL, CampaignCopy

PROJECT = Path(__file__).resolve().parents[2]
REPETITIONS = 3
FEW, MANY = 5, 25
# This program runs the parts of one process and notes the CPU time after each part.
PARTS = """
import json, sys, tempfile, time
times = [time.process_time()]
from importlib import import_module
from glasscore.campaign.listing import modules
from glasscore.files.provenance import source_hash
from glasscore.files.store import write
parameters = json.loads(sys.argv[1])
code = modules("dynamics", parameters)
stage = import_module(code[0])
times.append(time.process_time())
fingerprint = source_hash(code)
times.append(time.process_time())
result = stage.run(parameters, [])
times.append(time.process_time())
stage.run(parameters, [])
times.append(time.process_time())
with tempfile.TemporaryDirectory() as folder:
    write(result, folder + "/a.nc", parameters=parameters, source_hash=fingerprint)
times.append(time.process_time())
print(json.dumps(times))
"""
# This program measures Snakemake's own time without that of the jobs that it starts.
SNAKEMAKE = """
import resource, sys
from snakemake.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end
used = resource.getrusage(resource.RUSAGE_SELF)
print("used", used.ru_utime + used.ru_stime)
"""


def config(blocks: int) -> dict:
    """A campaign of so many blocks, each with one sample."""
    study = {**SMALL["activated"]["traps"], "samples": blocks, "block": 1}
    return {**SMALL, "activated": {"traps": study}, "figures": []}


def cpu_seconds(command: list[str]) -> float:
    """CPU seconds of a process and of the processes that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parts(parameters: str) -> dict[str, float]:
    """CPU seconds of each part of a job's process."""
    command = [sys.executable, "-c", PARTS, parameters]
    runs = []
    for _ in range(1 + REPETITIONS):  # The first run compiles.
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        times = json.loads(done.stdout)
        runs.append([times[0], *(b - a for a, b in pairwise(times))])
    start, libraries, fingerprint, first, second, file = map(min, zip(*runs[1:], strict=True))
    return {
        "Python": start,
        "libraries (numba, xarray, netCDF)": libraries,
        "fingerprint of the code": fingerprint,
        "loading compiled kernels": first - second,
        "writing the file": file,
    }


def of_snakemake(blocks: int) -> float:
    """CPU seconds of Snakemake itself for so many blocks, without the time of the jobs."""
    with tempfile.TemporaryDirectory() as folder:
        copied = CampaignCopy(PROJECT, Path(folder), config(blocks))
        # The job that averages over all blocks is left out.
        blocks_alone = ["--until", "dynamics"]
        done = subprocess.run(
            [sys.executable, "-c", SNAKEMAKE, *copied.command(*blocks_alone)[3:]],
            cwd=copied.folder,
            env=copied.environment,
            check=True,
            capture_output=True,
            text=True,
        )
    return float(next(line.split()[1] for line in done.stdout.splitlines() if "used " in line))


def main() -> None:
    jobs = listing.jobs(validated(config(1))).values()
    block = next(job for job in jobs if job.stage == "dynamics")
    found = parts(json.dumps(block.parameters))
    with tempfile.TemporaryDirectory() as folder:
        listed = job_list(Path(folder), [block])
        listed.write()
        command = [sys.executable, "-m", "glasscore", "dynamics", "--jobs", str(listed.path)]
        command += ["--output", os.path.join(folder, block.output)]
        whole = min(cpu_seconds(command) for _ in range(REPETITIONS))
    found["the rest, and the end of the process"] = whole - sum(found.values())
    found["**a job of nothing, by hand**"] = whole
    few, many = of_snakemake(FEW), of_snakemake(MANY)
    each = (many - few) / (MANY - FEW)
    found["Snakemake, for each job"] = each
    found["Snakemake, once"] = few - FEW * each
    print("| part of a job | CPU seconds |")
    print("|---|---|")
    for name, seconds in found.items():
        print(f"| {name} | {seconds:.2f} |")


if __name__ == "__main__":
    main()
