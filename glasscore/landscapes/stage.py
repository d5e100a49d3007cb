"""Survey of a landscape: its measured energies and their exact law."""

from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.estimates.samples import ratio_and_error
from glasscore.files.store import measured, quantity
from glasscore.kernels.compilation import compiled_once, kernel
from glasscore.kernels.random_streams import generator
from glasscore.landscapes.interface import (
    destination_energy,
    move,
    move_count,
    place_randomly,
    position,
)
from glasscore.landscapes.sample import options, sample_of_job

# The number of samples is small, since a sample of the largest stored landscape (2^24 energies)
# takes half a second to draw.
SAMPLES = 64
STEPS = 4096
BINS = 60


@kernel
def walk(landscape, where, energies, rng):
    """Write the energies along a random walk that accepts every move."""
    place_randomly(landscape, where, rng)
    for step in range(energies.size):
        energies[step] = where.energy[0]
        number = int(rng.random() * move_count(landscape))
        after = destination_energy(landscape, where, number, rng)
        move(landscape, where, number, after, rng)


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Survey ``SAMPLES`` disorder samples, independently of ``samples`` in the config.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``N`` and perhaps ``disorder``: see config/README.md.
    inputs
        Empty, since the stage needs no input files.

    Returns
    -------
    xarray.Dataset
        ``energy_density(energy)`` and ``neighbour_correlation``, each with its error and, if the
        law of the energies provides it, with its exact value; the number of ``samples``.
    """
    model, N = parameters["landscape"], parameters["N"]
    law = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    energies = _energies_of_walks(parameters)
    edges = np.linspace(energies.min(), energies.max(), BINS + 1)
    centres = (edges[1:] + edges[:-1]) / 2
    variables = _measured_energies(energies, edges)
    if density := getattr(law, "density", None):
        exact = density(centres, N, options(model))
        variables["energy_density_exact"] = quantity(
            "energy", exact, "law of the energies", r"\rho(E)", "1/J"
        )
    if correlation := getattr(law, "correlation", None):
        variables["neighbour_correlation_exact"] = quantity(
            (), correlation(N, options(model)), "exact correlation of neighbours", "c"
        )
    return xr.Dataset(
        variables,
        attrs={
            "time_unit": "none",
            "energy_unit": "J, as normalised in config/README.md",
            "critical_temperature": law.critical_temperature(options(model)),
        },
    )


def _energies_of_walks(parameters: dict[str, Any]) -> np.ndarray:
    """Energies along a random walk in each sample, shape (SAMPLES, STEPS)."""
    seed, study, model, N = (parameters[key] for key in ("seed", "study", "landscape", "N"))
    energies = np.zeros((SAMPLES, STEPS))

    def survey(sample: int, steps: int) -> None:
        rng = generator(seed, study, N, sample, "survey")
        # Words wrap around in a hash; NumPy warns of it when kernels run uncompiled.
        with np.errstate(over="ignore"):
            landscape = sample_of_job(parameters, sample)
            walk(landscape, position(landscape), energies[sample, :steps], rng)

    with compiled_once(f"walk-{model['graph']}-{model['energies']}"):
        survey(0, 0)
    for sample in range(SAMPLES):
        survey(sample, STEPS)
    return energies


def _measured_energies(energies: np.ndarray, edges: np.ndarray) -> dict[str, xr.Variable]:
    """The density of energies in bins between ``edges``, and the correlation of neighbours."""
    counts = np.array([np.histogram(sample, edges)[0] for sample in energies])
    share, error = ratio_and_error(counts, counts.sum(axis=1, keepdims=True))
    density, density_error = share / np.diff(edges), error / np.diff(edges)
    return {
        "samples": quantity((), SAMPLES, "disorder samples", "n"),
        "energy": quantity("energy", (edges[1:] + edges[:-1]) / 2, "energy, bin centre", "E", "J"),
        **measured(
            "energy_density",
            "energy",
            density,
            density_error,
            "density of energies",
            r"\rho(E)",
            "1/J",
        ),
        **measured(
            "neighbour_correlation",
            (),
            *correlation_and_error(energies),
            "correlation of the energies of two neighbours",
            "c",
        ),
    }


def correlation_and_error(energies: np.ndarray) -> tuple[float, float]:
    r"""Correlation of successive energies, and its standard error over samples.

    .. math:: c = \frac{\overline{\langle E_s E_{s+1} \rangle} - m^2}
                       {\overline{\langle E_s^2 \rangle} - m^2},
              \qquad m = \overline{\langle E_s \rangle}

    The means are taken over the steps of all samples. If each sample had its own mean subtracted,
    samples of few states would seem anticorrelated, and a contribution that is common to all states
    of a sample would not count.

    Parameters
    ----------
    energies
        The energies, shape (samples, steps), with at least two samples and two steps.

    Notes
    -----
    The jackknife, which leaves out one sample at a time, gives the error and removes the bias of
    order 1/samples of the ratio and the squared mean (M. H. Quenouille, Biometrika 43 (1956); J.
    W. Tukey, Ann. Math. Stat. 29 (1958)).
    """
    first, second = energies[:, :-1], energies[:, 1:]
    moments = np.array(
        [
            (first * second).mean(axis=1),
            (first**2 + second**2).mean(axis=1) / 2,
            (first + second).mean(axis=1) / 2,
        ]
    )
    samples = energies.shape[0]
    everything = moments.mean(axis=1)
    without_one = (everything[:, np.newaxis] * samples - moments) / (samples - 1)
    whole, parts = (
        (product - mean**2) / (square - mean**2)
        for product, square, mean in (everything, without_one)
    )
    correlation = samples * whole - (samples - 1) * parts.mean()
    return float(correlation), float(np.sqrt((samples - 1) * parts.var()))
