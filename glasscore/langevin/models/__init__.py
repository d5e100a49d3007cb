"""Energies of continuous spins: one named tuple a file, a new file a new ``name`` in the config.

The named tuple, which ``draw`` makes, has two methods on states of shape (N, n), one column a
trajectory: ``force(states)``, -dH/dS, of the same shape, and ``energy(states)``, H / N, of shape
(n,). It may have ``observables(states)``, further numbers by name, each of shape (n,). With
``in_wells(states, time)`` and ``from_others(states)`` it moves by steps of
``glasscore.langevin.split_steps``.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from glasscore.common.contracts import EMPTY, optional
from glasscore.common.errors import Refusal


class Model(Protocol):
    """What a module here must have and may have."""

    SPACE: str
    """``"flat"`` or ``"sphere"``."""
    STARTS: tuple[str, ...]
    """Which values of ``start:`` the model has: ``random``, ``equilibrium``, ``planted``."""
    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of further keys of ``model:`` in the config; ``options`` holds their values."""
    OBSERVABLES: Mapping[str, tuple[str, str]] = EMPTY
    """Long name and symbol of each number of ``observables``, by name."""

    def draw(self, N: int, options: dict[str, Any], generator: np.random.Generator) -> Any:
        """The couplings of one disorder sample, which are all that the generator is used for."""

    def refusal(self, options: dict[str, Any], *, N: int) -> Refusal | None:
        """What is refused of the options, or of ``N``."""

    @optional
    def longest_step(self, options: dict[str, Any], T: float) -> float:
        """The longest time step that is allowed."""

    @optional
    def equilibrium(
        self, model: Any, T: float, shape: tuple[int, int], generator: np.random.Generator
    ) -> np.ndarray:
        """States drawn from the Boltzmann distribution, if ``STARTS`` has ``equilibrium``."""

    @optional
    def planted(
        self,
        N: int,
        options: dict[str, Any],
        T: float,
        of_couplings: np.random.Generator,
        of_state: np.random.Generator,
    ) -> tuple[Any, np.ndarray]:
        """Couplings and a state in equilibrium, drawn together, if ``STARTS`` has ``planted``."""

    @optional
    def cannot_be_planted(self, options: dict[str, Any], *, T: float) -> Refusal | None:
        """What is refused of the options, or of ``T``, for planted states; there if they are."""
