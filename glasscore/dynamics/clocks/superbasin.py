"""The superbasin clock: leaps over immediate returns, and keeps computed rates.

Below T_c nearly every jump leads back to the configuration before the last jump. This clock samples
the same continuous-time Markov chain as the rejection-free clock. It keeps the rates of
configurations that it has visited. If the trajectory keeps returning to a configuration, the clock
treats that configuration and its most visited neighbours as an absorbing Markov chain
(``glasscore.dynamics.absorbing_chains``) and leaps over the visits in it: it draws the time and the
move with which the chain is left, or the state in the chain at the next observation, from the exact
law.

A leap begins at the anchor of the present stay (``glasscore.dynamics.stays``) and belongs to this
stay alone, so that the durations of stays are exact. The number of visits within a leap is replaced
by an estimate of the same mean. The code keeps this invariant: ``way_back`` is 0 if and only if the
trajectory is at its anchor, and otherwise one plus the number of the move that leads back to the
anchor; a leap begins only at the anchor. ``bound`` says what is already decided about the next
move: that it returns to the anchor (``MUST_RETURN``, in a visit to a leaf), that it does not
(``MUST_NOT_RETURN``), or that it is the move ``exit_number`` out of a chain, to one of the leaves
(``BY_A_LEAF``) or to another neighbour (``ELSEWHERE``).
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
# After so many immediate returns to a configuration, a chain around it is tried once.
RETURNS_BEFORE_A_CHAIN = 32
# Indices in the array of a visit; the departure stands at the index 0.
WAY_BACK, BOUND = 1, 2
AT_THE_ANCHOR = 0
FREE, MUST_RETURN, MUST_NOT_RETURN, BY_A_LEAF, ELSEWHERE = range(5)
# The product of a number and this factor is the next smaller number.
LAST_BEFORE = 1.0 - 2.0**-53


class Superbasin(NamedTuple):
    """Cached rates, absorbing chains, and the workspace of the moves out of a state.

    Attributes
    ----------
    rates
        Rows of ``glasscore.dynamics.rate_cache``.
    chains, oldest
        Absorbing chains, shape (MOST_CHAINS,), and the number of the oldest, shape (1,).
    work
        The workspace of the moves out of a state.
    may_leap
        Whether the recorders allow leaps.
    """

    rates: np.ndarray
    chains: np.ndarray
    oldest: np.ndarray
    work: Rates
    may_leap: bool


def create(landscape: Any, rule: Any, may_leap: bool) -> Any:
    """An empty cache of rates; on other graphs and for N > 64 only the workspace."""
    work = workspace(landscape, rule)
    if not isinstance(landscape, Hypercube) or landscape.N > WORD:
        return work
    return Superbasin(*_room(), work, may_leap)


@cache
def _room() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arrays that all samples use in turn, since they are large; each trajectory clears them."""
    return empty_cache(), empty_chains(MOST_CHAINS), np.zeros(1, np.int64)


def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample to the visit that lasts beyond ``until``; return the number of new visits."""
    run = _trajectory if isinstance(clock, Superbasin) else rejection_free.trajectory
    return run(clock, landscape, rule, recorder, sample, position, visit, until, rng)


@inlined_kernel
def _next_move(row, bound, way_back, exit_number, moves, rng):
    """The move that ends a visit; draw it unless ``bound`` has already decided it."""
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
    """Build a chain around the position; if worthwhile, keep it in the place of the oldest."""
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

    The loop is one long function on purpose: passing arrays to another function at each visit would
    count their references, which would take a third of the time.
    """
    # The arrays are looked up once, before the loop, since each look-up counts a reference.
    rates, chains, oldest, work, may_leap = clock
    moves, weight = landscape.N, move_weight(landscape)
    departure, way_back, bound = visit[DEPARTURE], int(visit[WAY_BACK]), int(visit[BOUND])
    clear(rates)
    oldest[0] = 0
    row = row_of(rates, position.words[0])
    fill_row(row, landscape, rule, position, work)
    # ``work`` holds the energies of the neighbours of this word, so that a trajectory that moves on
    # from it need not compute them again.
    computed = position.words[0]
    if departure > 0.0:
        # A longer run may have observation times within the last visit of the shorter run.
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
