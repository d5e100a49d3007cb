"""Costs of each graph of states: one file per graph, with the name of the graph's file.

A graph without a file uses the functions of this module. The cost files are separate from the
graphs, so that an estimate need not import the compiler, and a change of an estimate does not make
results outdated.
"""


def seconds(N: float, rates_depend_on_destination: bool) -> float:
    """CPU seconds for preparing the dynamics of a sample, by the kind of rates."""
    return 0.0


def memory(N: float, rates_depend_on_destination: bool) -> float:
    """Bytes of the tables prepared for the dynamics of a sample."""
    return 0.0
