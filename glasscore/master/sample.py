"""One disorder sample at one temperature: its landscape, its minima and its master equation."""

from typing import Any, NamedTuple

import numpy as np

from glasscore.barriers.all_states import energies_of_all_states
from glasscore.barriers.flooding import BarrierTree, barrier_tree
from glasscore.landscapes.sample import disorder_sample
from glasscore.master.network import Network, network


class Sample(NamedTuple):
    """What observables may ask.

    Attributes
    ----------
    number
        Which disorder sample.
    landscape, rule
        As the dynamics knows them.
    energies
        Of all states, shape (2^N,), in units of J.
    tree
        All minima, the deepest first.
    network
        The master equation.
    """

    number: int
    landscape: Any
    rule: Any
    energies: np.ndarray
    tree: BarrierTree
    network: Network


def sample_of(parameters: dict[str, Any], number: int, rule: Any) -> Sample:
    """The disorder sample of a study's parameters, that of an activated study of the same name."""
    landscape = disorder_sample(
        parameters["seed"], parameters["study"], parameters["N"], number, parameters["landscape"]
    )
    energies = energies_of_all_states(landscape)
    return Sample(
        number,
        landscape,
        rule,
        energies,
        barrier_tree(energies),
        network(energies, rule, parameters["T"]),
    )
