r"""The soft-spin model: quartic wells with Sherrington-Kirkpatrick couplings.

.. math:: H = \sum_i \left[ -\frac{r}{2} S_i^2 + \frac{u}{4} S_i^4 \right]
              - \frac{1}{2} \sum_{i \ne j} J_{ij} S_i S_j - h \sum_i S_i

with independent Gaussian couplings of variance J^2/(N - 1). A spin has two wells for r > 0 and one
for r <= 0; in the limit r = u to infinity spins are Ising spins. Above the glass transition a
sample may start in equilibrium, if its couplings are drawn together with the state:
``glasscore.langevin.planting``.

Source: H. Sompolinsky and A. Zippelius, Phys. Rev. Lett. 47, 359 (1981); Phys. Rev. B 25, 6860
(1982).
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasscore.common.errors import Refusal
from glasscore.langevin import planting
from glasscore.langevin.couplings import pair_couplings, too_large
from glasscore.models.quartic_well import above_transition

Array = NDArray[np.float64]
SPACE = "flat"
STARTS = ("random", "planted")
# The largest product of the time step and the fastest rate. If J is this rate, the extrapolation of
# forces to the middle of a step becomes unstable at 1/2; and in wells that are much faster than
# steps, the noise of a single step leads out of the well.
LONGEST_STEP = 0.25
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
    """The couplings J_ij, shape (N, N), and the numbers r, u and h."""

    couplings: Array
    r: float
    u: float
    field: float

    def force(self, states: Array) -> Array:
        """The drift r S - u S^3 + J S + h."""
        return (self.r - self.u * states**2) * states + self.force_of_others(states)

    def force_of_others(self, states: Array) -> Array:
        """J S + h."""
        found = self.couplings @ states
        return found + self.field if self.field else found

    def move_in_wells(self, states: Array, time: float) -> Array:
        """The exact solution of dS/dt = r S - u S^3: S exp(r t) / sqrt(1 + bend S^2)."""
        exponent = 2 * self.r * time
        bend = self.u * (np.expm1(exponent) / self.r if self.r else 2 * time)
        found = bend * states
        found *= states
        found += 1.0
        np.sqrt(found, out=found)
        np.divide(states, found, out=found)
        return np.exp(self.r * time) * found if self.r else found

    def energy(self, states: Array) -> Array:
        """H / N."""
        well = (0.25 * self.u * states**2 - 0.5 * self.r) * states
        return (states * (well - 0.5 * (self.couplings @ states) - self.field)).mean(axis=0)


def draw(N: int, options: dict[str, Any], generator: np.random.Generator) -> SoftSpins:
    """The couplings of one disorder sample."""
    couplings = pair_couplings(N, options["J"], generator)
    return SoftSpins(couplings, options["r"], options["u"], options["field"])


def planted(
    N: int,
    options: dict[str, Any],
    T: float,
    of_couplings: np.random.Generator,
    of_state: np.random.Generator,
) -> tuple[SoftSpins, Array]:
    """The couplings of one disorder sample, and a state in equilibrium, shape (N,)."""
    r, u, J = options["r"], options["u"], options["J"]
    state = planting.draw_state(N, r, u, J, T, of_state)
    model = draw(N, options, of_couplings)
    planting.plant_state(model.couplings, state, J, T)
    return model, state


def cannot_be_planted(options: dict[str, Any], *, T: float) -> Refusal | None:
    """Refuse a field, in which some couplings have infinite weight, and T below the transition."""
    r, u, J = options["r"], options["u"], options["J"]
    if options["field"]:
        return "field", options["field"], "be 0 if start is planted"
    if u * T <= J**2:
        requirement = (
            f"be above J^2 / u = {J**2 / u:.6g} if start is planted: there the sum over all "
            "couplings is infinite"
        )
        return "T", T, requirement
    if not above_transition(r, u, J, T):
        requirement = (
            "be at or above the glass transition if start is planted: below it planted couplings "
            "are not typical"
        )
        return "T", T, requirement
    return None


def longest_step(options: dict[str, Any], T: float) -> float:
    """The longest step, given by the fastest rate.

    The rates are those of the couplings and of the wells at their middle, at thermal spins, and at
    spins in the field.
    """
    r, u, J, field = (options[key] for key in ("r", "u", "J", "field"))
    rate = max(J, abs(r), float(np.sqrt(u * T)), float(np.cbrt(u * field**2)))
    return LONGEST_STEP / rate if rate else np.inf


def refusal(options: dict[str, Any], *, N: int) -> Refusal | None:
    """Refuse more spins than memory has room for."""
    return too_large(N, N * N)
