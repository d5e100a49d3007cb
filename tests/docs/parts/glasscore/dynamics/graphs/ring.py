"""Leaving a state of the ring, by the rates of its two moves."""

import numpy as np
from glasscore.landscapes.graphs.ring import Ring

from glasscore.dynamics.graphs.hypercube import Rates, chosen_move, fill_rates
from glasscore.dynamics.interface import (
    attempt,
    choose,
    duration,
    follow,
    leave,
    prepare,
    rate,
    read_back,
    workspace,
    write_down,
)
from glasscore.landscapes.interface import (
    VECTOR,
    destination_energies,
    destination_energy,
    move,
    move_weight,
)


@workspace.register
def _(landscape: Ring, rule):
    return Rates(
        np.zeros(VECTOR), np.zeros(VECTOR), np.zeros(1), np.zeros(1), np.zeros(1, np.int64),
        np.zeros(1),
    )  # fmt: skip


@prepare.register
def _(landscape: Ring, rule, position, work):
    destination_energies(landscape, position, work.energies)
    fill_rates(rule, position.energy[0], 2, work)


@duration.register
def _(landscape: Ring, rule, position, work, rng):
    return rng.standard_exponential() / (move_weight(landscape) * work.total[0])


@leave.register
def _(landscape: Ring, rule, position, work, rng):
    number = chosen_move(rng.random() * work.total[0], 2, work)
    move(landscape, position, number, work.energies[number], rng)


@attempt.register
def _(landscape: Ring, rule, position, work, rng):
    number = int(rng.random() * 2)
    work.chosen[0] = number
    work.energy_after[0] = destination_energy(landscape, position, number, rng)
    return rng.random() < rate(rule, position.energy[0], work.energy_after[0])


@follow.register
def _(landscape: Ring, position, work, rng):
    move(landscape, position, work.chosen[0], work.energy_after[0], rng)


@choose.register
def _(landscape: Ring, rule, position, work, rng):
    number = chosen_move(rng.random() * work.total[0], 2, work)
    work.chosen[0] = number
    work.energy_after[0] = work.energies[number]


@write_down.register
def _(landscape: Ring, work, destination):
    destination[0] = work.chosen[0]
    destination[1] = work.energy_after[0]


@read_back.register
def _(landscape: Ring, work, destination):
    work.chosen[0] = int(destination[0])
    work.energy_after[0] = destination[1]
