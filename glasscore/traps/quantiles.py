"""Quantiles over samples, so that no mean hides a broad law."""

import xarray as xr
from numpy.typing import ArrayLike

from glasscore.estimates.distribution import Array, quantiles_and_error
from glasscore.files.store import quantity

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantiles(values: ArrayLike, counts: ArrayLike | None = None) -> tuple[Array, Array]:
    """Quantiles at the :data:`PROBABILITIES`, along the last axis, with their errors.

    ``values`` and ``counts`` are those of
    :func:`~glasscore.estimates.distribution.quantiles_and_error`.
    """
    return quantiles_and_error(PROBABILITIES, values, counts)


def quantile_axis() -> dict[str, xr.Variable]:
    """The coordinate ``quantile`` of the result file, which holds the probabilities."""
    what = "share of samples at or below the quantile"
    return {"quantile": quantity("quantile", PROBABILITIES, what, "p")}
