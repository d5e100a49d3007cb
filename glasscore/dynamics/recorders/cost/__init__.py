"""What each recorder costs, one file a recorder, with the name of the recorder's file.

A recorder without a file has what stands here. It is what it costs more than to write a number at
each time. The files stand apart from the recorders, so that an estimate starts no compiler, and a
better estimate makes no result look old.
"""

NANOSECONDS_OF_A_VISIT = 0.0
"""CPU time of each visit."""
BYTES_OF_A_SAMPLE = 0.0
"""Memory that a sample takes, whatever the length of the run."""


def nanoseconds_of_a_time(N: float) -> float:
    """CPU time of each observation time, when the run of a sample is over."""
    return 0.0


def bytes_of_a_pair(words: int) -> int:
    """Memory of each time t_w (1 + omega), for states of some words."""
    return 0


def bytes_of_a_time(words: int) -> int:
    """Memory of each other observation time, for states of some words."""
    return 0
