"""Leaving a state of the ring, by the rates of its two moves."""

from typing import NamedTuple

import numpy as np
from glasscore.landscapes.graphs.ring import Ring

from glasscore.dynamics.graphs.hypercube import fill_rates, select_move
from glasscore.dynamics.interface import (
    attempt_move,
    compute_rates,
    draw_duration,
    draw_move,
    make_drawn_move,
    rate,
    restore_drawn_move,
    save_drawn_move,
    workspace,
)
from glasscore.landscapes.interface import (
    VECTOR,
    destination_energies,
    destination_energy,
    move,
    move_weight,
)


class RatesOfTwo(NamedTuple):
    """Energies and rates of the two moves, and the move that was drawn with its energy."""

    energies: np.ndarray
    rates: np.ndarray
    group_rates: np.ndarray
    total: np.ndarray
    chosen: np.ndarray
    energy_after: np.ndarray


@workspace.register
def _(landscape: Ring, rule):
    return RatesOfTwo(
        np.zeros(VECTOR), np.zeros(VECTOR), np.zeros(1), np.zeros(1), np.zeros(1, np.int64),
        np.zeros(1),
    )  # fmt: skip


@compute_rates.register
def _(work: RatesOfTwo, landscape, rule, position):
    destination_energies(landscape, position, work.energies)
    fill_rates(rule, position.energy[0], 2, work)


@draw_duration.register
def _(work: RatesOfTwo, landscape, rule, position, rng):
    return rng.standard_exponential() / (move_weight(landscape) * work.total[0])


@draw_move.register
def _(work: RatesOfTwo, landscape, rule, position, rng):
    number = select_move(work, rng.random() * work.total[0], 2)
    work.chosen[0] = number
    work.energy_after[0] = work.energies[number]


@attempt_move.register
def _(work: RatesOfTwo, landscape, rule, position, rng):
    number = int(rng.random() * 2)
    work.chosen[0] = number
    work.energy_after[0] = destination_energy(landscape, position, number, rng)
    return rng.random() < rate(rule, position.energy[0], work.energy_after[0])


@make_drawn_move.register
def _(work: RatesOfTwo, landscape, position, rng):
    move(landscape, position, work.chosen[0], work.energy_after[0], rng)


@save_drawn_move.register
def _(work: RatesOfTwo, destination):
    destination[0] = work.chosen[0]
    destination[1] = work.energy_after[0]


@restore_drawn_move.register
def _(work: RatesOfTwo, destination):
    work.chosen[0] = int(destination[0])
    work.energy_after[0] = destination[1]
