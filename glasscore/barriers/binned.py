"""Sums over the minima of one sample, in bins of a quantity that all samples share."""

from typing import NamedTuple

import numpy as np


class Binned(NamedTuple):
    """Sums in the bins ``first``, ``first + 1``, ...; bin k begins at k times the width.

    So zero is an edge: a bin across it would be half empty where the quantity cannot be negative.
    """

    first: int
    sums: np.ndarray


def binned(values: np.ndarray, width: float, weights: np.ndarray | None = None) -> Binned:
    """Counts of values, or sums of their weights, in bins between the multiples of ``width``."""
    if values.size == 0:
        return Binned(0, np.zeros(0))
    bins = np.floor(values / width).astype(np.int64)
    first = int(bins.min())
    return Binned(first, np.bincount(bins - first, weights).astype(np.float64))


def aligned(samples: list[Binned], width: float) -> tuple[np.ndarray, np.ndarray]:
    """Centres of the bins that hold all samples, shape (bins,); sums of each (samples, bins)."""
    filled = [one for one in samples if one.sums.size]
    first = min((one.first for one in filled), default=0)
    end = max((one.first + one.sums.size for one in filled), default=0)
    together = np.zeros((len(samples), end - first))
    for row, one in zip(together, samples, strict=True):
        row[one.first - first :][: one.sums.size] = one.sums
    return (np.arange(first, end) + 0.5) * width, together
