"""One figure: its numbers, then its drawing."""

import os
from importlib import import_module
from pathlib import Path
from typing import Any

import xarray as xr

from glasscore.errors import CampaignError
from glasscore.figures.curves import from_dataset, to_dataset
from glasscore.figures.style import applied
from glasscore.provenance import canonical_json
from glasscore.store import parameters_of, read

# No dates in the files: the same numbers give the same bytes.
METADATA: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Compute the curves of one figure.

    Parameters
    ----------
    parameters
        ``figure``, which one; ``titles`` of studies, by name; ``style``, for :func:`render`.
    inputs
        Files of the stage that the figure needs.
    """
    if not inputs:
        raise CampaignError("figures needs result files as --inputs.")
    results: dict[str, list[xr.Dataset]] = {}
    for file in inputs:
        dataset = read(file)
        study = parameters_of(dataset)["study"]
        results.setdefault(parameters["titles"].get(study, study), []).append(dataset)
    module = import_module(f"glasscore.figures.{parameters['figure']}")
    read_from = [dataset for datasets in results.values() for dataset in datasets]
    units = read_from[0].attrs["time_unit"], read_from[0].attrs["energy_unit"]
    sources = [
        {"parameters": parameters_of(one), "source_hash": one.attrs["source_hash"]}
        for one in read_from
    ]
    return to_dataset(module.curves(results), *units).assign_attrs(
        inputs=canonical_json(sources), seed=read_from[0].attrs["seed"]
    )


def render(parameters: dict[str, Any], dataset: xr.Dataset, output: str) -> None:
    """Draw the curves of a dataset as PDF and PNG beside ``output``."""
    module = import_module(f"glasscore.figures.{parameters['figure']}")
    with applied(parameters["style"]):
        from matplotlib.pyplot import close

        figure = module.draw(from_dataset(dataset))
        for ending, metadata in METADATA.items():
            path = Path(output).with_suffix(f".{ending}")
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.stem}.partial.{ending}")
            figure.savefig(beside, metadata=metadata)
            os.replace(beside, path)
        close(figure)
