"""Observation times."""

from itertools import pairwise

import numpy as np
import pytest

from glasscore.models.schedule import (
    FIRST_STOP,
    LONGEST_RUN,
    MANY_VISITS,
    STANDARD_WINDOWS,
    STOPS_PER_DECADE,
    extra_windows,
    logarithmic_times,
    next_stop,
    schedule,
)


def test_times_reach_the_end():
    times = logarithmic_times(1e8, 8)
    assert times[0] == 1.0
    assert times[-1] == 1e8
    assert times.size == 8 * 8 + 1
    assert np.allclose(np.diff(np.log10(times)), 1 / 8, rtol=1e-10)
    assert {1e1, 1e4, 1e7} <= set(times)
    assert logarithmic_times(1.6e8, 8)[-1] <= 1.6e8


def test_standard_windows_need_nothing_extra():
    assert extra_windows([0.1, 0.5, 1.0, 10.0]) == []
    assert extra_windows(STANDARD_WINDOWS) == []
    assert extra_windows([0.5, 0.3]) == [0.3]
    assert 0.05 in STANDARD_WINDOWS


def test_later_times_stay_within_the_run():
    plan = schedule(1000.0, 4, 4, [0.3])
    later = plan.later()
    assert later.shape == (plan.waiting_times.size, plan.windows.size)
    assert 0.3 in plan.windows
    assert np.all((later <= 1000.0) | np.isinf(later))
    assert np.all(np.isfinite(later).any(axis=1))


def test_a_window_that_just_fits_is_kept():
    plan = schedule(110.0, 1, 1, [0.1])
    assert plan.later()[list(plan.waiting_times).index(100.0), list(plan.windows).index(0.1)] == 110


@pytest.mark.parametrize("windows", [[], [0.3], [0.005, 777.0]])
def test_a_longer_run_begins_with_the_times_of_the_shorter(windows):
    rng = np.random.default_rng(1)
    ends = [
        *10.0 ** rng.uniform(0, 10, 20),
        *10.0 ** (rng.integers(0, 80, 20) / 8),  # to all digits, not to 12
        *(float(f"{10 ** (k / 8):.10g}") for k in rng.integers(0, 80, 20)),
        *(10.0**k for k in range(11)),
        1.6e8,
        1.01e8,
        1.0099999e8,
    ]
    for per_decade in (1, 3, 4, 8, 20, 50):
        plans = [schedule(end, per_decade, min(per_decade, 20), windows) for end in sorted(ends)]
        for plan in plans:
            assert plan.times[-1] <= plan.end
            assert set(plan.waiting_times) <= set(plan.pair_times)
            later = plan.later()
            assert set(later[np.isfinite(later)]) <= set(plan.pair_times)
        for shorter, longer in [*pairwise(plans), *((plan, plans[-1]) for plan in plans)]:
            for one, other in (
                (shorter.times, longer.times),
                (shorter.pair_times, longer.pair_times),
            ):
                assert np.array_equal(one, other[other <= shorter.end])
                assert np.array_equal(one, other[: one.size])


def test_stops():
    few, many = 0.0, MANY_VISITS
    assert next_stop(0.0, few) == next_stop(0.0, many) == FIRST_STOP
    assert next_stop(FIRST_STOP, few) == 10 * FIRST_STOP
    assert next_stop(2e9, few) == 1e10
    assert next_stop(LONGEST_RUN, many) == next_stop(np.inf, few) == np.inf
    times = [FIRST_STOP]
    while times[-1] < LONGEST_RUN:
        times.append(next_stop(times[-1], many))
    assert np.allclose(np.diff(np.log10(times)), 1 / STOPS_PER_DECADE, rtol=1e-9)
    # Powers of ten are stops for all, so that samples may pass from one kind to the other.
    assert {10.0**k for k in range(7, 16)} <= set(times)
    for time in times[:-1]:
        assert next_stop(np.nextafter(time, 0), many) == time
