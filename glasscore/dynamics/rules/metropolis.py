"""Metropolis: accept with probability min(1, exp(-beta (E' - E))).

Source: N. Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
"""

from typing import NamedTuple

from glasscore.dynamics.interface import log_rate_slope, rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True
ACCEPTS_ALL_MOVES_DOWN = True
HAS_RESPONSE = True


class Metropolis(NamedTuple):
    """Inverse temperature beta = 1/T."""

    beta: float


def create(T: float) -> Metropolis:
    """The rule at temperature T >= 0."""
    return Metropolis(inverse_temperature(T))


@rate.register
def _(rule: Metropolis, energy, energy_after):
    return exponential(min(0.0, rule.beta * (energy - energy_after)))


@log_rate_slope.register
def _(rule: Metropolis, energy, energy_after, its_rate):
    climbs = 1.0 if energy_after > energy else (0.5 if energy_after == energy else 0.0)
    return rule.beta * climbs
