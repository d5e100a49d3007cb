"""Costs of each recorder: one file per recorder, with the name of the recorder's file.

A recorder without a file uses the values of this module. Costs are those beyond the cost of writing
one number at each time. The cost files are separate from the recorders, so that an estimate need
not import the compiler, and a change of an estimate does not make results outdated.
"""

NANOSECONDS_OF_A_VISIT = 0.0
"""CPU time of each visit."""
NANOSECONDS_OF_A_SPIN = 0.0
"""CPU time of each visit and spin, on graphs whose states are spins."""
BYTES_OF_A_SAMPLE = 0.0
"""Memory of one sample that does not depend on the length of the run."""


def nanoseconds_of_a_time(N: float) -> float:
    """CPU time in nanoseconds per observation time, spent after the run of a sample."""
    return 0.0


def bytes_of_a_pair(words: int) -> int:
    """Bytes per time t_w (1 + omega), for states of so many words."""
    return 0


def bytes_of_a_waiting_time(spins: float, states: float) -> float:
    """Bytes per waiting time, for so many spins or, if states are no spins, so many states."""
    return 0.0


def bytes_of_a_time(words: int) -> int:
    """Bytes per other observation time, for states of so many words."""
    return 0
