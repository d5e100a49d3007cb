"""The rejection-free clock: exact continuous-time dynamics, one jump at a time.

The duration of a visit to state i is exponentially distributed with the total exit rate R_i = w
sum_k rate(E_i, E_k), where w is the rate of attempts at each move. The visit ends with move k with
probability proportional to its rate. This is the continuous-time Markov chain itself, without
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
    record_rates,
    record_visit,
    workspace,
)
from glasscore.kernels.compilation import kernel

GIVES_RATES = True


def create(landscape: Any, rule: Any, may_leap: bool) -> Any:
    """Create the workspace of one sample; this clock never leaps."""
    return workspace(landscape, rule)


@kernel
def trajectory(clock, landscape, rule, recorder, sample, position, visit, until, rng):
    """Run a sample to the visit that lasts beyond ``until``; return the number of new visits."""
    departure = visit[DEPARTURE]
    if departure > 0.0:
        compute_rates(clock, landscape, rule, position)
        # A longer run may have observation times within the last visit of the shorter run.
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
        record_rates(recorder, sample, arrival, position, clock)
        if next_time < departure:
            observe(recorder, sample, departure, position)
            next_time = next_observation(recorder, sample)
    visit[DEPARTURE] = departure
    return visits
