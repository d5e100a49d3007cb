"""One disorder sample at one temperature: its landscape, its minima and its master equation."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from glasscore.barriers.flooding import BarrierTree, barrier_tree
from glasscore.common.errors import CampaignError
from glasscore.landscapes.all_states import energies_of_all_states
from glasscore.landscapes.sample import sample_of_job
from glasscore.master.network import LARGEST_EXPONENT, Network, network
from glasscore.master.powers_of_two import waiting_times
from glasscore.master.propagation import coarse_grained, transition_probabilities
from glasscore.master.spectrum import relaxation_rates


class TransitionSummary(NamedTuple):
    """What observables need of the transition probabilities P(t) at one time.

    Attributes
    ----------
    occupied
        Probability of each state after a uniform start, shape (2^N,).
    returned
        P_ii, shape (2^N,).
    between_basins
        P_AB for basins of steepest descent, in equilibrium inside each, shape (basins, basins).
    """

    occupied: np.ndarray
    returned: np.ndarray
    between_basins: np.ndarray


@dataclass(frozen=True)
class Sample:
    """One disorder sample, with all that observables are computed from.

    What takes long is computed once, when it is first asked for.

    Attributes
    ----------
    parameters
        The parameters of the study.
    number
        The number of the disorder sample.
    landscape, rule
        The landscape and the rule as simulations use them.
    energies
        The energies of all states, shape (2^N,), in units of J.
    tree
        All minima, the deepest first.
    network
        The master equation.
    """

    parameters: dict[str, Any]
    number: int
    landscape: Any
    rule: Any
    energies: np.ndarray
    tree: BarrierTree
    network: Network

    @cached_property
    def relaxation_rates(self) -> np.ndarray:
        """All relaxation rates but the stationary zero, the slowest first, per attempt."""
        return relaxation_rates(self.network)

    @cached_property
    def transitions(self) -> list[TransitionSummary]:
        """Summaries of P(t) at the waiting times of ``powers_of_two``."""
        doublings = waiting_times(self.parameters).size - 1
        return [
            TransitionSummary(
                probabilities.mean(axis=0),
                probabilities.diagonal().copy(),
                coarse_grained(probabilities, self.tree.basins, self.network.weights),
            )
            for probabilities in transition_probabilities(self.network, doublings)
        ]


def sample_of(parameters: dict[str, Any], number: int, rule: Any) -> Sample:
    """A disorder sample with its minima and its master equation."""
    landscape, energies = _landscape_of(parameters, number)
    return Sample(
        parameters,
        number,
        landscape,
        rule,
        energies,
        barrier_tree(energies),
        network(energies, rule, parameters["T"]),
    )


def refuse_low_temperature(parameters: dict[str, Any]) -> None:
    """Refuse a temperature at which Boltzmann's weights leave the range of a double.

    Raises
    ------
    CampaignError
        If T is too low for a sample. The sentence names the one with the largest range of energies.
    """
    T, N = parameters["T"], parameters["N"]
    ranges = [
        float(np.ptp(_landscape_of(parameters, number)[1]))
        for number in range(parameters["samples"])
    ]
    widest = int(np.argmax(ranges))
    lowest = ranges[widest] / LARGEST_EXPONENT
    if lowest > T:
        raise CampaignError(
            f"T is {T:.12g}, but must be at least {lowest:.3g} for the first {len(ranges)} samples "
            f"of N = {N}, since sample {widest} has energies in a range of {ranges[widest]:.3g} "
            f"and weights below exp(-{LARGEST_EXPONENT:.0f}) are not computed."
        )


def _landscape_of(parameters: dict[str, Any], number: int) -> tuple[Any, np.ndarray]:
    """The landscape of a disorder sample, and the energies of all its states."""
    landscape = sample_of_job(parameters, number)
    return landscape, energies_of_all_states(landscape)
