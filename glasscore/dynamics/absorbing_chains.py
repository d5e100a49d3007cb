"""Absorbing Markov chains: a deep configuration and the neighbours from which it is met again.

A trajectory that flickers, A B A B' A C ..., is a Markov chain on few states: the centre A and its
leaves B_k. A leaf stands for a visit to neighbour k that ends with the return to A. A visit to
neighbour k ends in A with probability q_k, and this outcome may be drawn on entry: the centre is
left for leaf k at the rate a_k q_k, where a_k is the rate of the move from A to neighbour k, and
the chain is left for good (it is absorbed) at the rate a_k (1 - q_k). For a neighbour that is not
one of the leaves, the chain is left at the rate a_k. Leaf k is left for the centre at the full exit
rate R_k of the neighbour. So the chain is left from its centre alone, and a leap over all visits
within the chain can be drawn from its exact law.

By uniformisation, steps with the transition matrix U = 1 + Q / Lambda, where Q is the matrix of
rates, are made at the rate Lambda = max(R_A, R_k). The powers U^(2^l), found by squaring, give the
law of the chain's state after any number of steps. If the chain was absorbed, bisection of the
interval draws the step of absorption. The law is exact, and the cost grows as the logarithm of the
number of steps. Squaring a matrix without negative entries cancels no digits, so that each entry
keeps its relative accuracy, however small the rate of leaving.

Sources: A. Jensen, Skand. Aktuarietidskr. 36, 87 (1953), for uniformisation; M. A. Novotny, Phys.
Rev. Lett. 74, 1 (1995), for absorbing Markov chains in Monte Carlo.
"""

import numpy as np

from glasscore.dynamics.graphs.hypercube import fill_rates
from glasscore.dynamics.interface import record_skipped_visits
from glasscore.kernels.compilation import inlined_kernel, kernel, records
from glasscore.landscapes.interface import WORD, destination_energies, move, move_weight

CENTRE, LEAVES, ABSORBED = 0, 6, 7
SIZE = 8
# Powers U^(2^l) with l < LEVELS are kept, for leaps of at most 2^MOST_BITS steps on average.
MOST_BITS, LEVELS = 58, 60
MOST_STEPS = 2.0**MOST_BITS
# A leap is cheaper than single jumps if it replaces at least this number of jumps on average.
WORTHWHILE = 64.0
CHAIN = np.dtype(
    [
        ("word", np.uint64),
        ("used", np.int64),
        ("leaf", np.int64, (LEAVES,)),
        ("leaf_rate", np.float64, (LEAVES,)),
        ("entry_rate", np.float64, (LEAVES,)),
        ("leaf_exit_rate", np.float64, (LEAVES,)),
        ("centre_rate", np.float64),
        ("exit_rate", np.float64),
        ("exits", np.float64, (WORD,)),
        ("lowest_energy", np.float64),
        ("cycle", np.float64),
        ("pace", np.float64),
        ("step_rate", np.float64),
        ("levels", np.int64),
        ("powers", np.float64, (LEVELS, SIZE, SIZE)),
        ("visits", np.float64),
        ("time", np.float64),
    ]
)
"""One absorbing chain; the other fields are valid if ``used`` is 1.

``word``: the word of the centre. ``leaf``: for each leaf the number of the move to it, or -1 for an
unused place. ``leaf_rate``, ``entry_rate`` and ``leaf_exit_rate``: R_k, a_k q_k and a_k (1 - q_k)
of each leaf. ``centre_rate``: R_A. ``exit_rate``: the rate of leaving the chain, and ``exits``: the
rate of leaving it by each move. ``lowest_energy``: the lowest energy in the chain. ``cycle``: the
mean time in the chain per time in its centre. ``pace``: jumps in the chain per unit time.
``step_rate``: Lambda. ``levels``: the number of known powers U^(2^l), and ``powers``: these
matrices. ``visits`` and ``time``: the mean number of visits to the centre and the mean time in it,
summed over all leaps so far."""


def empty_chains(count: int) -> np.ndarray:
    """An array of unused chains."""
    return records(count, CHAIN)


