"""How long traps of a given depth last, and how far apart successive ones are.

The depth is the threshold energy minus the lowest energy met. Where traps are left by activation
to one level, the logarithm of the trapping time grows with the depth at the slope 1 / T (Arrhenius'
law). Only the last traps of each sample are known one by one.
"""

import numpy as np
import xarray as xr

from glasscore.statistics.samples import mean_and_error, ratio_and_error
from glasscore.store import measured, parameters_of, quantity

BINS = 64


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
        ``<trap>_log_duration(depth)``: mean of ln tau in bins of width T, NaN in empty ones;
        ``<trap>_overlap``: mean overlap of the lowest configurations of successive traps, where
        states are spins in one word.
    """
    T = float(parameters_of(blocks)["T"])
    width = T if T > 0 else 1.0
    threshold = blocks.attrs["threshold_energy"]
    energy, duration = blocks[f"{trap}_energy"].values, blocks[f"{trap}_duration"].values
    known = np.isfinite(energy)
    bins = np.where(known, (threshold - np.where(known, energy, 0.0)) / width, -1).astype(int)
    logarithm = np.where(known, np.log(np.where(known, duration, 1.0)), 0.0)
    counts, sums = (np.zeros((len(energy), BINS)) for _ in range(2))
    kept = known & (bins < BINS)
    rows = np.broadcast_to(np.arange(len(energy))[:, np.newaxis], bins.shape)
    np.add.at(counts, (rows[kept], bins[kept]), 1.0)
    np.add.at(sums, (rows[kept], bins[kept]), logarithm[kept])
    mean, error = ratio_and_error(sums, counts, one_count=0.0)
    # One sample alone has no scatter, and so tells no error.
    error = np.where((counts > 0).sum(axis=0) > 1, error, np.nan)
    variables = {
        "depth": quantity(
            "depth", (np.arange(BINS) + 0.5) * width, "threshold minus lowest energy", "D", "J"
        ),
        **measured(
            f"{trap}_log_duration", "depth", mean, error,
            f"mean logarithm of the trapping time of {trap}s in attempts", r"\langle\ln\tau\rangle",
        ),
    }  # fmt: skip
    name = f"{trap}_configuration"
    if name in blocks and blocks.attrs["states_are_spins"]:
        N = float(parameters_of(blocks)["N"])
        states = blocks[name].values
        pairs = known[:, 1:] & known[:, :-1]
        overlap = 1.0 - 2.0 * np.bitwise_count(states[:, 1:] ^ states[:, :-1]) / N
        some = pairs.any(axis=1)
        of_sample = (overlap * pairs)[some].sum(axis=1) / pairs[some].sum(axis=1)
        variables |= measured(
            f"{trap}_overlap", (),
            *(mean_and_error(of_sample) if some.any() else (np.nan, np.nan)),
            f"overlap of the lowest configurations of successive {trap}s", "q",
        )  # fmt: skip
    return variables
