"""How long traps of a given depth last, and how far apart successive ones are.

The depth is the threshold energy minus the lowest energy met. Where traps are left by activation
to one level, the logarithm of the trapping time grows with the depth at the slope 1 / T (Arrhenius'
law). Only the last traps of each sample are known one by one, and of these those that were left
before the end of the run: depths at which they last longer than a share of it are left out, since
of the deepest traps only the short stays are seen.
"""

import numpy as np
import xarray as xr

from glasscore.statistics.samples import mean_and_error, ratio_and_error
from glasscore.store import measured, parameters_of, quantity

BINS = 64
# Of the length of the run.
SHARE_OF_RUN = 0.03


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
        ``<trap>_log_duration(depth)``: mean of ln tau in :data:`BINS` bins of width T, or wider, so
        that the deepest trap has its bin; NaN in empty bins and in those that are left out;
        ``<trap>_overlap``: mean overlap of the lowest configurations of successive traps, where
        states are spins in one word.
    """
    T = float(parameters_of(blocks)["T"])
    energy, duration = blocks[f"{trap}_energy"].values, blocks[f"{trap}_duration"].values
    known = np.isfinite(energy)
    depth = np.where(known, blocks.attrs["threshold_energy"] - energy, 0.0)
    width = max(T, float(depth.max()) / BINS) or 1.0
    bins = np.minimum(depth / width, BINS - 1).astype(int)
    logarithm = np.where(known, np.log(np.where(known, duration, 1.0)), 0.0)
    counts, sums = (np.zeros((len(energy), BINS)) for _ in range(2))
    rows = np.broadcast_to(np.arange(len(energy))[:, np.newaxis], bins.shape)
    np.add.at(counts, (rows[known], bins[known]), 1.0)
    np.add.at(sums, (rows[known], bins[known]), logarithm[known])
    mean, error = ratio_and_error(sums, counts, one_count=0.0)
    # One sample alone has no scatter, and so tells no error.
    error = np.where((counts > 0).sum(axis=0) > 1, error, np.nan)
    longest = np.log(SHARE_OF_RUN * parameters_of(blocks)["t_max"])
    censored = mean > longest
    mean, error = (np.where(censored, np.nan, values) for values in (mean, error))
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
        # Without a pair of traps in any sample nothing is known.
        average, spread = mean_and_error(of_sample if some.any() else [np.nan])
        about = f"overlap of the lowest configurations of successive {trap}s"
        variables |= measured(f"{trap}_overlap", (), average, spread, about, "q")
    return variables
