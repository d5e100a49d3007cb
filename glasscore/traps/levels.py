"""Observables of traps that consist of many configurations: basins and metabasins.

The recorders of the dynamics define the traps. ``same_basin`` (``same_metabasin``) is the
probability to be in the same trap at t_w and t_w (1 + omega), over all samples, including those
that are between traps at t_w; ``same_basin_if_inside`` is the same over the samples that are inside
a trap at t_w. ``basin_trapping_time_density`` is the density of trapping times.

If traps renew the trajectory, their energies and trapping times are a sequence without memory. This
is tested by ``basin_energy_correlation`` and ``basin_duration_correlation``, the correlations at
distance ``lag`` in the sequence, in comparison with the correlations of the same traps in random
order, which are -1 / (n - 1) on average for n traps. Each error is that of a mean over samples; the
errors of the two do not take into account that both come from the same traps.

The end of the run causes no correlation. Whether it comes after n traps depends on the sum of their
trapping times and on the next trap, which is not one of them. So if traps renew the trajectory, all
orders of the n traps are equally likely, and so are those of the last of them.
"""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import mean_and_error, proportion_and_error, ratio_and_error
from glasscore.files.store import measured, quantity
from glasscore.traps.aging_functions import PAIR, where_observed
from glasscore.traps.depths import depths
from glasscore.traps.ridges import ridges
from glasscore.traps.trapping_times import density_of_counts

LEVELS = {"basins": "basin", "metabasins": "metabasin"}
LARGEST_LAG = 8
# Sequences of fewer traps are not used for correlations.
FEWEST_TRAPS = 2 * LARGEST_LAG
# With so many random orders their average has a smaller error than the original order.
SHUFFLES = 8
# The random orders are no part of the simulation. A fixed seed makes results reproducible.
SEED_OF_SHUFFLES = 4

Array = NDArray[np.float64]


def levels(
    blocks: xr.Dataset, recorders: list[str], windows: list[float]
) -> dict[str, xr.Variable]:
    """Observables of basins and of metabasins, if they were recorded.

    Parameters
    ----------
    blocks
        What the recorders wrote for all samples.
    recorders
        Names of the recorders.
    windows
        Values of omega; each must have been recorded.

    Returns
    -------
    dict
        Means and errors over samples, by the names above.
    """
    variables: dict[str, xr.Variable] = {}
    for recorder, trap in LEVELS.items():
        if recorder in recorders:
            variables |= _aging(blocks, trap, windows)
            variables |= density_of_counts(
                blocks, f"{trap}_count", f"{trap}_trapping_time_density", f"{trap}s"
            )
            variables |= _renewal(blocks, trap)
            variables |= depths(blocks, trap)
            variables |= ridges(blocks, trap)
    return variables


def _aging(blocks: xr.Dataset, trap: str, windows: list[float]) -> dict[str, xr.Variable]:
    chosen = blocks.sel(window=list(windows))
    codes = chosen[f"same_{trap}"].values
    observed = (codes >= 0).all(axis=0)
    inside = chosen[f"in_{trap}"].values
    same, same_error = proportion_and_error(codes == 1)
    if_inside, if_inside_error = ratio_and_error(codes == 1, inside[:, :, None])
    occupied, occupied_error = proportion_and_error(inside)

    return {
        "waiting_time": chosen.waiting_time.variable,
        "window": chosen.window.variable,
        **measured(
            f"same_{trap}", PAIR, *where_observed(observed, same, same_error),
            f"probability of the same {trap} at t_w and t_w (1 + omega)", r"\Pi_B",
        ),
        **measured(
            f"same_{trap}_if_inside", PAIR,
            *where_observed(observed, if_inside, if_inside_error),
            f"probability of the same {trap}, of samples inside one at t_w", r"\Pi_B",
        ),
        **measured(
            f"in_{trap}", "waiting_time", occupied, occupied_error,
            f"probability to be inside a {trap} at t_w", "p_B",
        ),
    }  # fmt: skip


def _renewal(blocks: xr.Dataset, trap: str) -> dict[str, xr.Variable]:
    sequences = {
        "energy": blocks[f"{trap}_energy"].values,
        "duration": np.log(blocks[f"{trap}_duration"].values),
    }
    rng = np.random.default_rng(SEED_OF_SHUFFLES)
    enough = np.isfinite(sequences["energy"]).sum(axis=1) >= FEWEST_TRAPS
    variables = {
        "lag": quantity("lag", np.arange(1, LARGEST_LAG + 1), "distance in the sequence", "k"),
        f"{trap}_sequences": quantity(
            (), np.count_nonzero(enough), f"samples with {FEWEST_TRAPS} {trap}s or more", "n"
        ),
    }
    for name, values in sequences.items():
        long = values[enough]
        shuffled = [correlations(in_random_order(long, rng)) for _ in range(SHUFFLES)]
        what = f"correlation of {name if name == 'energy' else 'ln trapping time'}"
        for suffix, samples in (
            ("", correlations(long)),
            ("_shuffled", np.mean(shuffled, axis=0)),
        ):
            mean, error = (
                mean_and_error(samples) if len(samples) else np.full((2, LARGEST_LAG), np.nan)
            )
            order = " in random order" if suffix else ""
            variables |= measured(
                f"{trap}_{name}_correlation{suffix}", "lag", mean, error,
                f"{what} of {trap}s{order}", "C_k",
            )  # fmt: skip
    return variables


def correlations(sequences: Array) -> Array:
    """Autocorrelation of each sequence at lags 1 to :data:`LARGEST_LAG`.

    Parameters
    ----------
    sequences
        One sequence a row, NaN after its end, with at least ``LARGEST_LAG + 1`` numbers.

    Returns
    -------
    ndarray
        sum_i d_i d_(i+k) / sum_i d_i^2 times n / (n - k), where d are the deviations from the mean
        of the row; shape (sequence, lag). It is zero for a constant row.
    """
    count = np.isfinite(sequences).sum(axis=1)
    mean = np.nanmean(sequences, axis=1, keepdims=True) if len(sequences) else 0.0
    deviation = np.nan_to_num(sequences - mean)
    square = (deviation**2).sum(axis=1)
    found = np.empty((len(sequences), LARGEST_LAG))
    for lag in range(1, LARGEST_LAG + 1):
        product = (deviation[:, :-lag] * deviation[:, lag:]).sum(axis=1)
        found[:, lag - 1] = product / np.where(square > 0, square, 1.0) * count / (count - lag)
    return found


def in_random_order(sequences: Array, rng: np.random.Generator) -> Array:
    """The numbers of each row in random order, with NaN last."""
    keys = np.where(np.isfinite(sequences), rng.random(sequences.shape), np.inf)
    return np.take_along_axis(sequences, np.argsort(keys, axis=1), axis=1)
