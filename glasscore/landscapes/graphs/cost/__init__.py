"""What each graph of states costs, one file a graph, with the name of the graph's file.

A graph without a file has what stands here. The files stand apart from the graphs, so that an
estimate starts no compiler, and a better estimate makes no result look old.
"""


def seconds(N: float, rates_depend_on_destination: bool) -> float:
    """CPU time of preparing a sample for the dynamics with a rule of such rates."""
    return 0.0


def memory(N: float, rates_depend_on_destination: bool) -> float:
    """Bytes that this takes."""
    return 0.0