@kernel
def build_chain(chain, row, landscape, rule, position, work, rng):
    """Build the chain whose centre is the position; ``row`` holds the rates of the position.

    The leaves are the neighbours with the largest rates of moves to them. Returns the mean number
    of jumps in the chain.
    """
    moves = landscape.N
    weight = move_weight(landscape)
    energy = position.energy[0]
    exits = chain.exits
    for number in range(moves):
        exits[number] = weight * row.rates[number]
    lowest_energy = energy
    for leaf in range(LEAVES):
        lowest_energy = min(
            lowest_energy, _add_leaf(chain, leaf, landscape, rule, position, work, rng)
        )
        position.energy[0] = energy
    centre_rate = 0.0
    for number in range(moves):
        centre_rate += exits[number]
    for leaf in range(LEAVES):
        if chain.leaf[leaf] >= 0:
            exits[chain.leaf[leaf]] = chain.leaf_exit_rate[leaf]
    exit_rate = 0.0
    for number in range(moves):
        exit_rate += exits[number]
    cycle, step_rate = 1.0, centre_rate
    for leaf in range(LEAVES):
        if chain.entry_rate[leaf] > 0.0:
            cycle += chain.entry_rate[leaf] / chain.leaf_rate[leaf]
            step_rate = max(step_rate, chain.leaf_rate[leaf])
    chain.word = row.word
    chain.used = 1
    chain.lowest_energy = lowest_energy
    chain.centre_rate = centre_rate
    chain.exit_rate = exit_rate
    chain.cycle = cycle
    chain.pace = 2.0 * centre_rate / cycle
    chain.step_rate = step_rate
    chain.visits = 0.0
    chain.time = 0.0
    chain.levels = 0
    return 2.0 * centre_rate / exit_rate if exit_rate > 0.0 else np.inf


@inlined_kernel
def _add_leaf(chain, leaf, landscape, rule, position, work, rng):
    """Add the most visited neighbour that is no leaf yet; return its energy, infinite if none."""
    moves = landscape.N
    exits = chain.exits
    chosen = -1
    for number in range(moves):
        listed = False
        for other in range(leaf):
            listed = listed or chain.leaf[other] == number
        if not listed and (chosen < 0 or exits[number] > exits[chosen]):
            chosen = number
    chain.leaf[leaf] = chosen
    chain.leaf_rate[leaf] = 0.0
    chain.entry_rate[leaf] = 0.0
    if chosen < 0:
        return np.inf
    energy = position.energy[0]
    destination_energies(landscape, position, work.energies)
    energy_of_leaf = work.energies[chosen]
    move(landscape, position, chosen, energy_of_leaf, rng)
    destination_energies(landscape, position, work.energies)
    fill_rates(rule, position.energy[0], moves, work)
    move(landscape, position, chosen, energy, rng)
    others = 0.0
    for number in range(moves):
        if number != chosen:
            others += work.rates[number]
    total = others + work.rates[chosen]
    chain.leaf_rate[leaf] = move_weight(landscape) * total
    chain.entry_rate[leaf] = exits[chosen] * (work.rates[chosen] / total)
    chain.leaf_exit_rate[leaf] = exits[chosen] * (others / total)
    return energy_of_leaf


@kernel
def _first_power(chain):
    """Compute the first power, U = 1 + Q / Lambda."""
    step_rate = chain.step_rate
    power = chain.powers[0]
    power[:] = 0.0
    power[CENTRE, ABSORBED] = chain.exit_rate / step_rate
    power[ABSORBED, ABSORBED] = 1.0
    leaving = power[CENTRE, ABSORBED]
    for leaf in range(LEAVES):
        state = CENTRE + 1 + leaf
        power[CENTRE, state] = chain.entry_rate[leaf] / step_rate
        leaving += power[CENTRE, state]
        power[state, CENTRE] = chain.leaf_rate[leaf] / step_rate
        power[state, state] = 1.0 - power[state, CENTRE]
    power[CENTRE, CENTRE] = max(0.0, 1.0 - leaving)
    chain.levels = 1


@kernel
def _next_power(chain):
    """Compute the square of the last power, and scale its rows to the sum one."""
    level = chain.levels
    power = chain.powers[level - 1]
    square = chain.powers[level]
    for i in range(SIZE):
        for j in range(SIZE):
            square[i, j] = 0.0
        for k in range(SIZE):
            for j in range(SIZE):
                square[i, j] += power[i, k] * power[k, j]
        total = 0.0
        for j in range(SIZE):
            total += square[i, j]
        for j in range(SIZE):
            square[i, j] /= total
    chain.levels = level + 1


