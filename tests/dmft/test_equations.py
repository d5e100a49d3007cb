"""Equations of motion that the package lacks can be added by one further file."""

import numpy as np
import pytest
from scipy.special import iv, ive

from glasscore.dmft import short_times
from glasscore.dmft.equations.spherical_spins import SphericalSpins
from glasscore.dmft.protocol import Protocol
from glasscore.dmft.two_time.accuracy import ControlledMarch, Resolution
from glasscore.dmft.two_time.grid import make_grid
from glasscore.dmft.two_time.march import March
from glasscore.models.covariance import covariance
from tests.docs.parts.glasscore.dmft.equations.asymmetric_couplings import AsymmetricCouplings

TWO_SPIN = covariance({2: 0.5})
TOLERANCE, T_MAX = 1e-6, 30.0


def norm(time):
    """Gamma(t) exp(-t), Gamma^2 = I_0(2 t)."""
    return np.sqrt(ive(0, 2 * time))


class ClosedForm:
    """The solution for uncorrelated J_ij and J_ji, at any time."""

    def reach(self):
        return 0.1

    def at(self, time, fraction):
        late, early = np.broadcast_arrays(time, time * fraction)
        root = np.sqrt(late * early)
        decay = np.exp(2 * root - late - early)
        correlation = ive(0, 2 * root) * decay / (norm(late) * norm(early))
        return np.stack([correlation, norm(early) / norm(late) * np.exp(early - late)])

    def multiplier_at(self, time):
        return iv(1, 2 * np.asarray(time)) / iv(0, 2 * np.asarray(time))

    def energy_at(self, time):
        return -self.multiplier_at(time)

    def magnetisation_at(self, time):
        return np.zeros(np.shape(time))


@pytest.fixture(scope="module")
def uncorrelated():
    resolution = Resolution(0.0375, 0.2, 1e-3, 2 * T_MAX, 10.0)
    march = ControlledMarch(AsymmetricCouplings(0.0), ClosedForm(), resolution, TOLERANCE)
    march.run(T_MAX)
    return march.solution()


def test_multiplier_of_asymmetric_couplings_is_the_closed_form(uncorrelated):
    time = np.exp(uncorrelated.logarithm)
    error = np.abs(uncorrelated.multiplier - ClosedForm().multiplier_at(time))
    assert np.all(error <= uncorrelated.energy_error_estimate)
    assert uncorrelated.estimate("energy", T_MAX) <= TOLERANCE


def test_two_time_functions_of_asymmetric_couplings_are_the_closed_forms(uncorrelated):
    time, fraction = np.array([3.0, T_MAX]), np.array([0.0, 0.03, 0.3, 0.7, 0.97, 1.0])
    found = uncorrelated.at_fractions(time, fraction)[:2]
    error = np.abs(found - ClosedForm().at(time[:, None], fraction))
    for name, each in zip(("correlation", "response"), error, strict=True):
        assert each.max() <= uncorrelated.estimate(name, T_MAX)


def test_symmetric_couplings_are_the_spherical_model():
    """The same equations in another form have the same solution, to Newton's tolerance."""
    series = short_times.solve(TWO_SPIN, 0.0, 0.0)
    grid = make_grid(0.2, np.log(20.0 / 1e-3))
    marches = [
        March(equations, series, grid, 0.08, 1e-3, series.reach())
        for equations in (AsymmetricCouplings(1.0), SphericalSpins(TWO_SPIN, Protocol(0.0)))
    ]
    for march in marches:
        while march.time < 4.0:
            march.advance()
    first, second = marches
    assert first.multiplier == pytest.approx(second.multiplier, abs=1e-11)
    difference = first.rows[first.newest] - second.rows[second.newest]
    assert np.abs(difference).max() < 1e-11
    # each pair of spins has the energy -J_ij s_i s_j once, but two forces
    assert first.energy == pytest.approx(2 * second.energy, abs=1e-11)


MIXED = covariance({3: 0.5, 4: 0.3})
IN_A_FIELD = SphericalSpins(MIXED, Protocol(0.7, 0.4), 1.0)


@pytest.mark.parametrize(
    "equations", [IN_A_FIELD, SphericalSpins(MIXED, Protocol(0.7)), AsymmetricCouplings(0.3)]
)
def test_the_derivative_of_a_row_is_that_of_its_residual(equations):
    """Along random directions, against central differences, whose errors are of second order."""
    grid = make_grid(0.25, np.log(20.0 / 1e-3))
    start = SphericalSpins(MIXED, Protocol(0.7, 0.4 * (equations is IN_A_FIELD)), 1.0)
    series = short_times.solve(MIXED, 0.7, start.protocol.field_at(0.0), 1.0)
    march = March(equations, series, grid, 0.08, 1e-3, series.reach())
    row, _ = march._discretised(march.time * np.exp(0.08), march.newest + 1)
    at_row = equations.at(row.time, row.time * grid.theta)
    used = slice(grid.centre - row.half, grid.centre + row.half + 1)
    functions, size = march.rows[march.newest].copy(), 2 * row.half + 1
    matrix = np.empty((2 * size, 2 * size))
    march._residual(at_row, row, functions, matrix)
    generator = np.random.default_rng(1)
    for _ in range(3):
        direction = generator.normal(size=(2, size))
        exact = matrix @ direction.ravel()
        errors = []
        for change in (1e-2, 5e-3):
            ends = []
            for sign in (1, -1):
                moved = functions.copy()
                moved[:, used] += sign * change * direction
                ends.append(march._residual(at_row, row, moved, np.empty((1, 1)))[0].copy())
            errors.append(np.abs((ends[0] - ends[1]) / (2 * change) - exact).max())
        # Rounding of the residuals, divided by the smaller change.
        rounding = 1e-13 * np.abs(exact).max() / 5e-3
        assert errors[1] <= errors[0] / 4 * 1.1 + rounding
        assert errors[1] < 1e-3 * np.abs(exact).max()
