"""Laws of the trap model against closed forms, direct integrals and the master equation."""

import numpy as np
import pytest
from scipy import integrate, linalg, special

from glasscore.theory import trap_model
from tests.statistical import assert_within, z_scores

EXPONENTS = [0.25, 0.4, 0.5, 0.6, 0.75, 0.9]


@pytest.mark.parametrize(
    ("omega", "table"),
    [
        (0.1, [0.948784, 0.877742, 0.805018, 0.706841, 0.503314, 0.225428]),
        (0.5, [0.850839, 0.715336, 0.608173, 0.490584, 0.302896, 0.115729]),
        (1.0, [0.780550, 0.615908, 0.5, 0.384092, 0.219450, 0.077261]),
        (10.0, [0.496686, 0.293159, 0.194982, 0.122258, 0.051216, 0.013147]),
    ],
)
def test_aging_function_table(omega, table):
    values = [trap_model.aging_function(omega, x) for x in EXPONENTS]
    np.testing.assert_allclose(values, table, rtol=0, atol=0.5e-6)  # six digits printed


def test_aging_function_closed_forms_and_limits():
    omega = np.array([1e-12, 1e-3, 0.5, 7.0, 1e6])
    arcsine = 2.0 / np.pi * np.arctan(1.0 / np.sqrt(omega))
    np.testing.assert_allclose(trap_model.aging_function(omega, 0.5), arcsine, rtol=1e-12)
    np.testing.assert_array_equal(trap_model.aging_function([0.0, np.inf], 0.7), [1.0, 0.0])
    x = 0.3
    # Corrections to both limits are smaller by a factor of order omega or 1 / omega.
    short = np.sin(np.pi * x) / (np.pi * (1 - x)) * 1e-6 ** (1 - x)
    assert 1 - trap_model.aging_function(1e-6, x) == pytest.approx(short, rel=2e-6)
    long = np.sin(np.pi * x) / (np.pi * x) * 1e-6**x
    assert trap_model.aging_function(1e6, x) == pytest.approx(long, rel=2e-6)


def test_aging_function_is_the_integral():
    for x in (0.2, 0.8):
        integral = integrate.quad(
            lambda u, x=x: u**-x / (1 + u), 0.5, np.inf, epsabs=0, epsrel=1e-10
        )[0]
        expected = np.sin(np.pi * x) / np.pi * integral
        assert trap_model.aging_function(0.5, x) == pytest.approx(expected, rel=1e-9)


def test_contour_inverts_known_transforms():
    points, weights = trap_model.contour()
    for t in (1e-3, 1.0, 1e9):
        s = points / t
        # G / s is the transform of t^a / Gamma(1 + a) for G = s^-a, of ln t + gamma for -ln s.
        power = (weights * s**-0.3).real.sum()
        assert power == pytest.approx(t**0.3 / special.gamma(1.3), rel=1e-12)
        logarithm = (weights * -np.log(s)).real.sum()
        assert logarithm == pytest.approx(np.log(t) + np.euler_gamma, abs=1e-11)


@pytest.mark.parametrize("x", [0.05, 0.5, 0.95, 1.0, 1.5, 2.5])
@pytest.mark.parametrize("time", [1e-3, 30.0, 1e15])
def test_the_rule_integrates_along_the_contour(x, time):
    """int exp(-v) / (s + u) dv = F(1, x; 1 + x; -1 / s) / s, u = exp(-v / x)."""
    s = trap_model.contour()[0] / time
    depth, shares = trap_model.depths(time, 0.0, x)
    found = (shares / (s[:, np.newaxis] + np.exp(-depth / x))).sum(axis=1)
    expected = special.log1p(1 / s) if x == 1 else special.hyp2f1(1, x, 1 + x, -1 / s) / s
    # The library's function loses digits next to whole numbers x.
    np.testing.assert_allclose(found, expected, rtol=1e-12 / (abs(1 - x) or 1.0))


