"""Jobs in processes that have imported the libraries, which takes longer than a small job.

A server process imports the libraries that jobs use, and forks for each job. It imports nothing of
the project: each job imports the project from the folder that its own environment names. In the
shell that starts the jobs, ``python -m glasscore`` is a function, which hands over its arguments,
folder, environment and streams to the server, and ends with the exit status of the job.
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

# Libraries that jobs import at some time.
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
# The project sets these variables before it imports the libraries, which read them only then.
BEFORE = {
    "HDF5_USE_FILE_LOCKING": "FALSE",
    "MKL_NUM_THREADS": "1",
    "NUMBA_DISABLE_INTEL_SVML": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
# Variables that the libraries read while they are imported. A job in which they have other values
# than in the tests starts a new process.
READ_BEFORE = ("LD_", "MPL", "NPY_", "NUMBA_", "PYTHON")
# These variables only say where modules are, and a job reads them itself.
OF_FOLDERS = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
OF_PROJECT = ("glasscore", "snakemake_logger_plugin_glasscore")
# Bash reads a variable of this name as the definition of a function.
FUNCTION = "BASH_FUNC_python%%"


def environment_with_ready_jobs(environment: dict[str, str]) -> dict[str, str]:
    """Variables with which a shell hands over each ``python -m glasscore`` to the server.

    Parameters
    ----------
    environment
        The variables of a campaign. They are returned unchanged if the libraries would read other
        values than those of this process.
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
    """Start the server, which imports the libraries; return the socket at which it listens."""
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
    """Let the server run a job; return the exit status of the job."""
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(place)
        socket.send_fds(asking, [b"-"], [0, 1, 2])
        variables = {name: text for name, text in os.environ.items() if name != FUNCTION}
        order = {"arguments": arguments, "folder": os.getcwd(), "environment": variables}
        asking.sendall(json.dumps(order).encode() + b"\n")
        answer = asking.makefile().read()
    return int(answer or 1)


def serve(listening: socket.socket) -> None:
    """Fork for each job, and run the job in the fork."""
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
                return  # so that the process ends as any program does
            asked.close()
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def become_job(asked: socket.socket) -> None:
    """Do what ``python -m glasscore`` does, in a fork of this process; report the exit status."""
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
    # The stream objects of the server were made for other files, so that new ones are opened.
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
