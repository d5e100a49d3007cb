"""Trapping times by the depth of the trap, and the overlap of successive traps.

The depth is the threshold energy minus the lowest energy in the trap. Where traps are left by
activation to one energy, the logarithm of the trapping time grows with the depth with the slope
1 / T (Arrhenius' law).

The first traps of each depth are counted, and the trap that is occupied at the end of the run, if
it would be one of them, is counted with a trapping time that is not over. If the trapping times of
one depth have the same law at all times of the run, the estimated mean is therefore right up to
what lies beyond the longest trapping time seen. A depth is left out where this may change the mean
by more than half its standard error
(:attr:`~glasscore.estimates.survival.CensoredMean.is_determined`).

Two effects remain. Very shallow traps, which the walk leaves after about as many attempts as it has
neighbours, do not have the same law at all times: in random energy models those met early last
longer than those met late by up to a factor of six. And the trap that is occupied at the end may
still become deeper.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import mean_and_error
from glasscore.estimates.survival import CensoredMean, censored_mean
from glasscore.files.store import measured, parameters_of

# With fewer samples their scatter is no reliable estimate of the error.
FEWEST_SAMPLES = 20

Array = NDArray[np.float64]
UNKNOWN = CensoredMean(np.nan, np.nan, np.nan, np.nan)


def depths(blocks: xr.Dataset, trap: str) -> dict[str, xr.Variable]:
    """Trapping times by depth, and overlaps of successive traps.

    Parameters
    ----------
    blocks
        What the recorders wrote for all samples.
    trap
        ``"basin"`` or ``"metabasin"``.

    Returns
    -------
    dict
        ``<trap>_log_duration(depth)`` is the mean of ln tau; it is NaN where fewer than
        :data:`FEWEST_SAMPLES` samples have left a trap of the depth, and where the mean is not
        determined. ``<trap>_overlap`` is the mean overlap of the lowest configurations of
        successive traps, over the last traps of each sample; it is there if states are spins that
        fit into one word.
    """
    # The last bin holds all larger depths.
    known = blocks.isel(depth=slice(-1))
    means = [_mean(*one) for one in zip(*_durations(known, trap), strict=True)]
    mean, error = np.array([(one.mean, one.error) for one in means]).T
    variables = {
        "depth": known.depth.variable,
        **measured(
            f"{trap}_log_duration", "depth", mean, error,
            f"mean logarithm of the trapping time of {trap}s in attempts", r"\langle\ln\tau\rangle",
        ),
    }  # fmt: skip
    return variables | _overlap(blocks, trap)


def _durations(blocks: xr.Dataset, trap: str) -> tuple[Array, NDArray[np.bool_]]:
    """Trapping times, shape (depth, sample, rank), NaN where there is none; and which are over."""
    first = blocks[f"{trap}_first_duration"].transpose("depth", "sample", "rank").values.copy()
    over = np.isfinite(first)
    centres, age = blocks.depth.values, blocks[f"{trap}_age"].values
    depth = blocks.attrs["threshold_energy"] - blocks[f"{trap}_age_energy"].values
    for sample in np.flatnonzero(np.isfinite(age)):
        bin = int(depth[sample] / (2.0 * centres[0]))
        if bin < centres.size and not over[bin, sample, -1]:
            first[bin, sample, over[bin, sample].sum()] = age[sample]
    return first, over


def _mean(durations: Array, over: NDArray[np.bool_]) -> CensoredMean:
    """Mean logarithm of trapping times of one depth, from arrays of shape (sample, rank)."""
    known = durations > 0.0
    mean = censored_mean(np.log(durations[known]), over[known], np.nonzero(known)[0])
    enough = np.count_nonzero(over.any(axis=1)) >= FEWEST_SAMPLES
    return mean if enough and mean.is_determined else UNKNOWN


def _overlap(blocks: xr.Dataset, trap: str) -> dict[str, xr.Variable]:
    name = f"{trap}_configuration"
    if name not in blocks or not blocks.attrs["states_are_spins"]:
        return {}
    known = np.isfinite(blocks[f"{trap}_energy"].values)
    N = float(parameters_of(blocks)["N"])
    states = blocks[name].values
    pairs = known[:, 1:] & known[:, :-1]
    overlap = 1.0 - 2.0 * np.bitwise_count(states[:, 1:] ^ states[:, :-1]) / N
    some = pairs.any(axis=1)
    of_sample = (overlap * pairs)[some].sum(axis=1) / pairs[some].sum(axis=1)
    # If no sample has two successive traps, the overlap is unknown.
    average, spread = mean_and_error(of_sample if some.any() else [np.nan])
    about = f"overlap of the lowest configurations of successive {trap}s"
    return measured(f"{trap}_overlap", (), average, spread, about, "q")
