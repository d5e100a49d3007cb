"""Sums over the minima of a sample, in bins of a quantity that are the same for all samples."""

from typing import NamedTuple

import numpy as np


class BinnedSums(NamedTuple):
    """Sums in the bins ``first``, ``first + 1``, ...; bin k begins at k times the width.

    So zero is the edge of a bin. A bin across zero would be half empty if the quantity cannot be
    negative.
    """

    first: int
    sums: np.ndarray


def sums_in_bins(values: np.ndarray, width: float, weights: np.ndarray | None = None) -> BinnedSums:
    """Number of values, or sum of their weights, in each bin between multiples of ``width``."""
    if values.size == 0:
        return BinnedSums(0, np.zeros(0))
    bins = np.floor(values / width).astype(np.int64)
    first = int(bins.min())
    return BinnedSums(first, np.bincount(bins - first, weights).astype(np.float64))


def in_common_bins(samples: list[BinnedSums], width: float) -> tuple[np.ndarray, np.ndarray]:
    """The sums of all samples in the same bins.

    Parameters
    ----------
    samples
        The sums of each sample in its own range of bins.
    width
        Width of a bin.

    Returns
    -------
    tuple of ndarray
        The centres of all bins that any sample needs, shape (bins,), and the sums, shape
        (samples, bins).
    """
    filled = [one for one in samples if one.sums.size]
    first = min((one.first for one in filled), default=0)
    end = max((one.first + one.sums.size for one in filled), default=0)
    together = np.zeros((len(samples), end - first))
    for row, one in zip(together, samples, strict=True):
        row[one.first - first :][: one.sums.size] = one.sums
    return (np.arange(first, end) + 0.5) * width, together
