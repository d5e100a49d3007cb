"""Cost of starts. A file here has the name of the start that it is about.

A file defines some of the functions below; these hold for starts without a file, or without the
function in question.
"""


def seconds(N: float) -> float:
    """CPU seconds of drawing the state in which a trajectory begins."""
    return 0.0


def memory(N: float) -> float:
    """Bytes that drawing the state needs."""
    return 0.0
