"""Which of the existing files Snakemake must compute again, decided before it plans its jobs.

Snakemake decides by its own records of how files were made, in which it looks files up by their
names. Here each file is checked by what its own attributes say. A file that is not what the
campaign asks for is computed again, whatever the records say; all other files stay, even if there
is no record of them.
"""

import os
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from snakemake.settings.types import RerunTrigger

from glasscore.campaign.listing import PAGE, pictures_beside, reported
from glasscore.campaign.stale import Verdict, verdicts
from glasscore.common.plans import Job
from glasscore.files.label import Ledger

INCOMPLETE = Path(".snakemake", "incomplete")
LONGEST_NAME = 255
# Number of reasons that a message gives.
NAMED = 3


def before_planning(workflow: Any, settle: Callable[[Any], None]) -> None:
    """Arrange that ``settle`` is called when Snakemake's settings are known, before it plans.

    Parameters
    ----------
    workflow
        Snakemake's workflow. Nothing is done in the processes that Snakemake starts for its jobs,
        since these plan nothing.
    settle
        A function that is called with the settings of the plan and may change them.
    """
    if workflow.remote_exec or workflow.subprocess_exec:
        return
    prepare = workflow._prepare_dag

    def settled(*arguments: Any, **options: Any) -> None:
        settle(workflow.dag_settings)
        prepare(*arguments, **options)

    workflow._prepare_dag = settled
    unlock = workflow.unlock

    def unlocked() -> None:
        workflow._prepare_dag = prepare  # nothing is planned
        unlock()

    workflow.unlock = unlocked


def settle(settings: Any, folder: Path, jobs: dict[str, Job], report: dict[str, Any]) -> None:
    """Have Snakemake compute stale and damaged files again and leave all others alone.

    Parameters
    ----------
    settings
        Snakemake's ``DAGSettings``, which are changed.
    folder
        The results of the campaign.
    jobs
        The jobs of the campaign, in the order of the data.
    report
        The parameters of the campaign's page.

    Raises
    ------
    OSError
        If a file may not be read.
    """
    ledger = Ledger(folder)
    found = verdicts(jobs, ledger, report)
    wanted = _asked_for(settings.targets, folder, jobs)
    again = {name: it for name, it in found.items() if not it.belongs and name in wanted}
    settings.forcerun = {*settings.forcerun, *(str(folder / name) for name in again)}
    # Parameters and inputs have been compared with the attributes of the files.
    decided = {RerunTrigger.PARAMS, RerunTrigger.INPUT}
    settings.rerun_triggers = set(settings.rerun_triggers) - decided
    if older := _put_times_in_order(jobs, found, ledger):
        print(_sentence_on_times(folder, older), file=sys.stderr, flush=True)
    for name, verdict in found.items():
        if verdict.state == "current":
            # The job was cut off after it had written its whole file, and before Snakemake took
            # note of that.
            _mark(folder / name).unlink(missing_ok=True)
    ledger.keep()
    if again:
        print(_sentence(folder, again), file=sys.stderr, flush=True)


def _mark(path: Path) -> Path:
    """The file by which Snakemake marks that the job of a file has not ended.

    Snakemake keeps marks of long paths elsewhere; for them, the name of no mark is returned.
    """
    name = urlsafe_b64encode(str(path).encode()).decode()
    return INCOMPLETE / (name if len(name) <= LONGEST_NAME else "long path")


def _asked_for(named: Iterable[str], folder: Path, jobs: dict[str, Job]) -> set[str]:
    """Snakemake's targets, and all files that they are made from."""
    made_by = {name: job for job in jobs.values() for name in (job.output, *pictures_beside(job))}
    waiting = [os.path.relpath(name, folder) for name in named]
    if not waiting or not made_by.keys() >= set(waiting):
        return {PAGE, *made_by}  # the targets are all results, the page, or the name of a rule
    files: set[str] = set()
    while waiting:
        job = made_by[waiting.pop()]
        if job.output not in files:
            files.update((job.output, *pictures_beside(job)))
            waiting.extend(job.inputs)
    return files


def _put_times_in_order(
    jobs: dict[str, Job], found: dict[str, Verdict], ledger: Ledger
) -> list[str]:
    """Make no current file older than the files that it was made from, as copies may be.

    Snakemake compares times where it has no record of an input's content, also the times of
    benchmark files.

    Returns
    -------
    list
        The files that are still older, because their times may not be set.
    """
    older = []
    made = {(job.output, *pictures_beside(job)): job.inputs for job in jobs.values() if job.inputs}
    made[PAGE,] = tuple(reported(jobs))
    for names, inputs in made.items():
        newest = max(map(ledger.time, inputs), default=0)
        benchmark = f"benchmarks/{names[0].removesuffix('.nc')}.tsv"
        if all(found[name].state == "current" for name in names):
            for name in (*names, benchmark):
                path = ledger.folder / name
                try:
                    if path.stat().st_mtime_ns < newest:
                        os.utime(path, ns=(newest, newest))
                except FileNotFoundError:
                    pass
                except OSError:
                    older += [name] if name in names else []
            ledger.note(names)
    return older


def _sentence_on_times(folder: Path, older: list[str]) -> str:
    """One line on files that look old and whose times may not be set, such as a colleague's."""
    return (
        f"files in {folder} ({len(older)}, the first is {older[0]}) are what the configuration "
        "asks for, but look older than what they were made from, and their times may not be set: "
        "Snakemake goes by times and computes them again. Work with a copy of the folder that is "
        "yours to keep them."
    )


def _sentence(folder: Path, again: dict[str, Verdict]) -> str:
    """One line that says which files are computed again, and why."""
    reasons: dict[str, list[str]] = {}
    for name, verdict in again.items():
        reasons.setdefault(verdict.why, []).append(name)
    said = [
        f"{names[0]}{f' and {len(names) - 1} more' if names[1:] else ''} ({why})"
        for why, names in reasons.items()
    ]
    rest = "; and so on" if said[NAMED:] else ""
    return (
        f"{folder} does not hold what the configuration asks for in {len(again)} "
        f"{'files' if len(again) > 1 else 'file'}, to be computed again: "
        f"{'; '.join(said[:NAMED])}{rest}. `python -m glasscore verify --configfile` names all."
    )
