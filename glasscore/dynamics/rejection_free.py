"""The rejection-free clock: exact continuous-time dynamics, one jump at a time.

In state i with total exit rate R_i = w sum_k rate(E_i, E_k) the visit lasts Exp(R_i) and ends in
move k with probability proportional to its rate: the continuous-time Markov chain itself, with no
rejected attempts. Source: A. B. Bortz, M. H. Kalos, J. L. Lebowitz, J. Comput. Phys. 17, 10 (1975).
"""

from typing import NamedTuple

import numpy as np

from glasscore.compilation import inlined_kernel, kernel
from glasscore.dynamics.interface import rate, record
from glasscore.landscapes.interface import (
    destination_energies,
    energy,
    move_count,
    move_weight,
    moved,
    random_state,
)

GROUP = 8


class Workspace(NamedTuple):
    """Energies and rates of the moves, padded to whole groups, and the sums over groups."""

    energies: np.ndarray
    rates: np.ndarray
    group_rates: np.ndarray


def workspace(moves: int) -> Workspace:
    """Room for a number of moves."""
    groups = -(-moves // GROUP)
    return Workspace(np.zeros(groups * GROUP), np.zeros(groups * GROUP), np.zeros(groups))


@inlined_kernel
def total_rate(rule, energy_now, moves, work):
    """Fill the rates of all moves and of their groups; return their sum."""
    size = work.rates.size
    for move in range(size):
        work.rates[move] = rate(rule, energy_now, work.energies[move])
    for move in range(moves, size):
        work.rates[move] = 0.0
    total = 0.0
    for group in range(work.group_rates.size):
        r = work.rates[group * GROUP : group * GROUP + GROUP]
        # Fixed order of summation: the same bits whatever the width of the machine's vectors.
        in_group = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
        work.group_rates[group] = in_group
        total += in_group
    return total


@inlined_kernel
def chosen_move(target, moves, work):
    """Move at which the running sum of the rates exceeds ``target``."""
    group = 0
    last_group = work.group_rates.size - 1
    while group < last_group and target >= work.group_rates[group]:
        target -= work.group_rates[group]
        group += 1
    move = group * GROUP
    last = min(move + GROUP, moves) - 1
    while move < last and target >= work.rates[move]:
        target -= work.rates[move]
        move += 1
    return move


@kernel
def trajectory(landscape, rule, recorder, sample, end, work, rng):
    """Run one sample from a uniformly random state to time ``end``; return the number of visits."""
    state = random_state(landscape, rng)
    moves = move_count(landscape)
    weight = move_weight(landscape)
    time = 0.0
    visits = 0
    while time < end:
        energy_now = energy(landscape, state)
        destination_energies(landscape, state, work.energies)
        total = total_rate(rule, energy_now, moves, work)
        departure = time + rng.standard_exponential() / (weight * total)
        record(recorder, sample, time, departure, state, energy_now)
        state = moved(landscape, state, chosen_move(rng.random() * total, moves, work), rng)
        time = departure
        visits += 1
    return visits
