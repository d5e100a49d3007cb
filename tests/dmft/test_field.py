import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft import observables, quench, short_times, stage
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time import uniform_grid
from glasscore.models.covariance import covariance
from glasscore.models.ramps import Ramp
from glasscore.theory.spherical_pspin import equilibrium_in_field
from tests.dmft.two_spin_modes import ACCURACY, Modes

TWO_SPIN = covariance({2: 0.5})
THREE_SPIN = covariance({3: 0.5})
ROUNDING = 1e-14
ONE_TIME = ("energy", "multiplier", "magnetisation")


def exact(protocol, t_max):
    """Two spins under a protocol; a field of the start is there at t = 0, too."""
    return Modes(
        protocol.temperature_at,
        lambda time: float(protocol.field_at(time)) if time > 0 else protocol.field,
        t_max,
    )


@pytest.mark.parametrize(
    ("protocol", "tolerance"),
    [
        (Protocol(0.0, 0.5), 1e-6),
        (Protocol(0.5, -0.3), 1e-6),
        (Protocol(0.5, 0.3, (Ramp(2.0, 4.0, field=0.0),)), 1e-4),
        (Protocol(0.3, 0.0, (Ramp(3.0, 6.0, 0.8, 0.7),)), 1e-4),
    ],
)
def test_two_spins_in_a_field_agree_with_their_modes(protocol, tolerance):
    solution = quench.solve(
        TWO_SPIN, protocol.T, np.inf, 20.0, tolerance, None, protocol.ramps, protocol.field
    )
    modes = exact(protocol, 20.0)
    time = np.concatenate([[0.03, 0.3, 1.0], np.geomspace(1.9, 7, 40), [10.0, 20.0]])
    expected = np.array([modes.one_time(one) for one in time]).T
    energy, multiplier, magnetisation = (solution.at(name, time) for name in ONE_TIME)
    estimate = solution.estimate("energy", time)
    assert np.all(np.abs(energy - expected[0]) < estimate)
    # mu = T - 2 E - h m holds for p = 2 on any grid
    of_magnetisation = solution.estimate("magnetisation", time)
    field = np.abs(protocol.field_at(time))
    assert np.all(np.abs(multiplier - expected[1]) < 2 * estimate + field * of_magnetisation)
    assert np.all(np.abs(magnetisation - expected[2]) < of_magnetisation)
    fraction = np.array([0.0, 0.03, 0.3, 0.7, 0.99, 1.0])
    found = solution.at_fractions(np.array([15.0]), fraction)[:2, 0]
    expected = np.array([modes.two_time(15.0, 15.0 * each) for each in fraction]).T
    for name, values, right in zip(("correlation", "response"), found, expected, strict=True):
        assert np.abs(values - right).max() < solution.estimate(name, 15.0)


def test_series_in_a_field_agrees_with_the_modes():
    series = short_times.solve(TWO_SPIN, 0.4, 0.0, 0.6)
    time = series.reach()
    modes = exact(Protocol(0.4, 0.6), time)
    found = series.energy_at(time), series.multiplier_at(time), series.magnetisation_at(time)
    # the exact modes are integrated in several steps, each with this error
    assert np.abs(np.array(found) - modes.one_time(time)).max() < 10 * ACCURACY
    correlation, response = series.at(time, 0.4)
    assert np.abs(np.array([correlation, response]) - modes.two_time(time, 0.4 * time)).max() < (
        10 * ACCURACY
    )


def test_uniform_grid_in_a_field_is_of_second_order():
    course = Protocol(0.4, 0.3, (Ramp(1.0, 2.0, 0.6, -0.2),))
    expected = np.array(exact(course, 4.0).one_time(4.0))
    errors = []
    for steps in (48, 96):
        times = np.linspace(0, 4, steps + 1)
        temperatures = np.array([course.temperature_at(time) for time in times])
        fields = course.field_at(np.maximum(times, 1e-9))
        solution = uniform_grid.solve(TWO_SPIN, temperatures, np.inf, 4.0, steps, fields)
        errors.append([abs(getattr(solution, name)[-1] - one)
                       for name, one in zip(ONE_TIME, expected, strict=True)])  # fmt: skip
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    # corrections of the next order are smaller by (steps / 4)^-2 and change the order by about half
    # of that
    assert orders == pytest.approx(2.0, abs=0.1)


def test_a_boltzmann_start_in_a_field_agrees_with_the_uniform_grid():
    arguments = covariance({3: 0.5, 4: 0.5}), 0.2, 0.9, 3.0
    solution = quench.solve(*arguments, 1e-6, field=0.4)
    coarse, fine = (uniform_grid.solve(*arguments, steps, 0.4) for steps in (128, 256))
    time = coarse.time[16::16]
    for name in ONE_TIME:
        rough, smooth = getattr(coarse, name), getattr(fine, name)[::2]
        extrapolated = (4 * smooth - rough)[16::16] / 3
        # the extrapolation leaves an error of fourth order: below the square of the difference,
        # with a margin
        allowed = 100 * np.max(np.abs(smooth - rough)) ** 2
        estimate = solution.estimate("magnetisation" if name == "magnetisation" else "energy", time)
        # in a mixed model an error of E causes an error of mu up to 2 p times as large, p its power
        estimate *= 8 if name == "multiplier" else 1
        assert np.all(np.abs(solution.at(name, time) - extrapolated) < estimate + allowed)


