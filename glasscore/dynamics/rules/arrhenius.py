"""Arrhenius: each move has the rate exp(beta E), whatever its destination.

The threshold, the energy at which the rate is 1, lies at E = 0. With this rule the dynamics is also
known as random hopping times dynamics.
Source: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992).
"""

from typing import NamedTuple

from glasscore.dynamics.interface import rate
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = False
RATES_DEPEND_ON_DESTINATION = False


class Arrhenius(NamedTuple):
    """Inverse temperature beta = 1/T."""

    beta: float


def create(T: float) -> Arrhenius:
    """The rule at temperature T > 0."""
    return Arrhenius(1.0 / T)


@rate.register
def _(rule: Arrhenius, energy, energy_after):
    return exponential(rule.beta * energy)
