"""Laws of the energies: one named tuple a file, with its verbs of ``landscapes.interface``.

A new file is a new word for ``energies:`` in the config. Its named tuple registers ``level`` alone,
where the energy of a state can be computed at once, or those verbs of energies that keep it up to
date. Compiled code knows the law by this type; what Python asks for by name are the functions and
constants of the contract below. What it costs may stand in
the folder ``cost``, in a file of the same name.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from glasscore.common.contracts import EMPTY, optional
from glasscore.common.errors import Refusal


class Energies(Protocol):
    """What a module here must have and may have."""

    INFINITE_N: bool = False
    """Does the law exist for N = infinity?"""
    LARGEST_N: int = 64
    """The largest finite N. A state has one word up to 64."""
    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of further keys of ``landscape:``; ``options`` has their values."""

    def create(self, N: float, key: np.ndarray, options: dict[str, Any]) -> Any:
        """The energies of the disorder sample named by ``key``, two words: a named tuple."""

    def critical_temperature(self, options: dict[str, Any]) -> float:
        """T_c in units of J, 0 where there is no transition, or none known."""

    @optional
    def density(self, energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
        """The law of one energy."""

    @optional
    def threshold(self, N: float, options: dict[str, Any]) -> float | None:
        """The energy of states of the hypercube that have one lower neighbour on average.

        None where there are no states so low.
        """

    @optional
    def correlation(self, N: float, options: dict[str, Any]) -> float:
        """The exact correlation of neighbours' energies on the hypercube."""

    @optional
    def refusal(self, options: dict[str, Any], *, N: float) -> Refusal | None:
        """What is refused of the options, or of ``N``."""