@pytest.mark.parametrize("T", [0.0, 0.3])
def test_without_couplings_the_field_turns_the_spins(T):
    """ds/dt = -mu s + h g + noise on the sphere: dm/dt = -mu m + h, mu = T + h m."""
    h, weight = 0.7, 1e-12
    solution = quench.solve(covariance({2: weight}), T, np.inf, 8.0, 1e-6, field=h)
    time = np.array([0.01, 0.1, 1.0, 3.0, 8.0])
    # the solution of m' = h - T m - h m^2
    rate = np.sqrt(T**2 + 4 * h**2) / 2
    hyperbolic = np.tanh(rate * time)
    expected = h * hyperbolic / (rate + T / 2 * hyperbolic)
    # weak couplings of variance 2 a change results by sqrt(2 a) t at most
    allowed = np.sqrt(2 * weight) * time
    found = solution.at("magnetisation", time)
    assert np.all(np.abs(found - expected) < solution.estimate("magnetisation", time) + allowed)
    assert np.all(np.abs(solution.at("energy", time) + h * expected) < 1e-6 + allowed)


@pytest.mark.parametrize(
    ("model", "T", "h"), [(TWO_SPIN, 0.0, 1.5), (TWO_SPIN, 0.6, 0.8), (THREE_SPIN, 1.0, 0.4)]
)
def test_relaxation_ends_in_the_equilibrium_of_the_field(model, T, h):
    # All modes relax at rates above 0.1 and have decayed at t = 200: in a field, p = 2 has the gap
    # mu - 2, and for p = 3 the temperature T = 1 is far above the dynamic transition.
    solution = quench.solve(model, T, np.inf, 200.0, 1e-5, field=h)
    state = equilibrium_in_field(model, T, h)
    if model is TWO_SPIN:
        assert state.multiplier - 2 > 0.1
    estimate = solution.estimate("energy", 200.0)
    assert abs(solution.at("energy", 200.0)[0] - state.energy) < estimate
    of_magnetisation = solution.estimate("magnetisation", 200.0)
    found = solution.at("magnetisation", 200.0)[0]
    assert abs(found - state.magnetisation) < of_magnetisation
    # the initial state is forgotten, except for the alignment with the field that both states share
    correlation = solution.at_fractions(np.array([200.0]), np.array([0.0, 0.5, 1.0]))[0, 0]
    allowed = solution.estimate("correlation", 200.0)
    assert abs(correlation[0]) < allowed
    assert abs(correlation[1] - state.overlap) < allowed


def test_a_small_field_is_answered_by_the_linear_response():
    field, ramps = 1.0, (Ramp(2.0, 4.0, field=-0.5),)

    def run(h):
        changes = [{"begin": 2.0, "end": 4.0, "field": -0.5 * h}]
        return stage.run(
            {
                "model": {"covariance": {"3": 0.5}}, "T": 0.3, "T_initial": float("inf"),
                "t_max": 8.0, "tolerance": 1e-4, "field": h * field, "ramps": changes,
            },
            [],
        )  # fmt: skip

    without = run(0.0)
    time = np.array([1.0, 3.0, 5.0, 8.0])
    linear = observables.linear_magnetisation(without, Protocol(0.3, field, ramps), time)
    deviations, errors = [], []
    for h in (0.4, 0.2):
        strong = run(h)
        magnetisation = strong.magnetisation.interp(time=time, method="quintic").values
        deviations.append(magnetisation / h - linear)
        errors.append(strong.magnetisation_error_estimate.values[-1] / h)
    # m is odd in h, so that m / h deviates by h^2: by 4 times as much at twice the field; the next
    # terms have the ratio 16
    assert np.all(np.abs(deviations[0]) < 0.3 * 0.4**2)
    errors = errors[0] + errors[1] + 2e-5
    cubic = deviations[0] - 4 * deviations[1]
    assert np.all(np.abs(cubic) < 0.4**4 / 4 + 5 * errors)
    assert np.any(np.abs(deviations[0]) > 10 * errors)


@pytest.mark.parametrize(
    ("field", "ramps", "name"),
    [
        (np.nan, (), "field = nan"),
        (0.0, (Ramp(1.0, 2.0, field=np.inf),), "field = inf"),
        (0.1, (Ramp(1.0, 2.0),), "neither T nor field"),
        (0.1, (Ramp(1.0, 1.1, field=0.0),), "1.6 times"),
    ],
)
def test_fields_without_a_meaning_are_refused_in_one_sentence(field, ramps, name):
    with pytest.raises(CampaignError) as refused:
        quench.solve(THREE_SPIN, 0.5, np.inf, 10.0, 1e-4, ramps=ramps, field=field)
    assert name in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("T", [0.0, 0.5])
def test_a_field_however_weak_has_the_equilibrium_of_two_spins(T):
    # the susceptibility is 1 below T_c = 1
    assert equilibrium_in_field(TWO_SPIN, T, 1e-9).magnetisation == pytest.approx(1e-9, rel=1e-12)
