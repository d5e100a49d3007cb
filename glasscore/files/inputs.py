"""Files that a job reads, identified by what they say of themselves and not by their names.

A file is read only if it is a result of a stage that the job is about, was made with the parameters
that the job has too, and tells nothing that another file of the same job tells again.
"""

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import xarray as xr
from netCDF4 import Dataset

from glasscore.common.errors import CampaignError
from glasscore.files.parameters_in_words import shown
from glasscore.files.provenance import canonical_json
from glasscore.files.store import read

# What every result says of itself, in attributes.
SAID = ("stage", "parameters", "seed", "source_hash", "time_unit", "energy_unit")


class Result(NamedTuple):
    """A result file with what it says of itself."""

    file: str
    stage: str
    parameters: dict[str, Any]
    dataset: xr.Dataset

    @property
    def source_hash(self) -> str:
        """The fingerprint of the code that made it."""
        return self.dataset.attrs["source_hash"]


def read_results(reader: str, files: Collection[str], stages: Collection[str]) -> list[Result]:
    """Read the inputs of a job.

    Parameters
    ----------
    reader
        Who reads them, for sentences: a stage, or a figure.
    files
        Paths of netCDF files.
    stages
        Those whose results the reader is about.

    Raises
    ------
    CampaignError
        If there is no file, or one of them is damaged, was not written by glasscore, or is a result
        of another stage.
    """
    wanted = " and ".join(stages)
    if not files:
        raise CampaignError(f"{reader} needs files of the stage {wanted} as --inputs.")
    results = []
    for file in files:
        found = _read(file)
        if found.stage not in stages:
            raise CampaignError(
                f"{file} is a result of the stage {found.stage}, but {reader} reads those of the "
                f"stage {wanted}."
            )
        if "study" not in found.parameters:
            raise _foreign(file, "its attribute parameters names no study")
        results.append(found)
    return results


def check_made_for(parameters: dict[str, Any], keys: Iterable[str], result: Result) -> None:
    """Refuse a result that was not made with a job's own parameters.

    Parameters
    ----------
    parameters
        Those of the job.
    keys
        Which of them the result must have too, with the same values.
    """
    for key in keys:
        wanted, found = parameters.get(key), result.parameters.get(key)
        if canonical_json(wanted) != canonical_json(found):
            raise CampaignError(
                f"{result.file} was made with {key} {shown(found)}, but this job is about {key} "
                f"{shown(wanted)}."
            )


def check_alike(results: Collection[Result], but: Collection[str]) -> None:
    """Refuse results of one study that differ in more than they may.

    Parameters
    ----------
    results
        Of one stage and study.
    but
        The parameters in which they may differ.
    """
    first, *others = results
    for other in others:
        for key, here, there in _differences(_identity(first, but), _identity(other, but)):
            raise CampaignError(
                f"{other.file} was made with {key} {shown(there)}, but {first.file} with {key} "
                f"{shown(here)}: results of one study must agree in it."
            )


def _read(file: str) -> Result:
    try:
        dataset = read(file)
    except CampaignError:
        _check_is_a_result(file)
        raise
    except (OSError, ValueError, RuntimeError) as error:
        # Numbers of the operating system are positive, those of the netCDF library negative.
        if isinstance(error, OSError) and (error.errno or -1) > 0:
            raise
        raise _foreign(file, "it cannot be read as netCDF") from None
    _check_says(file, dataset.attrs)
    return Result(file, dataset.attrs["stage"], json.loads(dataset.attrs["parameters"]), dataset)


def _check_is_a_result(file: str) -> None:
    """Tell a damaged result, which can be made again, from a file that is something else."""
    with Path(file).open("rb") as opened:
        if opened.read(8) != b"\x89HDF\r\n\x1a\n":
            raise _foreign(file, "it is no netCDF file")
    try:
        with Dataset(file) as opened:
            attributes = {name: opened.getncattr(name) for name in opened.ncattrs()}
    except (OSError, RuntimeError):
        return
    _check_says(file, attributes)


def _check_says(file: str, attributes: dict[str, Any]) -> None:
    for name in SAID:
        if not isinstance(attributes.get(name), str):
            raise _foreign(file, f"it has no attribute {name}")
    try:
        parameters = json.loads(attributes["parameters"])
    except (ValueError, RecursionError):
        parameters = None
    if not isinstance(parameters, dict):
        raise _foreign(file, "its attribute parameters is no JSON object")


def _foreign(file: str, reason: str) -> CampaignError:
    return CampaignError(f"{file} is not a result of glasscore: {reason}.")


def _identity(result: Result, but: Collection[str]) -> dict[str, Any]:
    """All that made a result, and the trajectories that it averages, apart from some parameters.

    A start at the temperature of the run changes with that.
    """
    of_dynamics = json.loads(result.dataset.attrs.get("dynamics_parameters", "{}"))
    made = {**of_dynamics, **result.parameters}
    start = made.get("start")
    if "T" in but and isinstance(start, dict) and start.get("T") == made.get("T"):
        made["start"] = {**start, "T": "same"}
    return {
        **{key: value for key, value in made.items() if key not in but},
        "source_hash": result.source_hash,
        "dynamics_source_hash": result.dataset.attrs.get("dynamics_source_hash"),
    }


def _differences(first: dict[str, Any], second: dict[str, Any]) -> Iterable[tuple[str, Any, Any]]:
    for key in {**first, **second}:
        if canonical_json(first.get(key)) != canonical_json(second.get(key)):
            yield key, first.get(key), second.get(key)
