"""Cost of the recorder of inherent structures: one descent for each observation time."""


def nanoseconds_of_a_time(N: float) -> float:
    """CPU time in nanoseconds of about N steps, each of which computes N energies."""
    return N**2


def bytes_of_a_pair(words: int) -> int:
    """Bytes of the state, its minimum and the energy of the minimum."""
    return 16 * words + 8


def bytes_of_a_time(words: int) -> int:
    """Bytes of the state, its minimum and the energy of the minimum."""
    return 16 * words + 8
