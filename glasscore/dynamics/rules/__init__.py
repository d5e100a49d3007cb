"""Rules: the rate of an attempted move from the energies before and after it.

A new file is a new word for ``rule:`` in the config. Its named tuple registers ``rate`` of
``glasscore.dynamics.interface``, in numbers per attempt. The clock ``rejection`` takes rates for
probabilities: rules with rates above 1 register its ``largest_rate`` and ``divide_rates``, too. On
the graph ``complete`` rules must be named in its ``RULES``; there all whose rates depend on the
destination must have detailed balance and rates that are nowhere above Metropolis's, and the field
``beta``.
"""

import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Protocol, get_type_hints

from glasscore.common.contracts import EMPTY

# Times any difference of energies that a double resolves: beyond the range of an exponential.
# Finite, so that equal energies give beta * 0 = 0.
ALMOST_INFINITE = 1e300


class Rule(Protocol):
    """What a module here must have and may have."""

    ZERO_TEMPERATURE: bool = False
    """Has the rule a limit at T = 0?"""
    RATES_DEPEND_ON_DESTINATION: bool = True
    """Does the rate depend on the energy of the state that the move leads to?"""
    ACCEPTS_ALL_MOVES_DOWN: bool = False
    """Is the rate 1 for all moves that do not raise the energy, at all energies? With detailed
    balance this is Metropolis's rule."""
    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of the keys that stand beside ``name:`` in ``rule:`` of the config."""

    def create(self, T: float, **options: Any) -> Any:
        """The rule at a temperature, a named tuple. Each of its ``OPTIONS`` is a parameter."""


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
    """The constants that the module of a rule says of it, as attributes.

    Parameters
    ----------
    rule
        A named tuple that ``create`` of the module has made.
    """
    return _properties(type(rule).__module__)


@cache
def _properties(name: str) -> SimpleNamespace:
    module = sys.modules[name]
    names = get_type_hints(Rule)
    return SimpleNamespace(**{name: getattr(module, name, getattr(Rule, name)) for name in names})


def inverse_temperature(T: float) -> float:
    """Inverse temperature 1/T; at T = 0 a number that decides every comparison of energies."""
    return 1.0 / T if T > 0.0 else ALMOST_INFINITE
