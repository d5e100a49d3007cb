"""The rejection clock: one attempt after the other, as in any Monte Carlo program.

Attempts are made at the times of a Poisson process of rate 1, so that a visit of n attempts lasts
the sum of n exponential times. This is the same continuous-time Markov chain as that of the other
clocks. If a rule has rates above 1, all rates are divided by a bound; attempts are then made more
often by this factor, and each is accepted less often by the same factor.

At first, the energy of each attempted move is computed on its own. When a configuration of spins
has rejected several attempts, the rates of all its moves are computed once, and each further
attempt takes one random number and one look into a table. When a visit has rejected
``MOST_ATTEMPTS``, its remaining duration is drawn from the exponential distribution with the total
rate, since the process has no memory: so no frozen state holds up a run, however long the run is.

The functions below write their results even if these are not needed, and draw random numbers in
expressions rather than in branches. This lets the compiler leave out the counting of references,
which would take twenty times as long as the attempt.
"""

from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.graphs.hypercube import Rates, accepts
from glasscore.dynamics.interface import (
    DEPARTURE,
    attempt_move,
    compute_rates,
    draw_duration,
    draw_move,
    make_drawn_move,
    next_observation,
    observe,
    rate,
    record_visit,
    restore_drawn_move,
    save_drawn_move,
    workspace,
)
from glasscore.dynamics.rules.arrhenius import Arrhenius
from glasscore.dynamics.rules.metropolis import Metropolis
from glasscore.kernels.arithmetic import logarithm
from glasscore.kernels.compilation import generic_with_default, inlined_kernel, kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import field_count

MOST_ATTEMPTS = 1 << 16
# A uniform number below this bound is replaced by a new one with all digits of a double.
FINE = 2.0**-10
# Index in the array of a visit at which the drawn move is saved.
DESTINATION = 1


class Rejection(NamedTuple):
    """The workspace, the largest number of attempts in a visit, and the number of all attempts."""

    work: Any
    most: int
    attempts: np.ndarray


def create(landscape: Any, rule: Any, may_leap: bool) -> Rejection:
    """Create the workspace of one sample; this clock never leaps."""
    return Rejection(workspace(landscape, rule), MOST_ATTEMPTS, np.zeros(1, np.int64))


class DividedRule(NamedTuple):
    """A rule whose rates are divided by ``bound``, so that they are probabilities."""

    rule: Any
    bound: float


@rate.register
def _(rule: DividedRule, energy, energy_after):
    return rate(rule.rule, energy, energy_after) / rule.bound


@accepts.register
def _(rule: Metropolis, energy, energy_after, rng):
    # An exponential variable exceeds x with probability exp(-x).
    return rule.beta * (energy_after - energy) < rng.standard_exponential()


# Verbs of this clock -----------------------------------------------------------------------------


@generic_with_default
def largest_rate(rule, energy):
    """A bound of at least 1 on the rate of any move out of a state of this energy."""
    return 1.0


@generic_with_default
def divide_rates(rule, bound):
    """The rule with its rates divided by ``bound``, if the rule has rates above 1."""
    return rule


@largest_rate.register
def _(rule: Arrhenius, energy):
    return max(1.0, rate(rule, energy, energy))


@divide_rates.register
def _(rule: Arrhenius, bound):
    return DividedRule(rule, bound)


@generic_with_default
def attempts_before_table(landscape):
    """Number of attempts in a visit after which the rates of all moves are computed."""
    return MOST_ATTEMPTS


@attempts_before_table.register
def _(landscape: Hypercube):
    # If local fields are kept, a single energy costs little more than a look into a table.
    return landscape.N if field_count(landscape.energies) > 0 else landscape.N // 4


@generic_with_default
def attempt_from_table(work, landscape, rule, position, rng):
    """Attempt one move, as ``attempt_move`` does, with the rates that ``work`` holds."""
    return attempt_move(work, landscape, rule, position, rng)


@inlined_kernel
def draw_uniform_move(moves, rng):
    """Draw a uniform move and a uniform number below 1 from the same random number.

    The second number is the fractional part of the scaled random number, which has 41 binary digits
    or more for N <= 4096. If it is small, it is replaced by a new random number, so that small
    probabilities are resolved, too.
    """
    scaled = rng.random() * moves
    number = int(scaled)
    uniform = scaled - number
    return number, uniform if uniform >= FINE else FINE * rng.random()


@attempt_from_table.register
def _(work: Rates, landscape, rule, position, rng):
    number, uniform = draw_uniform_move(landscape.N, rng)
    work.chosen[0] = number
    work.energy_after[0] = work.energies[number]
    return uniform < work.rates[number]


@inlined_kernel
def gamma(n, rng):
    """Draw the sum of n >= 1 exponential times of mean 1.

    Source: G. Marsaglia and W. W. Tsang, ACM Trans. Math. Softw. 26, 363 (2000).
    """
    d = n - 1.0 / 3.0
    c = 1.0 / np.sqrt(9.0 * d)
    v = 1.0
    accepted = False
    while not accepted:
        x = rng.standard_normal()
        uniform = rng.random()
        v = 1.0 + c * x
        v = v * v * v
        x = x * x
        accepted = v > 0.0 and (
            uniform < 1.0 - 0.0331 * x * x
            or logarithm(uniform) < 0.5 * x + d * (1.0 - v + logarithm(v))
        )
    return d * v


# The clock ---------------------------------------------------------------------------------------


@kernel
def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample to the visit that lasts beyond ``until``; return the number of new visits."""
    work = clock.work
    departure = visit[DEPARTURE]
    if departure > 0.0:
        restore_drawn_move(work, visit[DESTINATION:])
        # A longer run may have observation times within the last visit of the shorter run.
        observe(recorder, sample, departure, position)
    next_time = next_observation(recorder, sample)
    few = min(attempts_before_table(landscape), clock.most)
    visits = 0
    made = 0
    while departure < until:
        if departure > 0.0:
            make_drawn_move(work, landscape, position, rng)
        arrival = departure
        bound = largest_rate(rule, position.energy[0])
        attempted = divide_rates(rule, bound)
        attempts = 0
        accepted = False
        while not accepted and attempts < few:
            attempts += 1
            accepted = attempt_move(work, landscape, attempted, position, rng)
        if not accepted:
            compute_rates(work, landscape, attempted, position)
            while not accepted and attempts < clock.most:
                attempts += 1
                accepted = attempt_from_table(work, landscape, attempted, position, rng)
        made += attempts
        waited = gamma(attempts, rng)
        if not accepted:
            waited += draw_duration(work, landscape, attempted, position, rng)
            draw_move(work, landscape, attempted, position, rng)
        departure = arrival + waited / bound
        visits += 1
        record_visit(recorder, sample, arrival, departure, position)
        if next_time < departure:
            observe(recorder, sample, departure, position)
            next_time = next_observation(recorder, sample)
    visit[DEPARTURE] = departure
    if departure > 0.0:
        save_drawn_move(work, visit[DESTINATION:])
    clock.attempts[0] += made
    return visits
