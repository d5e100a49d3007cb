"""Snakemake in a process that has imported it, which takes longer than the planning itself.

A server process imports Snakemake and other libraries, and forks for each run. It imports nothing
of the project: each run imports the project from its own folder.
"""

import atexit
import importlib
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

# Libraries that the planning of a workflow imports at some time.
PARTS = (
    "snakemake.cli",
    "docutils.parsers.rst.directives.images",
    "jinja2",
    "jsonschema",
    "netCDF4",
    "numpy",
    "pygments.lexers",
    "requests",
    "smart_open",
    "yaml",
    "yte",
)
# A run imports the project only from the folder of its own copy, which keeps its bytecode.
NOT_INHERITED = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
# No run of the tests takes as long as this, in seconds.
LONGEST = 600.0
OF_PROJECT = ("glasscore", "snakemake_logger_plugin_glasscore")


def run(
    arguments: list[str], folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m snakemake`` in a folder, without input, and return what it printed."""
    with tempfile.TemporaryDirectory() as place:
        output, errors = Path(place, "output"), Path(place, "errors")
        order = {
            "arguments": arguments,
            "folder": str(folder),
            "environment": environment,
            "streams": [os.devnull, str(output), str(errors)],
        }
        status = int(_asked(json.dumps(order)))
        return subprocess.CompletedProcess(
            arguments, status, output.read_text(), errors.read_text()
        )


def _asked(order: str) -> str:
    process = _server()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(order + "\n")
    process.stdin.flush()
    answered, _, _ = select.select([process.stdout], [], [], LONGEST)
    answer = process.stdout.readline() if answered else ""
    if not answer:
        # The answer to this run must not be read by another run.
        _server.cache_clear()
        process.kill()
        raise AssertionError(f"Snakemake did not end within {LONGEST} s, or its server has ended.")
    return answer


@cache
def _server() -> subprocess.Popen[str]:
    """The server, which has imported Snakemake; it ends with the process that started it."""
    environment = {name: text for name, text in os.environ.items() if name not in NOT_INHERITED}
    process = subprocess.Popen(
        [sys.executable, "-P", __file__],
        env=environment | {"HDF5_USE_FILE_LOCKING": "FALSE"},  # as the project would set it
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.kill)
    return process


def serve() -> None:
    """Fork for each run, run Snakemake in the fork, and report its exit status."""
    for part in PARTS:
        importlib.import_module(part)
    assert not set(OF_PROJECT) & set(sys.modules)
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            become_snakemake(**json.loads(line))
            return  # so that the process ends as any program does, and calls its exit functions
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become_snakemake(
    arguments: list[str], folder: str, environment: dict[str, str], streams: list[str]
) -> None:
    """Do what ``python -m snakemake`` does, in this process."""
    for number, name in enumerate(streams):
        descriptor = os.open(name, os.O_RDWR | os.O_CREAT)
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    ahead = environment.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [folder, *filter(None, ahead)]
    sys.argv[1:] = arguments
    runpy.run_module("snakemake", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    serve()
