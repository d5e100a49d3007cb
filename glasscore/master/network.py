r"""The master equation as a network of conductances.

All rules have detailed balance, pi_i k_ij = pi_j k_ji with Boltzmann's weights pi. The dynamics is
therefore that of an electric network with the conductances and the capacitances

.. math:: w_{ij} = \pi_i k_{ij}, \qquad \pi_i = e^{-\beta (E_i - E_0)},

where E_0 is the deepest energy, and linear equations of mean times and the like have the form
sum_j w_ij (u_i - u_j) = pi_i f_i.
Source: P. G. Doyle, J. L. Snell, Random Walks and Electric Networks (1984).
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.common.errors import CampaignError
from glasscore.dynamics.interface import rate
from glasscore.kernels.arithmetic import exponential
from glasscore.kernels.compilation import kernel, kernels_running

# The largest beta (E_max - E_0), for which times and their squares stay in the range of a double.
LARGEST_EXPONENT = 300.0
# The relative deviation from detailed balance that rounding of the exponents can cause.
ROUNDING = 16 * LARGEST_EXPONENT * np.finfo(float).eps


class Network(NamedTuple):
    """The network of one sample at one temperature.

    Attributes
    ----------
    weights
        pi_i, shape (2^N,); the deepest state has the weight 1.
    conductances
        w between each state and the state with spin k flipped, per attempt, shape (2^N, N).
    rates
        Rate k of the move from each state to the one with spin k flipped, per attempt, shape
        (2^N, N).
    """

    weights: np.ndarray
    conductances: np.ndarray
    rates: np.ndarray

    @property
    def exit_rates(self) -> np.ndarray:
        """Rate at which each state is left, per attempt, shape (2^N,)."""
        return self.rates.sum(axis=1)


def network(energies: np.ndarray, rule: Any, T: float) -> Network:
    """The network of all states of the hypercube.

    Parameters
    ----------
    energies
        The energies of all 2^N states, in units of J.
    rule
        One of ``glasscore.dynamics.rules`` at the temperature T.
    T
        Temperature in units of J.

    Raises
    ------
    CampaignError
        If T is so low that weights leave the range of a double, or if the rule has no detailed
        balance.
    """
    spins = energies.size.bit_length() - 1
    spread = float(np.ptp(energies))
    if not spread <= LARGEST_EXPONENT * T:
        raise CampaignError(
            f"T is {T:.12g}, but must be at least {spread / LARGEST_EXPONENT:.3g} for this sample "
            f"of N = {spins}, since weights below exp(-{LARGEST_EXPONENT:.0f}) are not computed."
        )
    weights = np.empty(energies.size)
    rates, conductances = np.empty((2, energies.size, spins))
    with kernels_running():
        _fill_network(
            energies - energies.min(), energies, rule, 1.0 / T, weights, rates, conductances
        )
    flows = weights[:, np.newaxis] * rates
    if not np.allclose(flows, conductances, rtol=ROUNDING, atol=0.0):
        raise CampaignError(
            f"rule is {type(rule).__name__}, but must have detailed balance for exact dynamics."
        )
    return Network(weights, conductances, rates)


@kernel
def _fill_network(above, energies, rule, beta, weights, rates, conductances):
    spins = rates.shape[1]
    weight_of_move = 1.0 / spins
    for state in range(energies.size):
        weights[state] = exponential(-beta * above[state])
        for spin in range(spins):
            other = state ^ (1 << spin)
            rates[state, spin] = weight_of_move * rate(rule, energies[state], energies[other])
    # Both directions get the same number. It is computed from the higher of the two states, whose
    # rate is not small.
    for state in range(energies.size):
        for spin in range(spins):
            other = state ^ (1 << spin)
            higher = max(state, other) if energies[state] == energies[other] else state
            if energies[other] > energies[state]:
                higher = other
            conductances[state, spin] = weights[higher] * rates[higher, spin]
