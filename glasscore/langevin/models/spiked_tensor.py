r"""A signal in a noisy tensor: the spherical p-spin model with a preferred direction.

.. math:: H(S) = -\sum_{i_1 < \dots < i_p} J_{i_1 \dots i_p} S_{i_1} \dots S_{i_p}
                 - r N \left( \frac{S \cdot v}{N} \right)^p

on the sphere sum_i S_i^2 = N, with noise of covariance N q^p / 2 and |v|^2 = N. As the noise has
the same law in all directions, v = (1, ..., 1). A random start has an overlap S.v/N of the order
1/sqrt(N).

Sources: E. Richard and A. Montanari, NIPS 27, 2897 (2014); V. Ros, G. Ben Arous, G. Biroli and
C. Cammarota, Phys. Rev. X 9, 011003 (2019).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import Refusal
from glasscore.langevin import polynomial
from glasscore.langevin.couplings import too_large

Array = NDArray[np.float64]
SPACE = "sphere"
STARTS = ("random",)
OBSERVABLES = {"signal_overlap": ("overlap with the signal", "m")}
OPTIONS: dict[str, Any] = {
    "p": {
        "description": "a whole number p from 2 to 6",
        "type": "integer",
        "minimum": 2,
        "maximum": 6,
        "default": 3,
    },
    "r": {
        "description": "a strength r of the signal from 0 to 1000",
        "type": "number",
        "minimum": 0,
        "maximum": 1000,
    },
}


class SpikedTensor(NamedTuple):
    """The energy of the noise, and the strength r of the signal."""

    noise: polynomial.Polynomial
    strength: float

    def force(self, states: Array) -> Array:
        """-dH/dS, its radial part included."""
        p = self.noise.power
        return self.strength * p * states.mean(axis=0) ** (p - 1) - self.noise.gradient(states)

    def energy(self, states: Array) -> Array:
        """H / N, by Euler's theorem for homogeneous functions."""
        p = self.noise.power
        of_noise = (states * self.noise.gradient(states)).mean(axis=0) / p
        return of_noise - self.strength * states.mean(axis=0) ** p

    def observables(self, states: Array) -> dict[str, Array]:
        """The overlap S.v/N."""
        return {"signal_overlap": states.mean(axis=0)}


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> SpikedTensor:
    """The couplings of one disorder sample."""
    return SpikedTensor(polynomial.draw_polynomial(N, options["p"], 0.5, generator), options["r"])


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Refuse more couplings than memory has room for."""
    return too_large(N, polynomial.number_of_coefficients(N, options["p"]))
