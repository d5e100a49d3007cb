r"""Soft spins in a quartic well, with Sherrington-Kirkpatrick couplings.

.. math:: \dot S = r S - u S^3 + J^2 \int_0^t G(t, t') S(t') dt' + \xi, \qquad
          V(S) = -\tfrac{r}{2} S^2 + \tfrac{u}{4} S^4

The well is single for r < 0 and double for r > 0. In the limit r = u to infinity the spin is an
Ising spin; u = 0 is the linear model with r_0 = -r. In equilibrium above T_g the spin has the
probability density

.. math:: P(S) \propto \exp \left[ -\frac{V(S)}{T} + \frac{J^2 C(0)}{2 T^2} S^2 \right],
          \qquad C(0) = \langle S^2 \rangle, \qquad T_g = J C(0).

Steps are split symmetrically: the well's force is followed exactly, for half a step before and
after a step in all other forces, which are linear. The weak order is two.

References
----------
H. Sompolinsky and A. Zippelius, Phys. Rev. Lett. 47 (1981) 359; Phys. Rev. B 25 (1982) 6860.
"""

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import brentq

from glasscore.common.errors import CampaignError
from glasscore.dmft.single_site.interface import (
    Array,
    Bath,
    Kicks,
    Statics,
    Trajectories,
    glass_temperature,
    kicks,
    longest_step,
    statics,
    trajectories,
)
from glasscore.dmft.single_site.trajectories import march
from glasscore.models.quartic_well import second_moment, weight

OPTIONS = {
    "r": {
        "description": "a coefficient of the well from -1000 to 1000",
        "type": "number",
        "default": 0.0,
        "minimum": -1000.0,
        "maximum": 1000.0,
    },
    "u": {
        "description": "a coefficient of the well from 0 to 1000",
        "type": "number",
        "default": 1.0,
        "minimum": 0.0,
        "maximum": 1000.0,
    },
    "J": {
        "description": "a strength of the couplings from 1e-6 to 1000",
        "type": "number",
        "default": 1.0,
        "minimum": 1e-6,
        "maximum": 1000.0,
    },
}
TIME_STEP = 0.025
TIME_UNIT = "1 (dimensionless Langevin time: dS/dt = -V'(S) + ... + xi, <xi xi> = 2T)"
NAME = "soft spins"
# Longest time step times the fastest rate. Steps twice as long raise relaxation times by a third.
LONGEST_STEP = 0.3


class Soft(NamedTuple):
    """Coefficients of the well, V = -r S^2 / 2 + u S^4 / 4, and the couplings' strength J."""

    r: float
    u: float
    J: float


def create(options: dict[str, Any]) -> Soft:
    """The model of ``options``, ``{"r": ..., "u": ..., "J": ...}``.

    Raises
    ------
    CampaignError
        If u = 0 and -r is below 2 J: the linear model is unstable.
    """
    model = Soft(float(options["r"]), float(options["u"]), float(options["J"]))
    if model.u == 0 and model.r > -2 * model.J:
        raise CampaignError(
            f"r = {model.r:g} leaves the linear model (u = 0) unstable: with J = {model.J:g} it "
            f"must be at most -2 J = {-2 * model.J:g}."
        )
    return model


@glass_temperature.register
def _(model: Soft) -> float:
    if model.u == 0:
        return 0.0

    def excess(T: float) -> float:
        return model.J * second_moment(model.r + model.J, model.u, T) - T

    # At T_g the couplings add J S^2 / 2 to -V(S), and J <S^2> / T = 1. This ratio falls to zero as
    # T grows. Its limit at T = 0 is at most 1 if r <= -2 J.
    if model.r <= -2 * model.J:
        return 0.0
    high = model.J**2 / model.u
    while excess(high) > 0:
        high *= 2
    low = high
    while excess(low) < 0:
        low /= 2
    return float(brentq(excess, low, high, xtol=1e-15 * low, rtol=1e-14))


@statics.register
def _(model: Soft, T: float) -> Statics:
    r, u, J = model
    if u == 0:
        second = T * 2 / (-r + np.sqrt(r * r - 4 * J * J))
        return Statics(T, J, second, T, 0.5 * (-r * second - J * J * second * second / T))
    critical = T / J

    def excess(second: float) -> float:
        return second_moment(r + J * J * second / T, u, T) - second

    # At T_g itself the excess at the end of the range is zero up to rounding.
    at_end = excess(critical) >= 0
    second = critical if at_end else float(brentq(excess, 0.0, critical, xtol=1e-15, rtol=1e-14))
    S, probability = weight(r + J * J * second / T, u, T)
    well = float(np.sum(probability * (-r / 2 * S**2 + u / 4 * S**4)))
    return Statics(T, J, second, T, well - J * J * second * second / (2 * T))


@longest_step.register
def _(model: Soft, at: Statics) -> float:
    return LONGEST_STEP / max(at.decay, model.r)


@kicks.register
def _(
    model: Soft, at: Statics, step: float, shape: tuple[int, int], random: np.random.Generator
) -> Kicks:
    coefficient = model.r + model.J**2 * at.second_moment / at.T
    probability = random.random(shape[1])
    if model.u == 0:
        start = np.sqrt(at.second_moment) * random.standard_normal(shape[1])
    else:
        S, of_nodes = weight(coefficient, model.u, at.T)
        start = np.interp(probability, np.cumsum(of_nodes) - of_nodes / 2, S)
    white = np.sqrt(2 * at.T * step) * random.standard_normal(shape)
    return Kicks(start, white)


@trajectories.register
def _(
    model: Soft, at: Statics, step: float, drawn: Kicks, noise: Array, bath: Bath
) -> Trajectories:
    force = step * model.J**2 / at.T * bath.weight
    growth, bend = _flow(model, step)
    white, coloured = drawn.each_step, step * noise
    spins = march(drawn.start, white, coloured, force, bath.rate, growth, bend, step)
    # A field h shifts the Gaussian white noise, of variance 2 T step, by step h.
    return Trajectories(spins, white, white / (2 * at.T))


def _flow(model: Soft, step: float) -> tuple[float, float]:
    """Growth and bend: half a step in the well takes S to growth S / sqrt(1 + bend S^2)."""
    exponent = model.r * step
    growth = np.exp(exponent / 2)
    return growth, model.u * (np.expm1(exponent) / model.r if model.r != 0 else step)
