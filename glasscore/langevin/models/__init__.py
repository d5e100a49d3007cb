"""Energies of continuous spins. Each file is a model; its name is a ``name:`` in the config.

The function ``draw`` of a model returns a named tuple with two methods, which take states of shape
(N, n), one trajectory a column: ``force(states)``, which is -dH/dS and of the same shape, and
``energy(states)``, which is H / N and of shape (n,). It may have ``observables(states)``, which
returns further numbers by name, each of shape (n,). If it has ``move_in_wells(states, time)`` and
``force_of_others(states)``, the dynamics uses the steps of ``glasscore.langevin.split_steps``. A
model with the option ``field`` has an attribute of this name, which later changes of the field
replace.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from glasscore.common.contracts import EMPTY, optional
from glasscore.common.errors import Refusal


class Model(Protocol):
    """What a file in this folder must define and may define."""

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
        """A key (an option, or ``N``), its value and what it must be, or nothing."""

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
        """Like ``refusal``, with ``T`` in place of ``N``; it must be there if ``planted`` is."""
