r"""Costs of each law of energies: one file per law, with the name of the law's file.

Functions that a law's file does not define, and all functions of a law without a file, are those of
this module. The cost files are separate from the laws, so that an estimate need not import the
compiler, and a change of an estimate does not make results outdated.

With x = T/T_c, the number of visits to configurations with independent exponential energies up to
the time t grows as the number of visits to the traps of Bouchaud's model,

.. math:: n(t) = \frac{\sin \pi x}{\pi x} \max(t^x, M^{1 - 1/x} t), \qquad x < 1,

where M is the number of states. The second term is larger in equilibrium, for t > M^(1/x). Above
T_c, n = (1 - 1/x) t. The formulas for the other landscapes are fits to measured numbers of visits.
They need only hold within a factor of three.

Source: J.-P. Bouchaud, J. Phys. I France 2, 1705 (1992), for n(t) of the trap model.
"""

import math
from typing import Any

# The rate of jumps in a spin glass is that over a barrier of the height BARRIER p^BARRIER_POWER.
BARRIER, BARRIER_POWER = 0.55, 0.8
# At low temperatures nearly all jumps are returns, whose number grows about as t^FLICKERING.
FLICKERING = 0.65

Options = dict[str, Any]


def seconds(N: float, options: Options) -> float:
    """CPU seconds for drawing the stored arrays of a sample."""
    return 0.0


def memory(N: float, options: Options) -> float:
    """Bytes of the stored arrays; the next sample is drawn while the present one still exists."""
    return 0.0


def visits(N: float, T: float, t: float, options: Options) -> float:
    """Number of visits on the hypercube until the time t at T > 0, returns included."""
    return t * math.exp(-2.0 * BARRIER / T)


def visits_and_leaps(N: float, T: float, t: float, options: Options) -> float:
    """Number of visits and leaps of the superbasin clock; infinite if leaps save no visits."""
    return math.inf


def nanoseconds_of_a_visit(N: float, options: Options) -> float:
    """CPU time in nanoseconds of a visit: its duration, the next move, and the rates."""
    return 60.0 + 1.5 * N


# For several laws --------------------------------------------------------------------------------


def visits_over_barriers(p: float, height: float, T: float, t: float) -> float:
    """Number of visits in a p-spin model with barriers of ``height`` times ``BARRIER`` p^0.8."""
    return max(t**FLICKERING, t * math.exp(-height * BARRIER * p**BARRIER_POWER / T))


def trap_visits(T: float, N: float, t: float) -> float:
    """Number of visits in Bouchaud's model with 2^N traps; T is in units of T_c."""
    if T >= 1.0:
        return t * max(0.05, 1.0 - 1.0 / T)
    share = max(0.05, math.sin(math.pi * T) / (math.pi * T))
    in_equilibrium = t * 2.0 ** (N * (1.0 - 1.0 / T)) if math.isfinite(N) else 0.0
    return share * max(t**T, in_equilibrium)


def couplings(N: float, p: int) -> float:
    """Number of entries in the table of couplings of p spins."""
    return {2: N**2, 3: N**3, 4: N**3 * (N - 1) / 2}[p]
