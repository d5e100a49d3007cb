"""What is kept of the barrier tree of one disorder sample."""

from typing import NamedTuple

import numpy as np

from glasscore.barriers.binned import BinnedSums, sums_in_bins
from glasscore.barriers.flooding import BarrierTree

# Number of bins of energies and barriers in a range of N J.
BINS = 64


class Survey(NamedTuple):
    """What is kept of one sample.

    Attributes
    ----------
    scalars
        One number of the whole sample each, by name: see ``averages.SCALARS``.
    deepest
        Properties of the deepest minima by name, padded with NaN (with -1 for whole numbers).
    barriers
        Number of minima by barrier.
    minima, saddles, squares, basins
        Sums over all minima but the deepest, by energy of the minimum: the number of minima, the
        energies of their saddles, the squares of these energies, and the sizes of their basins.
    """

    scalars: dict[str, float]
    deepest: dict[str, np.ndarray]
    barriers: BinnedSums
    minima: BinnedSums
    saddles: BinnedSums
    squares: BinnedSums
    basins: BinnedSums


def survey(tree: BarrierTree, branches: int, N: int) -> Survey:
    """Survey the tree of a sample of N spins, with its ``branches`` deepest minima."""
    energies, saddles = tree.energies[1:], tree.saddle_energies[1:]
    sizes, width = tree.basin_sizes, bin_width(N)
    # The deepest minimum has no deeper one to go to: its barrier is that to the second deepest.
    barriers = tree.barriers.copy()
    barriers[0] = saddles[0] - tree.energies[0] if energies.size else np.nan
    return Survey(
        _scalars(tree),
        _deepest_minima(tree, branches),
        sums_in_bins(barriers[np.isfinite(barriers)], width),
        sums_in_bins(energies, width),
        sums_in_bins(energies, width, saddles),
        sums_in_bins(energies, width, saddles**2),
        sums_in_bins(energies, width, sizes[1:].astype(np.float64)),
    )


def bin_width(N: int) -> float:
    """Width of the bins of energies and barriers, in units of J."""
    return N / BINS


def _scalars(tree: BarrierTree) -> dict[str, float]:
    """Numbers of a whole sample; barriers are NaN if there is one minimum only."""
    barriers, saddles = tree.barriers[1:], tree.saddle_energies[1:]
    several = barriers.size > 0
    return {
        "minima": float(tree.states.size),
        "ground_energy": float(tree.energies[0]),
        "ground_barrier": float(saddles[0] - tree.energies[0]) if several else np.nan,
        "largest_barrier": float(barriers.max()) if several else np.nan,
        "mean_barrier": float(barriers.mean()) if several else np.nan,
        "ground_basin": float(tree.basin_sizes[0] / tree.basins.size),
    }


def _deepest_minima(tree: BarrierTree, branches: int) -> dict[str, np.ndarray]:
    properties = {
        "minimum_state": tree.states,
        "minimum_energy": tree.energies,
        "saddle_state": tree.saddle_states,
        "saddle_energy": np.where(tree.joined < 0, np.nan, tree.saddle_energies),
        "joined": tree.joined,
        "basin_size": tree.basin_sizes,
    }
    return {name: _padded(values, branches) for name, values in properties.items()}


def _padded(values: np.ndarray, length: int) -> np.ndarray:
    whole = values.dtype.kind in "iu"
    padded = np.full(length, -1 if whole else np.nan, np.int64 if whole else np.float64)
    padded[: values.size] = values[:length]
    return padded
