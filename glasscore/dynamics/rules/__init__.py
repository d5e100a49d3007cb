"""Rules: the rate of an attempted move from the energies before and after it.

A new file is a new word for ``rule:`` in the config. Its named tuple registers ``rate`` of
``glasscore.dynamics.interface``, a number per attempt. The clock ``rejection`` uses rates as
acceptance probabilities: rules with rates above 1 must also register its verbs ``largest_rate`` and
``divide_rates``. A rule whose rates depend on E' - E alone may register ``log_rate_slope``, with
which responses of spins are measured. On the graph ``complete`` only the rules in its constant
``RULES`` are allowed. A rule in this list whose rates depend on the destination must obey detailed
balance, must have rates that nowhere exceed Metropolis's, and must have the field ``beta``.
"""

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Protocol, get_type_hints

from glasscore.common.contracts import EMPTY

# The product of this number with any difference of energies that a double resolves lies beyond the
# range of an exponential. The number is finite, so that equal energies give beta * 0 = 0.
ALMOST_INFINITE = 1e300


class Rule(Protocol):
    """What a module here must have and may have."""

    ZERO_TEMPERATURE: bool = False
    """Is the rule defined at T = 0, as a limit?"""
    RATES_DEPEND_ON_DESTINATION: bool = True
    """Does the rate depend on the energy of the destination of the move?"""
    ACCEPTS_ALL_MOVES_DOWN: bool = False
    """Is the rate 1 for all moves that do not raise the energy? With detailed balance the rule is
    then Metropolis's."""
    HAS_RESPONSE: bool = False
    """Does the rule register ``log_rate_slope``, so that responses of spins can be measured?"""
    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of the keys that stand beside ``name:`` in ``rule:`` of the config."""

    def create(self, T: float, **options: Any) -> Any:
        """The rule at the temperature T, a named tuple; each of ``OPTIONS`` is a parameter."""


def rule_at(chosen: str | Mapping[str, Any], T: float) -> Any:
    """The rule of a study at a temperature.

    Parameters
    ----------
    chosen
        ``rule:`` of the config: the rule's name, or a mapping with its ``name`` and its options.
    T
        Temperature, in units of J.
    """
    options = {"name": chosen} if isinstance(chosen, str) else dict(chosen)
    module = import_module(f"glasscore.dynamics.rules.{options.pop('name')}")
    return module.create(T, **options)


def properties_of(rule: Any) -> Any:
    """The constants in the module of a rule, as attributes.

    Parameters
    ----------
    rule
        A named tuple that ``create`` of the module has returned.
    """
    return _properties(type(rule).__module__)


@cache
def _properties(name: str) -> SimpleNamespace:
    module = sys.modules[name]
    names = get_type_hints(Rule)
    return SimpleNamespace(**{name: getattr(module, name, getattr(Rule, name)) for name in names})


def inverse_temperature(T: float) -> float:
    """Inverse temperature 1/T; at T = 0 a finite number that stands for infinity."""
    return 1.0 / T if T > 0.0 else ALMOST_INFINITE
