"""Averages over the disorder samples of all blocks of one (study, N, T)."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from glasscore.errors import CampaignError
from glasscore.origin import of_trajectories
from glasscore.store import parameters_of, quantity, read
from glasscore.traps.aging_functions import aging_functions, of_inherent_structures
from glasscore.traps.energy import energies
from glasscore.traps.levels import levels
from glasscore.traps.moves import moves
from glasscore.traps.tails import tails
from glasscore.traps.trajectories import taken_apart, trajectories
from glasscore.traps.trapping_times import trapping_times

KEPT = (
    "time_unit",
    "energy_unit",
    "critical_temperature",
    "states_are_spins",
    "every_jump_forgets",
    "threshold_energy",
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
    variables |= energies(blocks, parameters["recorders"])
    if "configurations" in parameters["recorders"]:
        variables |= aging_functions(blocks, parameters["windows"], spins)
    if "inherent_structures" in parameters["recorders"]:
        variables |= of_inherent_structures(blocks, parameters["windows"], parameters["N"])
    if "trapping_times" in parameters["recorders"]:
        variables |= trapping_times(blocks)
    if "moves" in parameters["recorders"]:
        variables |= moves(blocks)
    variables |= trajectories(blocks)
    variables |= levels(blocks, parameters["recorders"], parameters["windows"])
    variables |= tails(blocks, parameters_of(blocks)["t_max"])
    attributes = {key: blocks.attrs[key] for key in KEPT if key in blocks.attrs}
    return xr.Dataset(variables, attrs={**attributes, **origin(blocks)})


def joined(files: list[str]) -> xr.Dataset:
    """All samples of several blocks, in the order of the samples."""
    if not files:
        raise CampaignError("traps needs the block files of a study as --inputs.")
    averaged, shown = zip(*(taken_apart(read(file)) for file in files), strict=True)
    blocks = _in_order(averaged, "sample")
    single = [part for part in shown if part.sizes]
    return blocks.merge(_in_order(single, "trajectory")) if single else blocks


def _in_order(parts: Iterable[xr.Dataset], dimension: str) -> xr.Dataset:
    whole = xr.concat(parts, dimension, data_vars="minimal", combine_attrs="override")
    return whole.isel({dimension: np.argsort(whole[dimension].values)})


def origin(blocks: xr.Dataset) -> dict[str, str]:
    """What made the trajectories, whatever blocks they came in."""
    samples = blocks.sizes["sample"]
    return of_trajectories(parameters_of(blocks), samples, blocks.attrs["source_hash"])
