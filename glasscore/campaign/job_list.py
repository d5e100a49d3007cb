"""One file that lists all jobs of a campaign, in which each job finds its parameters and inputs.

One word of a command may be at most 128 KiB long, but the inputs or parameters of a job may be
longer. The workflow therefore writes this file before its first job starts, and every command only
names the file and the job's output. Each line is one job: its output, stage, parameters and inputs,
as JSON.

The file is named by the digest of its content. Another configuration therefore writes another file,
and a job never reads a list that was not meant for it, even if two workflows run at the same time.
"""

import hashlib
import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.files.whole_file import whole_file

FOLDER = "jobs"
# Lists of jobs are kept for this time, since a job may wait long in the queue of a cluster.
KEPT = 30 * 86400.0  # seconds


class JobList(NamedTuple):
    """The list of a campaign's jobs, whose file need not be written yet."""

    path: Path
    content: bytes

    def write(self) -> None:
        """Write the file, and remove lists with which no workflow was started for a month."""
        with whole_file(self.path) as beside:
            beside.write_bytes(self.content)
        for other in self.path.parent.glob(f"*{self.path.suffix}"):
            if other.stat().st_mtime < time.time() - KEPT:
                other.unlink(missing_ok=True)


def job_list(folder: Path, jobs: Iterable[Job]) -> JobList:
    """The list of jobs whose outputs lie in a campaign's folder."""
    lines = [json.dumps([job.output, job.stage, job.parameters, job.inputs]) for job in jobs]
    content = "".join(f"{line}\n" for line in lines).encode()
    return JobList(folder / FOLDER / f"{_digest(content)}.txt", content)


def look_up(path: Path, stage: str, output: str) -> tuple[dict[str, Any], list[str]]:
    """Parameters and inputs of a job.

    Parameters
    ----------
    path
        A file that :func:`job_list` describes.
    stage, output
        The job's stage and the path of its file.

    Raises
    ------
    CampaignError
        If the file is missing or changed, or has no such job.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CampaignError(
            f"{path} is not there: a workflow writes this list of jobs when it starts, and the "
            "configuration or the code has changed since then. Start the workflow again."
        ) from None
    if path.stem != _digest(content):
        raise CampaignError(
            f"{path} is no list of jobs as a workflow writes it: its name is not the digest of its "
            "content. Start the workflow again, which writes its list anew."
        )
    folder = Path(os.path.normpath(path.parent / ".."))
    below = os.path.relpath(os.path.abspath(output), os.path.abspath(folder))
    begin = json.dumps([below, stage])[:-1].encode()
    line = next((line for line in content.splitlines() if line.startswith(begin)), None)
    if line is None:
        raise CampaignError(f"{path} lists no job of the stage {stage} that makes {output}.")
    _, _, parameters, inputs = json.loads(line)
    return parameters, [str(folder / name) for name in inputs]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
