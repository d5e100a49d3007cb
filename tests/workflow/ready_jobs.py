"""Jobs in processes that need not import the libraries first, which takes longer than small jobs.

A process that has imported what jobs use from elsewhere forks for each job. It knows nothing of the
project: each job imports the project from the folder that its own environment names. To the shell
that starts the jobs, ``python -m glasscore`` becomes a function, which hands over its arguments,
folder, environment and streams to that process and ends with the job's exit status.
"""

import atexit
import contextlib
import importlib
import json
import os
import runpy
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

# What jobs import from elsewhere, sooner or later.
PARTS = (
    "jsonschema",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_pdf",
    "matplotlib.backends.backend_svg",
    "matplotlib.pyplot",
    "netCDF4",
    "numba",
    "numba.core.typed_passes",
    "numba.extending",
    "numpy",
    "psutil",
    "scipy.fft",
    "scipy.integrate",
    "scipy.linalg",
    "scipy.optimize",
    "scipy.special",
    "scipy.stats",
    "seaborn",
    "xarray",
    "yaml",
)
# As the project sets them before it imports the libraries, which read them only then.
BEFORE = {
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "MKL_NUM_THREADS": "1",
    "NUMBA_DISABLE_INTEL_SVML": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
# Variables that the libraries read while they are imported. Jobs that have others than the tests
# start from nothing.
READ_BEFORE = ("LD_", "MPL", "NPY_", "NUMBA_", "PYTHON")
# They say where modules are and nothing else: a job looks there all the same.
OF_FOLDERS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
OF_PROJECT = ("glasscore", "snakemake_logger_plugin_glasscore")
# Bash takes a variable of this name for a function.
FUNCTION = "BASH_FUNC_python%%"


def environment_with_ready_jobs(environment: dict[str, str]) -> dict[str, str]:
    """Variables for which a shell hands over each ``python -m glasscore`` to the ready process.

    Parameters
    ----------
    environment
        The variables of a campaign. They are returned as they are where the libraries would read
        others than here.
    """
    if _read_before(environment) != _read_before(dict(os.environ)):
        return environment
    ask = shlex.join([sys.executable, "-I", "-S", __file__, _server()])
    body = (
        f'() {{ if [ "$1 $2" = "-m glasscore" ]; then {ask} "$@"; else command python "$@"; fi\n}}'
    )
    return environment | {FUNCTION: body}


def _read_before(environment: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(READ_BEFORE) and name not in {*OF_FOLDERS, *BEFORE}
    }


@cache
def _server() -> str:
    """Start the process that has imported the libraries; the socket at which it can be asked."""
    folder = tempfile.TemporaryDirectory(prefix="jobs")
    atexit.register(folder.cleanup)
    place = str(Path(folder.name, "socket"))
    environment = {name: text for name, text in os.environ.items() if name not in OF_FOLDERS}
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen(64)
    process = subprocess.Popen(
        [sys.executable, "-P", __file__],
        env=environment | BEFORE,
        stdin=listening,
        stdout=subprocess.DEVNULL,
    )
    listening.close()
    atexit.register(process.wait)
    atexit.register(process.kill)
    return place


def ask(place: str, arguments: list[str]) -> int:
    """Have a job run by the ready process; its exit status."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(place)
        socket.send_fds(asking, [b"-"], [0, 1, 2])
        variables = {name: text for name, text in os.environ.items() if name != FUNCTION}
        order = {"arguments": arguments, "folder": os.getcwd(), "environment": variables}
        asking.sendall(json.dumps(order).encode() + b"\n")
        answer = asking.makefile().read()
    return int(answer or 1)


def serve(listening: socket.socket) -> None:
    """Fork for each job; in the fork, become the job."""
    for part in PARTS:
        importlib.import_module(part)
    assert not set(OF_PROJECT) & set(sys.modules)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    listening.settimeout(1.0)
    while True:
        with contextlib.suppress(TimeoutError):
            asked, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                become_job(asked)
                return  # and end as any program does
            asked.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def become_job(asked: socket.socket) -> None:
    """Do what ``python -m glasscore`` does, in a fork of this process; say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked.setblocking(True)
    _, streams, _, _ = socket.recv_fds(asked, 1, 3)
    order = json.loads(asked.makefile().readline())
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        code = os.waitstatus_to_exitcode(status)
        asked.sendall(str(code if code >= 0 else 128 - code).encode())
        os._exit(0)
    asked.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    # Those of the ready process know what its own streams can do.
    sys.stdin = open(0, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["environment"])
    ahead = order["environment"].get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [order["folder"], *filter(None, ahead)]
    module, sys.argv[1:] = order["arguments"][1], order["arguments"][2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(ask(sys.argv[1], sys.argv[2:]))
    serve(socket.socket(fileno=os.dup(0)))
