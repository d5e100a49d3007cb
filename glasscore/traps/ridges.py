"""Ridges between successive traps: the highest energy on the way from one to the next.

If traps are left by activation to one energy, as in the trap model, the ridges stay at this energy
while the traps become deeper.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import ratio_and_error
from glasscore.files.store import measured

# The last decade begins at this share of the last time, which may be rounded.
LATE = 0.1 * (1.0 + 1e-9)

Array = NDArray[np.float64]


def ridges(blocks: xr.Dataset, trap: str) -> dict[str, xr.Variable]:
    """Mean energy of the ridges that were crossed since the previous time of the schedule.

    Parameters
    ----------
    blocks
        What the recorders wrote for all samples.
    trap
        ``"basin"`` or ``"metabasin"``.

    Returns
    -------
    dict
        ``<trap>_ridge_energy(time)`` is the mean over all ridges of all samples, and
        ``<trap>_late_ridge_energy`` that over the last decade of time. They are NaN where there is
        no ridge, and their errors also where all ridges are from one sample.
    """
    count, total = blocks[f"{trap}_ridge_count"].values, blocks[f"{trap}_ridge_sum"].values
    about = f"mean energy of the ridges between successive {trap}s"
    symbol = r"\langle E_R \rangle"
    late = blocks.time.values > LATE * blocks.time.values[-1]
    return {
        "time": blocks.time.variable,
        **measured(f"{trap}_ridge_energy", "time", *_mean(total, count), about, symbol, "J"),
        **measured(
            f"{trap}_late_ridge_energy", (),
            *_mean(total[:, late].sum(axis=1), count[:, late].sum(axis=1)),
            f"{about} in the last decade of time", symbol, "J",
        ),
    }  # fmt: skip


def _mean(total: Array, count: Array) -> tuple[Array, Array]:
    mean, error = ratio_and_error(total, count, one_count=0.0)
    return mean, np.where((count > 0).sum(axis=0) > 1, error, np.nan)
