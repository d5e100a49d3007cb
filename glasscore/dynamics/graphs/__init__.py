"""How a state is left: one file a graph, with the name of the graph's file in ``landscapes``.

A module here registers ``workspace``, ``duration`` and ``leave`` of ``glasscore.dynamics.interface``
for its graph: what the clocks need that knows both the graph and the rule.
"""
