"""Cost of the recorder of basins.

For each sample it keeps the last basins, the first basins of each depth and the present basin; at
each time of a pair it keeps one basin, and at each other time the ridges since the time before. All
arrays exist twice, since basins that are occupied at the end are completed in a copy.
"""

NANOSECONDS_OF_A_VISIT = 20.0
BYTES_OF_A_SAMPLE = 22e3


def bytes_of_a_pair(words: int) -> int:
    """Bytes of a basin with its times and energies, and of its number."""
    return 96


def bytes_of_a_time(words: int) -> int:
    """Bytes of the number of ridges and of their sum."""
    return 32
