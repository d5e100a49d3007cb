"""Ising spins as in ``glauber``, with couplings of half the strength."""

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
from glasscore.dmft.single_site.models.glauber import Glauber

TIME_STEP = 0.1
TIME_UNIT = "1 sweep"
NAME = "weakly coupled Ising spins"


class WeakGlauber(NamedTuple):
    """The model with other couplings."""

    strong: Glauber


def create(options: dict[str, Any]) -> WeakGlauber:
    """There are no options."""
    return WeakGlauber(Glauber(0.5))


@glass_temperature.register
def _(model: WeakGlauber) -> float:
    return glass_temperature(model.strong)


@statics.register
def _(model: WeakGlauber, T: float) -> Statics:
    return statics(model.strong, T)


@kicks.register
def _(
    model: WeakGlauber,
    at: Statics,
    step: float,
    shape: tuple[int, int],
    random: np.random.Generator,
) -> Kicks:
    return kicks(model.strong, at, step, shape, random)


@trajectories.register
def _(
    model: WeakGlauber, at: Statics, step: float, drawn: Kicks, noise: Array, bath: Bath
) -> Trajectories:
    return trajectories(model.strong, at, step, drawn, noise, bath)
