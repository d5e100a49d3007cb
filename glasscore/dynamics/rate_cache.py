"""A cache of the rates at configurations that the trajectory has visited.

The cache is a table of fixed size with one row per configuration. The word of a configuration
determines its row, and a new configuration overwrites the old one in the row. Rates that were
overwritten are computed again, so that the cache changes the cost of a trajectory, but no
trajectory.
"""

import numpy as np

from glasscore.dynamics.graphs.hypercube import fill_rates
from glasscore.kernels.compilation import inlined_kernel, kernel, records
from glasscore.landscapes.interface import VECTOR, WORD, destination_energies

# The rows together take about a megabyte, which stays in a processor's cache.
ROWS_BITS = 11
# This odd number is 2^64 divided by the golden ratio; it maps consecutive words to distant rows.
SPREAD = np.uint64(0x9E3779B97F4A7C15)
ROW = np.dtype(
    [
        ("word", np.uint64),
        ("known", np.int64),
        ("energy", np.float64),
        ("total", np.float64),
        ("returns", np.int64),
        ("chain", np.int64),
        ("group_rates", np.float64, (WORD // VECTOR,)),
        ("rates", np.float64, (WORD,)),
    ]
)
"""One configuration; the other fields are valid if ``known`` is 1. ``word`` and ``energy``: the
configuration and its energy. ``rates``, ``group_rates`` and ``total``: the rates of all moves,
their sums over vectors, and their total. ``returns``: the number of immediate returns to the
configuration. ``chain``: the number of the absorbing chain around it, or -1."""


def empty_cache() -> np.ndarray:
    """A cache without valid rows."""
    return records(1 << ROWS_BITS, ROW)


@kernel
def clear(cache):
    """Empty the cache."""
    for index in range(cache.size):
        cache[index].known = 0


@inlined_kernel
def row_of(cache, word):
    """The row that belongs to a configuration."""
    return cache[np.int64((word * SPREAD) >> np.uint64(64 - ROWS_BITS))]


@inlined_kernel
def holds(row, word):
    """Whether a row holds the rates of this configuration."""
    return row.known == 1 and row.word == word


@kernel
def fill_row(row, landscape, rule, position, work):
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
    row.chain = -1


@inlined_kernel
def draw_other_move(row, excluded, moves, rng):
    """Draw a move with probability proportional to its rate, one move excluded."""
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
