"""Starts: the state in which a trajectory begins.

A new file is a new word for ``start:`` in the config.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from glasscore.common.contracts import EMPTY
from glasscore.common.errors import Refusal

RANDOM = "random"


class Start(Protocol):
    """What a module here must have and may have."""

    OPTIONS: Mapping[str, Any] = EMPTY
    """JSON schemas of the keys that stand beside ``name:`` in ``start:`` of the config."""

    def begin(self, parameters: dict[str, Any], sample: int) -> tuple[Any, np.ndarray | None]:
        """The landscape of a sample, and the words of the state in which its trajectory begins.

        ``parameters`` are those of a job. Without words the state is random, from the random stream
        of the trajectory.
        """

    def refusal(
        self, options: dict[str, Any], *, landscape: dict[str, Any], N: float
    ) -> Refusal | None:
        """The complaint about a key of the study, or None if trajectories can begin like this.

        ``options`` are those of the start, with a number as ``T``; ``landscape`` is that of the
        config.
        """


def module_of(parameters: dict[str, Any]) -> Any:
    """The module of the start of a job; jobs that say nothing begin at a random state."""
    name = parameters.get("start", {"name": RANDOM})["name"]
    return import_module(f"glasscore.dynamics.starts.{name}")
