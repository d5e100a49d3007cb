"""Stars: a deep configuration and the neighbours it keeps returning from, leapt over exactly.

While a trajectory flickers, A B A B' A B ..., it is a Markov chain on few states: the centre A and
its leaves B_k, those visits to a neighbour that end in A. A neighbour's visit ends in A with
probability q_k, decided on entry: with rate a_k q_k the centre is left for leaf k, with rate
a_k (1 - q_k), or a_k for a neighbour that is no leaf, the star is left for good. Leaves are left
for the centre at their full rate R_k. So the star is left from its centre alone.

At the rate Lambda = max(R_A, R_k) a step of the chain U = 1 + Q / Lambda is made (uniformisation).
The powers U^(2^l), found by squaring, tell where the chain is after any number of steps, and if it
was absorbed, halving the interval again and again tells at which step: the exact law, at the cost
of the logarithm of the number of steps. Squares of matrices without negative entries lose no
digits, however small the rate of leaving: each entry keeps its relative accuracy.

Sources: A. Jensen, Skand. Aktuarietidskr. 36, 87 (1953), for uniformisation; M. A. Novotny, Phys.
Rev. Lett. 74, 1 (1995), for absorbing Markov chains in Monte Carlo.
"""

import numpy as np

from glasscore.dynamics.graphs.hypercube import fill_rates
from glasscore.dynamics.interface import flickered
from glasscore.kernels.compilation import inlined_kernel, kernel, records
from glasscore.landscapes.interface import WORD, destination_energies, move, move_weight