@inlined_kernel
def _draw_state(power, state, rng):
    """Draw the state of the chain after the steps that one power of U stands for."""
    target = rng.random()
    # Absorption comes first: if it is rare, uniform numbers resolve its probability best near zero.
    target -= power[state, ABSORBED]
    if target < 0.0:
        return ABSORBED
    last = state
    for to in range(ABSORBED):
        if power[state, to] > 0.0:
            last = to
            target -= power[state, to]
            if target < 0.0:
                return to
    return last


@kernel
def _step_of_absorption(powers, level, state, rng):
    """Draw the step of absorption from ``state``, given absorption within 2^level steps."""
    steps = 0
    while level > 0:
        level -= 1
        half = powers[level]
        total = half[state, ABSORBED]
        for middle in range(ABSORBED):
            total += half[state, middle] * half[middle, ABSORBED]
        target = rng.random() * total - half[state, ABSORBED]
        if target >= 0.0:
            steps += 1 << level
            chosen = state
            for middle in range(ABSORBED):
                weight = half[state, middle] * half[middle, ABSORBED]
                if weight > 0.0 and target >= 0.0:
                    chosen = middle
                    target -= weight
            state = chosen
    return steps + 1


@kernel
def draw_leap(chain, start, end, rng):
    """Draw the state of the chain at ``end``, or ``ABSORBED`` and the time of leaving the chain.

    The chain is in its centre at ``start``. Steps are made at the times of a Poisson process; given
    the number of steps, the time of one of them follows a beta distribution.
    """
    if chain.levels == 0:
        _first_power(chain)
    steps = rng.poisson(chain.step_rate * (end - start))
    while (steps >> chain.levels) > 0:
        _next_power(chain)
    powers = chain.powers
    state, done = CENTRE, 0
    for level in range(chain.levels - 1, -1, -1):
        if (steps >> level) & 1:
            to = _draw_state(powers[level], state, rng)
            if to == ABSORBED:
                step = done + _step_of_absorption(powers, level, state, rng)
                share = rng.beta(float(step), float(steps - step + 1))
                return ABSORBED, start + (end - start) * share
            state = to
            done += 1 << level
    return state, end


@inlined_kernel
def count_visits(chain, state, elapsed):
    """Add the mean number of visits of a leap that lasted ``elapsed`` and ended in ``state``.

    From the centre, leaf k is entered at the rate e_k (``entry_rate``) and occupied for 1/R_k on
    average. Hence the elapsed time, plus 1/R_k if the leap ends in leaf k, minus ``cycle`` times
    the time in the centre is a martingale, and the estimate of the time in the centre that is used
    here has the right mean. A visit counts when it begins, and the first visit to the centre
    counts.

    Returns the estimated number of visits in this leap.
    """
    unfinished = 0.0
    if state != CENTRE and state != ABSORBED:
        unfinished = 1.0
        elapsed += 1.0 / chain.leaf_rate[state - 1]
    time = elapsed / chain.cycle
    entries = 0.0
    for leaf in range(LEAVES):
        entries += chain.entry_rate[leaf] * time
    chain.time += time
    chain.visits += 1.0 + entries - unfinished
    return 1.0 + 2.0 * entries - unfinished


@inlined_kernel
def draw_exit(chain, moves, rng):
    """Draw the move by which the chain is left."""
    target = rng.random() * chain.exit_rate
    chosen = -1
    for number in range(moves):
        if target >= 0.0 and (chain.exits[number] > 0.0 or chosen < 0):
            chosen = number
            target -= chain.exits[number]
    return chosen


@inlined_kernel
def is_leaf(chain, number):
    """Whether a move leads to one of the leaves."""
    found = False
    for leaf in range(LEAVES):
        found = found or chain.leaf[leaf] == number
    return found


@kernel
def release_chain(chain, recorder, sample):
    """Mark a chain as unused, and report the visits of its leaps to the recorder."""
    if chain.used == 1 and chain.visits > 0.0:
        record_skipped_visits(recorder, sample, chain.centre_rate, chain.visits)
        for leaf in range(LEAVES):
            visits = chain.entry_rate[leaf] * chain.time
            if visits > 0.0:
                record_skipped_visits(recorder, sample, chain.leaf_rate[leaf], visits)
    chain.used = 0
