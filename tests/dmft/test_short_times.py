import numpy as np
import pytest

from glasscore.dmft import short_times
from glasscore.dmft.two_time import uniform_grid
from glasscore.models.covariance import covariance
from glasscore.theory.spherical_pspin import (
    equilibrium_energy,
    equilibrium_multiplier,
    two_spin_correlation,
    two_spin_energy,
    two_spin_multiplier,
    two_spin_response,
)

FRACTIONS = np.array([0.0, 0.1, 0.5, 0.9, 1.0])
ROUNDING = 1e-14


def test_series_of_two_spins_is_the_closed_form_up_to_rounding():
    series = short_times.solve(covariance({2: 0.5}), 0.0, 0.0)
    time = series.reach()
    assert time > 0.1
    assert abs(series.energy_at(time) - two_spin_energy(time)) < ROUNDING
    assert abs(series.multiplier_at(time) - two_spin_multiplier(time)) < ROUNDING
    correlation, response = series.at(time, FRACTIONS)
    earlier = time * FRACTIONS
    assert np.abs(correlation - two_spin_correlation(time, earlier)).max() < ROUNDING
    assert np.abs(response - two_spin_response(time, earlier)).max() < ROUNDING


@pytest.mark.parametrize(
    ("coefficients", "T"), [({3: 0.5}, 0.62), ({3: 0.5, 4: 0.5}, 0.9), ({2.5: 0.7}, 0.9)]
)
def test_equilibrium_is_stationary_and_obeys_fluctuation_dissipation(coefficients, T):
    model = covariance(coefficients)
    series = short_times.solve(model, T, 1 / T)
    time = series.reach()
    energy, multiplier = equilibrium_energy(model, T), equilibrium_multiplier(model, T)
    # in equilibrium one-time functions are constant: all their coefficients but the first vanish
    assert series.energy_at(time) == pytest.approx(energy, rel=ROUNDING)
    assert series.multiplier_at(time) == pytest.approx(multiplier, rel=10 * ROUNDING)
    correlation, response = series.at(time, FRACTIONS)
    assert np.abs(correlation - series.at(time * (1 - FRACTIONS), 0.0)[0]).max() < 10 * ROUNDING
    # R = -(1/T) dC/d(t - t'), compared as power series
    of_lag = np.array([part[0] for part in series.correlation])
    slope = np.polynomial.polynomial.polyval(
        time * (1 - FRACTIONS), np.polynomial.polynomial.polyder(of_lag)
    )
    assert np.abs(response + slope / T).max() < 100 * ROUNDING


def test_series_agrees_with_the_uniform_grid():
    model, T, inverse = covariance({3: 0.5, 4: 0.5}), 0.3, 1 / 0.9
    series = short_times.solve(model, T, inverse)
    time = series.reach()
    coarse, fine = (
        uniform_grid.solve(model, T, 1 / inverse, time, steps).energy[-1] for steps in (32, 64)
    )
    extrapolated = (4 * fine - coarse) / 3
    # The extrapolation removes an error of (fine - coarse) / 3. Its square bounds the error left.
    assert abs(series.energy_at(time) - extrapolated) < 10 * (fine - coarse) ** 2


def test_the_reach_shrinks_where_the_covariance_is_stiff():
    reach = [
        short_times.solve(covariance(coefficients), 0.0, 0.0).reach()
        for coefficients in ({3: 0.5}, {3: 0.15, 12: 0.35})
    ]
    assert reach[1] < reach[0] / 2
