"""The superbasin clock: leaps over flickering, and remembers rates.

Below T_c nearly every jump leads back to where the trajectory came from. This clock makes the same
continuous-time Markov chain as the rejection-free one. It keeps the rates of configurations met
before; and where the trajectory keeps returning to a configuration, it eliminates that
configuration and its most visited neighbours as an absorbing Markov chain
(``glasscore.dynamics.absorbing_chains``): the time and the place of leaving the chain, or the state
in it at the next observation, are drawn from their exact law.

A leap begins where the stay of ``glasscore.dynamics.recorders.trapping_times`` has its anchor and
ends with it, so that stays are exact; visits within a leap are counted by an estimate of the same
mean. The invariant: ``way_back`` is 0 if and only if the trajectory is at its anchor, else one plus
the move that leads back to it; a leap begins only there. ``bound`` says what is already decided of
the next move: that it returns (the visit is a leaf's), that it does not, or where a chain is left.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from glasscore.dynamics.absorbing_chains import (
    ABSORBED,
    CENTRE,
    MOST_STEPS,
    WORTHWHILE,
    build_chain,
    count_visits,
    draw_exit,
    draw_leap,
    empty_chains,
    is_leaf,
    release_chain,
)
from glasscore.dynamics.clocks import rejection_free
from glasscore.dynamics.graphs.hypercube import Rates, select_move
from glasscore.dynamics.interface import (
    DEPARTURE,
    leap_changes_nothing,
    next_observation,
    observe,
    record_excursion,
    record_return,
    record_visit,
    workspace,
)
from glasscore.dynamics.rate_cache import (
    clear,
    draw_other_move,
    empty_cache,
    fill_row,
    holds,
    row_of,
)
from glasscore.kernels.compilation import inlined_kernel, kernel
from glasscore.landscapes.graphs.hypercube import Hypercube
from glasscore.landscapes.interface import ONE, WORD, destination_energy, move, move_weight

MOST_CHAINS = 32
# Returns to a configuration after which a chain around it is tried, once.
RETURNS_BEFORE_A_CHAIN = 32
# In a visit, after its departure.
WAY_BACK, BOUND = 1, 2
AT_THE_ANCHOR = 0
FREE, MUST_RETURN, MUST_NOT_RETURN, BY_A_LEAF, ELSEWHERE = range(5)
# Times a number: the next smaller one.
LAST_BEFORE = 1.0 - 2.0**-53


class Superbasin(NamedTuple):
    """Cached rates, chains, the oldest chain, the moves out of a state; whether leaps are allowed.

    Attributes
    ----------
    rates
        Rows of ``glasscore.dynamics.rate_cache``.
    chains, oldest
        Absorbing chains, shape (MOST_CHAINS,), and the number of the oldest, shape (1,).
    work
        Room for the moves out of a state.
    may_leap
        Whether the recorders allow leaps.
    """

    rates: np.ndarray
    chains: np.ndarray
    oldest: np.ndarray
    work: Rates
    may_leap: bool


def create(landscape: Any, rule: Any, may_leap: bool) -> Any:
    """An empty cache of rates; states of many words and other graphs have no use for one."""
    work = workspace(landscape, rule)
    if not isinstance(landscape, Hypercube) or landscape.N > WORD:
        return work
    return Superbasin(*_room(), work, may_leap)


@cache
def _room() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Megabytes that all samples use in turn; every trajectory begins with clearing them."""
    return empty_cache(), empty_chains(MOST_CHAINS), np.zeros(1, np.int64)


