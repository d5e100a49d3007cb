"""All minima and barriers of some disorder samples: the job of the barriers stage."""

from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.barriers.all_states import energies_of_all_states
from glasscore.barriers.binned import Binned, aligned, binned
from glasscore.barriers.flooding import BarrierTree, barrier_tree
from glasscore.barriers.participation import participation_ratios, temperatures
from glasscore.common.progress import Progress
from glasscore.estimates.samples import mean_and_error, ratio_and_error
from glasscore.files.store import measured, quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.landscapes.sample import options, sample_of_job

# Two spins; it takes every kernel to flood it.
WITH_A_PLATEAU = np.array([1.0, 1.0, 0.0, 2.0])
# Of energies and barriers, in a range of N J.
BINS = 64


class Survey(NamedTuple):
    """What is kept of one sample.

    Attributes
    ----------
    scalars
        By name, see ``SCALARS``.
    deepest
        Of the deepest minima, by name, padded with NaN (-1 for whole numbers).
    barriers
        Number of minima by barrier.
    minima, saddles, squares, basins
        By energy of the minimum: their number; sums of the energies of their saddles, of the
        squares of these, and of the sizes of their basins. All but the deepest minimum.
    """

    scalars: dict[str, float]
    deepest: dict[str, np.ndarray]
    barriers: Binned
    minima: Binned
    saddles: Binned
    squares: Binned
    basins: Binned


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


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Survey the minima of disorder samples.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``N``, ``samples``, ``branches`` and perhaps
        ``disorder``: see config/README.md. The samples are those of an activated study of the same
        name and seed, or of the study ``disorder``.
    inputs
        None.

    Returns
    -------
    xarray.Dataset
        Means over samples of the number of minima, of the deepest energy and of barriers; the
        density of barriers; the participation ratio by temperature; mean and spread of the
        saddles, and mean size of the basin, by energy of the minimum; and of the deepest minima,
        for each sample, the tree.
    """
    model, N = parameters["landscape"], parameters["N"]
    law = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    critical = law.critical_temperature(options(model))
    T = temperatures(critical)
    surveys: list[Survey] = []
    participations: list[np.ndarray] = []
    progress = Progress()

    # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        with compiled_once(f"barriers-{model['graph']}-{model['energies']}"):
            energies_of_all_states(sample_of_job(parameters, 0), states=1)
            barrier_tree(WITH_A_PLATEAU)
            participation_ratios(WITH_A_PLATEAU, T[0])
        for sample in range(parameters["samples"]):
            energies = energies_of_all_states(sample_of_job(parameters, sample))
            participations.append(participation_ratios(energies, T[0]))
            surveys.append(surveyed(barrier_tree(energies), parameters["branches"], N))
            progress.report(f"{sample + 1} of {parameters['samples']} samples")
    variables = {
        "samples": quantity((), len(surveys), "disorder samples", "n"),
        "sample": quantity("sample", np.arange(len(surveys)), "disorder sample", "k"),
        **_scalars(surveys),
        **_deepest(surveys, parameters["branches"]),
        **densities(surveys, N),
        "temperature": quantity("temperature", T, "temperature", "T", "J"),
        **measured(
            "participation_ratio",
            "temperature",
            *mean_and_error(participations),
            "sum over states of the squared weights in equilibrium",
            "Y_2",
        ),
    }
    return xr.Dataset(
        variables,
        attrs={
            "time_unit": "none",
            "energy_unit": "J, as normalised in config/README.md",
            "critical_temperature": critical,
            "barrier": "least energy of the highest state on a path to a deeper minimum, less the "
            "energy of the minimum",
        },
    )


def surveyed(tree: BarrierTree, branches: int, N: int) -> Survey:
    """What is kept of the tree of a sample of N spins: all ``branches`` deepest minima."""
    others, sizes = tree.energies[1:], tree.basin_sizes
    barriers, saddles = tree.barriers[1:], tree.saddle_energies[1:]
    several = others.size > 0
    # The deepest minimum has no deeper one to go to: its barrier is that to the second deepest.
    ways_out = tree.barriers.copy()
    ways_out[0] = saddles[0] - tree.energies[0] if several else np.nan
    scalars = {
        "minima": float(tree.states.size),
        "ground_energy": float(tree.energies[0]),
        "ground_barrier": float(saddles[0] - tree.energies[0]) if several else np.nan,
        "largest_barrier": float(barriers.max()) if several else np.nan,
        "mean_barrier": float(barriers.mean()) if several else np.nan,
        "ground_basin": float(sizes[0] / tree.basins.size),
    }
    kept = {
        "minimum_state": tree.states,
        "minimum_energy": tree.energies,
        "saddle_state": tree.saddle_states,
        "saddle_energy": np.where(tree.joined < 0, np.nan, tree.saddle_energies),
        "joined": tree.joined,
        "basin_size": sizes,
    }
    width = bin_width(N)
    return Survey(
        scalars,
        {name: _padded(values, branches) for name, values in kept.items()},
        binned(ways_out[np.isfinite(ways_out)], width),
        binned(others, width),
        binned(others, width, saddles),
        binned(others, width, saddles**2),
        binned(others, width, sizes[1:].astype(np.float64)),
    )


def bin_width(N: int) -> float:
    """Width of the bins of energies and barriers, in units of J."""
    return N / BINS


def _padded(values: np.ndarray, length: int) -> np.ndarray:
    whole = values.dtype.kind in "iu"
    padded = np.full(length, -1 if whole else np.nan, np.int64 if whole else np.float64)
    padded[: values.size] = values[:length]
    return padded


def _scalars(surveys: list[Survey]) -> dict[str, xr.Variable]:
    """Means over samples; samples of a single minimum have no barrier, and are left out there."""
    found: dict[str, xr.Variable] = {}
    for name, (long_name, symbol, units) in SCALARS.items():
        values = np.array([survey.scalars[name] for survey in surveys])
        values = values[np.isfinite(values)]
        mean, error = mean_and_error(values) if values.size else (np.nan, np.nan)
        found |= measured(name, (), mean, error, long_name, symbol, units)
    return found


def _deepest(surveys: list[Survey], branches: int) -> dict[str, xr.Variable]:
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


def densities(surveys: list[Survey], N: int) -> dict[str, xr.Variable]:
    """The density of barriers, and what is typical of minima of one energy."""
    width = bin_width(N)
    barrier, counts = aligned([survey.barriers for survey in surveys], width)
    density, error = ratio_and_error(counts, counts.sum(axis=1, keepdims=True))
    energy, minima = aligned([survey.minima for survey in surveys], width)
    saddles, squares, basins = (
        aligned([getattr(survey, name) for survey in surveys], width)[1]
        for name in ("saddles", "squares", "basins")
    )
    saddle, saddle_error = ratio_and_error(saddles, minima, one_count=0.0)
    basin, basin_error = ratio_and_error(basins, minima, one_count=0.0)
    number, number_error = mean_and_error(minima / width)
    with np.errstate(invalid="ignore", divide="ignore"):
        square = squares.sum(axis=0) / minima.sum(axis=0)
    spread = np.sqrt(np.maximum(square - saddle**2, 0.0))
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
        **measured(
            "saddle_mean",
            "energy",
            saddle,
            saddle_error,
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
        **measured(
            "basin_mean",
            "energy",
            basin,
            basin_error,
            "mean number of states that descend to a minimum",
            "b(E)",
        ),
    }
