"""Why Snakemake finds its folder locked, and what to do about it.

Snakemake's own lock does not tell whether it was made by a Snakemake that is at work or by one that
was killed.
"""

import os
import shlex
import sys
from pathlib import Path

import psutil

# What start.py puts before the arguments that it is given.
ADDED = (["--logger=glasscore"], ["--cores", "all"])


def sentence() -> str:
    """The message to a user whose Snakemake found the folder locked."""
    others = snakemakes_at_work(os.getcwd())
    if others:
        numbers = ", ".join(map(str, others))
        return (
            f"error: another Snakemake is at work in this folder (process {numbers}). Wait until "
            "it has ended; then the same command goes on."
        )
    return (
        "error: this folder is locked, and no Snakemake is to be seen at work in it: either one "
        "was killed, or one is at work on another machine or for another user. If it was killed, "
        f"remove its lock with: {unlocking(sys.argv[1:])}\nThen the same command goes on."
    )


def unlocking(arguments: list[str]) -> str:
    """The command that removes the lock, for a Snakemake that was given some arguments."""
    for added in ADDED:
        if arguments[: len(added)] == added:
            arguments = arguments[len(added) :]
    return shlex.join(["python3", "start.py", "figures", "--unlock", *arguments])


def snakemakes_at_work(folder: str) -> list[int]:
    """Process numbers of all other Snakemakes of this machine that work in a folder.

    The programs that started this process, such as ``timeout snakemake``, are left out.
    """
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return sorted(
        process.pid
        for process in psutil.process_iter(["cwd", "cmdline"])
        if process.pid not in own
        and process.info["cwd"] == os.path.realpath(folder)
        and any(Path(word).name == "snakemake" for word in process.info["cmdline"] or ())
    )
