r"""Infinitely many states with exponential energies; each state is new and drawn on arrival.

With rho(E) = exp(E), E < 0, the rates of Metropolis's rule add up to

.. math:: r_\downarrow = e^E, \qquad
          r_\uparrow = \int_E^0 e^{E'} e^{-\beta (E' - E)} dE'
                     = e^{\min(\beta, 1) E} \int_0^{-E} e^{-|\beta - 1| x} dx.

A move down leads to E - x with x exponential of mean 1. A move up climbs by x, of density
proportional to exp(-(beta - 1) x) on 0 < x < -E. For beta < 1 the program instead draws the depth
x of the destination, whose density is proportional to exp(-(1 - beta) x). In this form no
expression overflows and no digits cancel, also not near beta = 1, and arbitrarily large depths are
resolved to the last digit.

Sources: A. Barrat and M. Mezard, J. Phys. I France 5, 941 (1995), for the model with the heat
bath; the rates of Metropolis's rule follow by integration.
"""

from typing import NamedTuple

import numpy as np

from glasscore.dynamics.complete_graph.interface import drawn_energy
from glasscore.dynamics.interface import (
    attempt_move,
    compute_rates,
    draw_duration,
    draw_move,
    make_drawn_move,
    rate,
    restore_drawn_move,
    save_drawn_move,
)
from glasscore.kernels.arithmetic import exponential, logarithm
from glasscore.kernels.compilation import inlined_kernel

LEAST_UNIFORM = 2.0**-53
# The rounded value of 1 - exp(-a x), divided by an a of at least this size, is exact to 1e-14.
SMALL = 2.0**-6
# From this beta on, a move takes at most beta / (beta - 1) = 4 trials on average.
LEAST_BETA_OF_TRIALS = 4.0 / 3.0


class FreshStates(NamedTuple):
    """The inverse temperature, the rates of leaving the present state, and the proposed state.

    ``down`` and ``up`` are the total rates of moves down and up, ``integral`` is the integral of
    exp(-abs(beta - 1) x) over 0 < x < -E, and ``energy`` is the energy of the proposed state. Each
    of these arrays has the shape (1,).
    """

    beta: float
    down: np.ndarray
    up: np.ndarray
    integral: np.ndarray
    energy: np.ndarray


def fresh_states(beta: float) -> FreshStates:
    """An empty workspace."""
    return FreshStates(beta, np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1))


@inlined_kernel
def decay_integral(a, length):
    """Integral of exp(-a x) over 0 < x < length, (1 - exp(-a length)) / a, for a, length >= 0.

    For small a the denominator a * length is replaced by minus the logarithm of the rounded
    exponential, so that the rounding errors of numerator and denominator cancel. Source: N. J.
    Higham, Accuracy and Stability of Numerical Algorithms, 2nd edition (2002), section 1.14.1.
    """
    remains = exponential(-a * length)
    if a > SMALL or a * length > 0.5:
        return (1.0 - remains) / a
    if remains == 1.0:
        return length
    return length * ((remains - 1.0) / logarithm(remains))


@inlined_kernel
def decaying(uniform, a, length, integral):
    """Quantile of the density proportional to exp(-a x) on 0 < x < length.

    The quantile is x = -ln(1 - a c) / a with c = uniform * decay_integral(a, length).
    """
    c = uniform * integral
    remains = max(1.0 - a * c, LEAST_UNIFORM)
    if remains == 1.0:
        return c
    return min(c * (logarithm(remains) / (remains - 1.0)), length)


@inlined_kernel
def depth_by_trials(beta, depth, rng):
    """Depth of the destination, drawn by trials that need no exponential and no logarithm.

    The latency of these functions would slow down each move. A trial is a move up with probability
    1 / beta, drawn as if energies had no upper bound. If the move leads above E = 0, the trial is
    discarded and the next one is made.
    """
    while True:
        if rng.random() * beta >= 1.0:
            return depth + rng.standard_exponential()
        climb = rng.standard_exponential() / (beta - 1.0)
        if climb < depth:
            return depth - climb


@compute_rates.register
def _(work: FreshStates, landscape, rule, position):
    energy = position.energy[0]
    integral = decay_integral(abs(work.beta - 1.0), -energy)
    down = exponential(energy)
    work.down[0] = down
    work.up[0] = (down if work.beta >= 1.0 else exponential(work.beta * energy)) * integral
    work.integral[0] = integral


@draw_duration.register
def _(work: FreshStates, landscape, rule, position, rng):
    return rng.standard_exponential() / (work.down[0] + work.up[0])


@draw_move.register
def _(work: FreshStates, landscape, rule, position, rng):
    depth = -position.energy[0]
    if work.beta >= LEAST_BETA_OF_TRIALS:
        work.energy[0] = -depth_by_trials(work.beta, depth, rng)
    elif rng.random() * (work.down[0] + work.up[0]) < work.down[0]:
        work.energy[0] = -(depth + rng.standard_exponential())
    else:
        x = decaying(rng.random(), abs(work.beta - 1.0), depth, work.integral[0])
        work.energy[0] = -x if work.beta < 1.0 else x - depth


@drawn_energy.register
def _(work: FreshStates):
    return work.energy[0]


@save_drawn_move.register
def _(work: FreshStates, destination):
    destination[0] = work.energy[0]


@restore_drawn_move.register
def _(work: FreshStates, destination):
    work.energy[0] = destination[0]


@attempt_move.register
def _(work: FreshStates, landscape, rule, position, rng):
    work.energy[0] = -rng.standard_exponential()
    return rng.random() < rate(rule, position.energy[0], work.energy[0])


@make_drawn_move.register
def _(work: FreshStates, landscape, position, rng):
    position.words[0] += np.uint64(1)
    position.energy[0] = work.energy[0]
