"""How a state is left: one file a graph, with the name of the graph's file in ``landscapes``.

A module here registers ``workspace`` of ``glasscore.dynamics.interface`` for the type of the graph,
and the other verbs of workspaces for the types that this returns: what the clocks need that knows
both the graph and the rule. It needs nothing else.

What it costs may stand in the folder ``cost``, in a file of the same name.
"""

from typing import Protocol


class Moves(Protocol):
    """A module here must have nothing by name; see above."""
