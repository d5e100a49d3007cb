"""What the recorder of inherent structures costs: a descent at each observation time."""


def nanoseconds_of_a_time(N: float) -> float:
    """A descent of about N steps, each of which computes N energies."""
    return N**2


def bytes_of_a_pair(words: int) -> int:
    """The state, its minimum and the energy there."""
    return 16 * words + 8


def bytes_of_a_time(words: int) -> int:
    """The state, its minimum and the energy there."""
    return 16 * words + 8