@pytest.mark.parametrize("x", [0.3, 1.0, 2.5])
def test_the_rule_resolves_stays_within_any_window(x):
    """int exp(-v - c u) dv = x c^-x gamma(x, c); at time 1 the rule would end long before c."""
    for window in (1e-6, 0.5, 1e12):
        depth, shares = trap_model.depths(1.0, window, x)
        found = (shares * np.exp(-window * np.exp(-depth / x))).sum()
        expected = x * window**-x * special.gamma(x) * special.gammainc(x, window)
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("x", "depth"),
    [(0.3, 110.0), (0.5, 80.0), (0.7, 62.0), (0.9, 50.0), (1.0, 46.0), (1.4, 35.0), (3.0, 20.0)],
)
def test_against_the_master_equation_in_time(x, depth):
    """The continuum of traps on Gauss nodes in ln tau < depth, by the matrix exponential.

    Deeper traps hold less than t exp(-x depth) < 1e-10 of the probability.
    """
    nodes, weights = np.polynomial.legendre.leggauss(10)
    edges = np.linspace(0.0, depth, int(depth) + 1)
    half = 0.5 * np.diff(edges)[:, np.newaxis]
    log_tau = (edges[:-1, np.newaxis] + half * (1 + nodes)).ravel()
    start = x * np.exp(-x * log_tau) * (half * weights).ravel()
    rates = np.exp(-log_tau)
    W = np.outer(start, rates) - np.diag(rates)
    windows = np.array([0.01, 0.5, 10.0])
    for time in (1.0, 100.0, 10000.0):
        occupied = linalg.expm(W * time) @ start
        # Rounding of the matrix exponential: 2e-16 per unit of time.
        tolerance = 1e-11 + 1e-15 * time
        energy = trap_model.energy(time, x)
        assert energy == pytest.approx(-x * occupied @ log_tau, rel=0, abs=tolerance)
        stays = np.exp(-np.outer(windows * time, rates)) @ occupied
        no_jump = trap_model.no_jump(time, windows, x)
        np.testing.assert_allclose(no_jump, stays, rtol=0, atol=tolerance)


def test_short_times():
    for x in (0.1, 0.5, 0.9, 1.0, 2.0):
        assert trap_model.energy(0.0, x) == -1.0
        # First jumps: dE/dt = -x int p(tau) / tau (1 / x - ln tau) = -x / (1 + x)^2 at t = 0.
        t = 1e-5
        slope = (trap_model.energy(t, x) + 1.0) / t
        assert slope == pytest.approx(-x / (1 + x) ** 2, rel=1e-5, abs=1e-6)
    np.testing.assert_array_equal(trap_model.no_jump([0.0, 5.0], [3.0, 0.0], 0.4), [1.0, 1.0])


@pytest.mark.parametrize("x", [0.3, 0.5, 0.7])
def test_energy_approaches_its_asymptote(x):
    """The next term, T s^(1 - x) of the expansion of the transform at small s, inverted."""
    time = np.array([1e6, 1e8, 1e10])
    correction = (special.psi(x) - np.log(time) - np.pi / np.tan(np.pi * x)) / (1 - x)
    correction -= 1 / (1 - x) ** 2
    correction *= x * np.sin(np.pi * x) / (np.pi * special.gamma(x)) * time ** (x - 1)
    rest = trap_model.energy(time, x) - trap_model.energy_asymptote(time, x)
    # What is left is smaller by another t^-(1 - x), with a factor ln t; and rounding.
    tolerance = 0.5 * time ** (x - 1) * np.log(time) / (1 - x) + 1e-11 / np.abs(correction)
    assert np.all(np.abs(rest / correction - 1) < tolerance)


@pytest.mark.parametrize("x", [0.3, 0.5, 0.7])
def test_no_jump_approaches_the_aging_function(x):
    time = np.array([1e4, 1e5, 1e6, 1e7])
    for omega in (0.1, 0.5, 10.0):
        rest = trap_model.no_jump(time, omega, x) - trap_model.aging_function(omega, x)
        order = np.log10(rest[:-1] / rest[1:])
        # The next order is smaller by another t^-(1 - x), and 1e-12 of rounding.
        tolerance = time[:-1] ** (x - 1) / (1 - x) + 1e-12 / np.abs(rest[1:])
        assert np.all(np.abs(order - (1 - x)) < tolerance), (omega, order)


