r"""Ising spins with Sherrington-Kirkpatrick couplings, updated one by one by heat bath.

Each spin is drawn anew at random times, once per unit of time on average (one sweep), with

.. math:: P(S = \pm 1) = \frac{1}{1 + e^{\mp 2 h(t) / T}}, \qquad
          h(t) = \phi(t) + J^2 \int_0^t G(t, t') S(t') dt', \qquad
          \langle \phi(t) \phi(t') \rangle = J^2 C(t, t')

In equilibrium above T_g = J the field is Gaussian of variance J^2 around S J^2 / T.

An update takes place at the middle of its time step; the bath between two updates is followed
exactly. This leaves the equilibrium untouched, is exact without couplings, and of second order in
the step with them.

References
----------
H.-J. Sommers, Phys. Rev. Lett. 58 (1987) 1268. H. Eissfeller and M. Opper, Phys. Rev. Lett. 68
(1992) 2094, for trajectories of a single site.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dmft.single_site.interface import (
    Array,
    Bath,
    Kicks,
    Statics,
    Trajectories,
    glass_temperature,
    kicks,
    statics,
    trajectories,
)
from glasscore.kernels.compilation import kernel

OPTIONS = {
    "J": {
        "description": "a strength of the couplings from 1e-6 to 1000",
        "type": "number",
        "default": 1.0,
        "minimum": 1e-6,
        "maximum": 1000.0,
    },
}
TIME_STEP = 0.1
TIME_UNIT = "1 sweep (each spin is updated once on average)"
NAME = "Ising spins"
# Limit of the average over the Gaussian field, in standard deviations: its density there is below
# 1e-22.
REACH = 10.0
NODES = 4096


class Glauber(NamedTuple):
    """Strength J of the couplings."""

    J: float


def create(options: dict[str, Any]) -> Glauber:
    """The model of ``options``, ``{"J": ...}``."""
    return Glauber(float(options["J"]))


@glass_temperature.register
def _(model: Glauber) -> float:
    return model.J


@statics.register
def _(model: Glauber, T: float) -> Statics:
    """The initial rate is <1 - tanh^2(h / T)>, below 1 as updates may draw the same spin again."""
    x = np.linspace(-REACH, REACH, NODES + 1)
    weight = np.exp(-x * x / 2)
    field = (model.J * x + model.J**2 / T) / T
    rate = float(np.sum(weight / np.cosh(field) ** 2) / np.sum(weight))
    return Statics(T, model.J, 1.0, rate, -(model.J**2) / (2 * T))


@kicks.register
def _(
    model: Glauber, at: Statics, step: float, shape: tuple[int, int], random: np.random.Generator
) -> Kicks:
    start = np.where(random.random(shape[1]) < 0.5, -1.0, 1.0)
    # An update draws spin 1 if the field exceeds this number, which is NaN if there is no update.
    drawn = random.logistic(0.0, at.T / 2, shape)
    drawn[random.random(shape) < np.exp(-step)] = np.nan
    return Kicks(start, drawn)


@trajectories.register
def _(
    model: Glauber, at: Statics, step: float, drawn: Kicks, noise: Array, bath: Bath
) -> Trajectories:
    force = model.J**2 / at.T * bath.weight
    spins, field = march(drawn.start, drawn.each_step, noise, force, bath.rate, step)
    known = np.tanh(field / at.T)
    update = -np.expm1(-step)
    innovations = spins[1:] - spins[:-1] - update * (known - spins[:-1])
    scores = np.where(np.isfinite(drawn.each_step), spins[1:] - known, 0.0) / at.T
    return Trajectories(spins, _scale(at, step) * innovations, scores)


def _scale(at: Statics, step: float) -> float:
    """The factor that turns the innovations of this model into those of a linear spin.

    Innovations of this model have the variance (1 - exp(-2 step)) times the initial rate. A linear
    spin that is followed in split steps has the variance C(0) if its innovations have the variance
    2 step sinh(x) / x times the initial rate, where x is the decrease of ln C in a step.
    """
    fall = at.mobility * at.stiffness * step
    return float(np.sqrt(2 * step * np.sinh(fall) / fall / -np.expm1(-2 * step)))


@kernel
def march(start, threshold, coloured, force, rate, step):
    """Run trajectories side by side, with the memory of the bath as a sum of exponentials.

    With n_j' = rate_j (S - n_j), n_j(0) = S(0), the retarded self-interaction and the bias of the
    noise by the spin's past are together (J^2 / T) sum_j weight_j n_j; ``force`` is
    (J^2 / T) weight_j.
    """
    steps, count = threshold.shape
    spins, field = np.empty((steps + 1, count)), np.empty((steps, count))
    seen = np.empty((rate.size, count))
    now = np.empty(count)
    spin = start.copy()
    decay = np.exp(-rate * step)
    for one in range(count):
        spins[0, one] = spin[one]
        for term in range(rate.size):
            seen[term, one] = spin[one]
    for number in range(steps):
        for one in range(count):
            now[one] = coloured[number, one]
        for term in range(rate.size):
            a, b, f = decay[term], 1.0 - decay[term], force[term]
            for one in range(count):
                kept = a * seen[term, one] + b * spin[one]
                seen[term, one] = kept
                now[one] += f * kept
        for one in range(count):
            field[number, one] = now[one]
            if now[one] > threshold[number, one]:
                spin[one] = 1.0
            elif now[one] <= threshold[number, one]:
                spin[one] = -1.0
            spins[number + 1, one] = spin[one]
    return spins, field
