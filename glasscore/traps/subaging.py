"""Subaging exponents mu of the overlap and of the aging functions, from all recorded windows.

Correlations of all waiting times lie on one curve if they are drawn against the right function
h(t), see :mod:`glasscore.estimates.subaging`. The statistical error is that of a bootstrap over
blocks of samples, all times together.
"""

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.subaging import SubagingExponent, subaging_exponent
from glasscore.files.store import measured, quantity
from glasscore.models.schedule import later_times

# Earlier waiting times and shorter lags, in sweeps (for states that are no spins, in attempts), are
# those of fast relaxation.
FIRST_WAITING_TIME = 10.0
SHORTEST_LAG = 1.0
MOST_BLOCKS = 64
REPLICATES = 100

Array = NDArray[np.float64]


def subaging(blocks: xr.Dataset, spins: int | None) -> dict[str, xr.Variable]:
    """Exponents with their errors, in variables named after the observable.

    Parameters
    ----------
    blocks
        What the recorder ``configurations`` wrote for all samples.
    spins
        Number of spins N, or ``None`` if states do not consist of spins.

    Returns
    -------
    dict
        ``<name>_subaging_exponent`` with its statistical error ``_error`` and its systematic error
        ``_systematic``, and ``<name>_subaging_residual``, for ``overlap`` and
        ``same_configuration`` of spins, and else for ``no_jump``. They are NaN where there are too
        few waiting times, or no exponent is better than those at the ends of the range.
    """
    waiting_times, windows = blocks.waiting_time.values, blocks.window.values
    later = later_times(waiting_times, windows)
    lags = later - waiting_times[:, np.newaxis]
    sweep = 1.0 if spins is None else float(spins)
    chosen = np.all(blocks.distance.values >= 0, axis=0) & (lags >= SHORTEST_LAG * sweep)
    chosen &= waiting_times[:, np.newaxis] >= FIRST_WAITING_TIME * sweep
    t_w = np.broadcast_to(waiting_times[:, np.newaxis], lags.shape)[chosen]
    found: dict[str, xr.Variable] = {}
    for name, values in _observables(blocks, spins, later, chosen):
        found |= _variables(name, subaging_exponent(t_w, lags[chosen], *_replicated(values)))
    return found


def _observables(
    blocks: xr.Dataset, spins: int | None, later: Array, chosen: NDArray[np.bool_]
) -> Iterator[tuple[str, Array]]:
    """Names and values of the correlations of each sample, shape (sample, point)."""
    if spins is None:
        stays = blocks.departure.values[:, :, np.newaxis] > later
        yield "no_jump", stays[:, chosen].astype(np.float64)
        return
    distance = blocks.distance.values[:, chosen]
    yield "overlap", 1.0 - 2.0 * distance / spins
    yield "same_configuration", (distance == 0).astype(np.float64)


def _replicated(values: Array) -> tuple[Array, Array | None]:
    """The means over samples, and those over random choices of blocks of samples."""
    samples = len(values)
    if samples < 2:
        return values.mean(axis=0), None
    first = np.unique(np.linspace(0, samples, min(samples, MOST_BLOCKS) + 1).astype(int))
    sums, sizes = np.add.reduceat(values, first[:-1]), np.diff(first)
    count = sizes.size
    draws = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), REPLICATES)
    return values.mean(axis=0), (draws @ sums) / (draws @ sizes)[:, np.newaxis]


def _variables(name: str, found: SubagingExponent) -> dict[str, xr.Variable]:
    about = f"of the {name.replace('_', ' ')}"
    return {
        **measured(
            f"{name}_subaging_exponent", (), found.exponent, found.error,
            f"subaging exponent {about}", r"\mu",
        ),
        f"{name}_subaging_exponent_systematic": quantity(
            (), found.systematic, f"systematic error of the subaging exponent {about}, from parts "
            "of the fit", r"\Delta \mu",
        ),
        f"{name}_subaging_residual": quantity(
            (), found.residual, f"root mean square of what one curve misses {about}", r"\Delta C"
        ),
    }  # fmt: skip
