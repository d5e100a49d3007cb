"""Activated dynamics: rules set rates, graphs make moves, clocks set times, recorders record.

Rules, graphs, clocks and recorders are one folder each, with one part per file. The ``Protocol`` in
the folder's ``__init__`` lists the names that Python code uses of a part's module. The verbs that
compiled code calls on rules, recorders and workspaces stand in ``interface``.
"""
