"""Averages over the disorder samples of all blocks of one (study, N, T)."""

from typing import Any

import numpy as np
import xarray as xr

from glasscore.store import quantity, read
from glasscore.traps.aging_functions import aging_functions
from glasscore.traps.energy import energy
from glasscore.traps.trapping_times import trapping_times

KEPT = (
    "time_unit",
    "energy_unit",
    "critical_temperature",
    "states_are_spins",
    "every_jump_forgets",
)


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Observables of the traps.

    Parameters
    ----------
    parameters
        ``study``, ``landscape``, ``rule``, ``N``, ``T``, ``windows`` and ``recorders``.
    inputs
        The block files of the dynamics stage.

    Returns
    -------
    xarray.Dataset
        The observables that the recorders allow, each with its error.
    """
    blocks = joined(inputs)
    spins = parameters["N"] if blocks.attrs["states_are_spins"] else None
    variables = {"samples": quantity((), blocks.sizes["sample"], "disorder samples", "n")}
    if "energy" in parameters["recorders"]:
        variables |= energy(blocks)
    if "configurations" in parameters["recorders"]:
        variables |= aging_functions(blocks, parameters["windows"], spins)
    if "trapping_times" in parameters["recorders"]:
        variables |= trapping_times(blocks)
    return xr.Dataset(variables, attrs={key: blocks.attrs[key] for key in KEPT})


def joined(files: list[str]) -> xr.Dataset:
    """All samples of several blocks, in the order of the samples."""
    blocks = xr.concat([read(file) for file in files], "sample", data_vars="minimal")
    return blocks.isel(sample=np.argsort(blocks.sample.values))
