"""Metropolis: accept with probability min(1, exp(-beta (E' - E))).

Source: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
"""

from typing import NamedTuple

from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True
ACCEPTS_ALL_MOVES_DOWN = True


class Metropolis(NamedTuple):
    """Inverse temperature beta = 1/T."""

    beta: float


def create(T: float) -> Metropolis:
    """The rule at temperature T >= 0."""
    return Metropolis(inverse_temperature(T))


@rate.register
def _(rule: Metropolis, energy, energy_after):
    return exponential(min(0.0, rule.beta * (energy - energy_after)))
