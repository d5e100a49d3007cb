"""What the recorder of basins costs.

It keeps the last basins, the first of each depth and those going on, at each time one, and ridges
since the time before. All is kept twice, since basins that are occupied at the end are completed in
a copy.
"""

NANOSECONDS_OF_A_VISIT = 20.0
BYTES_OF_A_SAMPLE = 22e3


def bytes_of_a_pair(words: int) -> int:
    """A basin with its times and energies, and its number."""
    return 96


def bytes_of_a_time(words: int) -> int:
    """The number of ridges and their sum."""
    return 32
