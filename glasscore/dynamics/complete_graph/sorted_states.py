r"""M quenched states sorted by energy, so that drawing a move takes O(log M) operations.

Each attempt draws a target uniformly among all M states. The states are sorted by rising energy. A
target that stands before the present state i is always accepted; a target j behind it is accepted
with probability exp(-beta (E_j - E_i)), which is 1 for equal energies. The sums

.. math:: R_k = \sum_{j \ge k} e^{-\beta (E_j - E_k)} = 1 + e^{-\beta (E_{k+1} - E_k)} R_{k+1}

lie between 1 and M at all temperatures, and the recursion from the highest energy downwards adds
positive terms, so that no digits cancel. A move up from E_i leads to state k or a state behind it
with a probability proportional to exp(-beta E_k) R_k. The program draws the logarithm of this
probability and finds k by bisection.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.complete_graph.interface import drawn_energy
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
from glasscore.kernels.arithmetic import exponential, logarithm
from glasscore.kernels.compilation import kernel
from glasscore.landscapes.interface import energies_at, level

LARGEST_BITS = 32
BYTES_PER_STATE = 24


class SortedStates(NamedTuple):
    """Tables of all states, the sums for the present state, and the proposed state.

    Attributes
    ----------
    order
        States in rising order of energy, uint32, shape (M,).
    place
        Place of each state in that order, uint32, shape (M,).
    weight_above
        For each place i, the sum of exp(-beta (E_j - E_i)) over all places j > i, shape (M,).
    log_sum
        For each place k, ln R_k - beta E_k, which falls with k, shape (M,).
    down, up
        The number of states before the present one, and the entry of ``weight_above`` at its place;
        shape (1,).
    state, energy
        The proposed state and its energy, shape (1,).
    """

    order: np.ndarray
    place: np.ndarray
    weight_above: np.ndarray
    log_sum: np.ndarray
    down: np.ndarray
    up: np.ndarray
    state: np.ndarray
    energy: np.ndarray


def sorted_states(landscape: Any, beta: float) -> SortedStates:
    """Sort all states of one sample.

    Raises
    ------
    ValueError
        If there are more than 2^32 states.
    """
    bits = landscape.bits
    if bits > LARGEST_BITS:
        raise ValueError(
            f"N is {bits}, but must be at most {LARGEST_BITS} for a rule that looks where a move "
            f"leads: a table of all states would take {BYTES_PER_STATE * 2.0 ** (bits - 30):g} GiB."
        )
    states = 2**bits
    energies = energies_at(landscape, np.arange(states, dtype=np.uint64))
    order = np.argsort(energies, kind="stable").astype(np.uint32)
    work = SortedStates(
        order,
        np.zeros(states, np.uint32),
        np.zeros(states),
        np.zeros(states),
        np.zeros(1),
        np.zeros(1),
        np.zeros(1, np.uint64),
        np.zeros(1),
    )
    add_up(energies[order], beta, order, work.place, work.weight_above, work.log_sum)
    return work


@kernel
def add_up(energies, beta, order, place, weight_above, log_sum):
    """Fill the tables from the energies in rising order."""
    sum_from_here = 0.0
    energy_above = energies[-1]
    for k in range(energies.size - 1, -1, -1):
        above = exponential(beta * (energies[k] - energy_above)) * sum_from_here
        sum_from_here = 1.0 + above
        energy_above = energies[k]
        place[order[k]] = k
        weight_above[k] = above
        log_sum[k] = logarithm(sum_from_here) - beta * energies[k]


@compute_rates.register
def _(work: SortedStates, landscape, rule, position):
    down = work.place[position.words[0]]
    work.down[0] = down
    work.up[0] = work.weight_above[down]


@draw_duration.register
def _(work: SortedStates, landscape, rule, position, rng):
    return work.order.size * rng.standard_exponential() / (work.down[0] + work.up[0])


@draw_move.register
def _(work: SortedStates, landscape, rule, position, rng):
    target = rng.random() * (work.down[0] + work.up[0])
    climbs = target >= work.down[0]
    place = int(work.down[0]) + 1 if climbs else int(target)
    # Find the last place at which the logarithm is not below the target: first by steps that
    # double, then by bisection. For a move down the search ends before its first step. A single
    # code path for both cases lets the compiler leave out the counting of references.
    reached = work.log_sum[place] - rng.standard_exponential()
    end = work.order.size if climbs else place + 1
    step = 1
    while place + step < end and work.log_sum[place + step] >= reached:
        place += step
        step *= 2
    end = min(place + step, end)
    while end - place > 1:
        middle = (place + end) // 2
        if work.log_sum[middle] >= reached:
            place = middle
        else:
            end = middle
    work.state[0] = work.order[place]
    work.energy[0] = level(landscape.energies, work.state[0])


@drawn_energy.register
def _(work: SortedStates):
    return work.energy[0]


@save_drawn_move.register
def _(work: SortedStates, destination):
    destination[0] = work.state[0]
    destination[1] = work.energy[0]


@restore_drawn_move.register
def _(work: SortedStates, destination):
    work.state[0] = np.uint64(destination[0])
    work.energy[0] = destination[1]


@attempt_move.register
def _(work: SortedStates, landscape, rule, position, rng):
    state = np.uint64(rng.random() * work.order.size)
    if state == position.words[0]:
        return False
    work.state[0] = state
    work.energy[0] = level(landscape.energies, state)
    return rng.random() < rate(rule, position.energy[0], work.energy[0])


@make_drawn_move.register
def _(work: SortedStates, landscape, position, rng):
    position.words[0] = work.state[0]
    position.energy[0] = work.energy[0]
