"""The results of a campaign: where each file comes from, and how accurate it says that it is."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import xarray as xr

from glasscore.campaign.listing import pictures_beside, targets
from glasscore.campaign.stale import Verdict
from glasscore.common.errors import CampaignError
from glasscore.common.plans import Job
from glasscore.figures.drawing.solved_models import long_time_exponent
from glasscore.files.seal import open_checked

# Global attributes of solutions that estimate their remaining errors.
ESTIMATES = ("energy_error_reached", "correlation_error_estimate", "response_error_estimate")


class Tail(NamedTuple):
    """A fitted exponent of trapping times.

    Attributes
    ----------
    name
        Name of the trapping times.
    exponent, error, probability
        Results of the fit; NaN where no fit was possible.
    law
        The exponent at long times; NaN where it is not known.
    """

    name: str
    exponent: float
    error: float
    probability: float
    law: float


class Result(NamedTuple):
    """What the report needs to know of one file.

    Attributes
    ----------
    job
        The job that should have made it.
    state
        As in a :class:`~glasscore.campaign.stale.Verdict`.
    seed, source_hash, versions
        The attributes of the file.
    samples
        The number of disorder samples that it averages over, if it says so.
    estimates
        The values of those ``ESTIMATES`` that it holds.
    tails
        The exponents of trapping times that it holds.
    damaged_pictures
        Names of a figure's pictures that have changed since they were drawn.
    """

    job: Job
    state: str
    seed: str = ""
    source_hash: str = ""
    versions: tuple[tuple[str, str], ...] = ()
    samples: int | None = None
    estimates: Mapping[str, float] = MappingProxyType({})
    tails: tuple[Tail, ...] = ()
    damaged_pictures: tuple[str, ...] = ()


EXPONENT, PROBABILITY = "_exponent", "_exponent_probability"


def results(folder: Path, jobs: dict[str, Job], found: Mapping[str, Verdict]) -> list[Result]:
    """All files of a campaign except those that are not kept, in the order of the jobs.

    Parameters
    ----------
    folder
        The folder of the results.
    jobs
        The campaign's jobs.
    found
        The verdict on each file.
    """
    return [_result(folder, jobs[output], found) for output in targets(jobs)]


def _result(folder: Path, job: Job, found: Mapping[str, Verdict]) -> Result:
    result = Result(job, found[job.output].state)
    if result.state in ("absent", "damaged"):
        return result
    try:
        with open_checked(folder / job.output) as file:
            file.set_auto_mask(False)
            result = _read(file, result)
    except (CampaignError, OSError, AttributeError, ValueError, RuntimeError):
        return Result(job, "damaged")
    damaged = tuple(
        Path(name).name for name in pictures_beside(job) if found[name].state == "damaged"
    )
    return result._replace(damaged_pictures=damaged)


def _read(file: Any, result: Result) -> Result:
    count = file.variables.get("samples")
    return Result(
        result.job,
        result.state,
        str(file.seed),
        file.source_hash,
        tuple(sorted(json.loads(file.versions).items())),
        int(count[...]) if count is not None and count.ndim == 0 else None,
        {name: float(file.getncattr(name)) for name in ESTIMATES if name in file.ncattrs()},
        tuple(_tails(file)),
    )


def _tails(file: Any) -> Iterator[Tail]:
    names = [
        name.removesuffix(PROBABILITY) for name in file.variables if name.endswith(PROBABILITY)
    ]
    # The attributes name the model, on which the law depends.
    about = xr.Dataset(attrs={key: file.getncattr(key) for key in file.ncattrs()})
    for name in names:
        exponent, error, probability = (
            float(file.variables[f"{name}{suffix}"][...])
            for suffix in (EXPONENT, f"{EXPONENT}_error", PROBABILITY)
        )
        yield Tail(name, exponent, error, probability, long_time_exponent(about))
