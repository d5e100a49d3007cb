"""Cost of the recorder of responses: the scores of all spins at each visit and waiting time.

For finitely many traps it keeps the time in each of them since each waiting time.
"""

NANOSECONDS_OF_A_VISIT = 20.0
NANOSECONDS_OF_A_SPIN = 1.0
# Responses at later waiting times, of which a long run has about as many as this.
LATER = 32


def nanoseconds_of_a_time(N: float) -> float:
    """CPU time in nanoseconds of a sum over the spins for each waiting time of a pair."""
    return 0.0 if float("inf") == N else 4.0 * N


def bytes_of_a_pair(words: int) -> int:
    """Bytes of a response and a correlation."""
    return 16


def bytes_of_a_waiting_time(spins: float, states: float) -> float:
    """Bytes of scores and spins, of times in traps, and of responses at later waiting times."""
    return 9.0 * spins + (8.0 * states if states < float("inf") else 0.0) + 16.0 * LATER
