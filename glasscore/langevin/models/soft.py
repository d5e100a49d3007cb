r"""The soft-spin model: quartic wells with Sherrington-Kirkpatrick couplings.

.. math:: H = \sum_i \left[ -\frac{r}{2} S_i^2 + \frac{u}{4} S_i^4 \right]
              - \frac{1}{2} \sum_{i \ne j} J_{ij} S_i S_j - h \sum_i S_i

with independent Gaussian couplings of variance J^2/(N - 1). Two wells for r > 0, one for r <= 0;
r = u to infinity leads to Ising spins.

Source: H. Sompolinsky and A. Zippelius, Phys. Rev. Lett. 47, 359 (1981); Phys. Rev. B 25, 6860
(1982).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.langevin.couplings import pair_couplings, too_large

Array = NDArray[np.float64]
SPACE = "flat"
STARTS = ("random",)
OPTIONS: dict[str, Any] = {
    "r": {
        "description": "a number r from -1000 to 1000",
        "type": "number",
        "minimum": -1000,
        "maximum": 1000,
    },
    "u": {
        "description": "a number u above 0 and at most 1000",
        "type": "number",
        "exclusiveMinimum": 0,
        "maximum": 1000,
    },
    "J": {
        "description": "a strength J of the couplings from 0 to 1000",
        "type": "number",
        "minimum": 0,
        "maximum": 1000,
        "default": 1.0,
    },
    "field": {
        "description": "a field h from -1000 to 1000",
        "type": "number",
        "minimum": -1000,
        "maximum": 1000,
        "default": 0.0,
    },
}


class SoftSpins(NamedTuple):
    """Couplings J_ij, shape (N, N), and r, u and h."""

    couplings: Array
    r: float
    u: float
    field: float

    def force(self, states: Array) -> Array:
        """The drift r S - u S^3 + J S + h."""
        return (self.r - self.u * states**2) * states + self.couplings @ states + self.field

    def energy(self, states: Array) -> Array:
        """H / N."""
        well = (0.25 * self.u * states**2 - 0.5 * self.r) * states
        return (states * (well - 0.5 * (self.couplings @ states) - self.field)).mean(axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> SoftSpins:
    """The couplings of one disorder sample."""
    couplings = pair_couplings(N, options["J"], generator)
    return SoftSpins(couplings, options["r"], options["u"], options["field"])


def refusal(N: int, options: dict[str, Any]) -> tuple[str, str] | None:
    """More spins than memory has room for."""
    return too_large(N, N * N)
