"""The landscape of one disorder sample, drawn from the name of the sample alone."""

from importlib import import_module
from typing import Any

import numpy as np

from glasscore.kernels.random_streams import sample_key


def disorder_sample(seed: int, study: str, N: float, sample: int, model: dict[str, Any]) -> Any:
    """The landscape of a disorder sample, which is the same at all temperatures and in all jobs.

    Parameters
    ----------
    seed, study, N, sample
        The name of the sample.
    model
        ``landscape:`` of the config: ``graph``, ``energies`` and the options of the energies.
    """
    energies = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    graph = import_module(f"glasscore.landscapes.graphs.{model['graph']}")
    key = sample_key(seed, study, N, sample)
    return graph.create(N, energies.create(N, key, options(model)))


def sample_of_job(parameters: dict[str, Any], sample: int) -> Any:
    """The landscape of a disorder sample of a job.

    Parameters
    ----------
    parameters
        The parameters of the job. ``disorder``, if given, names the study whose samples are used.
    sample
        The number of the sample.
    """
    model, N = parameters["landscape"], parameters["N"]
    return disorder_sample(parameters["seed"], _study_of(parameters), N, sample, model)


def key_of_job(parameters: dict[str, Any], sample: int) -> np.ndarray:
    """The two words that name the landscape of a disorder sample of a job."""
    return sample_key(parameters["seed"], _study_of(parameters), parameters["N"], sample)


def _study_of(parameters: dict[str, Any]) -> str:
    """The study whose disorder samples a job uses."""
    return parameters.get("disorder", parameters["study"])


def options(model: dict[str, Any]) -> dict[str, Any]:
    """The options of the energies among the keys of ``landscape:``."""
    return {key: value for key, value in model.items() if key not in ("graph", "energies")}
