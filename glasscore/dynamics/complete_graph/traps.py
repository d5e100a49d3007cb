"""Traps: states that are left at one rate for all targets, so that all others are alike."""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.complete_graph.interface import (
    fill,
    go,
    propose,
    read_back,
    try_any,
    wait,
    write_down,
)
from glasscore.dynamics.interface import rate
from glasscore.landscapes.graphs.complete import UNOBSERVED_ENERGY
from glasscore.landscapes.interface import move, move_weight


class Traps(NamedTuple):
    """Attempts at other states per unit time; the rate at which the state is left, shape (1,)."""

    weight: float
    total: np.ndarray


def traps(landscape: Any) -> Traps:
    """An empty workspace."""
    return Traps(move_weight(landscape), np.zeros(1))


@fill.register
def _(work: Traps, landscape, rule, position):
    work.total[0] = work.weight * rate(rule, position.energy[0], UNOBSERVED_ENERGY)


@wait.register
def _(work: Traps, landscape, rule, position, rng):
    return rng.standard_exponential() / work.total[0]


@propose.register
def _(work: Traps, landscape, rule, position, rng):
    pass


@write_down.register
def _(work: Traps, destination):
    pass


@read_back.register
def _(work: Traps, destination):
    pass


@try_any.register
def _(work: Traps, landscape, rule, position, rng):
    return rng.random() < work.weight * rate(rule, position.energy[0], UNOBSERVED_ENERGY)


@go.register
def _(work: Traps, landscape, position, rng):
    move(landscape, position, 0, UNOBSERVED_ENERGY, rng)
