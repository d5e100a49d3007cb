"""Metropolis's rule, faster by a factor, so that rates can be above 1."""

from typing import NamedTuple

from glasscore.dynamics.clocks.rejection import DividedRule, divide_rates, largest_rate
from glasscore.dynamics.interface import rate
from glasscore.dynamics.rules import inverse_temperature
from glasscore.kernels.arithmetic import exponential

ZERO_TEMPERATURE = True
OPTIONS = {
    "factor": {
        "description": "a number above 0 and at most 100",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 100,
        "default": 2.0,
    }
}


class Faster(NamedTuple):
    """The inverse temperature, and the factor by which the rates are larger."""

    beta: float
    factor: float


def create(T: float, factor: float) -> Faster:
    """The rule at temperature T."""
    return Faster(inverse_temperature(T), factor)


@rate.register
def _(rule: Faster, energy, energy_after):
    return rule.factor * exponential(min(0.0, rule.beta * (energy - energy_after)))


@largest_rate.register
def _(rule: Faster, energy):
    return max(1.0, rule.factor)


@divide_rates.register
def _(rule: Faster, bound):
    return DividedRule(rule, bound)
