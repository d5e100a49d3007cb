"""Leaving a state of the complete graph; how depends on what the rule says of its rates."""

from glasscore.dynamics.complete_graph.fresh_states import fresh_states
from glasscore.dynamics.complete_graph.sorted_states import sorted_states
from glasscore.dynamics.complete_graph.thinned import Thinned
from glasscore.dynamics.complete_graph.traps import traps
from glasscore.dynamics.interface import workspace
from glasscore.dynamics.rules import properties_of
from glasscore.landscapes.graphs.complete import Complete


@workspace.register
def _(landscape: Complete, rule):
    properties = properties_of(rule)
    if not properties.RATES_DEPEND_ON_DESTINATION:
        return traps(landscape)
    infinite = landscape.bits == 0
    moves = fresh_states(rule.beta) if infinite else sorted_states(landscape, rule.beta)
    # Metropolis's rule makes all moves that do not climb; another with detailed balance, fewer.
    return moves if properties.ACCEPTS_ALL_MOVES_DOWN else Thinned(moves, rule.beta)
