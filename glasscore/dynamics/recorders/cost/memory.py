"""Cost of the recorder of memory: the state at each observation time."""


def bytes_of_a_time(words: int) -> int:
    """Bytes of the state."""
    return 8 * words
