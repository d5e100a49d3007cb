"""Laws of the step model against integrals, equilibrium and the master equation of many states."""

import numpy as np
import pytest
from scipy import integrate

from glasscore.theory import step_model
from tests.exact import MasterEquation

TIMES = [1e-3, 0.7, 3.0, 50.0]


@pytest.mark.parametrize("t", TIMES)
def test_laws_at_zero_temperature_are_integrals(t):
    """The laws are integrals of P(u, t) = exp(-u t) (1 + t (1 - u)).

    This density solves dP/dt = -u P + int_u^1 P dv.
    """

    def mean(f):
        def integrand(u):
            return f(u) * np.exp(-u * t) * (1 + t * (1 - u))

        return integrate.quad(integrand, 0, 1, epsabs=1e-13, epsrel=1e-12, limit=200)[0]

    assert mean(lambda u: 1.0) == pytest.approx(1.0, abs=1e-12)
    assert step_model.energy(t, 0.0) == pytest.approx(mean(np.log), abs=1e-9)
    for omega in (0.0, 0.5, 20.0):
        expected = mean(lambda u, omega=omega: np.exp(-u * omega * t))
        assert step_model.no_jump(t, omega, 0.0) == pytest.approx(expected, abs=1e-12)


def test_zero_temperature_asymptotes():
    t = np.array([100.0, 1e5, 1e12])
    depth = np.log(t) + np.euler_gamma + 1 / t
    np.testing.assert_allclose(step_model.energy(t, 0.0), -depth, rtol=1e-14)
    omega = np.array([0.1, 0.5, 10.0])
    late = step_model.no_jump(1e12, omega, 0.0)
    # The correction is omega / (1 + omega)^2 / t_w.
    np.testing.assert_allclose(late, 1 / (1 + omega), rtol=2e-12)
    assert step_model.no_jump(1e12, 0.5, 0.0) == pytest.approx(2 / 3, abs=1e-12)


def test_zero_temperature_visits():
    """Each jump deepens the state by one on average, and visits are uniform in ln tau."""
    for t in TIMES:
        assert step_model.visits(t, 0.0) == pytest.approx(-step_model.energy(t, 0.0), rel=1e-14)
    tau = np.array([1e3, 1e5])
    number = step_model.visits(1e12, 0.0, tau) - step_model.visits(1e12, 0.0, np.e * tau)
    np.testing.assert_allclose(number, 1.0, rtol=1e-6)  # corrections of order tau / t
    assert step_model.visits(1e3, 0.0, np.inf) == 0.0


@pytest.mark.parametrize("T", [0.3, 0.625, 0.9, 1.0])
@pytest.mark.parametrize("t", [1.0, 10.0])
def test_against_the_master_equation_of_many_states(T, t):
    """M equidistant u, extrapolated: errors of order 1 / M, and 1 / M^2 for T < T_c / 2."""
    values = []
    for states in (256, 512, 1024):
        energies = np.log((np.arange(states) + 0.5) / states)
        master = MasterEquation.solve(energies, "complete", "metropolis", 1 / T)
        values.append([float(master.energy(t)), float(master.no_jump(t, 0.5))])
    coarse, middle, fine = np.array(values)
    limit = 2 * fine - middle
    error = limit - [step_model.energy(t, T), step_model.no_jump(t, 0.5, T)]
    # First order: the last step halves what is left; what remains falls by two or more again.
    assert np.all(np.abs(error) < np.abs(limit - (2 * middle - coarse)))
    assert np.all(np.abs(error) < 0.15 * np.abs(fine - middle))


@pytest.mark.parametrize("T", [1.25, 2.0, 40.0])
def test_equilibrium_above_the_transition(T):
    """rho(E) exp(-beta E) is exponential, of mean -1 / (1 - beta)."""
    state = step_model.relaxation(1e12, T)
    beta = 1 / T
    assert state.occupation.sum() == pytest.approx(1.0, abs=1e-11)
    late = state.occupation @ np.stack([state.energy, state.energy**2], axis=1)
    # Slow states are those of u^beta < 1 / t: they hold a share t^-(T - 1).
    tolerance = 1e-10 + 100 * 1e12 ** -(T - 1.0) * np.log(1e12) ** 2
    np.testing.assert_allclose(late, [-1 / (1 - beta), 2 / (1 - beta) ** 2], atol=tolerance)
    jumps = step_model.visits(1e12, T) / 1e12
    rate = state.occupation @ step_model.exit_rate(state.energy, T)
    assert jumps == pytest.approx(rate, rel=1e-6 + tolerance)


