r"""What each law of energies costs, one file a law, with the name of the law's file.

A law without a file has what stands here, and so has a file that says less than this. The files
stand apart from the laws, so that an estimate starts no compiler, and a better estimate makes no
result look old.

With x = T/T_c, visits to configurations of independent exponential energies up to the time t grow
as those to the traps of Bouchaud's model,

.. math:: n(t) = \frac{\sin \pi x}{\pi x} \max(t^x, M^{1 - 1/x} t), \qquad x < 1,

of which the second term takes over in equilibrium, t > M^(1/x); above T_c as n = (1 - 1/x) t. The
laws of the other landscapes are fits to measured numbers of visits. They need only hold to a factor
of three.

Source: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992), for n(t) of the trap model.
"""

import math
from typing import Any

# The rate of jumps of a spin glass is that over a barrier of this height times p^BARRIER_POWER.
BARRIER, BARRIER_POWER = 0.55, 0.8
# At low temperatures nearly all jumps are returns; their number grows with about this power of t.
FLICKERING = 0.65

Options = dict[str, Any]


def seconds(N: float, options: Options) -> float:
    """CPU time of drawing what a sample stores."""
    return 0.0


def memory(N: float, options: Options) -> float:
    """Bytes of what a sample stores; one sample is there at a time, and the next is drawn."""
    return 0.0


def visits(N: float, T: float, t: float, options: Options) -> float:
    """Visits to configurations of the hypercube until the time t at T > 0, returns included."""
    return t * math.exp(-2.0 * BARRIER / T)


def visits_and_leaps(N: float, T: float, t: float, options: Options) -> float:
    """Visits and leaps that the superbasin clock makes one by one; infinite if leaps save none."""
    return math.inf


def nanoseconds_of_a_visit(N: float, options: Options) -> float:
    """CPU time of a visit: drawing where to and for how long, and the rates there."""
    return 60.0 + 1.5 * N


# For several laws --------------------------------------------------------------------------------


def visits_over_barriers(p: float, height: float, T: float, t: float) -> float:
    """Visits in a model of p spins whose barriers are so high, in units of ``BARRIER`` p^0.8."""
    return max(t**FLICKERING, t * math.exp(-height * BARRIER * p**BARRIER_POWER / T))


def trap_visits(T: float, N: float, t: float) -> float:
    """Visits in Bouchaud's model with 2^N traps, T in units of T_c."""
    if T >= 1.0:
        return t * max(0.05, 1.0 - 1.0 / T)
    share = max(0.05, math.sin(math.pi * T) / (math.pi * T))
    in_equilibrium = t * 2.0 ** (N * (1.0 - 1.0 / T)) if math.isfinite(N) else 0.0
    return share * max(t**T, in_equilibrium)


def couplings(N: float, p: int) -> float:
    """Entries of the table of couplings of p spins."""
    return {2: N**2, 3: N**3, 4: N**3 * (N - 1) / 2}[p]
