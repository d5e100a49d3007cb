import numpy as np
import pytest

from glasscore.dmft import observables, stage
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import aging, two_spin_response

THREE_SPIN = {"model": {"covariance": {"3": 0.5}}, "T_initial": float("inf"), "tolerance": 1e-5}


@pytest.fixture(scope="module")
def two_spins():
    parameters = {"model": {"covariance": {"2": 0.5}}, "T": 0.0, "t_max": 30.0}
    return stage.run({**THREE_SPIN, **parameters, "tolerance": 1e-6}, [])


@pytest.fixture(scope="module")
def equilibrium():
    return stage.run({**THREE_SPIN, "T": 0.7, "T_initial": "equilibrium", "t_max": 100.0}, [])


@pytest.mark.parametrize("waiting_time", [0.0, 1.0, 10.0])
def test_integrated_response_of_two_spins(two_spins, waiting_time):
    time = 25.0
    nodes, weights = np.polynomial.legendre.leggauss(80)
    half = (time - waiting_time) / 2
    earlier = waiting_time + half * (nodes + 1)
    exact = half * (weights @ two_spin_response(time, earlier))
    found = observables.integrated_response(two_spins, time, waiting_time)
    # the error of R, integrated over a width of about 1, and the error of interpolation
    allowed = 3 * two_spins.attrs["response_error_estimate"] + 2e-6
    assert abs(found - exact) < allowed
    left = observables.thermoremanent_response(two_spins, time, waiting_time)
    nodes_before = waiting_time * (nodes + 1) / 2
    before = waiting_time / 2 * (weights @ two_spin_response(time, nodes_before))
    assert abs(left - before) < allowed


def test_equilibrium_obeys_the_fluctuation_dissipation_theorem(equilibrium):
    T = 0.7
    lag = np.array([0.1, 1.0, 5.0])
    chi = observables.integrated_response(equilibrium, 50.0 + lag, 50.0)
    start = equilibrium.correlation.sel(fraction=0.0)
    correlation = observables.read_between(equilibrium, "correlation", 50.0 + lag, 50.0)
    errors = equilibrium.attrs["correlation_error_estimate"] / T
    errors += 3 * equilibrium.attrs["response_error_estimate"] + 5e-6
    assert np.abs(chi - (1 - correlation) / T).max() < errors
    assert start[0] == 1
    ratio = T * observables.inverse_effective_temperature(equilibrium, 50.0 + lag, 50.0)
    # interpolation adds an error of 1e-6 to C, relative to a change of C by some per mille
    assert np.abs(ratio - 1).max() < 5e-3


def test_aging_breaks_the_line_at_the_plateau():
    # at finite times the plateau and the ratio have corrections of the order t^-a, a = 0.4
    T = 0.5
    dataset = stage.run({**THREE_SPIN, "T": T, "t_max": 1e4}, [])
    expected = aging(covariance({3: 0.5}), T)
    missed = []
    for waiting_time in (100.0, 1000.0):
        plot = observables.parametric(dataset, waiting_time)
        found = observables.broken_line(plot, T, expected.plateau)
        correction = waiting_time**-0.4
        assert found.plateau == pytest.approx(expected.plateau, abs=correction)
        missed.append(abs(T * found.slope - expected.violation))
        assert missed[-1] < correction
        # at short lags equilibrium holds, except for the aging of the state: E - E(inf) ~ t^-2/3
        # falls by about t^-5/3 in a unit of time
        short = plot.lag < 0.3
        error = np.abs(plot.response[short] - (1 - plot.correlation[short]) / T)
        assert error.max() < waiting_time ** (-5 / 3) + 2e-5
    # these corrections decrease with time
    assert missed[1] < 0.8 * missed[0]
