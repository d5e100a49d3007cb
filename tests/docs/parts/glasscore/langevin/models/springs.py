"""Spins on springs, without couplings: H = k/2 sum_i S_i^2."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import Refusal

Array = NDArray[np.float64]
SPACE = "flat"
STARTS = ("random",)
OPTIONS = {
    "k": {
        "description": "a number k from 0 to 1000",
        "type": "number",
        "minimum": 0,
        "maximum": 1000,
    }
}


class Springs(NamedTuple):
    """Their stiffness k."""

    k: float

    def force(self, states: Array) -> Array:
        """-k S."""
        return -self.k * states

    def energy(self, states: Array) -> Array:
        """H / N."""
        return (0.5 * self.k * states**2).mean(axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> Springs:
    """Nothing is drawn."""
    return Springs(options["k"])


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Nothing is refused."""
    return None