def test_simulation_of_infinitely_many_traps():
    # Means and errors of 2e5 simulated trajectories, made without these formulas.
    energies = [trap_model.energy(1e6, x) for x in (0.3, 0.5, 0.7)]
    assert_within(z_scores(energies, [-5.0027, -7.201, -8.583], [0.0025, 0.003, 0.005]))
    survivals = [trap_model.no_jump(1e6, 0.5, x) for x in (0.5, 0.7)]
    assert_within(z_scores(survivals, [0.6088, 0.3696], np.sqrt(0.24 / 2e5)))


def test_broadcasting_and_scale():
    waiting_time, window = np.array([[1.0], [10.0], [1e3]]), np.array([0.1, 1.0])
    grid = trap_model.no_jump(waiting_time, window, 0.6)
    assert grid.shape == (3, 2)
    assert grid[1, 1] == trap_model.no_jump(10.0, 1.0, 0.6)
    assert np.all(np.diff(grid, axis=1) < 0)
    time = np.array([0.0, 3.0, 1e4])
    np.testing.assert_array_equal(
        trap_model.energy(time, 0.6, critical_temperature=2.0), 2 * trap_model.energy(time, 0.6)
    )


@pytest.mark.parametrize("x", [0.3, 0.5, 0.9, 1.0, 2.5])
def test_trapping_times(x):
    def integrand(tau: float, t: float) -> float:
        return x * tau ** -(2 + x) * np.exp(-t / tau)

    for t in (0.1, 1.0, 30.0):
        expected = integrate.quad(integrand, 1, np.inf, args=(t,), epsabs=0, epsrel=1e-10)[0]
        assert trap_model.trapping_time_density(t, x) == pytest.approx(expected, rel=1e-8)
    assert trap_model.trapping_time_density(0.0, x) == pytest.approx(x / (1 + x), rel=1e-15)
    assert trap_model.trapping_time_density(1e6, x) == pytest.approx(
        x * special.gamma(1 + x) * 1e6 ** -(1 + x), rel=1e-12
    )
    for mean_time in (False, True):
        bin_probability = trap_model.trapping_time_probability(2.0, 5.0, x, mean_time=mean_time)
        expected = integrate.quad(
            lambda t, mean=mean_time: float(trap_model.trapping_time_density(t, x, mean_time=mean)),
            2.0,
            5.0,
        )[0]
        assert bin_probability == pytest.approx(expected, rel=1e-10)
        edges = np.concatenate([[0.0], np.logspace(-3, 9, 30), [np.inf]])
        all_bins = trap_model.trapping_time_probability(
            edges[:-1], edges[1:], x, mean_time=mean_time
        )
        assert all_bins.sum() == pytest.approx(1.0, abs=1e-14)


def test_trapping_time_density_is_smooth_where_its_formula_changes():
    low, high = trap_model.trapping_time_density([0.99e-8, 1.01e-8], 0.4)
    assert low == pytest.approx(high, rel=1e-7)


def test_participation_of_a_poisson_process():
    generator = np.random.default_rng(11)
    arrivals = np.cumsum(generator.exponential(size=(4000, 1000)), axis=1)
    measured, errors = [], []
    for x in (0.3, 0.5):
        weights = arrivals ** (-1 / x)
        # All later points, by their mean; their fluctuation is below 1e-4 of the sum.
        tail = arrivals[:, -1] ** (1 - 1 / x) / (1 / x - 1)
        squares = (weights**2).sum(axis=1) / (weights.sum(axis=1) + tail) ** 2
        measured.append(squares.mean())
        errors.append(squares.std(ddof=1) / np.sqrt(squares.size))
    expected = [trap_model.participation(x) for x in (0.3, 0.5)]
    assert expected == [0.7, 0.5]
    assert_within(z_scores(measured, expected, errors))


def test_participation_vanishes_above_the_transition():
    assert [trap_model.participation(x) for x in (1.0, 2.0)] == [0.0, 0.0]


