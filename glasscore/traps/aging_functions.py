"""Aging functions of configurations and inherent structures, between t_w and t_w (1 + omega).

``same_configuration``: the configuration at both times is the same, left in between or not.
``no_jump``: it was never left in between. ``overlap``: what share of the spins is the same, minus
the share that is not. ``same_inherent_structure`` and ``inherent_overlap``: the same of the local
minima below both configurations.
"""

from collections.abc import Sequence

import numpy as np
import xarray as xr

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
        What the recorder ``configurations`` wrote, all samples together.
    windows
        Values of omega; each must have been recorded.
    spins
        Number of spins N, or ``None`` where a state has no overlap with another.

    Returns
    -------
    dict
        Means and errors of shape (waiting_time, window), NaN where t_w (1 + omega) lies beyond
        the end of the run; the energy at the waiting times.
    """
    chosen = blocks.sel(window=list(windows))
    later = later_times(chosen.waiting_time.values, chosen.window.values)
    observed = _observed(chosen.distance)
    stays = chosen.departure.values[:, :, None] > later
    never, never_error = proportion_and_error(stays)
    energy, energy_error = mean_and_error(chosen.waiting_energy.values)
    return {
        **_same(chosen.distance, "configuration"),
        **measured(
            "no_jump", PAIR, np.where(observed, never, np.nan),
            np.where(observed, never_error, np.nan),
            "probability of no jump between t_w and t_w (1 + omega)", r"\Pi",
        ),
        **measured(
            "waiting_energy", "waiting_time", energy, energy_error,
            "mean energy at the waiting time", r"\langle E(t_w) \rangle", "J",
        ),
        **({} if spins is None else _overlap(chosen.distance, spins, "overlap", "configuration")),
    }  # fmt: skip


def of_inherent_structures(
    blocks: xr.Dataset, windows: Sequence[float], spins: float
) -> dict[str, xr.Variable]:
    """Aging functions of inherent structures at the chosen windows.

    Parameters
    ----------
    blocks
        What the recorder ``inherent_structures`` wrote, all samples together.
    windows, spins
        As in :func:`aging_functions`.

    Returns
    -------
    dict
        As there: ``same_inherent_structure`` and ``inherent_overlap``.
    """
    distance = blocks.inherent_distance.sel(window=list(windows))
    kind = "inherent structure"
    return {**_same(distance, kind), **_overlap(distance, spins, "inherent_overlap", kind)}


def _observed(distance: xr.DataArray) -> np.ndarray:
    return (distance >= 0).all("sample").values


def _same(distance: xr.DataArray, kind: str) -> dict[str, xr.Variable]:
    same, error = proportion_and_error(distance.values == 0)
    observed = _observed(distance)
    return {
        "waiting_time": distance.waiting_time.variable,
        "window": distance.window.variable,
        **measured(
            f"same_{kind.replace(' ', '_')}", PAIR,
            np.where(observed, same, np.nan), np.where(observed, error, np.nan),
            f"probability of the same {kind} at t_w and t_w (1 + omega)", r"\Pi_{\rm same}",
        ),
    }  # fmt: skip


def _overlap(distance: xr.DataArray, spins: float, name: str, kind: str) -> dict[str, xr.Variable]:
    mean, error = mean_and_error(1.0 - 2.0 * distance.values / spins)
    observed = _observed(distance)
    return measured(
        name, PAIR, np.where(observed, mean, np.nan), np.where(observed, error, np.nan),
        f"overlap of the {kind}s at t_w and t_w (1 + omega)", "q",
    )  # fmt: skip
