"""Cost of the recorder of fixed lags: states and departures at t_w and after each lag."""


def bytes_of_a_pair(words: int) -> int:
    """A state, a departure and a distance; there are fewer lags than standard windows."""
    return 8 * words + 8 + 2
