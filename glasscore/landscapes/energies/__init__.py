"""Laws of the energies: one file per law, each with a named tuple and the verbs of energies.

A new file is a new word for ``energies:`` in the config. Its named tuple registers ``level`` of
``glasscore.landscapes.interface`` alone, if the energy follows directly from the state, or those
verbs of energies that update the energy at each move. Compiled code selects the verbs by the type
of this tuple. Python code uses the functions and constants of the contract below, by name.

A file of the same name in the folder ``cost`` may estimate the cost of the law.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from glasscore.common.contracts import EMPTY, optional
from glasscore.common.errors import Refusal


class Energies(Protocol):
    """What a module here must have and may have."""

    INFINITE_N: bool = False
    """Is the law defined for N = infinity?"""
    LARGEST_N: int = 64
    """The largest finite N. States of up to 64 spins take one word."""
    MAY_BE_IN_FIELD: bool = True
    """May spins with these energies be in a field besides? They may if the energies follow from the
    word of a state alone, or keep local fields (``landscapes.local_fields``)."""
    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of further keys of ``landscape:``; functions get their values as ``options``."""

    def create(self, N: float, key: np.ndarray, options: dict[str, Any]) -> Any:
        """The energies of one disorder sample, a named tuple; ``key``, two words, is its name."""

    def critical_temperature(self, options: dict[str, Any]) -> float:
        """T_c in units of J; 0 if there is no transition, and NaN if no value is known."""

    PLANTED_ONLY: Mapping[str, Any] = EMPTY
    """Values of options that ``planted`` needs, if it does not exist for all."""

    @optional
    def planted(
        self,
        N: float,
        key: np.ndarray,
        options: dict[str, Any],
        words: np.ndarray,
        beta: float,
        rng: np.random.Generator,
    ) -> Any:
        """The energies of a disorder sample with the weight exp(-beta E) of the state ``words``.

        The state is random, with the same probability of all states. A law of energies under which
        a state's weight exp(-beta E), averaged over samples, is not the same for all states draws
        another state by this weight, and writes it into ``words``. Energies are asked for above the
        critical temperature alone.
        """

    @optional
    def density(self, energy: np.ndarray, N: float, options: dict[str, Any]) -> np.ndarray:
        """The probability density of the energy of one state."""

    @optional
    def threshold(self, N: float, options: dict[str, Any]) -> float | None:
        """The energy of states of the hypercube that have one lower neighbour on average.

        None if there are no states at so low an energy.
        """

    @optional
    def correlation(self, N: float, options: dict[str, Any]) -> float:
        """The exact correlation of neighbours' energies on the hypercube."""

    @optional
    def refusal(self, options: dict[str, Any], *, N: float) -> Refusal | None:
        """The complaint about the options or ``N``, or None if both are allowed."""
