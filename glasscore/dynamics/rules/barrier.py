"""Barrier: each move climbs to the energy B, or to the higher of its two ends if that is above B.

The rate is exp(-beta (max(E, E', B) - E)). States above B are left by Metropolis's rule; states
below B are traps, left by Arrhenius' law with the threshold B. If B lies below all energies, the
rule is Metropolis's; if B = 0 lies above all energies, the rule is Arrhenius'. In equilibrium, the
flows from E to E' and back both have the weight exp(-beta max(E, E', B)), so that detailed balance
holds. Rates are at most 1.

Source: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992), for traps below a threshold.
"""

from typing import Any, NamedTuple

from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True
OPTIONS: dict[str, Any] = {
    "top": {
        "description": "an energy B from -1e6 to 1e6",
        "type": "number",
        "minimum": -1.0e6,
        "maximum": 1.0e6,
    },
}


class Barrier(NamedTuple):
    """Inverse temperature beta = 1/T, and the energy B of the top."""

    beta: float
    top: float


def create(T: float, top: float) -> Barrier:
    """The rule at temperature T >= 0."""
    return Barrier(inverse_temperature(T), float(top))


@rate.register
def _(rule: Barrier, energy, energy_after):
    return exponential(rule.beta * (energy - max(energy, max(energy_after, rule.top))))
