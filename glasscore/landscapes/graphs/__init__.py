"""Graphs of states: which states there are and which moves lead from one to another.

A new file here, with one of the same name in ``glasscore/dynamics/graphs``, is a new word for
``graph:`` in the config. Its named tuple has the field ``energies`` and registers the verbs of
graphs of ``glasscore.landscapes.interface``.

What it costs may stand in the folder ``cost``, in a file of the same name.
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
    """The largest finite N. A state has one word up to 64."""
    LARGEST_N_OF_RULES: Mapping[str, int] = EMPTY
    """A lower limit of N for some rules."""
    STATES_ARE_SPINS: bool
    """Is the distance of states a number of spins, so that there is an overlap?"""
    EVERY_JUMP_FORGETS: bool
    """Does a jump back come no easier than another, so that every visit is a trap?"""

    def create(self, N: float, energies: Any) -> Any:
        """The graph of one sample, a named tuple that holds its energies."""
