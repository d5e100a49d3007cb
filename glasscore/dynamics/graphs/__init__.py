"""Moves out of a state: one file per graph, with the name of the graph's file in ``landscapes``.

A module here registers ``workspace`` of ``glasscore.dynamics.interface`` for the type of the graph,
and the other verbs of workspaces for the types that ``workspace`` returns. These verbs are all that
clocks need to know of the graph and the rule.

A file of the same name in the folder ``cost`` may estimate the cost of the dynamics on the graph.
"""

from typing import Protocol


class Moves(Protocol):
    """A module here need not define any name; it only registers verbs, see above."""
