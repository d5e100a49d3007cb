"""What the dynamics on the hypercube costs: states of many spins have many words."""

import math


def words(N: float) -> int:
    """A bit a spin."""
    return math.ceil(N / 64)
