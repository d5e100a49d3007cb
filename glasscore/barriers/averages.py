"""Averages over the surveys of all disorder samples, as variables of the result file."""

import numpy as np
import xarray as xr

from glasscore.barriers.binned import in_common_bins
from glasscore.barriers.survey import Survey, bin_width
from glasscore.estimates.samples import mean_and_error, ratio_and_error
from glasscore.files.store import measured, quantity

SCALARS = {
    "minima": ("number of local minima", "n", "1"),
    "ground_energy": ("energy of the deepest minimum", "E_0", "J"),
    "ground_barrier": (
        "barrier from the deepest minimum to the second deepest",
        r"\Delta E_0",
        "J",
    ),
    "largest_barrier": (
        "largest barrier from a minimum to a deeper one",
        r"\Delta E_{\max}",
        "J",
    ),
    "mean_barrier": ("mean over minima of the barrier to a deeper one", r"\Delta E", "J"),
    "ground_basin": ("share of states that descend to the deepest minimum", "b_0", "1"),
}
DEEPEST = {
    "minimum_state": ("state of the minimum; bit k is spin k", "s", "1"),
    "minimum_energy": ("energy of the minimum", "E", "J"),
    "saddle_state": ("state of the lowest saddle to a deeper minimum", "s^*", "1"),
    "saddle_energy": ("energy of the lowest saddle to a deeper minimum", "E^*", "J"),
    "joined": ("rank of the minimum at the bottom of the pool that forms there", "k'", "1"),
    "basin_size": ("states that descend to the minimum", "b", "1"),
}


def means_of_scalars(surveys: list[Survey]) -> dict[str, xr.Variable]:
    """Means over samples; barriers are averaged over the samples with more than one minimum."""
    found: dict[str, xr.Variable] = {}
    for name, (long_name, symbol, units) in SCALARS.items():
        values = np.array([survey.scalars[name] for survey in surveys])
        values = values[np.isfinite(values)]
        mean, error = mean_and_error(values) if values.size else (np.nan, np.nan)
        found |= measured(name, (), mean, error, long_name, symbol, units)
    return found


def deepest_minima(surveys: list[Survey], branches: int) -> dict[str, xr.Variable]:
    """The deepest minima of each sample, with their saddles and basins."""
    ranks = quantity("minimum", np.arange(branches), "rank of the minimum, the deepest first", "k")
    return {"minimum": ranks} | {
        name: quantity(
            ("sample", "minimum"),
            np.array([survey.deepest[name] for survey in surveys]),
            long_name,
            symbol,
            units,
        )
        for name, (long_name, symbol, units) in DEEPEST.items()
    }


def barrier_density(surveys: list[Survey], N: int) -> dict[str, xr.Variable]:
    """The density of the barriers of all minima."""
    width = bin_width(N)
    barrier, counts = in_common_bins([survey.barriers for survey in surveys], width)
    density, error = ratio_and_error(counts, counts.sum(axis=1, keepdims=True))
    return {
        "barrier": quantity("barrier", barrier, "barrier, bin centre", r"\Delta E", "J"),
        **measured(
            "barrier_density",
            "barrier",
            density / width,
            error / width,
            "density of the barriers of minima, the deepest with that to the second deepest",
            r"\rho(\Delta E)",
            "1/J",
        ),
    }


def averages_by_energy(surveys: list[Survey], N: int) -> dict[str, xr.Variable]:
    """Number, saddles and basins of the minima, as functions of the energy of the minimum."""
    width = bin_width(N)
    energy, minima = in_common_bins([survey.minima for survey in surveys], width)
    number, number_error = mean_and_error(minima / width)
    return {
        "energy": quantity("energy", energy, "energy of minima, bin centre", "E", "J"),
        **measured(
            "minima_density",
            "energy",
            number,
            number_error,
            "number of minima per unit of energy, without the deepest",
            "n(E)",
            "1/J",
        ),
        **_saddles_by_energy(surveys, minima, width),
        **_basins_by_energy(surveys, minima, width),
    }


def _saddles_by_energy(
    surveys: list[Survey], minima: np.ndarray, width: float
) -> dict[str, xr.Variable]:
    """Mean and standard deviation of the energies of the saddles."""
    saddles = in_common_bins([survey.saddles for survey in surveys], width)[1]
    squares = in_common_bins([survey.squares for survey in surveys], width)[1]
    mean, error = ratio_and_error(saddles, minima, one_count=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        square = squares.sum(axis=0) / minima.sum(axis=0)
    spread = np.sqrt(np.maximum(square - mean**2, 0.0))
    return {
        **measured(
            "saddle_mean",
            "energy",
            mean,
            error,
            "mean energy of the lowest saddles to deeper minima",
            "E^*(E)",
            "J",
        ),
        "saddle_spread": quantity(
            "energy",
            spread,
            "standard deviation of the energies of these saddles over minima and samples",
            r"\sigma^*(E)",
            "J",
        ),
    }


def _basins_by_energy(
    surveys: list[Survey], minima: np.ndarray, width: float
) -> dict[str, xr.Variable]:
    """Mean size of the basins."""
    basins = in_common_bins([survey.basins for survey in surveys], width)[1]
    mean, error = ratio_and_error(basins, minima, one_count=0.0)
    return measured(
        "basin_mean",
        "energy",
        mean,
        error,
        "mean number of states that descend to a minimum",
        "b(E)",
    )
