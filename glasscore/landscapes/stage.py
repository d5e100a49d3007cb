"""What a landscape looks like: its measured energies against their law."""

from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.compilation import compiled_once, kernel
from glasscore.landscapes.interface import destination_energy, move, move_count, place, position
from glasscore.landscapes.sample import disorder_sample, options
from glasscore.random import generator
from glasscore.statistics.samples import mean_and_error, ratio_and_error
from glasscore.store import measured, quantity

SAMPLES = 64
STEPS = 4096
BINS = 60


@kernel
def walk(landscape, where, energies, rng):
    """Energies along a random walk that accepts every move."""
    place(landscape, where, rng)
    for step in range(energies.size):
        energies[step] = where.energy[0]
        number = int(rng.random() * move_count(landscape))
        after = destination_energy(landscape, where, number, rng)
        move(landscape, where, number, after, rng)


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Survey ``SAMPLES`` disorder samples, whatever number the campaign runs.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape`` and ``N``: see config/README.md.
    inputs
        None.

    Returns
    -------
    xarray.Dataset
        ``energy_density(energy)`` with error and exact law, ``neighbour_correlation`` with error.
    """
    seed, study, model, N = (parameters[key] for key in ("seed", "study", "landscape", "N"))
    law = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    energies = np.zeros((SAMPLES, STEPS))

    def survey(sample: int, steps: int) -> None:
        rng = generator(seed, study, N, sample, "survey")
        # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
        with np.errstate(over="ignore"):
            landscape = disorder_sample(seed, study, N, sample, model)
            walk(landscape, position(landscape), energies[sample, :steps], rng)

    with compiled_once(f"walk-{model['graph']}-{model['energies']}"):
        survey(0, 0)
    for sample in range(SAMPLES):
        survey(sample, STEPS)
    edges = np.linspace(energies.min(), energies.max(), BINS + 1)
    counts = np.array([np.histogram(sample, edges)[0] for sample in energies])
    share, error = ratio_and_error(counts, counts.sum(axis=1, keepdims=True))
    density, density_error = share / np.diff(edges), error / np.diff(edges)
    centres = (edges[1:] + edges[:-1]) / 2
    # The mean of all samples: their own would make few states look anticorrelated.
    fluctuation = energies - energies.mean()
    correlations = (fluctuation[:, :-1] * fluctuation[:, 1:]).mean(axis=1) / energies.var()
    return xr.Dataset(
        {
            "energy": quantity("energy", centres, "energy, bin centre", "E", "J"),
            **measured(
                "energy_density",
                "energy",
                density,
                density_error,
                "density of energies",
                r"\rho(E)",
                "1/J",
            ),
            "energy_density_exact": quantity(
                "energy",
                law.density(centres, N, options(model)),
                "law of the energies",
                r"\rho(E)",
                "1/J",
            ),
            **measured(
                "neighbour_correlation",
                (),
                *mean_and_error(correlations),
                "correlation of the energies of two neighbours",
                "c",
            ),
        },
        attrs={
            "time_unit": "none",
            "energy_unit": "J, as normalised in config/README.md",
            "critical_temperature": law.critical_temperature(options(model)),
        },
    )
