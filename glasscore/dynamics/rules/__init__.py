"""Rules: the rate of an attempted move from the energies before and after it.

A module here has a named tuple, its registered ``rate`` of ``glasscore.dynamics.interface``,
``create(T)``, and the constant ``ZERO_TEMPERATURE`` (has it a limit at T = 0). A new file is a new
word in the config.
"""

# Times any difference of energies that a double resolves: beyond the range of an exponential.
# Finite, so that equal energies give beta * 0 = 0.
ALMOST_INFINITE = 1e300


def inverse_temperature(T: float) -> float:
    """Inverse temperature 1/T; at T = 0 a number that decides every comparison of energies."""
    return 1.0 / T if T > 0.0 else ALMOST_INFINITE
