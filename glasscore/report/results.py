"""What a campaign has computed: each file's provenance and what it says of its own accuracy."""

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
from glasscore.files.seal import opened

# Global attributes of solutions: estimates of what is left of the errors.
ESTIMATES = ("energy_error_reached", "correlation_error_estimate", "response_error_estimate")


class Tail(NamedTuple):
    """A fitted exponent of trapping times.

    Attributes
    ----------
    name
        Of the trapping times.
    exponent, error, probability
        As fitted, NaN where they could not be.
    law
        What it tends to at long times, NaN where that is not known.
    """

    name: str
    exponent: float
    error: float
    probability: float
    law: float


class Result(NamedTuple):
    """One file, as far as the report needs it.

    Attributes
    ----------
    job
        What should have made it.
    state
        As in a :class:`~glasscore.campaign.stale.Verdict`.
    seed, source_hash, versions
        As in the file.
    samples
        Disorder samples averaged over, if it says so.
    estimates
        Those of ``ESTIMATES`` that it holds.
    tails
        The exponents of trapping times that it holds.
    damaged_pictures
        Names of a figure's pictures that are not what was drawn.
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
    """All files of a campaign but the blocks of the dynamics, in the order of the data.

    Parameters
    ----------
    folder
        The results.
    jobs
        The campaign's jobs.
    found
        What is known of each file.
    """
    return [_result(folder, jobs[output], found) for output in targets(jobs)]


def _result(folder: Path, job: Job, found: Mapping[str, Verdict]) -> Result:
    result = Result(job, found[job.output].state)
    if result.state in ("absent", "damaged"):
        return result
    try:
        with opened(folder / job.output) as file:
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
    # Which model it is stands in the attributes.
    about = xr.Dataset(attrs={key: file.getncattr(key) for key in file.ncattrs()})
    for name in names:
        exponent, error, probability = (
            float(file.variables[f"{name}{suffix}"][...])
            for suffix in (EXPONENT, f"{EXPONENT}_error", PROBABILITY)
        )
        yield Tail(name, exponent, error, probability, long_time_exponent(about))