@pytest.mark.parametrize("T", [0.02, 0.3, 0.75, 1.0, 3.0])
def test_relaxation_conserves_probability_and_is_regular(T):
    for t in (1e-2, 1.0, 1e4, 1e15):
        state = step_model.relaxation(t, T)
        assert state.occupation.sum() == pytest.approx(1.0, abs=1e-11)
        assert state.occupation.min() > -1e-12
        assert np.all(state.visits > -1e-11 * state.visits.sum())
    # At time zero one state has been visited, with uniform u.
    early = step_model.relaxation(1e-9, T)
    assert early.visits.sum() == pytest.approx(1.0, abs=1e-8)
    assert early.visits @ early.energy == pytest.approx(-1.0, abs=1e-7)


def test_order_of_convergence(monkeypatch):
    """Gauss collocation with two stages is of order four."""
    exact = step_model.energy(1e3, 0.75)
    monkeypatch.setattr(step_model, "STAGES", 2)
    errors = []
    for panel in (0.8, 0.4, 0.2):
        state = step_model.relaxation.__wrapped__(1e3, 0.75, panel)
        errors.append(abs(state.energy @ state.occupation - exact))
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    np.testing.assert_allclose(orders, 4.0, atol=0.3)


def test_default_panels_are_fine_enough():
    for T in (0.05, 0.5, 0.75, 1.0, 2.0):
        coarse, fine = (step_model.relaxation(1e6, T, panel) for panel in (1.0, 0.25))
        for observable in (lambda e: e, lambda e, T=T: np.exp(-step_model.exit_rate(e, T) * 5e5)):
            values = [state.occupation @ observable(state.energy) for state in (coarse, fine)]
            assert values[0] == pytest.approx(values[1], abs=1e-9)


def test_low_temperatures_approach_zero():
    """The first correction is of order T^2."""
    t = np.array([1.0, 1e2, 1e6])
    zero = step_model.energy(t, 0.0)
    near, nearer = (step_model.energy(t, T) - zero for T in (0.02, 0.01))
    np.testing.assert_allclose(near / nearer, 4.0, rtol=0.05)
    assert np.all(np.abs(nearer) < 1e-4)


@pytest.mark.parametrize("T", [0.625, 0.7, 0.8, 0.9])
def test_energy_falls_by_one_per_unit_of_log_time(T):
    """-T_c ln t, not -T ln t, after corrections t^-(1 - x) ln t with x = 2 - T_c / T."""
    t = np.array([1e8, 1e12])
    correction = step_model.energy(np.e * t, T) - step_model.energy(t, T) + 1.0
    assert np.all(np.abs(correction) < 0.2)
    power = np.log(correction[0] / correction[1] * np.log(t[1]) / np.log(t[0])) / np.log(1e4)
    assert power == pytest.approx(1 - step_model.basin_exponent(T), rel=0.03)


def test_energy_falls_by_one_at_low_temperature():
    """Corrections of order 1 / t."""
    for T in (0.1, 0.3, 0.4):
        t = np.array([1e4, 1e8])
        correction = step_model.energy(np.e * t, T) - step_model.energy(t, T) + 1.0
        np.testing.assert_allclose(correction, correction[0] * 1e4 / t, rtol=0.1)


def test_aging_below_half_the_critical_temperature():
    """no_jump is a function of t / t_w alone; values of a simulation of 2.5e5 trajectories."""
    simulated = {20.0: 0.655, 4.0: 0.587, 2.5: 0.511}
    for beta, value in simulated.items():
        early, late = step_model.no_jump([1e8, 1e12], 0.5, 1 / beta)
        assert early == pytest.approx(late, abs=1e-6)
        assert late == pytest.approx(value, abs=0.004)


