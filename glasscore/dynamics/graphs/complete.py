"""Moves on the complete graph; the properties of the rule decide which workspace draws them."""

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
    # Metropolis's rule accepts all moves that do not raise the energy; any other rule with detailed
    # balance accepts fewer of them.
    return moves if properties.ACCEPTS_ALL_MOVES_DOWN else Thinned(moves, rule.beta)
