r"""Spherical spins with energies of covariance N f(q), where f(q) = sum_p a_p q^p.

The spins are on the sphere sum_i S_i^2 = N, the powers p are whole numbers, and
<H(S) H(S')> = N f(S.S'/N) at any N. ``{3: 0.5}`` is the pure p = 3 model, ``{2: 0.5}`` the
spherical Sherrington-Kirkpatrick model. For infinitely many spins the two-time mean-field equations
describe the quench from a random state, and that from equilibrium at a temperature T_0.

A field adds -h sum_i S_i to the energy. Its direction is as good as any other, since the law of H
is the same in all directions: the magnetisation is sum_i S_i / N.

A planted state S* is drawn uniformly on the sphere, before the couplings. Given that S* is in
equilibrium at T_0, the couplings have the law of

.. math:: H(S) - \frac{N}{T_0} f\left( \frac{S \cdot S^*}{N} \right)

with unchanged H, because energies are Gaussian and a planted state lowers each by its covariance
with H(S*), over T_0. Couplings then have the weight Z_J instead of 1, which is the same for many
spins as long as T_0 is not below the static transition. A field acts from the start of the run on:
planted states are in equilibrium without it.

Sources: A. Crisanti, H. Horner and H.-J. Sommers, Z. Phys. B 92, 257 (1993); for planted states
F. Krzakala and L. Zdeborova, Phys. Rev. Lett. 102, 238701 (2009).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import Refusal
from glasscore.langevin import polynomial
from glasscore.langevin.couplings import too_large
from glasscore.langevin.space import SPACES

Array = NDArray[np.float64]
SPACE = "sphere"
STARTS = ("random", "planted")
# The largest product of the time step and the field, at whose rate spins turn into the field. Steps
# of twice the length, which tell the error, are then half as long as the longest stable ones.
LONGEST_STEP = 0.5
# Temperatures are compared with the transition up to rounding.
ROUNDING = 1e-12
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
    },
    "field": {
        "description": "a field h from -1000 to 1000",
        "type": "number",
        "minimum": -1000,
        "maximum": 1000,
        "default": 0.0,
    },
}


class Planted(NamedTuple):
    """What a planted state adds to the energy: -N f(S.S*/N) / T_0.

    ``weights`` holds the coefficients a_p of f by the powers p.
    """

    state: Array
    T: float
    weights: dict[int, float]

    def force(self, states: Array) -> Array:
        """The force on states of shape (N, n), along S*."""
        q = self.state @ states / len(states)
        slope = np.sum([a * p * q ** (p - 1) for p, a in self.weights.items()], axis=0)
        return np.outer(self.state, slope / self.T)

    def energy(self, states: Array) -> Array:
        """The energy per spin."""
        q = self.state @ states / len(states)
        return -np.sum([a * q**p for p, a in self.weights.items()], axis=0) / self.T


class Spherical(NamedTuple):
    """The energy.

    Attributes
    ----------
    terms
        One polynomial for each power of the covariance.
    planted
        What a planted state adds, if there is one.
    field
        The field h.
    """

    terms: tuple[polynomial.Polynomial, ...]
    planted: Planted | None = None
    field: float = 0.0

    def force(self, states: Array) -> Array:
        """-dH/dS, its radial part included."""
        of_terms = -sum((term.gradient(states) for term in self.terms), np.zeros_like(states))
        if self.planted is not None:
            of_terms = of_terms + self.planted.force(states)
        return of_terms + self.field if self.field else of_terms

    def energy(self, states: Array) -> Array:
        """H / N, by Euler's theorem for homogeneous functions."""
        parts = [(states * term.gradient(states)).mean(axis=0) / term.power for term in self.terms]
        if self.planted is not None:
            parts.append(self.planted.energy(states))
        if self.field:
            parts.append(-self.field * states.mean(axis=0))
        return np.sum(parts, axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> Spherical:
    """The couplings of one disorder sample."""
    weights = _weights(options)
    return Spherical(
        tuple(
            polynomial.draw_polynomial(N, power, weights[power], generator)
            for power in sorted(weights)
        ),
        field=float(options.get("field", 0.0)),
    )


def planted(
    N: int,
    options: dict[str, Any],
    T: float,
    of_couplings: np.random.Generator,
    of_state: np.random.Generator,
) -> tuple[Spherical, Array]:
    """The couplings of one disorder sample, and a state in equilibrium at T, shape (N,)."""
    state = SPACES[SPACE].random(N, 1, of_state)[:, 0]
    model = draw(N, options, of_couplings)
    return model._replace(planted=Planted(state, T, _weights(options))), state


def cannot_be_planted(options: dict[str, Any], *, T: float) -> Refusal | None:
    """Refuse temperatures below the static transition, where planted couplings are not typical."""
    # Only planted starts load these modules, and the compiler with them.
    from glasscore.models.covariance import covariance
    from glasscore.theory.spherical_pspin import static_transition

    law = covariance({float(power): a for power, a in _weights(options).items()})
    transition = static_transition(law).temperature
    if transition * (1 - ROUNDING) <= T:
        return None
    requirement = (
        f"be at least {transition:.6g} if start is planted: below this static transition planted "
        "couplings are not typical"
    )
    return "T", T, requirement


def longest_step(options: dict[str, Any], T: float) -> float:
    """The longest step, given by the field; infinite without one."""
    field = abs(options.get("field", 0.0))
    return float(LONGEST_STEP / field) if field else np.inf


def _weights(options: Mapping[str, Any]) -> dict[int, float]:
    """Coefficients of the covariance by their powers."""
    return {int(float(power)): float(a) for power, a in options["covariance"].items()}


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Refuse more couplings than memory has room for."""
    powers = [int(float(power)) for power in options["covariance"]]
    return too_large(N, sum(polynomial.number_of_coefficients(N, power) for power in powers))