def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample until the visit that lasts beyond ``until``; return the visits begun."""
    run = _trajectory if isinstance(clock, Superbasin) else rejection_free.trajectory
    return run(clock, landscape, rule, recorder, sample, position, visit, until, rng)


@inlined_kernel
def _next_move(row, bound, way_back, exit_number, moves, rng):
    """The move that a visit ends in, as far as it is not decided yet."""
    if bound == FREE:
        number = select_move(row, rng.random() * row.total, moves)
    elif bound == MUST_RETURN:
        number = way_back - 1
    elif bound == MUST_NOT_RETURN:
        number = draw_other_move(row, way_back - 1, moves, rng)
    else:
        number = exit_number
    return number


@kernel
def _try_chain(clock, row, landscape, rule, position, rng):
    """Build a chain around the position in the place of the oldest, if its leaps are worthwhile."""
    oldest = clock.oldest
    chain = clock.chains[oldest[0]]
    former = row_of(clock.rates, chain.word)
    if former.chain == oldest[0]:
        former.chain, former.returns = -1, 0
    if build_chain(chain, row, landscape, rule, position, clock.work, rng) >= WORTHWHILE:
        row.chain = oldest[0]
        oldest[0] = (oldest[0] + 1) % MOST_CHAINS


@kernel
def _trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample, as ``trajectory`` does.

    This is one function, since to pass arrays to another one counts their references at each visit,
    which takes a third of its time.
    """
    # Once for all: to look up an array counts a reference.
    rates, chains, oldest, work, may_leap = clock
    moves, weight = landscape.N, move_weight(landscape)
    departure, way_back, bound = visit[DEPARTURE], int(visit[WAY_BACK]), int(visit[BOUND])
    clear(rates)
    oldest[0] = 0
    row = row_of(rates, position.words[0])
    fill_row(row, landscape, rule, position, work)
    # While the trajectory wanders, the energies ahead are those just computed: of this word.
    computed = position.words[0]
    if departure > 0.0:
        # A longer run may have observation times within the visit that the shorter one ended in.
        observe(recorder, sample, departure, position)
    next_time = next_observation(recorder, sample)
    visits = 0.0
    exit_number = -1
    while departure < until:
        arrival = departure
        at_anchor_again = False
        if departure > 0.0:
            number = _next_move(row, bound, way_back, exit_number, moves, rng)
            at_anchor_again = way_back == 1 + number
            way_back = AT_THE_ANCHOR if at_anchor_again else 1 + number
            bound = MUST_NOT_RETURN if bound == BY_A_LEAF else FREE
            word = position.words[0]
            to = word ^ (ONE << np.uint64(number))
            row = row_of(rates, to)
            if holds(row, to):
                move(landscape, position, number, row.energy, rng)
            else:
                if computed == word:
                    after = work.energies[number]
                else:
                    after = destination_energy(landscape, position, number, rng)
                move(landscape, position, number, after, rng)
                fill_row(row, landscape, rule, position, work)
                computed = to
        leaps = False
        if at_anchor_again and may_leap:
            row.returns += 1
            if row.returns == RETURNS_BEFORE_A_CHAIN:
                computed = ~row.word
                release_chain(chains[oldest[0]], recorder, sample)
                _try_chain(clock, row, landscape, rule, position, rng)
            leaps = (
                row.chain >= 0
                and chains[row.chain].pace * (min(next_time, until) - arrival) >= WORTHWHILE
                and leap_changes_nothing(recorder, sample, chains[row.chain].lowest_energy)
            )
        if leaps:
            chain = chains[row.chain]
            end = min(min(next_time, until), arrival + MOST_STEPS / chain.step_rate)
            state, left = draw_leap(chain, arrival, end, rng)
            visits += count_visits(chain, state, left - arrival)
            if state == ABSORBED:
                departure = min(left, until * LAST_BEFORE)
                record_return(recorder, sample, departure)
                exit_number = draw_exit(chain, moves, rng)
                bound = BY_A_LEAF if is_leaf(chain, exit_number) else ELSEWHERE
            elif state == CENTRE:
                departure = left + rng.standard_exponential() / chain.centre_rate
                record_return(recorder, sample, departure)
            else:
                number = chain.leaf[state - 1]
                way_back, bound = 1 + number, MUST_RETURN
                after = destination_energy(landscape, position, number, rng)
                move(landscape, position, number, after, rng)
                departure = left + rng.standard_exponential() / chain.leaf_rate[state - 1]
                record_excursion(recorder, sample, left, departure, position)
        else:
            departure = arrival + rng.standard_exponential() / (weight * row.total)
            visits += 1.0
            record_visit(recorder, sample, arrival, departure, position)
        if next_time < departure:
            observe(recorder, sample, departure, position)
            next_time = next_observation(recorder, sample)
    for index in range(MOST_CHAINS):
        release_chain(chains[index], recorder, sample)
    visit[DEPARTURE], visit[WAY_BACK], visit[BOUND] = departure, way_back, bound
    return visits
