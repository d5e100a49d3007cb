"""Other rules with detailed balance than Metropolis's, by rejecting some of Metropolis's moves.

Metropolis's acceptance probability is the largest that obeys detailed balance (P. H. Peskun,
Biometrika 60, 607 (1973)), and its moves can be drawn without rejections. Another rule accepts each
of these proposed moves with the ratio of its own acceptance probability to Metropolis's; for the
heat bath this ratio is at least 1/2. A visit lasts until the first accepted proposal. The
destination of this move is independent of the time of acceptance, so that ``draw_duration`` and
``draw_move`` can draw them separately.
"""

from typing import Any, NamedTuple

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
from glasscore.kernels.arithmetic import exponential
from glasscore.kernels.compilation import inlined_kernel


class Thinned(NamedTuple):
    """The workspace that draws Metropolis's moves, and the inverse temperature."""

    moves: Any
    beta: float


@inlined_kernel
def is_made(work, rule, energy, rng):
    """Whether the rule accepts the move that was drawn by Metropolis's rule; see above."""
    energy_after = drawn_energy(work.moves)
    largest = exponential(min(0.0, work.beta * (energy - energy_after)))
    return rng.random() * largest < rate(rule, energy, energy_after)


@compute_rates.register
def _(work: Thinned, landscape, rule, position):
    compute_rates(work.moves, landscape, rule, position)


@draw_duration.register
def _(work: Thinned, landscape, rule, position, rng):
    waited = draw_duration(work.moves, landscape, rule, position, rng)
    draw_move(work.moves, landscape, rule, position, rng)
    while not is_made(work, rule, position.energy[0], rng):
        waited += draw_duration(work.moves, landscape, rule, position, rng)
        draw_move(work.moves, landscape, rule, position, rng)
    return waited


@draw_move.register
def _(work: Thinned, landscape, rule, position, rng):
    draw_move(work.moves, landscape, rule, position, rng)
    while not is_made(work, rule, position.energy[0], rng):
        draw_move(work.moves, landscape, rule, position, rng)


@drawn_energy.register
def _(work: Thinned):
    return drawn_energy(work.moves)


@save_drawn_move.register
def _(work: Thinned, destination):
    save_drawn_move(work.moves, destination)


@restore_drawn_move.register
def _(work: Thinned, destination):
    restore_drawn_move(work.moves, destination)


@attempt_move.register
def _(work: Thinned, landscape, rule, position, rng):
    return attempt_move(work.moves, landscape, rule, position, rng)


@make_drawn_move.register
def _(work: Thinned, landscape, position, rng):
    make_drawn_move(work.moves, landscape, position, rng)
