"""Rules with detailed balance other than Metropolis's: some of its moves, the others in vain.

Of all acceptance probabilities with detailed balance Metropolis's is the largest (P. H. Peskun,
Biometrika 60, 607 (1973)), and its moves can be drawn at once. Another rule's moves are those, each
made with the ratio of the two probabilities; for the heat bath it is at least 1/2. A visit lasts
until the first proposal that is made, and where that leads does not depend on when it comes: the
one is drawn without the other.
"""

from typing import Any, NamedTuple

from glasscore.dynamics.complete_graph.interface import (
    fill,
    go,
    propose,
    proposed_energy,
    read_back,
    try_any,
    wait,
    write_down,
)
from glasscore.dynamics.interface import rate
from glasscore.kernels.arithmetic import exponential
from glasscore.kernels.compilation import inlined_kernel


class Thinned(NamedTuple):
    """The workspace of Metropolis's moves, and the inverse temperature."""

    moves: Any
    beta: float


@inlined_kernel
def is_made(work, rule, energy, rng):
    """True with the probability of the rule over that of Metropolis's rule."""
    energy_after = proposed_energy(work.moves)
    largest = exponential(min(0.0, work.beta * (energy - energy_after)))
    return rng.random() * largest < rate(rule, energy, energy_after)


@fill.register
def _(work: Thinned, landscape, rule, position):
    fill(work.moves, landscape, rule, position)


@wait.register
def _(work: Thinned, landscape, rule, position, rng):
    waited = wait(work.moves, landscape, rule, position, rng)
    propose(work.moves, landscape, rule, position, rng)
    while not is_made(work, rule, position.energy[0], rng):
        waited += wait(work.moves, landscape, rule, position, rng)
        propose(work.moves, landscape, rule, position, rng)
    return waited


@propose.register
def _(work: Thinned, landscape, rule, position, rng):
    propose(work.moves, landscape, rule, position, rng)
    while not is_made(work, rule, position.energy[0], rng):
        propose(work.moves, landscape, rule, position, rng)


@proposed_energy.register
def _(work: Thinned):
    return proposed_energy(work.moves)


@write_down.register
def _(work: Thinned, destination):
    write_down(work.moves, destination)


@read_back.register
def _(work: Thinned, destination):
    read_back(work.moves, destination)


@try_any.register
def _(work: Thinned, landscape, rule, position, rng):
    return try_any(work.moves, landscape, rule, position, rng)


@go.register
def _(work: Thinned, landscape, position, rng):
    go(work.moves, landscape, position, rng)
