"""Moves on the hypercube: drawn from the rates of all N moves, or attempted one by one."""

from typing import NamedTuple

import numpy as np

from glasscore.dynamics.interface import (
    attempt_move,
    compute_rates,
    draw_duration,
    draw_move,
    jump,
    make_drawn_move,
    rate,
    restore_drawn_move,
    save_drawn_move,
    workspace,
)
from glasscore.kernels.compilation import generic_with_default, inlined_kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import (
    VECTOR,
    destination_energies,
    destination_energy,
    move,
    move_weight,
)


class Rates(NamedTuple):
    """Energies and rates of all moves out of a state, and the move that was drawn.

    ``energies`` and ``rates`` are padded to whole vectors, ``group_rates`` are the sums of the
    rates over each vector, and ``total`` is the sum of all rates. ``chosen`` is the move that was
    drawn or accepted, and ``energy_after`` is the energy of its destination.
    """

    energies: np.ndarray
    rates: np.ndarray
    group_rates: np.ndarray
    total: np.ndarray
    chosen: np.ndarray
    energy_after: np.ndarray


@workspace.register
def _(landscape: Hypercube, rule):
    groups = -(-landscape.N // VECTOR)
    return Rates(
        np.zeros(groups * VECTOR),
        np.zeros(groups * VECTOR),
        np.zeros(groups),
        np.zeros(1),
        np.zeros(1, np.int64),
        np.zeros(1),
    )


@inlined_kernel
def fill_rates(rule, energy, moves, work):
    """Compute the rates of all moves, their sums over groups of moves, and their total."""
    size = work.rates.size
    for number in range(size):
        work.rates[number] = rate(rule, energy, work.energies[number])
    for number in range(moves, size):
        work.rates[number] = 0.0
    total = 0.0
    for group in range(work.group_rates.size):
        r = work.rates[group * VECTOR : group * VECTOR + VECTOR]
        # The order of summation is fixed, so that machines with vectors of any width give the same
        # bits.
        in_group = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
        work.group_rates[group] = in_group
        total += in_group
    work.total[0] = total


@inlined_kernel
def select_move(kept, target, moves):
    """The first move at which the running sum of the rates exceeds ``target``.

    ``kept`` is a record with the fields ``rates`` and ``group_rates``.
    """
    group = 0
    last_group = (moves - 1) // VECTOR
    while group < last_group and target >= kept.group_rates[group]:
        target -= kept.group_rates[group]
        group += 1
    number = group * VECTOR
    last = min(number + VECTOR, moves) - 1
    while number < last and target >= kept.rates[number]:
        target -= kept.rates[number]
        number += 1
    return number


@compute_rates.register
def _(work: Rates, landscape, rule, position):
    destination_energies(landscape, position, work.energies)
    fill_rates(rule, position.energy[0], landscape.N, work)


@draw_duration.register
def _(work: Rates, landscape, rule, position, rng):
    return rng.standard_exponential() / (move_weight(landscape) * work.total[0])


@jump.register
def _(work: Rates, landscape, rule, position, rng):
    number = select_move(work, rng.random() * work.total[0], landscape.N)
    move(landscape, position, number, work.energies[number], rng)


@generic_with_default
def accepts(rule, energy, energy_after, rng):
    """Decide whether an attempt is accepted."""
    return rng.random() < rate(rule, energy, energy_after)


@attempt_move.register
def _(work: Rates, landscape, rule, position, rng):
    number = int(rng.random() * landscape.N)
    energy_after = destination_energy(landscape, position, number, rng)
    work.chosen[0] = number
    work.energy_after[0] = energy_after
    return accepts(rule, position.energy[0], energy_after, rng)


@make_drawn_move.register
def _(work: Rates, landscape, position, rng):
    move(landscape, position, work.chosen[0], work.energy_after[0], rng)


@draw_move.register
def _(work: Rates, landscape, rule, position, rng):
    number = select_move(work, rng.random() * work.total[0], landscape.N)
    work.chosen[0] = number
    work.energy_after[0] = work.energies[number]


@save_drawn_move.register
def _(work: Rates, destination):
    destination[0] = work.chosen[0]
    destination[1] = work.energy_after[0]


@restore_drawn_move.register
def _(work: Rates, destination):
    work.chosen[0] = int(destination[0])
    work.energy_after[0] = destination[1]
