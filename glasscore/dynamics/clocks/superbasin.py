"""The superbasin clock: leaps over flickering, and remembers rates.

Below T_c nearly every jump leads back to where the trajectory came from. This clock makes the same
continuous-time Markov chain as the rejection-free one. It keeps the rates of configurations met
before; and where the trajectory keeps returning to a configuration, it eliminates that
configuration and its most visited neighbours (a star) as an absorbing Markov chain: the time and
the place of leaving the star, or the state in it at the next observation, are drawn from their
exact law.

A leap begins where the stay of ``glasscore.dynamics.recorders.trapping_times`` has its anchor and
ends with it, so that stays are exact; visits within a leap are counted by an estimate of the same
mean. The invariant: ``way_back`` is 0 if and only if the trajectory is at its anchor, else one plus
the move that leads back to it; a leap begins only there. ``bound`` says what is already decided of
the next move: that it returns (the visit is a leaf's), that it does not, or where a star is left.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.graphs.hypercube import Rates
from glasscore.dynamics.interface import (
    DEPARTURE,
    leap_changes_nothing,
    lingered,
    next_observation,
    observe,
    strayed,
    visited,
    wants_every_visit,
    workspace,
)
from glasscore.dynamics.memory import (
    chosen_from,
    chosen_other,
    empty_memory,
    forget,
    knows,
    learn,
    row_of,
)
from glasscore.dynamics.stars import (
    ABSORBED,
    CENTRE,
    MOST_STEPS,
    WORTHWHILE,
    around,
    chosen_exit,
    counted,
    give_up,
    is_leaf,
    leapt,
    no_stars,
)
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import ONE, WORD, destination_energy, move, move_weight

STARS = 32
# Returns to a configuration after which a star around it is tried, once.
FIRST_TRIAL = 32
# In a visit, after its departure.
WAY_BACK, BOUND = 1, 2
AT_THE_ANCHOR = 0
FREE, MUST_RETURN, MUST_NOT_RETURN, BY_A_LEAF, ELSEWHERE = range(5)
# Times a number: the next smaller one.
LAST_BEFORE = 1.0 - 2.0**-53


class Superbasin(NamedTuple):
    """Memory of rates, stars, the oldest star, and room for the moves out of a state."""

    memory: np.ndarray
    stars: np.ndarray
    oldest: np.ndarray
    work: Rates


def create(landscape: Any, rule: Any) -> Any:
    """An empty memory; states of many words and other graphs have no use for one."""
    work = workspace(landscape, rule)
    if not isinstance(landscape, Hypercube) or landscape.N > WORD:
        return work
    memory, stars, oldest = _room()
    return Superbasin(memory, stars, oldest, work)


@cache
def _room() -> tuple[np.ndarray, ...]:
    """Megabytes that all samples use in turn; every trajectory begins with forgetting."""
    return empty_memory(), no_stars(STARS), np.zeros(1, np.int64)


def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample until the visit that lasts beyond ``until``; return the visits begun."""
    run = _trajectory if isinstance(clock, Superbasin) else rejection_free.trajectory
    return run(clock, landscape, rule, recorder, sample, position, visit, until, rng)


@inlined_kernel
def _next_move(row, bound, way_back, exit_number, moves, rng):
    """The move that a visit ends in, as far as it is not decided yet."""
    if bound == FREE:
        number = chosen_from(row, rng.random() * row.total, moves)
    elif bound == MUST_RETURN:
        number = way_back - 1
    elif bound == MUST_NOT_RETURN:
        number = chosen_other(row, way_back - 1, moves, rng)
    else:
        number = exit_number
    return number


@kernel
def _try_star(clock, row, landscape, rule, position, rng):
    """Make a star around the position in the place of the oldest, if its leaps are worthwhile."""
    memory, stars, oldest, work = clock
    star = stars[oldest[0]]
    former = row_of(memory, star.word)
    if former.star == oldest[0]:
        former.star, former.returns = -1, 0
    if around(star, row, landscape, rule, position, work, rng) >= WORTHWHILE:
        row.star = oldest[0]
        oldest[0] = (oldest[0] + 1) % STARS


@kernel
def _trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    memory, stars, oldest, work = clock
    moves = landscape.N
    weight = move_weight(landscape)
    may_leap = not wants_every_visit(recorder)
    departure, way_back, bound = visit[DEPARTURE], int(visit[WAY_BACK]), int(visit[BOUND])
    forget(memory)
    oldest[0] = 0
    row = row_of(memory, position.words[0])
    learn(row, landscape, rule, position, work)
    if departure > 0.0:
        # A longer run may have observation times within the visit that the shorter one ended in.
        observe(recorder, sample, departure, position)
    next_time = next_observation(recorder, sample)
    visits = 0.0
    exit_number = -1
    # While the trajectory wanders, the energies ahead are those just computed.
    computed = position.words[0]
    while departure < until:
        arrival = departure
        returned = False
        if departure > 0.0:
            number = _next_move(row, bound, way_back, exit_number, moves, rng)
            returned = way_back == 1 + number
            way_back = AT_THE_ANCHOR if returned else 1 + number
            bound = MUST_NOT_RETURN if bound == BY_A_LEAF else FREE

            word = position.words[0]
            to = word ^ (ONE << np.uint64(number))
            row = row_of(memory, to)
            if knows(row, to):
                move(landscape, position, number, row.energy, rng)
            else:
                if computed == word:
                    after = work.energies[number]
                else:
                    after = destination_energy(landscape, position, number, rng)
                move(landscape, position, number, after, rng)
                learn(row, landscape, rule, position, work)
                computed = to

        if returned and may_leap:
            row.returns += 1
            if row.returns == FIRST_TRIAL:
                computed = ~row.word
                give_up(stars[oldest[0]], recorder, sample)
                _try_star(clock, row, landscape, rule, position, rng)
            end = min(next_time, until)
            if (
                row.star >= 0
                and stars[row.star].pace * (end - arrival) >= WORTHWHILE
                and leap_changes_nothing(recorder, sample, stars[row.star].lowest_energy)
            ):
                star = stars[row.star]
                end = min(end, arrival + MOST_STEPS / star.step_rate)
                state, left = leapt(star, arrival, end, rng)
                visits += counted(star, state, left - arrival)
                if state == ABSORBED:
                    departure = min(left, until * LAST_BEFORE)
                    lingered(recorder, sample, departure)
                    exit_number = chosen_exit(star, moves, rng)
                    bound = BY_A_LEAF if is_leaf(star, exit_number) else ELSEWHERE
                    continue
                rate = star.centre_rate
                if state != CENTRE:
                    number = star.leaf[state - 1]
                    rate = star.leaf_rate[state - 1]
                    way_back, bound = 1 + number, MUST_RETURN
                    after = destination_energy(landscape, position, number, rng)
                    move(landscape, position, number, after, rng)
                departure = left + rng.standard_exponential() / rate
                if state == CENTRE:
                    lingered(recorder, sample, departure)
                else:
                    strayed(recorder, sample, left, departure, position)
                if next_time < departure:
                    observe(recorder, sample, departure, position)
                    next_time = next_observation(recorder, sample)
                continue

        departure = arrival + rng.standard_exponential() / (weight * row.total)
        visits += 1.0
        visited(recorder, sample, arrival, departure, position)
        if next_time < departure:
            observe(recorder, sample, departure, position)
            next_time = next_observation(recorder, sample)
    for index in range(STARS):
        give_up(stars[index], recorder, sample)
    visit[DEPARTURE], visit[WAY_BACK], visit[BOUND] = departure, way_back, bound
    return visits
