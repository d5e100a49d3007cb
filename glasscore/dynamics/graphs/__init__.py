"""How a state is left: one file a graph, with the name of the graph's file in ``landscapes``.

A module here registers the verbs of graphs of ``glasscore.dynamics.interface``: what the clocks
need that knows both the graph and the rule. It needs nothing else.
"""

from typing import Protocol


class Moves(Protocol):
    """A module here must have nothing by name; see above."""
