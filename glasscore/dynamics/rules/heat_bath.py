"""Heat bath: accept with probability 1 / (1 + exp(beta (E' - E))), the Glauber rule.

The new state is drawn with Boltzmann's probability from the two ends of the move.

Source: R. J. Glauber, J. Math. Phys. 4, 294 (1963).
"""

from typing import NamedTuple

from glasscore.dynamics.interface import log_rate_slope, rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True
HAS_RESPONSE = True


class HeatBath(NamedTuple):
    """Inverse temperature beta = 1/T."""

    beta: float


def create(T: float) -> HeatBath:
    """The rule at temperature T >= 0."""
    return HeatBath(inverse_temperature(T))


@rate.register
def _(rule: HeatBath, energy, energy_after):
    return 1.0 / (1.0 + exponential(rule.beta * (energy_after - energy)))


@log_rate_slope.register
def _(rule: HeatBath, energy, energy_after, its_rate):
    return rule.beta * (1.0 - its_rate)
