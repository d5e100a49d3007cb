"""How the state moves: by rules, on graphs, under clocks; recorders write down what happens.

Each of these is a folder of parts with a ``Protocol`` in its ``__init__``: what Python asks of a
part's module. What compiled code asks of rules, recorders and the workspaces of graphs are the
verbs of ``interface``.
"""
