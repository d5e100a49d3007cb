"""Results that no longer belong to the configuration, told from the files themselves.

The workflow manager keeps account of how each file was made in a folder of its own. Where that is
lost, or results came from another machine, the files' own attributes tell.
"""

from pathlib import Path

from netCDF4 import Dataset

from glasscore.campaign import Job, modules
from glasscore.errors import CampaignError
from glasscore.provenance import canonical_json, source_hash
from glasscore.seal import check_seal


def check(folder: Path, jobs: dict[str, Job]) -> None:
    """Refuse a results folder that holds files of other parameters or code.

    Raises
    ------
    CampaignError
        If there is such a file, or a damaged one.
    """
    stale = [
        output
        for output, job in jobs.items()
        if (folder / output).exists() and not _is_made_by(folder / output, job)
    ]
    if stale:
        raise CampaignError(
            f"{folder} holds {len(stale)} files made with other parameters or code, the first of "
            f"them {stale[0]}, and the account in .snakemake that would have them made again is "
            "missing: delete or move these files."
        )


def _is_made_by(path: Path, job: Job) -> bool:
    check_seal(path)
    with Dataset(path) as file:
        return (file.parameters, file.source_hash) == (
            canonical_json(job.parameters),
            source_hash(modules(job.stage, job.parameters)),
        )
