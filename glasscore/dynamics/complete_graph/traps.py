"""Traps: states with the same rate to all other states, whatever the destination's energy."""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.interface import (
    attempt_move,
    compute_rates,
    draw_duration,
    draw_move,
    make_drawn_move,
    rate,
    restore_drawn_move,
    save_drawn_move,
)
from glasscore.landscapes.graphs.complete import UNOBSERVED_ENERGY
from glasscore.landscapes.interface import move, move_weight


class Traps(NamedTuple):
    """The rate of attempts at other states, and the total rate of leaving a state, shape (1,)."""

    weight: float
    total: np.ndarray


def traps(landscape: Any) -> Traps:
    """An empty workspace."""
    return Traps(move_weight(landscape), np.zeros(1))


@compute_rates.register
def _(work: Traps, landscape, rule, position):
    work.total[0] = work.weight * rate(rule, position.energy[0], UNOBSERVED_ENERGY)


@draw_duration.register
def _(work: Traps, landscape, rule, position, rng):
    return rng.standard_exponential() / work.total[0]


@draw_move.register
def _(work: Traps, landscape, rule, position, rng):
    pass


@save_drawn_move.register
def _(work: Traps, destination):
    pass


@restore_drawn_move.register
def _(work: Traps, destination):
    pass


@attempt_move.register
def _(work: Traps, landscape, rule, position, rng):
    return rng.random() < work.weight * rate(rule, position.energy[0], UNOBSERVED_ENERGY)


@make_drawn_move.register
def _(work: Traps, landscape, position, rng):
    move(landscape, position, 0, UNOBSERVED_ENERGY, rng)
