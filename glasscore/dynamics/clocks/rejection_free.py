"""The rejection-free clock: exact continuous-time dynamics, one jump at a time.

In state i with total exit rate R_i = w sum_k rate(E_i, E_k) the visit lasts Exp(R_i) and ends in
move k with probability proportional to its rate: the continuous-time Markov chain itself, with no
rejected attempts. Source: A. B. Bortz, M. H. Kalos, J. L. Lebowitz, J. Comput. Phys. 17, 10 (1975).
"""

from typing import Any

from glasscore.dynamics.interface import (
    DEPARTURE,
    compute_rates,
    draw_duration,
    jump,
    next_observation,
    observe,
    record_visit,
    workspace,
)
from glasscore.kernels.compilation import kernel


def create(landscape: Any, rule: Any, may_leap: bool) -> Any:
    """Room for the moves out of a state; this clock leaps over none."""
    return workspace(landscape, rule)


@kernel
def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample until the visit that lasts beyond ``until``; return the visits begun."""
    departure = visit[DEPARTURE]
    if departure > 0.0:
        compute_rates(clock, landscape, rule, position)
        # A longer run may have observation times within the visit that the shorter one ended in.
        observe(recorder, sample, departure, position)
    next_time = next_observation(recorder, sample)
    visits = 0
    while departure < until:
        if departure > 0.0:
            jump(clock, landscape, rule, position, rng)
        arrival = departure
        compute_rates(clock, landscape, rule, position)
        departure = arrival + draw_duration(clock, landscape, rule, position, rng)
        visits += 1
        record_visit(recorder, sample, arrival, departure, position)
        if next_time < departure:
            observe(recorder, sample, departure, position)
            next_time = next_observation(recorder, sample)
    visit[DEPARTURE] = departure
    return visits
