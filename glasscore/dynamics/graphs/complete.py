"""Leaving a state of the complete graph; how depends on what the rule looks at."""

from glasscore.dynamics.complete_graph import interface as complete_graph
from glasscore.dynamics.complete_graph.fresh_states import fresh_states
from glasscore.dynamics.complete_graph.interface import fill, go, propose, try_any, wait
from glasscore.dynamics.complete_graph.sorted_states import sorted_states
from glasscore.dynamics.complete_graph.thinned import Thinned
from glasscore.dynamics.complete_graph.traps import traps
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
from glasscore.landscapes.graphs.complete import Complete

FAR = 1e300


@workspace.register
def _(landscape: Complete, rule):
    if rate(rule, 0.0, -FAR) == rate(rule, 0.0, FAR):
        return traps(landscape)
    infinite = landscape.bits == 0
    moves = fresh_states(rule.beta) if infinite else sorted_states(landscape, rule.beta)
    # Metropolis's rule makes all moves that do not climb; another with detailed balance, fewer.
    return moves if rate(rule, 0.0, 0.0) == 1.0 else Thinned(moves, rule.beta)


@prepare.register
def _(landscape: Complete, rule, position, work):
    fill(work, landscape, rule, position)


@duration.register
def _(landscape: Complete, rule, position, work, rng):
    return wait(work, landscape, rule, position, rng)


@leave.register
def _(landscape: Complete, rule, position, work, rng):
    propose(work, landscape, rule, position, rng)
    go(work, landscape, position, rng)


@attempt.register
def _(landscape: Complete, rule, position, work, rng):
    return try_any(work, landscape, rule, position, rng)


@follow.register
def _(landscape: Complete, position, work, rng):
    go(work, landscape, position, rng)


@choose.register
def _(landscape: Complete, rule, position, work, rng):
    propose(work, landscape, rule, position, rng)


@write_down.register
def _(landscape: Complete, work, destination):
    complete_graph.write_down(work, destination)


@read_back.register
def _(landscape: Complete, work, destination):
    complete_graph.read_back(work, destination)
