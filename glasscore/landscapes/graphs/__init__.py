"""Graphs of states: which states there are and which moves lead from one to another.

A new file here, with one of the same name in ``glasscore/dynamics/graphs``, is a new word for
``graph:`` in the config. Its named tuple has the field ``energies`` and registers the verbs of
graphs of ``glasscore.landscapes.interface``.

A file of the same name in the folder ``cost`` may estimate the cost of the graph.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from glasscore.common.contracts import EMPTY


class Graph(Protocol):
    """What a module here must have and may have."""

    RULES: tuple[str, ...] | None = None
    """The rules that have a meaning on this graph; None stands for all."""
    ENERGIES: tuple[str, ...] | None = None
    """The energies that have a meaning on this graph; None stands for all."""
    INFINITE_N: bool = False
    """Is N = infinity allowed?"""
    LARGEST_N: int = 64
    """The largest finite N. States of up to 64 spins take one word."""
    LARGEST_N_OF_RULES: Mapping[str, int] = EMPTY
    """The largest N for rules with a smaller limit than ``LARGEST_N``."""
    STATES_ARE_SPINS: bool
    """Is the distance of two states a number of spins, so that an overlap is defined?"""
    EVERY_JUMP_FORGETS: bool
    """Is a jump back no more likely than another jump, so that every visit is a trap?"""

    def create(self, N: float, energies: Any) -> Any:
        """The graph of one sample, a named tuple that holds its energies."""
