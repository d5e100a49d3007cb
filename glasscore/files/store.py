"""Result files in netCDF: self-describing, complete or absent, and with a checksum."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from xarray.backends import NetCDF4DataStore

from glasscore.files.provenance import canonical_json, commit, versions
from glasscore.files.seal import open_checked, seal
from glasscore.files.whole_file import whole_file

DESCRIPTION = ("long_name", "units", "symbol")


def quantity(
    dimensions: str | Sequence[str],
    values: Any,
    long_name: str,
    symbol: str,
    units: str = "1",
    **attributes: Any,
) -> xr.Variable:
    """A variable with its description; ``units="1"`` means a pure number."""
    described = {"long_name": long_name, "units": units, "symbol": symbol, **attributes}
    return xr.Variable(dimensions, np.asarray(values), described)


def measured(
    name: str,
    dimensions: str | Sequence[str],
    mean: Any,
    error: Any,
    long_name: str,
    symbol: str,
    units: str = "1",
    **attributes: Any,
) -> dict[str, xr.Variable]:
    """A mean and its standard error over disorder samples, as ``name`` and ``name_error``."""
    return {
        name: quantity(dimensions, mean, long_name, symbol, units, **attributes),
        f"{name}_error": quantity(
            dimensions,
            error,
            f"standard error over disorder samples of the {long_name}",
            rf"\Delta {symbol}",
            units,
        ),
    }


def write(
    dataset: xr.Dataset,
    path: str | Path,
    *,
    parameters: dict[str, Any],
    source_hash: str,
) -> None:
    """Write a dataset and what made it; the file appears complete or not at all.

    Parameters
    ----------
    dataset
        Every variable and coordinate carries ``long_name``, ``units`` and ``symbol``; the
        attributes ``time_unit`` and ``energy_unit`` are set.
    path
        Path of the file. Missing folders are made.
    parameters
        All parameters that the numbers depend on. If there is no ``parameters["seed"]``, the
        attribute ``seed`` of the dataset is kept. The number of spins ``N`` and the temperature
        ``T``, where they are single numbers, become scalar coordinates of the file.
    source_hash
        Fingerprint of the code that computed the numbers.

    Raises
    ------
    ValueError
        If a variable is not described or a unit is missing.
    OSError
        If the disk is full, or the folder may not be written to.
    """
    for name, variable in dataset.variables.items():
        missing = [key for key in DESCRIPTION if key not in variable.attrs]
        if missing:
            raise ValueError(f"variable {name} of {path} lacks {', '.join(missing)}")
    for unit in ("time_unit", "energy_unit"):
        if unit not in dataset.attrs:
            raise ValueError(f"{path} lacks the attribute {unit}")
    dataset = dataset.assign_coords(_point(dataset, parameters)).assign_attrs(
        parameters=canonical_json(parameters),
        seed=str(parameters.get("seed", dataset.attrs.get("seed", "none: deterministic"))),
        source_hash=source_hash,
        versions=canonical_json(versions()),
    )
    if commit() is not None:
        dataset = dataset.assign_attrs(commit=commit())
    with whole_file(path) as beside:
        _write(dataset, beside)
        seal(beside)


def read(path: str | Path) -> xr.Dataset:
    """Read a result file into memory and close it.

    Raises
    ------
    CampaignError
        If the file is not as it was written; the sentence says how to make it again.
    """
    return xr.load_dataset(NetCDF4DataStore(open_checked(path)), decode_timedelta=False)


def parameters_of(dataset: xr.Dataset) -> dict[str, Any]:
    """The parameters that a result was computed with."""
    return json.loads(dataset.attrs["parameters"])


def _point(dataset: xr.Dataset, parameters: dict[str, Any]) -> dict[str, xr.Variable]:
    """Size and temperature of a job as coordinates, so that the files of a study can be joined.

    A file that has a variable or a dimension of the same name keeps it: an exact law at many
    temperatures, for instance, has the dimension ``T``.
    """
    # The attribute begins with the unit itself: "J, as normalised ..." or "1 (energy ...)".
    energy = dataset.attrs["energy_unit"].replace(",", " ").split()[0]
    described = {"N": ("number of spins", "1"), "T": ("temperature", energy)}
    point = {}
    for name, (long_name, units) in described.items():
        value = parameters.get(name)
        if isinstance(value, int | float) and name not in {*dataset.variables, *dataset.sizes}:
            whole = name == "N" and float(value).is_integer()
            value = int(value) if whole else float(value)
            point[name] = quantity((), value, long_name, name, units)
    return point


def _write(dataset: xr.Dataset, path: Path) -> None:
    try:
        dataset.to_netcdf(path, engine="netcdf4", encoding=_encoding(dataset))
    except (OSError, RuntimeError):
        # The netCDF library does not say why it failed. If the disk is full, writing as many plain
        # bytes raises an error that says so; the headers of the file take less than 2^20 bytes.
        path.write_bytes(bytes(dataset.nbytes + 2**20))
        raise


def _encoding(dataset: xr.Dataset) -> dict[str, dict[str, Any]]:
    compressed = {"zlib": True, "complevel": 4, "shuffle": True}
    return {
        str(name): compressed
        for name, variable in dataset.variables.items()
        if variable.ndim > 0 and variable.dtype.kind in "iuf"
    }
