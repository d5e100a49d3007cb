"""A memory of rates: what was computed at configurations met before.

A table of fixed size, one row a configuration; the place of a configuration follows from its word,
and a new one takes the place of the old. What is forgotten is computed again, so the memory changes
no trajectory, only its cost.
"""

import numpy as np

from glasscore.dynamics.graphs.hypercube import fill_rates
from glasscore.kernels.compilation import inlined_kernel, kernel, records
from glasscore.landscapes.interface import VECTOR, WORD, destination_energies

# Together about a megabyte, which stays in a processor's cache.
ROWS_BITS = 11
# 2^64 divided by the golden ratio, odd: consecutive words fall far apart.
SPREAD = np.uint64(0x9E3779B97F4A7C15)
ROW = np.dtype(
    [
        ("word", np.uint64),
        ("known", np.int64),
        ("energy", np.float64),
        ("total", np.float64),
        ("returns", np.int64),
        ("star", np.int64),
        ("group_rates", np.float64, (WORD // VECTOR,)),
        ("rates", np.float64, (WORD,)),
    ]
)
"""One configuration: its word (if ``known``), its energy, the rates of all moves, their sums over
vectors and over all; how often the trajectory came straight back to it; the number of the star
around it, or -1."""


def empty_memory() -> np.ndarray:
    """Rows that know nothing."""
    return records(1 << ROWS_BITS, ROW)


@kernel
def forget(memory):
    """Empty the memory."""
    for index in range(memory.size):
        memory[index].known = 0


@inlined_kernel
def row_of(memory, word):
    """The row in which a configuration would be."""
    return memory[np.int64((word * SPREAD) >> np.uint64(64 - ROWS_BITS))]


@inlined_kernel
def knows(row, word):
    """Whether a row holds this configuration."""
    return row.known == 1 and row.word == word


@kernel
def learn(row, landscape, rule, position, work):
    """Compute the rates at a position and keep them in a row."""
    destination_energies(landscape, position, work.energies)
    fill_rates(rule, position.energy[0], landscape.N, work)
    for number in range(work.rates.size):
        row.rates[number] = work.rates[number]
    for group in range(work.group_rates.size):
        row.group_rates[group] = work.group_rates[group]
    row.known = 1
    row.word = position.words[0]
    row.energy = position.energy[0]
    row.total = work.total[0]
    row.returns = 0
    row.star = -1


@inlined_kernel
def chosen_from(row, target, moves):
    """Move at which the running sum of the rates exceeds ``target``."""
    group = 0
    while group < (moves - 1) // VECTOR and target >= row.group_rates[group]:
        target -= row.group_rates[group]
        group += 1
    number = group * VECTOR
    last = min(number + VECTOR, moves) - 1
    while number < last and target >= row.rates[number]:
        target -= row.rates[number]
        number += 1
    return number


@inlined_kernel
def chosen_other(row, excluded, moves, rng):
    """Move drawn by its rate, one move excluded."""
    total = 0.0
    for number in range(moves):
        if number != excluded:
            total += row.rates[number]
    target = rng.random() * total
    chosen = -1
    for number in range(moves):
        if number != excluded and (target >= 0.0 or chosen < 0):
            chosen = number
            target -= row.rates[number]
    return chosen
