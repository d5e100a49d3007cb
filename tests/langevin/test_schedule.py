import numpy as np
import pytest

from glasscore.langevin.schedule import is_whole, schedule
from glasscore.langevin.spectra import half_line_transform


def test_times_lie_within_the_run_and_lags_behind_every_waiting_time():
    found = schedule(20.0, 0.05, [0.5, 5.0])
    assert found.times[[0, 1, -1]].tolist() == [0, 1, 200]
    assert found.waiting_times.tolist() == [5, 50]
    assert found.lags[[0, -1]].tolist() == [0, 195]
    times = found.measurement_times()
    assert times[-1] == 200
    assert times == sorted(set(times))
    assert {5, 50, 50 + 1, 5 + 195} <= set(times)


def test_after_each_change_times_are_dense_again():
    found = schedule(20.0, 0.05, [0.0], [4.0, 8.0]).times
    once = schedule(20.0, 0.05, [0.0]).times
    assert {40, 41, 42, 43, 80, 81, 82, 83, 200} <= set(found.tolist())
    assert set(once.tolist()) <= set(found.tolist())
    assert found.tolist() == sorted(set(found.tolist()))
    # A change at the end of the run is not seen.
    assert np.array_equal(schedule(20.0, 0.05, [0.0], [20.0]).times, once)


def test_a_run_of_two_steps():
    assert schedule(0.2, 0.1, [0.0]).measurement_times() == [0, 1]


@pytest.mark.parametrize(("time", "whole"), [(0.3, True), (0.35, False), (0.0, True), (1e5, True)])
def test_whole_multiples_of_two_steps(time, whole):
    assert is_whole(time, 0.05) is whole


def test_transform_of_a_relaxation():
    """The transform of exp(-t) is 1 / (1 - i omega); the times are those of a run."""
    time = schedule(40.0, 0.05, [0.0]).times * 0.1
    omega = np.array([0.0, 0.5, 3.0])
    found = half_line_transform(time, np.exp(-time), omega)
    # Splines have the error 5/384 max((dt)^4 f''''), with dt at most 0.1 t.
    spacing = np.diff(time)
    splines = 5 / 384 * (spacing**4 * np.exp(-time[:-1]) * spacing).sum()
    trapezoid = 0.01**2 / 12 * (1 + 3.0)
    assert np.abs(found - 1 / (1 - 1j * omega)).max() < splines + trapezoid
