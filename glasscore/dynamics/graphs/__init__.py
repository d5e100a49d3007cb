"""How a state is left: one file a graph, with the name of the graph's file in ``landscapes``.

A module here registers the verbs of graphs of ``glasscore.dynamics.interface``: what the clocks
need that knows both the graph and the rule.
"""
