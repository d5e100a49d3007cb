"""Heat bath: go with probability 1 / (1 + exp(beta (E' - E))), as if the new state were drawn anew.

Source: R. J. Glauber, J. Math. Phys. 4, 294 (1963).
"""

from typing import NamedTuple

from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True


class HeatBath(NamedTuple):
    """Inverse temperature beta = 1/T."""

    beta: float


def create(T: float) -> HeatBath:
    """The rule at temperature T >= 0."""
    return HeatBath(inverse_temperature(T))


@rate.register
def _(rule: HeatBath, energy, energy_after):
    return 1.0 / (1.0 + exponential(rule.beta * (energy_after - energy)))