CENTRE, LEAVES, ABSORBED = 0, 6, 7
SIZE = 8
# Powers U^(2^l), l < LEVELS: leaps of at most 2^MOST_BITS steps on average.
MOST_BITS, LEVELS = 58, 60
MOST_STEPS = 2.0**MOST_BITS
# Jumps that a leap must save on average to be cheaper than making them.
WORTHWHILE = 64.0
STAR = np.dtype(
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
"""One star (if ``used``): the word of its centre; for each leaf its move (-1: none), R_k, a_k q_k
and a_k (1 - q_k); R_A, the rate of leaving the star, and the latter by moves; the lowest energy in
it; the mean time in the star per time in its centre, and jumps in the star per time; Lambda; how
many powers U^(2^l) are known, and these; the mean number of visits to the centre and of time in it,
leapt over so far."""


def no_stars(count: int) -> np.ndarray:
    """Room for stars."""
    return records(count, STAR)


@kernel
def around(star, row, landscape, rule, position, work, rng):
    """Make a star around the position, whose rates are in a row of the memory.

    The leaves are the neighbours visited most. Returns the mean number of jumps in the star.
    """
    moves = landscape.N
    weight = move_weight(landscape)
    energy = position.energy[0]
    exits = star.exits
    for number in range(moves):
        exits[number] = weight * row.rates[number]
    lowest_energy = energy
    for leaf in range(LEAVES):
        lowest_energy = min(
            lowest_energy, _add_leaf(star, leaf, landscape, rule, position, work, rng)
        )
        position.energy[0] = energy
    centre_rate = 0.0
    for number in range(moves):
        centre_rate += exits[number]
    for leaf in range(LEAVES):
        if star.leaf[leaf] >= 0:
            exits[star.leaf[leaf]] = star.leaf_exit_rate[leaf]
    exit_rate = 0.0
    for number in range(moves):
        exit_rate += exits[number]
    cycle, step_rate = 1.0, centre_rate
    for leaf in range(LEAVES):
        if star.entry_rate[leaf] > 0.0:
            cycle += star.entry_rate[leaf] / star.leaf_rate[leaf]
            step_rate = max(step_rate, star.leaf_rate[leaf])
    star.word = row.word
    star.used = 1
    star.lowest_energy = lowest_energy
    star.centre_rate = centre_rate
    star.exit_rate = exit_rate
    star.cycle = cycle
    star.pace = 2.0 * centre_rate / cycle
    star.step_rate = step_rate
    star.visits = 0.0
    star.time = 0.0
    star.levels = 0
    return 2.0 * centre_rate / exit_rate if exit_rate > 0.0 else np.inf


@inlined_kernel
def _add_leaf(star, leaf, landscape, rule, position, work, rng):
    """The most visited neighbour that is no leaf yet; returns its energy, infinite if none."""
    moves = landscape.N
    exits = star.exits
    chosen = -1
    for number in range(moves):
        listed = False
        for other in range(leaf):
            listed = listed or star.leaf[other] == number
        if not listed and (chosen < 0 or exits[number] > exits[chosen]):
            chosen = number
    star.leaf[leaf] = chosen
    star.leaf_rate[leaf] = 0.0
    star.entry_rate[leaf] = 0.0
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
    star.leaf_rate[leaf] = move_weight(landscape) * total
    star.entry_rate[leaf] = exits[chosen] * (work.rates[chosen] / total)
    star.leaf_exit_rate[leaf] = exits[chosen] * (others / total)
    return energy_of_leaf


@kernel
def _first_power(star):
    """U = 1 + Q / Lambda."""
    step_rate = star.step_rate
    power = star.powers[0]
    power[:] = 0.0
    power[CENTRE, ABSORBED] = star.exit_rate / step_rate
    power[ABSORBED, ABSORBED] = 1.0
    leaving = power[CENTRE, ABSORBED]
    for leaf in range(LEAVES):
        state = CENTRE + 1 + leaf
        power[CENTRE, state] = star.entry_rate[leaf] / step_rate
        leaving += power[CENTRE, state]
        power[state, CENTRE] = star.leaf_rate[leaf] / step_rate
        power[state, state] = 1.0 - power[state, CENTRE]
    power[CENTRE, CENTRE] = max(0.0, 1.0 - leaving)
    star.levels = 1


@kernel
def _next_power(star):
    """The square of the last power, its rows brought to the sum one."""
    level = star.levels
    power = star.powers[level - 1]
    square = star.powers[level]
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
    star.levels = level + 1


@inlined_kernel
def _drawn(power, state, rng):
    """Where the chain is after one power of U."""
    target = rng.random()
    # Absorption first: where it is rare, its probability is resolved best near zero.
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
    """Step at which a chain from ``state`` is absorbed, given that it is within 2^level steps."""
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
def leapt(star, start, end, rng):
    """The star's state at ``end``, begun in its centre at ``start``, or that and when it is left.

    Steps are made at the times of a Poisson process; given their number, the time of one of them
    follows a beta law.
    """
    if star.levels == 0:
        _first_power(star)
    steps = rng.poisson(star.step_rate * (end - start))
    while (steps >> star.levels) > 0:
        _next_power(star)
    powers = star.powers
    state, done = CENTRE, 0
    for level in range(star.levels - 1, -1, -1):
        if (steps >> level) & 1:
            to = _drawn(powers[level], state, rng)
            if to == ABSORBED:
                step = done + _step_of_absorption(powers, level, state, rng)
                share = rng.beta(float(step), float(steps - step + 1))
                return ABSORBED, start + (end - start) * share
            state = to
            done += 1 << level
    return state, end


@inlined_kernel
def counted(star, state, elapsed):
    """Count the visits of a leap that took some time and ended in a state; returns their mean.

    In the centre leaves are entered at rates e_k and occupied for 1/R_k each: elapsed time, plus
    1/R_k if it ends in leaf k, minus ``cycle`` times the time in the centre is a martingale, so
    that the time in the centre has the mean of what is counted here. The first visit to the centre
    counts, and a visit counts when it begins.
    """
    unfinished = 0.0
    if state != CENTRE and state != ABSORBED:
        unfinished = 1.0
        elapsed += 1.0 / star.leaf_rate[state - 1]
    time = elapsed / star.cycle
    entries = 0.0
    for leaf in range(LEAVES):
        entries += star.entry_rate[leaf] * time
    star.time += time
    star.visits += 1.0 + entries - unfinished
    return 1.0 + 2.0 * entries - unfinished


@inlined_kernel
def chosen_exit(star, moves, rng):
    """Move by which the star is left."""
    target = rng.random() * star.exit_rate
    chosen = -1
    for number in range(moves):
        if target >= 0.0 and (star.exits[number] > 0.0 or chosen < 0):
            chosen = number
            target -= star.exits[number]
    return chosen


@inlined_kernel
def is_leaf(star, number):
    """Whether a move leads to a leaf."""
    found = False
    for leaf in range(LEAVES):
        found = found or star.leaf[leaf] == number
    return found


@kernel
def give_up(star, recorder, sample):
    """Forget a star; the visits that were leapt over go to the recorder."""
    if star.used == 1 and star.visits > 0.0:
        flickered(recorder, sample, star.centre_rate, star.visits)
        for leaf in range(LEAVES):
            visits = star.entry_rate[leaf] * star.time
            if visits > 0.0:
                flickered(recorder, sample, star.leaf_rate[leaf], visits)
    star.used = 0