@pytest.mark.parametrize("x", [1.2, 1.5, 2.0, 5.0, 50.0])
def test_equilibrium(x):
    """Depths of density exp(-v (1 - 1/x)) (1 - 1/x), which the walk forgets its start for."""
    share = 1.0 - 1.0 / x
    mean = integrate.quad(lambda v: v * share * np.exp(-share * v), 0, np.inf, epsrel=1e-12)[0]
    assert trap_model.equilibrium_energy(x, 2.0) == pytest.approx(-2.0 * mean, rel=1e-10)
    for duration in (0.0, 0.3, 50.0):
        stays = integrate.quad(
            lambda v, t=duration: share * np.exp(-share * v - t * np.exp(-v / x)),
            0, np.inf, epsabs=1e-13, epsrel=1e-11, limit=200,
        )[0]  # fmt: skip
        found = trap_model.equilibrium_no_jump(duration, x)
        assert found == pytest.approx(stays, abs=1e-11)
        if x >= 2 and duration > 0:
            # What is left of the start, t^(1 - x), is negligible.
            late = trap_model.no_jump(1e13, duration / 1e13, x)
            assert late == pytest.approx(stays, abs=2e-12)
            assert trap_model.energy(1e13, x) == pytest.approx(
                trap_model.equilibrium_energy(x), rel=1e-11
            )


def test_equilibrium_is_approached_like_a_power_of_time():
    x, t = 1.4, np.array([1e6, 1e8, 1e10])
    rest = trap_model.no_jump(t, 50.0 / t, x) - trap_model.equilibrium_no_jump(50.0, x)
    # The next order is smaller by another t^-(x - 1).
    np.testing.assert_allclose(np.log10(rest[1:] / rest[:-1]), 2 * (1 - x), atol=t[0] ** (1 - x))


def test_simulation_above_the_transition():
    """x = 1.4, lag 50: simulated means with errors, made without these formulas."""
    waiting_time = np.array([10.0, 100.0])
    found = trap_model.no_jump(waiting_time, 50.0 / waiting_time, 1.4)
    assert_within(z_scores(found, [0.0244, 0.0814], [2e-4, 3e-4]))
    in_equilibrium = trap_model.equilibrium_no_jump(50.0, 1.4)
    assert_within(z_scores(in_equilibrium, [0.1849, 0.1848], [5e-4, 5e-4]))


def test_laws_are_continuous_through_the_transition():
    for law in (trap_model.energy, lambda t, x: trap_model.no_jump(t, 0.5, x)):
        below, at, above = (law(1e6, x) for x in (1.0 - 1e-6, 1.0, 1.0 + 1e-6))
        # Second differences: 1e-12 of the second derivative, of order (ln t)^2.
        assert below + above - 2 * at == pytest.approx(0.0, abs=1e-9)


LAWS = {
    "between 0 and 1": [
        lambda x: trap_model.aging_function(0.5, x),
        lambda x: trap_model.energy_asymptote(1.0, x),
    ],
    "above 1": [
        trap_model.equilibrium_energy,
        lambda x: trap_model.equilibrium_no_jump(1.0, x),
    ],
    "positive": [
        lambda x: trap_model.energy(1.0, x),
        lambda x: trap_model.no_jump(1.0, 1.0, x),
        lambda x: trap_model.trapping_time_density(1.0, x),
        lambda x: trap_model.trapping_time_probability(0.0, 1.0, x),
        trap_model.participation,
    ],
}


@pytest.mark.parametrize(
    ("x", "refused"),
    [
        (0.0, LAWS),
        (-0.5, LAWS),
        (np.nan, LAWS),
        (np.inf, LAWS),
        (1.0, ["between 0 and 1", "above 1"]),
        (0.5, ["above 1"]),
        (1.5, ["between 0 and 1"]),
    ],
)
def test_refuses_temperatures_at_which_a_law_has_no_meaning(x, refused):
    for allowed, laws in LAWS.items():
        for law in laws:
            if allowed in refused:
                with pytest.raises(ValueError, match=allowed):
                    law(x)
            else:
                assert np.isfinite(law(x))


def test_refuses_impossible_times():
    with pytest.raises(ValueError, match="time"):
        trap_model.energy(-1.0, 0.5)
    with pytest.raises(ValueError, match="finite"):
        trap_model.no_jump(np.inf, 1.0, 0.5)
    with pytest.raises(ValueError, match="omega"):
        trap_model.aging_function(np.nan, 0.5)
    with pytest.raises(ValueError, match="exceed"):
        trap_model.trapping_time_probability(2.0, 1.0, 0.5)
