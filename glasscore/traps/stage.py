"""The workflow's stage ``traps``: averages over all disorder samples of one study, N and T."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from glasscore.common.errors import CampaignError
from glasscore.files.inputs import Result, check_alike, check_made_for, read_results
from glasscore.files.origin import of_trajectories
from glasscore.files.parameters_in_words import shown
from glasscore.files.store import parameters_of, quantity
from glasscore.models.schedule import extra_windows
from glasscore.traps.aging_functions import aging_functions, inherent_aging_functions
from glasscore.traps.energy import energies
from glasscore.traps.fixed_lags import fixed_lags
from glasscore.traps.fluctuations import fluctuations_by_origin, fluctuations_of_overlap
from glasscore.traps.levels import levels
from glasscore.traps.magnetisation import course, magnetisation
from glasscore.traps.memory import memory
from glasscore.traps.moves import moves
from glasscore.traps.responses import responses
from glasscore.traps.subaging import subaging
from glasscore.traps.tails import tails
from glasscore.traps.trajectories import split_block, trajectories
from glasscore.traps.trapping_times import trapping_times

# Attributes of the blocks that their average keeps.
KEPT = (
    "time_unit",
    "energy_unit",
    "critical_temperature",
    "states_are_spins",
    "every_jump_forgets",
    "start",
    "threshold_energy",
)
# Parameters that the blocks must share with their average, and those in which blocks may differ.
SHARED = (
    "seed",
    "study",
    "landscape",
    "disorder",
    "N",
    "rule",
    "T",
    "field",
    "ramps",
    "recorders",
)
OF_BLOCK = ("first_sample", "samples", "replica")


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Average over samples whatever the recorders wrote.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``rule``, ``N``, ``T``, ``recorders`` and ``samples`` of
        the blocks, and ``windows``; their ``field`` and ``ramps``, if they have any; ``replicas``,
        if samples have several trajectories.
    inputs
        The block files of the dynamics stage.

    Returns
    -------
    xarray.Dataset
        The observables that the recorders allow, each with its error.
    """
    blocks, *others = join_blocks(parameters, inputs)
    spins = parameters["N"] if blocks.attrs["states_are_spins"] else None
    variables = {"samples": quantity((), blocks.sizes["sample"], "disorder samples", "n")}
    variables |= energies(blocks, parameters["recorders"])
    if "configurations" in parameters["recorders"]:
        variables |= aging_functions(blocks, parameters["windows"], spins)
        if spins is not None:
            variables |= fluctuations_of_overlap(blocks, parameters["windows"], spins)
        if not parameters.get("ramps"):
            variables |= subaging(blocks, spins)
        if others:
            variables |= fluctuations_by_origin([blocks, *others], parameters["windows"], spins)
    if "fixed_lags" in parameters["recorders"]:
        variables |= fixed_lags(blocks, spins)
    if "inherent_structures" in parameters["recorders"]:
        variables |= inherent_aging_functions(blocks, parameters["windows"], parameters["N"])
    if "memory" in parameters["recorders"]:
        variables |= memory(blocks, spins)
    variables |= course(blocks)
    if "magnetisation" in parameters["recorders"]:
        variables |= magnetisation(blocks)
    if "trapping_times" in parameters["recorders"]:
        variables |= trapping_times(blocks)
    if "moves" in parameters["recorders"]:
        variables |= moves(blocks)
    if "responses" in parameters["recorders"]:
        variables |= responses(blocks, parameters["windows"], parameters["T"])
    variables |= trajectories(blocks)
    variables |= levels(blocks, parameters["recorders"], parameters["windows"])
    variables |= tails(blocks, parameters_of(blocks)["t_max"])
    attributes = {key: blocks.attrs[key] for key in KEPT if key in blocks.attrs}
    return xr.Dataset(variables, attrs={**attributes, **origin(blocks)})


def join_blocks(parameters: dict[str, Any], files: list[str]) -> list[xr.Dataset]:
    """All samples of several blocks, in the order of the samples.

    Returns
    -------
    list of Dataset
        The first trajectories of all samples, then the second ones, and so on.

    Raises
    ------
    CampaignError
        If the files are not the blocks of this job, or hold a sample twice or not at all.
    """
    found = read_results("traps", files, ["dynamics"])
    for block in found:
        check_made_for(parameters, SHARED, block)
        missing = set(extra_windows(parameters["windows"])) - set(
            block.parameters.get("extra_windows", ())
        )
        if missing:
            raise CampaignError(
                f"{block.file} has not recorded the window {shown(min(missing))} that this job is "
                "about."
            )
    check_alike(found, OF_BLOCK)
    by_replica: dict[int, list[Result]] = {
        replica: [] for replica in range(parameters.get("replicas", 1))
    }
    for block in found:
        replica = block.parameters.get("replica", 0)
        if replica not in by_replica:
            raise CampaignError(
                f"{block.file} was made with replica {replica}, but this job averages the replicas "
                f"0 to {len(by_replica) - 1}."
            )
        by_replica[replica].append(block)
    return [_joined(parameters["samples"], blocks) for blocks in by_replica.values()]


def _joined(samples: int, found: list[Result]) -> xr.Dataset:
    """The blocks of one trajectory of each sample as one dataset."""
    _check_samples(samples, found)
    averaged, written = zip(*(split_block(block.dataset) for block in found), strict=True)
    blocks = _in_order(averaged, "sample")
    single = [part for part in written if part.sizes]
    return blocks.merge(_in_order(single, "trajectory")) if single else blocks


def _check_samples(wanted: int, blocks: list[Result]) -> None:
    """Refuse blocks unless they hold each of the first ``wanted`` samples once, and no others."""
    holder: dict[int, str] = {}
    for block in blocks:
        for sample in block.dataset["sample"].values.tolist():
            if sample in holder:
                raise CampaignError(
                    f"{block.file} and {holder[sample]} both hold sample {sample}, but each sample "
                    "may be averaged once."
                )
            holder[sample] = block.file
    missing = sorted(set(range(wanted)) - holder.keys())
    if missing:
        raise CampaignError(
            f"sample {missing[0]} is in none of the files, but this job averages the samples 0 to "
            f"{wanted - 1}."
        )
    if len(holder) > wanted:
        raise CampaignError(
            f"{holder[max(holder)]} holds sample {max(holder)}, but this job averages the samples "
            f"0 to {wanted - 1}."
        )


def _in_order(parts: Iterable[xr.Dataset], dimension: str) -> xr.Dataset:
    whole = xr.concat(parts, dimension, data_vars="minimal", combine_attrs="override")
    return whole.isel({dimension: np.argsort(whole[dimension].values)})


def origin(blocks: xr.Dataset) -> dict[str, str]:
    """Attributes that tell what made the trajectories; they do not depend on the blocks."""
    samples = blocks.sizes["sample"]
    return of_trajectories(parameters_of(blocks), samples, blocks.attrs["source_hash"])