@pytest.mark.parametrize("T", [0.1, 0.3, 0.4])
def test_visits_are_uniform_below_half_the_critical_temperature(T):
    tau = np.array([1e4, 1e5])
    number = step_model.visits(1e14, T, tau) - step_model.visits(1e14, T, np.e * tau)
    # Corrections: tau^-(1/T - 2) and (tau / t)^(1/T - 2), slow near T_c / 2.
    tolerance = 1e-6 + 1e4 ** -(1 / T - 2) + 1e-9 ** (1 / T - 2) * 10
    np.testing.assert_allclose(number, 1 / step_model.drift(T), rtol=tolerance)
    assert step_model.visited_slope(T) == 0.0


@pytest.mark.parametrize("beta", [1.2, 1.4, 1.6])
def test_visited_traps_between_half_and_the_critical_temperature(beta):
    tau = np.array([1e5, 1e6])
    number = step_model.visits(1e14, 1 / beta, tau) - step_model.visits(1e14, 1 / beta, np.e * tau)
    slope = np.log(number[1] / number[0]) / np.log(10)
    # States of rates u (1 - u^(beta - 1) ...), and the cut at the age t, of relative (tau / t)^x.
    tolerance = 1e5 ** (-2 * (beta - 1)) + 1e-8 ** (2 - beta)
    assert slope == pytest.approx(step_model.visited_slope(1 / beta), abs=tolerance)
    assert step_model.visited_slope(1 / beta) == pytest.approx(beta - 2)


@pytest.mark.parametrize("beta", [0.5, 1.0, 1.0 + 1e-9, 1.0000001, 2.0, 5.0, 40.0])
def test_rates_are_integrals(beta):
    for energy in (-1e-3, -1.0, -7.0):
        u = np.exp(energy)
        up = integrate.quad(
            lambda x: np.exp((1 - beta) * x), 0, -energy, epsabs=0, epsrel=1e-11, limit=200
        )[0]
        assert step_model.up_rate(energy, 1 / beta) == pytest.approx(u * up, rel=1e-9)
        assert step_model.exit_rate(energy, 1 / beta) == pytest.approx(u * (1 + up), rel=1e-9)


def test_rates_at_depth_and_at_extreme_temperatures():
    for T in (0.1, 0.5, 0.9):
        assert step_model.exit_rate(-300.0, T) * np.exp(300.0) == pytest.approx(
            1 / (1 - T), rel=1e-9
        )
        assert step_model.up_probability(-300.0, T) == pytest.approx(T, rel=1e-9)
    assert step_model.up_rate(-3.0, 0.0) == 0.0
    assert step_model.exit_rate(-40.0, 1e9) == pytest.approx(1.0, rel=1e-7)
    assert step_model.up_rate(0.0, 0.7) == 0.0


def test_heat_bath_rates():
    energy = np.array([-1e-3, -1.0, -5.0, -40.0])
    u = np.exp(energy)
    closed = {1.0: u * np.log1p(1 / u), 0.5: u * np.arctan(1 / u)}
    for T, expected in closed.items():
        rates = step_model.exit_rate(energy, T, "heat_bath")
        np.testing.assert_allclose(rates, expected, rtol=1e-10)
    for T in (0.0, 1e-3, 0.3, 0.8, 10.0):
        ratio = step_model.exit_rate(energy, T, "heat_bath") / step_model.exit_rate(energy, T)
        assert np.all((ratio >= 0.5) & (ratio <= 1.0))
    assert step_model.exit_rate(-1.0, 1e7, "heat_bath") == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("T", [0.51, 0.6, 0.9, 1.0, 1.3, 5.0])
def test_balance(T):
    threshold = step_model.balance_energy(T)
    assert step_model.up_probability(threshold, T) == pytest.approx(0.5, rel=1e-12)
    assert step_model.up_probability(threshold - 0.1, T) > 0.5
    assert step_model.up_probability(0.9 * threshold, T) < 0.5


def test_drift_is_the_mean_change_of_depth():
    for T in (0.2, 0.45, 0.7):
        up, climb = 1 - (1 - T), T / (1 - T)
        assert step_model.drift(T) == pytest.approx((1 - up) - up * climb, rel=1e-12)
    assert step_model.drift(0.5) == 0.0
    assert step_model.drift(0.49) > 0 > step_model.drift(0.51)


