r"""A planted state in equilibrium at T: first the state is drawn, then the landscape around it.

A uniformly random state s is drawn, and then the disorder from its law weighted by exp(-E_s / T).
The state is then an exact draw from the equilibrium of its landscape, so that the dynamics at T is
stationary, for any number of spins and without a list of states. Landscapes have the weight of
their partition function, which fluctuates little above the temperature T_c of the static
transition: up to corrections of order 1/N, planted landscapes are then typical. At and below T_c
they are not, and the start is refused.

Source: F. Krzakala and L. Zdeborova, Phys. Rev. Lett. 102, 238701 (2009).
"""

from importlib import import_module
from typing import Any

import numpy as np

from glasscore.common.errors import Refusal
from glasscore.kernels import random_streams
from glasscore.landscapes.interface import WORD
from glasscore.landscapes.sample import key_of_job, options

OPTIONS: dict[str, Any] = {
    "T": {
        "description": "a temperature from 1e-6 to 1e6, or same for that of the dynamics",
        "anyOf": [{"type": "number", "minimum": 1e-6, "maximum": 1e6}, {"enum": ["same"]}],
        "default": "same",
    },
}


def role(T: float) -> str:
    """The name of the random stream of a start."""
    return f"start T={float(T)!r}"


def begin(parameters: dict[str, Any], sample: int) -> tuple[Any, np.ndarray]:
    """A landscape and the state that is planted in it."""
    N, T, model = parameters["N"], parameters["start"]["T"], parameters["landscape"]
    energies = import_module(f"glasscore.landscapes.energies.{model['energies']}")
    graph = import_module(f"glasscore.landscapes.graphs.{model['graph']}")
    rng = random_streams.generator(parameters["seed"], parameters["study"], N, sample, role(T))
    words = random_state(N, rng)
    key = key_of_job(parameters, sample)
    return graph.create(N, energies.planted(N, key, options(model), words, 1.0 / T, rng)), words


def random_state(N: float, rng: np.random.Generator) -> np.ndarray:
    """The words of a uniformly random state of N spins; of the first state for N = infinity."""
    if np.isinf(N):
        return np.zeros(1, np.uint64)
    words = rng.integers(0, 2**64, size=-(-int(N) // WORD), dtype=np.uint64)
    words[-1] >>= np.uint64(-int(N) % WORD)
    return words


def refusal(options: dict[str, Any], *, landscape: dict[str, Any], N: float) -> Refusal | None:
    """The complaint about energies (no law is known) or T (not above T_c), or None."""
    name, T = landscape["energies"], options["T"]
    energies = import_module(f"glasscore.landscapes.energies.{name}")
    if not hasattr(energies, "planted"):
        return "start", "planted", f"be equilibrium or random with energies: {name}"
    for key, value in getattr(energies, "PLANTED_ONLY", {}).items():
        if landscape[key] != value:
            given = str(landscape[key]).lower()
            return "start", "planted", f"be equilibrium or random with {key}: {given}"
    critical = energies.critical_temperature(
        {key: value for key, value in landscape.items() if key in energies.OPTIONS}
    )
    if critical < T:
        return None
    if np.isnan(critical):
        return "start", "planted", "be equilibrium or random where no T_c is known, as in a field"
    where = (
        "infinitely many traps have no equilibrium"
        if np.isinf(N)
        else ("planted landscapes are not typical")
    )
    return "start.T", T, f"be above T_c = {critical:.6g}, since at and below it {where}"
