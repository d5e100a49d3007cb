"""Observation times."""

import numpy as np

from glasscore.schedule import STANDARD_WINDOWS, extra_windows, logarithmic_times, schedule


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