@pytest.mark.parametrize("T", [0.2, 0.5, 0.9, 1.0, 1.6])
def test_mean_change_of_the_energy(T):
    """Integrals over jumps up by z, of rate exp(-(beta - 1) z); in the series and beyond it."""
    a = 1 / T - 1
    for depth in (0.1, 1.0, 7.0, 20.0):
        total, climbed = (
            integrate.quad(lambda z, n=n: z**n * np.exp(-a * z), 0, depth, epsrel=1e-13)[0]
            for n in (0, 1)
        )
        expected = (climbed - 1) / (1 + total)
        # The sum of terms of either sign is held against the larger one.
        close = {"rel": 1e-11, "abs": 1e-12 * climbed / (1 + total)}
        assert step_model.mean_energy_change(-depth, T) == pytest.approx(expected, **close)


def test_mean_change_of_the_energy_of_deep_states():
    for T in (0.25, 0.5, 0.625):
        # Corrections are of order y exp(-(beta - 1) y).
        found = step_model.mean_energy_change(-100.0, T)
        assert found == pytest.approx(-step_model.drift(T), abs=1e-12)
    assert step_model.mean_energy_change([-1.0, -5.0], 0.0).tolist() == [-1.0, -1.0]
    assert step_model.mean_energy_change(0.0, 0.7) == -1.0


def test_basins():
    for beta, expected in ((1.6, 0.715), (1.4, 0.491), (1.25, 0.303)):
        assert step_model.basin_exponent(1 / beta) == pytest.approx(2 - beta, rel=1e-12)
        assert step_model.basin_aging_function(0.5, 1 / beta) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("law", "arguments", "message"),
    [
        ("energy", (-1.0, 0.5), "time"),
        ("energy", (1.0, 1e-4), "T must be 0 or between"),
        ("energy", (np.inf, 0.0), "time"),
        ("no_jump", (1.0, -0.5, 0.0), "window"),
        ("visits", (1.0, 0.0, -1.0), "longer_than"),
        ("relaxation", (0.0, 0.5), "time"),
        ("exit_rate", (1.0, 0.5), "energy"),
        ("exit_rate", (-1.0, 0.5, "arrhenius"), "rule"),
        ("up_rate", (-1.0, -0.5), "T must"),
        ("balance_energy", (0.5,), "T must"),
        ("drift", (1.0,), "T must"),
        ("basin_exponent", (0.4,), "T must"),
        ("visited_slope", (1.0,), "T must"),
    ],
)
def test_bad_input_is_refused(law, arguments, message):
    with pytest.raises(ValueError, match=message):
        getattr(step_model, law)(*arguments)


class TestMovesByEnergy:
    """Averages over the moves that start from a bin."""

    edges = np.array([-5.0, -2.3, -1.0, -0.25, 0.0])

    def expected(self, of_energy, density):
        def total(f, lower, upper):
            return integrate.quad(lambda e: f(e) * density(e), lower, upper, epsrel=1e-12)[0]

        return [
            total(of_energy, lower, upper) / total(lambda e: 1.0, lower, upper)
            for lower, upper in zip(self.edges[:-1], self.edges[1:], strict=True)
        ]

    @pytest.mark.parametrize("T", [0.3, 0.8])
    def test_at_first_all_states_are_equal(self, T):
        """Departures have the density of the exit rates; corrections are of order t."""
        found = step_model.mean_over_moves(np.exp, self.edges, 1e-6, T)
        exact = self.expected(np.exp, lambda e: np.exp(e) * step_model.exit_rate(e, T))
        np.testing.assert_allclose(found, exact, rtol=1e-5)

    def test_at_last_there_is_equilibrium_above_the_transition(self):
        """With detailed balance; states above E = -5 were in it all the time but for 1 / t."""
        found = step_model.mean_over_moves(np.square, self.edges, 1e9, 4.0)
        exact = self.expected(np.square, lambda e: np.exp(0.75 * e) * step_model.exit_rate(e, 4.0))
        np.testing.assert_allclose(found, exact, rtol=1e-6)

    def test_bins_without_moves_have_no_mean(self):
        found = step_model.mean_over_moves(np.ones_like, [-80.0, -60.0, -1.0], 1e3, 0.8)
        assert np.isnan(found[0])
        assert found[1] == 1.0

    @pytest.mark.parametrize("edges", [[-1.0], [-1.0, -1.0], [-1.0, 0.5]])
    def test_edges_must_increase_up_to_zero(self, edges):
        with pytest.raises(ValueError, match="edges must|energy must"):
            step_model.mean_over_moves(np.exp, edges, 1.0, 0.8)
