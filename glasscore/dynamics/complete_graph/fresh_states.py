r"""Infinitely many states of exponential energies: none is met twice, each is drawn on arrival.

With rho(E) = exp(E), E < 0, the rates of Metropolis's rule add up to

.. math:: r_\downarrow = e^E, \qquad
          r_\uparrow = \int_E^0 e^{E'} e^{-\beta (E' - E)} dE'
                     = e^{\min(\beta, 1) E} \int_0^{-E} e^{-|\beta - 1| x} dx.

A move down leads to E - x with x exponential of mean 1. A move up climbs by x, of density
proportional to exp(-(beta - 1) x) on 0 < x < -E; for beta < 1 it is the depth that it leads to
which has such a density, exp(-(1 - beta) x). In this form nothing overflows, nothing cancels, at
beta = 1 neither, and depths without bound are resolved to the last digit.

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
# A rounded difference from 1, divided by this, still is exact to 1e-14.
SMALL = 2.0**-6
# Up to beta / (beta - 1) = 4 trials a move.
LEAST_BETA_OF_TRIALS = 4.0 / 3.0


class FreshStates(NamedTuple):
    """Inverse temperature; rates down and up; the energy of the state proposed, each shape (1,).

    ``integral``: of exp(-abs(beta - 1) x) over 0 < x < -E.
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

    For small a the logarithm of the rounded exponential stands for -a * length, so that the
    rounding cancels. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms,
    2nd edition (2002), section 1.14.1.
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

    With c = uniform * decay_integral(a, length) it is x = -ln(1 - a c) / a.
    """
    c = uniform * integral
    remains = max(1.0 - a * c, LEAST_UNIFORM)
    if remains == 1.0:
        return c
    return min(c * (logarithm(remains) / (remains - 1.0)), length)


@inlined_kernel
def depth_by_trials(beta, depth, rng):
    """Depth behind a move, drawn without an exponential or logarithm, whose latency would show.

    A move up is tried as if there were no bound above, with probability 1 / beta. If it leads
    beyond E = 0 the draw begins anew.
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
