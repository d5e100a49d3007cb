"""Aging functions of configurations and inherent structures, between t_w and t_w (1 + omega).

``same_configuration`` is the probability that the configuration is the same at both times, whether
or not it was left in between; ``no_jump`` is the probability that it was never left. ``overlap`` is
the share of spins that are the same at both times minus the share of those that are not.
``same_inherent_structure`` and ``inherent_overlap`` are defined in the same way for the local
minima that steepest descent reaches from both configurations.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from glasscore.estimates.samples import mean_and_error, proportion_and_error
from glasscore.files.store import measured
from glasscore.models.schedule import later_times

PAIR = ("waiting_time", "window")


def aging_functions(
    blocks: xr.Dataset, windows: Sequence[float], spins: float | None
) -> dict[str, xr.Variable]:
    """Aging functions at the chosen windows.

    Parameters
    ----------
    blocks
        What the recorder ``configurations`` wrote for all samples.
    windows
        Values of omega; each must have been recorded.
    spins
        Number of spins N, or ``None`` if states do not consist of spins.

    Returns
    -------
    dict
        Means and errors of shape (waiting_time, window), which are NaN where t_w (1 + omega) lies
        beyond the end of the run; and the mean energy at the waiting times.
    """
    chosen = blocks.sel(window=list(windows))
    later = later_times(chosen.waiting_time.values, chosen.window.values)
    observed = _observed(chosen.distance)
    stays = chosen.departure.values[:, :, None] > later
    no_jump, no_jump_error = proportion_and_error(stays)
    energy, energy_error = mean_and_error(chosen.waiting_energy.values)
    return {
        **_same(chosen.distance, "configuration"),
        **measured(
            "no_jump", PAIR, *where_observed(observed, no_jump, no_jump_error),
            "probability of no jump between t_w and t_w (1 + omega)", r"\Pi",
        ),
        **measured(
            "waiting_energy", "waiting_time", energy, energy_error,
            "mean energy at the waiting time", r"\langle E(t_w) \rangle", "J",
        ),
        **({} if spins is None else _overlap(chosen.distance, spins, "overlap", "configuration")),
    }  # fmt: skip


def inherent_aging_functions(
    blocks: xr.Dataset, windows: Sequence[float], spins: float
) -> dict[str, xr.Variable]:
    """Aging functions of inherent structures at the chosen windows.

    Parameters
    ----------
    blocks
        What the recorder ``inherent_structures`` wrote for all samples.
    windows, spins
        As in :func:`aging_functions`.

    Returns
    -------
    dict
        ``same_inherent_structure`` and ``inherent_overlap``, in the same form.
    """
    distance = blocks.inherent_distance.sel(window=list(windows))
    kind = "inherent structure"
    return {**_same(distance, kind), **_overlap(distance, spins, "inherent_overlap", kind)}


def _observed(distance: xr.DataArray) -> np.ndarray:
    """Where both times lie within the run, shape (waiting_time, window)."""
    return (distance >= 0).all("sample").values


def where_observed(
    observed: ArrayLike, mean: ArrayLike, error: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """A mean and its error, with NaN where they were not observed."""
    return np.where(observed, mean, np.nan), np.where(observed, error, np.nan)


def _same(distance: xr.DataArray, kind: str) -> dict[str, xr.Variable]:
    same = proportion_and_error(distance.values == 0)
    return {
        "waiting_time": distance.waiting_time.variable,
        "window": distance.window.variable,
        **measured(
            f"same_{kind.replace(' ', '_')}", PAIR, *where_observed(_observed(distance), *same),
            f"probability of the same {kind} at t_w and t_w (1 + omega)", r"\Pi_{\rm same}",
        ),
    }  # fmt: skip


def _overlap(distance: xr.DataArray, spins: float, name: str, kind: str) -> dict[str, xr.Variable]:
    overlap = mean_and_error(1.0 - 2.0 * distance.values / spins)
    return measured(
        name, PAIR, *where_observed(_observed(distance), *overlap),
        f"overlap of the {kind}s at t_w and t_w (1 + omega)", "q",
    )  # fmt: skip
