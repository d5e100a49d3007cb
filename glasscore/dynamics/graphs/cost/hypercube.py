"""Cost of the dynamics on the hypercube, where states of many spins take many words."""

import math


def words(N: float) -> int:
    """Number of 64-bit words in which a state is stored, one bit per spin."""
    return math.ceil(N / 64)
