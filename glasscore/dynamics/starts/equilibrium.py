r"""A state in equilibrium at a temperature T, drawn exactly from a list of all states.

.. math:: P(s) = e^{-E_s / T} / \sum_{s'} e^{-E_{s'} / T}

The landscape is that of the disorder sample, whatever the temperature. All 2^N energies are listed
once for each sample, so that N is at most 24. For infinitely many traps, whose energies are
independent, no list is needed: the first trap is drawn from the exact law of its energy, which
exists above T_c.
"""

from typing import Any

import numpy as np

from glasscore.common.errors import Refusal
from glasscore.dynamics.rules import inverse_temperature
from glasscore.dynamics.starts import planted
from glasscore.kernels import random_streams
from glasscore.landscapes.all_states import LARGEST_N, energies_of_all_states
from glasscore.landscapes.graphs import hypercube
from glasscore.landscapes.sample import sample_of_job

OPTIONS: dict[str, Any] = {
    "T": {
        "description": "a temperature from 1e-6 to 1e6, or same for that of the dynamics",
        "anyOf": [{"type": "number", "minimum": 1e-6, "maximum": 1e6}, {"enum": ["same"]}],
        "default": "same",
    },
}


def begin(parameters: dict[str, Any], sample: int) -> tuple[Any, np.ndarray]:
    """The landscape of a sample and one of its states, drawn from equilibrium."""
    if np.isinf(parameters["N"]):
        return planted.begin(parameters, sample)
    landscape, T = sample_of_job(parameters, sample), parameters["start"]["T"]
    # Energies are functions of the word of a state on any graph.
    energies = energies_of_all_states(hypercube.create(parameters["N"], landscape.energies))
    weights = np.exp(-inverse_temperature(T) * (energies - energies.min()))
    below = np.cumsum(weights)
    draw = random_streams.generator(
        parameters["seed"], parameters["study"], parameters["N"], sample, _role(parameters, T)
    ).random()
    state = np.searchsorted(below, draw * below[-1], side="right")
    return landscape, np.array([min(state, energies.size - 1)], np.uint64)


def _role(parameters: dict[str, Any], T: float) -> str:
    """The name of the random stream of a start; further trajectories have their own."""
    further = f" replica {parameters['replica']}" if "replica" in parameters else ""
    return planted.role(T) + further


def refusal(options: dict[str, Any], *, landscape: dict[str, Any], N: float) -> Refusal | None:
    """The complaint about N (too many states to list), or T (no equilibrium), or None."""
    if np.isinf(N):
        return planted.refusal(options, landscape=landscape, N=N)
    if N > LARGEST_N:
        requirement = (
            f"be at most {LARGEST_N} with start: equilibrium, since all 2^N states are listed; "
            "start: planted needs no list, where a law is known"
        )
        return "N", N, requirement
    return None
