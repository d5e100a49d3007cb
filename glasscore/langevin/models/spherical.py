r"""Spherical spins with energies of covariance N f(q), where f(q) = sum_p a_p q^p.

The spins are on the sphere sum_i S_i^2 = N, the powers p are whole numbers, and
<H(S) H(S')> = N f(S.S'/N) at any N. ``{3: 0.5}`` is the pure p = 3 model, ``{2: 0.5}`` the
spherical Sherrington-Kirkpatrick model. For infinitely many spins the two-time mean-field equations
describe the quench from a random state.

Source: A. Crisanti, H. Horner and H.-J. Sommers, Z. Phys. B 92, 257 (1993).
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
OPTIONS: dict[str, Any] = {
    "covariance": {
        "description": "a mapping of whole powers p to coefficients a_p, such as {3: 0.5}",
        "type": "object",
        "minProperties": 1,
        "propertyNames": {
            "description": "whole powers p from 2 to 6, each given once",
            "type": "number",
            "enum": [2, 3, 4, 5, 6],
        },
        "additionalProperties": {
            "description": "a coefficient above 0 and at most 1e6",
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1.0e6,
        },
    }
}


class Spherical(NamedTuple):
    """The energy: one polynomial for each power of the covariance."""

    terms: tuple[polynomial.Polynomial, ...]

    def force(self, states: Array) -> Array:
        """-dH/dS, its radial part included."""
        return -sum((term.gradient(states) for term in self.terms), np.zeros_like(states))

    def energy(self, states: Array) -> Array:
        """H / N, by Euler's theorem for homogeneous functions."""
        parts = [(states * term.gradient(states)).mean(axis=0) / term.power for term in self.terms]
        return np.sum(parts, axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> Spherical:
    """The couplings of one disorder sample."""
    weights = {int(float(power)): float(a) for power, a in options["covariance"].items()}
    return Spherical(
        tuple(
            polynomial.draw_polynomial(N, power, weights[power], generator)
            for power in sorted(weights)
        )
    )


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Refuse more couplings than memory has room for."""
    powers = [int(float(power)) for power in options["covariance"]]
    return too_large(N, sum(polynomial.number_of_coefficients(N, power) for power in powers))
