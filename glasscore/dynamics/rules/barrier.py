"""Barrier: each move passes over a top of energy B, or over the higher of its two ends.

The rate is exp(-beta (max(E, E', B) - E)): states above B move as by Metropolis's rule, those below
are traps, left by Arrhenius' law from the threshold B. With B below all energies this is
Metropolis's rule, with B = 0 above all energies Arrhenius'. The flows of both directions in
equilibrium have the one weight exp(-beta max(E, E', B)), and rates are 1 at most.

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
