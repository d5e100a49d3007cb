r"""Fluctuations over samples: the susceptibility chi_4, the law of the overlap, and quantiles.

.. math:: \chi_4(t, t_w) = N \, {\rm Var} \, q(t_w, t), \qquad q = 1 - \frac{2 d}{N}

where d is the number of spins that differ between t_w and t = t_w (1 + omega). A mean overlap hides
whether all samples relax alike, or some have relaxed and others have not begun; chi_4 and the law
of q over samples tell these cases apart.

With one trajectory for each disorder sample the variance is over both, dynamics and disorder. With
several it is the sum of a thermal part, the mean variance at fixed disorder, and a part due to the
disorder, the variance of the mean at fixed disorder. L. Berthier et al., J. Chem. Phys. 126, 184503
(2007), on parts of chi_4.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.distribution import variance_and_error
from glasscore.estimates.samples import share_and_error
from glasscore.estimates.variance_components import VarianceComponents, variance_components
from glasscore.files.store import measured, quantity
from glasscore.traps.aging_functions import PAIR, where_observed
from glasscore.traps.quantiles import quantile_axis, quantiles

SUSCEPTIBILITY = "four_point_susceptibility"
SUSCEPTIBILITIES = {
    "thermal_susceptibility": (
        "N times the mean over samples of the variance of q in a sample",
        r"\chi_{\rm th}",
    ),
    "disorder_susceptibility": (
        "N times the variance over samples of the mean of q in a sample",
        r"\chi_{\rm dis}",
    ),
    SUSCEPTIBILITY: (
        "four-point susceptibility N Var q, over disorder samples and trajectories",
        r"\chi_4",
    ),
}
# With more possible overlaps than this, several of them share a bin.
MOST_BINS = 25

Array = NDArray[np.float64]


def fluctuations_of_overlap(
    blocks: xr.Dataset, windows: Sequence[float], spins: int
) -> dict[str, xr.Variable]:
    """How the overlap between t_w and t_w (1 + omega) is distributed over samples.

    Parameters
    ----------
    blocks
        What the recorder ``configurations`` wrote for all samples.
    windows
        Values of omega; each must have been recorded.
    spins
        Number of spins N.

    Returns
    -------
    dict
        ``four_point_susceptibility(waiting_time, window)``; ``overlap_quantile(waiting_time,
        window, quantile)``; and ``overlap_density(waiting_time, window, overlap_value)``, which is
        normalised to 1 over the bins from ``overlap_value_lower`` to ``overlap_value_upper``. All
        are NaN where t_w (1 + omega) lies beyond the end of the run.
    """
    distance = blocks.distance.sel(window=list(windows))
    counts, observed = _counts(distance.values, spins)
    # Ascending overlaps belong to descending distances.
    overlaps, counts = 1.0 - 2.0 * np.arange(spins, -1, -1) / spins, counts[..., ::-1]
    variance, error = variance_and_error(overlaps, counts)
    broad = quantiles(overlaps, counts)
    lower, upper, (share, share_error) = in_bins(counts)
    width = upper - lower
    each = observed[..., np.newaxis]
    axis = "overlap_value"
    return {
        "waiting_time": distance.waiting_time.variable,
        "window": distance.window.variable,
        axis: quantity(axis, (lower + upper) / 2, "overlap, bin centre", "q"),
        f"{axis}_lower": quantity(axis, lower, "lower edge of the bin", "q_-"),
        f"{axis}_upper": quantity(axis, upper, "upper edge of the bin", "q_+"),
        **quantile_axis(),
        **measured(
            SUSCEPTIBILITY, PAIR, *where_observed(observed, spins * variance, spins * error),
            *SUSCEPTIBILITIES[SUSCEPTIBILITY],
        ),
        **measured(
            "overlap_quantile", (*PAIR, "quantile"), *where_observed(each, *broad),
            "quantile of the overlap of the configurations at t_w and t_w (1 + omega)", "q_p",
        ),
        **measured(
            "overlap_density", (*PAIR, axis),
            *where_observed(each, share / width, share_error / width),
            "density of the overlap of the configurations at t_w and t_w (1 + omega)", "P(q)",
        ),
    }  # fmt: skip


def fluctuations_by_origin(
    replicas: Sequence[xr.Dataset], windows: Sequence[float], spins: int | None
) -> dict[str, xr.Variable]:
    """Fluctuations of the trajectories and of the disorder, from several trajectories a sample.

    Parameters
    ----------
    replicas
        What the recorder ``configurations`` wrote for the first trajectories of all samples, for
        the second ones, and so on.
    windows, spins
        As in :func:`fluctuations_of_overlap`; ``spins`` is ``None`` if states are no spins.

    Returns
    -------
    dict
        By (waiting_time, window): ``thermal_susceptibility``, ``disorder_susceptibility``, and
        their sum ``four_point_susceptibility`` (spins only); ``same_configuration_variance``, the
        variance over the disorder of the probability, in each sample, to be in the same
        configuration at both times.
    """
    distances = [one.distance.sel(window=list(windows)) for one in replicas]
    # The shape is (waiting_time, window, sample, replica).
    values = np.stack([one.values for one in distances], axis=-1).transpose(1, 2, 0, 3)
    observed = np.all(values >= 0, axis=(2, 3))
    same = _components(lambda distance: distance == 0, values).between
    about = (
        "disorder samples of the probability of the same configuration at t_w and t_w (1 + omega)"
    )
    found = measured(
        "same_configuration_variance", PAIR, *where_observed(observed, *same),
        f"variance over {about}", r"{\rm Var} \, \Pi",
    )  # fmt: skip
    if spins is None:
        return found
    parts = _components(lambda distance: 1.0 - 2.0 * distance / spins, values)
    for (name, told), (variance, error) in zip(SUSCEPTIBILITIES.items(), parts, strict=True):
        estimate = where_observed(observed, spins * variance, spins * error)
        found |= measured(name, PAIR, *estimate, *told)
    return found


def _components(
    function: Callable[[NDArray[np.int16]], NDArray[Any]], distances: NDArray[np.int16]
) -> VarianceComponents:
    """Variances of a function of the distance, one waiting time after another to save memory."""
    rows = [variance_components(function(one)) for one in distances]
    parts = (np.array([row[part] for row in rows]).swapaxes(0, 1) for part in range(3))
    return VarianceComponents(*((variance, error) for variance, error in parts))


def _counts(distance: NDArray[np.int16], spins: int) -> tuple[Array, NDArray[np.bool_]]:
    """How many samples have each distance from 0 to N, and which pairs of times were observed.

    The pairs that were not observed count as if all samples had the distance 0.
    """
    observed = np.all(distance >= 0, axis=0)
    counts = np.zeros((*observed.shape, spins + 1))
    counts[..., 0] = len(distance)
    for pair in np.argwhere(observed):
        counts[tuple(pair)] = np.bincount(distance[:, *pair], minlength=spins + 1)
    return counts, observed


def in_bins(counts: Array) -> tuple[Array, Array, tuple[Array, Array]]:
    """Shares of the samples in bins of the N + 1 possible overlaps, symmetric about 0.

    Each possible overlap is the centre of a cell of the width 2 / N, and a bin consists of cells.
    Up to ``MOST_BINS`` possible overlaps have a bin each. If there are more, all bins have the same
    odd number of cells, except for the first and the last, which may have fewer.

    Parameters
    ----------
    counts
        Numbers of samples by ascending overlap along the last axis.

    Returns
    -------
    lower, upper : ndarray
        Edges of the bins, from -1 - 1 / N to 1 + 1 / N.
    shares : tuple of ndarray
        The share of samples in each bin, and its standard error.
    """
    values = counts.shape[-1]
    cells = -(-values // MOST_BINS)
    cells += 1 - cells % 2
    bins = -(-values // cells)
    # The number of missing cells is even, so that both ends lack equally many.
    bins += (bins * cells - values) % 2
    missing = (bins * cells - values) // 2
    first = np.clip(np.arange(bins + 1) * cells - missing, 0, values)
    edges = (2.0 * first - values) / (values - 1.0)
    sums = np.add.reduceat(counts, first[:-1], axis=-1)
    samples = counts.sum(axis=-1, keepdims=True)
    return edges[:-1], edges[1:], share_and_error(sums, samples)
