"""The workflow's stage ``barriers``: all minima and barriers of disorder samples of one size."""

from importlib import import_module
from typing import Any

import numpy as np
import xarray as xr

from glasscore.barriers.averages import (
    averages_by_energy,
    barrier_density,
    deepest_minima,
    means_of_scalars,
)
from glasscore.barriers.flooding import barrier_tree
from glasscore.barriers.overlaps import overlap_laws, overlaps
from glasscore.barriers.participation import participation_ratios, temperatures
from glasscore.barriers.survey import Survey, survey
from glasscore.common.progress import Progress
from glasscore.estimates.samples import mean_and_error
from glasscore.files.store import measured, quantity
from glasscore.kernels.compilation import compiled_once
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.sample import options, sample_of_job

# Energies of two spins for which the barrier tree runs every kernel.
WITH_A_PLATEAU = np.array([1.0, 1.0, 0.0, 2.0])


def run(parameters: dict[str, Any], inputs: list[str]) -> xr.Dataset:
    """Survey the minima of disorder samples.

    Parameters
    ----------
    parameters
        ``seed``, ``study``, ``landscape``, ``N``, ``samples``, ``branches``, and perhaps
        ``disorder`` and ``overlap_temperatures``: see config/README.md. The samples are those of an
        activated study of the same name and seed, or of the study ``disorder``.
    inputs
        Not used: the stage reads no files.

    Returns
    -------
    xarray.Dataset
        Means over samples of the number of minima, of the deepest energy and of barriers; the
        density of barriers; the participation ratio by temperature; mean and spread of the
        saddles, and mean size of the basin, by energy of the minimum; for each sample the tree of
        its deepest minima; and perhaps laws of the overlap.
    """
    model, N = parameters["landscape"], parameters["N"]
    law = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    critical = law.critical_temperature(options(model))
    T = temperatures(critical)
    # Hashes overflow on purpose; NumPy warns of it when kernels run uncompiled.
    with np.errstate(over="ignore"):
        with compiled_once(f"barriers-{model['graph']}-{model['energies']}"):
            energies_of_all_states(sample_of_job(parameters, 0), states=1)
            barrier_tree(WITH_A_PLATEAU)
            participation_ratios(WITH_A_PLATEAU, T[0])
            overlap_laws(WITH_A_PLATEAU, [T[0]])
        surveys, participations, laws = _all_samples(parameters, T[0])
    variables = {
        "samples": quantity((), len(surveys), "disorder samples", "n"),
        "sample": quantity("sample", np.arange(len(surveys)), "disorder sample", "k"),
        **means_of_scalars(surveys),
        **deepest_minima(surveys, parameters["branches"]),
        **barrier_density(surveys, N),
        **averages_by_energy(surveys, N),
        "temperature": quantity("temperature", T, "temperature", "T", "J"),
        **measured(
            "participation_ratio",
            "temperature",
            *mean_and_error(participations),
            "sum over states of the squared weights in equilibrium",
            "Y_2",
        ),
    }
    if laws.size:
        variables |= overlaps(laws, parameters["overlap_temperatures"])
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


def _all_samples(
    parameters: dict[str, Any], hottest: float
) -> tuple[list[Survey], list[np.ndarray], np.ndarray]:
    """The survey, the participation ratios, and the laws of the overlap of each sample."""
    surveys: list[Survey] = []
    participations: list[np.ndarray] = []
    laws: list[np.ndarray] = []
    progress = Progress()
    for sample in range(parameters["samples"]):
        energies = energies_of_all_states(sample_of_job(parameters, sample))
        participations.append(participation_ratios(energies, hottest))
        if "overlap_temperatures" in parameters:
            laws.append(overlap_laws(energies, parameters["overlap_temperatures"]))
        tree = barrier_tree(energies)
        surveys.append(survey(tree, parameters["branches"], parameters["N"]))
        progress.report(f"{sample + 1} of {parameters['samples']} samples")
    return surveys, participations, np.array(laws)
