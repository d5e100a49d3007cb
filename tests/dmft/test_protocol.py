import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft import quench
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time import uniform_grid
from glasscore.models.covariance import covariance
from glasscore.models.ramps import Ramp
from glasscore.theory.spherical_pspin import equilibrium_energy, equilibrium_multiplier

THREE_SPIN = covariance({3: 0.5})


def test_temperature_in_the_course_of_time():
    course = Protocol(0.5, ramps=(Ramp(10.0, 40.0, 0.3), Ramp(1e3, 2e3, 0.5)))
    assert [course.temperature_at(time) for time in (0.1, 10.0, 40.0, 999.0, 1e9)] == [
        0.5,
        0.5,
        0.3,
        0.3,
        0.5,
    ]
    # in the middle of ln t, half of the change is complete and the slope is largest
    assert course.temperature_at(20.0) == pytest.approx(0.4)
    assert course.narrowest() == pytest.approx(np.log(2))
    times = np.geomspace(10, 40, 200)
    assert np.all(np.diff([course.temperature_at(time) for time in times]) < 0)


def test_a_ramp_is_smooth_at_its_ends():
    course = Protocol(1.0, ramps=(Ramp(1.0, np.e, 0.0),))
    # close to the ends 1 - T ~ 126 x^5 and T ~ 126 (1 - x)^5, with relative corrections 420 x / 126
    for x in (1e-3, 1e-2):
        assert 1 - course.temperature_at(np.exp(x)) == pytest.approx(126 * x**5, rel=4 * x)
        assert course.temperature_at(np.exp(1 - x)) == pytest.approx(126 * x**5, rel=4 * x)


def test_a_ramp_agrees_with_the_uniform_grid():
    ramps = (Ramp(1.0, 3.0, 0.3),)
    course = Protocol(0.9, ramps=ramps)
    solution = quench.solve(THREE_SPIN, 0.9, np.inf, 6.0, 1e-5, ramps=ramps)

    def on_grid(steps):
        times = np.linspace(0, 6, steps + 1)
        return uniform_grid.solve(
            THREE_SPIN,
            np.array([course.temperature_at(time) for time in times]),
            np.inf,
            6.0,
            steps,
        )

    coarse, fine = on_grid(128), on_grid(256)
    extrapolated = (4 * fine.energy[::2] - coarse.energy)[8::8] / 3
    allowed = 100 * np.max(np.abs(fine.energy[::2] - coarse.energy)) ** 2
    time = coarse.time[8::8]
    error = np.abs(solution.at("energy", time) - extrapolated)
    assert np.all(error < solution.estimate("energy", time) + allowed)
    assert solution.estimate("energy", 6.0) <= 1e-5


def test_after_a_ramp_above_the_transition_equilibrium_comes_back():
    first, last = 0.9, 0.75
    ramps = (Ramp(5.0, 10.0, last),)
    solution = quench.solve(THREE_SPIN, first, first, 300.0, 1e-4, ramps=ramps)
    before = solution.at("energy", 4.0)[0]
    assert abs(before - equilibrium_energy(THREE_SPIN, first)) < solution.estimate("energy", 4.0)
    # the relaxation time at T = 0.75 is a few units, so that relaxation is complete after 290
    allowed = solution.estimate("energy", 300.0)
    assert abs(solution.at("energy", 300.0)[0] - equilibrium_energy(THREE_SPIN, last)) < allowed
    found = solution.at("multiplier", 300.0)[0]
    assert abs(found - equilibrium_multiplier(THREE_SPIN, last)) < 3 * allowed


@pytest.mark.parametrize(
    ("ramps", "names"),
    [
        ([Ramp(1e-3, 1.0, 0.3)], ["begin = 0.001", "at least 0.1"]),
        ([Ramp(1.0, 1.1, 0.3)], ["end = 1.1", "1.6 times"]),
        ([Ramp(1.0, 2.0, -0.3)], ["T = -0.3"]),
        ([Ramp(1.0, 2.0, np.nan)], ["T = nan"]),
        ([Ramp(1.0, 4.0, 0.3), Ramp(3.0, 6.0, 0.5)], ["begin = 3", "at least 4"]),
        ([Ramp(1.0, np.inf, 0.3)], ["end = inf"]),
    ],
)
def test_ramps_without_a_meaning_are_refused_in_one_sentence(ramps, names):
    with pytest.raises(CampaignError) as refused:
        quench.solve(THREE_SPIN, 0.5, np.inf, 10.0, 1e-4, ramps=ramps)
    assert all(name in str(refused.value) for name in names), str(refused.value)
    assert str(refused.value).endswith(".")
