"""How long traps of a given depth last, and how far apart successive ones are.

The depth is the threshold energy minus the lowest energy met. Where traps are left by activation
to one level, the logarithm of the trapping time grows with the depth at the slope 1 / T (Arrhenius'
law).

The first traps of each depth count, and the one that is occupied at the end of the run, if it would
be one of them, as a trapping time that is not over. So the mean is right, if traps of one depth
last alike whenever they are met, up to what lies beyond the longest trapping time seen. A depth is
left out where that may move the mean by more than half its standard error
(:attr:`~glasscore.estimates.survival.CensoredMean.is_determined`). Traps so shallow that the walk
leaves them within the attempts that it takes to look around do not last alike: those met early last
longer than those met late, by up to a factor of six in random energy models. What stays open is the
depth of the occupied trap, which may yet become deeper.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import mean_and_error
from glasscore.estimates.survival import CensoredMean, censored_mean
from glasscore.files.store import measured, parameters_of

# The scatter of fewer is no error.
FEWEST_SAMPLES = 20

Array = NDArray[np.float64]
NOT_KNOWN = CensoredMean(np.nan, np.nan, np.nan, np.nan)


def depths(blocks: xr.Dataset, trap: str) -> dict[str, xr.Variable]:
    """Trapping times by depth, and overlaps of successive traps.

    Parameters
    ----------
    blocks
        What the recorders wrote, all samples together.
    trap
        ``"basin"`` or ``"metabasin"``.

    Returns
    -------
    dict
        ``<trap>_log_duration(depth)``: mean of ln tau; NaN where fewer than :data:`FEWEST_SAMPLES`
        samples have left a trap of the depth, and where the mean is not determined;
        ``<trap>_overlap``: mean overlap of the lowest configurations of successive traps, of the
        last ones of each sample, where states are spins in one word.
    """
    # The last bin holds all depths beyond.
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
    """Trapping times (depth, sample, rank), NaN where there is none, and which are over."""
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
    """Mean logarithm at one depth, from arrays (sample, rank)."""
    known = durations > 0.0
    mean = censored_mean(np.log(durations[known]), over[known], np.nonzero(known)[0])
    enough = np.count_nonzero(over.any(axis=1)) >= FEWEST_SAMPLES
    return mean if enough and mean.is_determined else NOT_KNOWN


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
    # Without a pair of traps in any sample nothing is known.
    average, spread = mean_and_error(of_sample if some.any() else [np.nan])
    about = f"overlap of the lowest configurations of successive {trap}s"
    return measured(f"{trap}_overlap", (), average, spread, about, "q")
