"""The Ising p-spin model with one step of replica-symmetry breaking."""

import numpy as np
import pytest
from scipy import integrate, stats

from glasscore.common.errors import CampaignError
from glasscore.theory import ising_pspin, random_energy
from glasscore.theory.ising_pspin import (
    complexity_at_zero_temperature,
    dynamical_transition,
    equilibrium,
    gardner_temperature,
    ground_state,
    least_slope,
    marginal_states,
    most_numerous_states,
    static_transition,
)


def free_energy(p, T, q, m):
    """The free energy as it is printed, by adaptive quadrature."""
    a = np.sqrt(p * q ** (p - 1) / 2) / T

    def integrand(z):
        return np.exp(m * np.logaddexp(a * z, -a * z) - 0.5 * z * z - 0.5 * (m * a) ** 2)

    total = 2 * integrate.quad(integrand, 0, 12 + m * a, epsabs=0, epsrel=1e-13, limit=200)[0]
    logarithm = np.log(total / np.sqrt(2 * np.pi)) + 0.5 * (m * a) ** 2
    brackets = 1 + (p - 1) * (1 - m) * q**p - p * q ** (p - 1)
    return -brackets / (4 * T) - T * logarithm / m


@pytest.mark.parametrize(
    ("p", "dynamical", "static", "energy"),
    [
        (3, 0.68160, 0.65139, -0.81353),
        (4, 0.67841, 0.61688, -0.82547),
        (5, 0.70014, 0.60695, -0.82963),
    ],
)
def test_table(p, dynamical, static, energy):
    # Five digits printed; -0.813535 is rounded down.
    assert dynamical_transition(p).temperature == pytest.approx(dynamical, abs=5e-6)
    assert static_transition(p).temperature == pytest.approx(static, abs=5e-6)
    assert ground_state(p).energy == pytest.approx(energy, abs=5.1e-6)


def test_table_with_unit_variance_per_spin():
    root = np.sqrt(2)
    assert root * dynamical_transition(3).temperature == pytest.approx(0.9639, abs=5e-5)
    assert root * static_transition(3).temperature == pytest.approx(0.9212, abs=5e-5)
    assert root * ground_state(3).energy == pytest.approx(-1.15051, abs=5.1e-6)


def test_overlaps_and_slope_of_three_spins():
    assert static_transition(3).overlap == pytest.approx(0.8135, abs=5e-5)  # four digits printed
    assert ground_state(3).slope == pytest.approx(1.3836, abs=5e-5)
    # The printed 0.6436 is the place of a flat maximum, which is accurate to 1e-3 only.
    assert dynamical_transition(3).overlap == pytest.approx(0.6436, abs=1e-3)


@pytest.mark.parametrize("p", [3, 4, 7])
def test_dynamical_transition_is_a_maximum(p):
    """T^2 = p q^(p-1) / (2 a^2) with q = <tanh(a z + a^2)>, near the a of the transition."""
    T, q = dynamical_transition(p)
    a = np.sqrt(p * q ** (p - 1) / 2) / T
    z = np.arange(-12, 12, 0.02)
    weights = 0.02 * np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)

    def temperature(a):
        return np.sqrt(p * (weights @ np.tanh(a * z + a * a)) ** (p - 1) / 2) / a

    d = 1e-4
    assert temperature(a) == pytest.approx(T, rel=1e-14)
    slope = (temperature(a + d) - temperature(a - d)) / (2 * d)
    curvature = (temperature(a + d) - 2 * temperature(a) + temperature(a - d)) / d**2
    # d^2 times a third derivative of order one, and rounding over the step.
    assert abs(slope) < d**2 + 1e-15 / d
    assert curvature < -0.01


@pytest.mark.parametrize(("p", "T"), [(3, 0.2), (3, 0.6), (4, 0.5), (3, 0.67)])
def test_states_are_stationary(p, T):
    """df/dq = 0, Sigma = m^2 d(f / T)/dm, e - T s = f: the printed free energy, by differences."""
    found = equilibrium(p, T)
    q, m, d = found.overlap, found.breaking, 1e-4
    f = free_energy(p, T, q, m)
    assert f == pytest.approx(found.energy - T * found.entropy, abs=1e-12)
    by_overlap = (free_energy(p, T, q + d, m) - free_energy(p, T, q - d, m)) / (2 * d)
    by_breaking = (free_energy(p, T, q, m + d) - free_energy(p, T, q, m - d)) / (2 * d)
    # Third derivatives are below 1e4 at T = 0.2, and quadrature leaves 1e-13 / d.
    assert by_overlap == pytest.approx(0.0, abs=1e4 * d**2)
    third = (
        abs(
            sum(
                weight * free_energy(p, T, q, m + k * 100 * d)
                for k, weight in ((-2, -0.5), (-1, 1), (1, -1), (2, 0.5))
            )
        )
        / (100 * d) ** 3
    )
    assert m**2 * by_breaking / T == pytest.approx(
        found.complexity, abs=m**2 / T * third * d**2 + 1e-8
    )
    by_temperature = (free_energy(p, T + d, q, m) - free_energy(p, T - d, q, m)) / (2 * d)
    assert found.entropy == pytest.approx(-by_temperature, abs=10 * d**2 / T**4 + 1e-8)


def test_equilibrium_between_the_transitions_is_that_of_high_temperature():
    found = equilibrium(3, 0.66)
    assert found.energy == pytest.approx(-1 / (2 * 0.66), rel=1e-15)
    assert found.entropy == pytest.approx(np.log(2) - 1 / (4 * 0.66**2), abs=1e-13)
    assert 0 < found.complexity < found.entropy
    assert found.breaking == 1.0


def test_equilibrium_is_continuous_at_the_static_transition():
    T, d = static_transition(3).temperature, 1e-7
    below, above = equilibrium(3, T - d), equilibrium(3, T + d)
    # All is linear in T, with slopes below 20.
    assert below[:5] == pytest.approx(above[:5], abs=40 * d)
    assert above.complexity > 0
    assert below.breaking < 1.0


def test_heat():
    """dE/dT = T dS/dT below the static transition."""
    T, d = 0.4, 1e-3
    low, high = equilibrium(3, T - d), equilibrium(3, T + d)
    heat = (high.energy - low.energy) / (2 * d)
    slope = (high.entropy - low.entropy) / (2 * d)
    assert heat == pytest.approx(T * slope, abs=10 * d**2)


def test_cold_states_tend_to_the_ground_state():
    ground = ground_state(3)
    temperatures = np.array([0.04, 0.02, 0.01])
    found = [equilibrium(3, T) for T in temperatures]
    slopes = np.array([each.breaking for each in found]) / temperatures
    # The slope is linear in T and the energy quadratic: halving T leaves a half, and a quarter.
    for values, limit, ratio in (
        (slopes, ground.slope, 2),
        ([each.energy for each in found], ground.energy, 4),
    ):
        rest = np.asarray(values) - limit
        assert rest[0] / rest[1] == pytest.approx(ratio, rel=0.1)
        assert rest[1] / rest[2] == pytest.approx(ratio, rel=0.05)


def test_ground_state_is_a_maximum_where_the_complexity_vanishes():
    for p in (3, 4, 5):
        energy, slope = ground_state(p)
        found = complexity_at_zero_temperature(p, slope)
        assert found == pytest.approx((energy, 0.0), abs=1e-14)
        # Sigma is concave with the slope mu.
        d = 1e-4
        low = complexity_at_zero_temperature(p, 0.9 * slope - d)
        high = complexity_at_zero_temperature(p, 0.9 * slope + d)
        chord = (high[1] - low[1]) / (high[0] - low[0])
        assert chord == pytest.approx(0.9 * slope, abs=d**2)
        assert high[0] < low[0]


def test_many_spins_are_a_random_energy_model():
    root = np.sqrt(2)  # from variance N to N / 2
    critical = random_energy.critical_temperature("gaussian") / root
    ground = random_energy.ground_state_energy_density("gaussian") / root
    # Corrections are exponentially small in p: 1 - q falls as exp(-a^2 / 2), a^2 = p / (2 T^2).
    p = 30
    small = np.exp(-p / (4 * critical**2))
    assert static_transition(p).temperature == pytest.approx(critical, abs=100 * small)
    assert static_transition(p).temperature > critical
    assert ground_state(p).energy == pytest.approx(ground, abs=100 * small)


def test_gardner_temperature():
    T = gardner_temperature(3)
    assert equilibrium(3, T).replicon == pytest.approx(0.0, abs=1e-10)
    assert equilibrium(3, 0.99 * T).replicon < 0 < equilibrium(3, 1.01 * T).replicon
    assert pytest.approx(0.24, abs=0.005) == T  # two digits are known
    with pytest.raises(CampaignError, match="p = 20 .* at most 8"):
        gardner_temperature(20)


@pytest.mark.parametrize(("p", "T"), [(3, 0.3), (3, 0.4), (3, 0.67), (4, 0.5)])
def test_states_at_the_threshold(p, T):
    """Stationary in q, e = d(f / T)/d(1/T) and Sigma = m^2 d(f / T)/dm of the printed f."""
    numerous, marginal = most_numerous_states(p, T), marginal_states(p, T)
    d = 1e-4
    for found in (numerous, marginal):
        q, m = found.overlap, found.breaking

        def reduced(T, q=q, m=m):
            return free_energy(p, T, q, m) / T

        by_overlap = (reduced(T, q + d) - reduced(T, q - d)) / (2 * d)
        by_breaking = (reduced(T, q, m + d) - reduced(T, q, m - d)) / (2 * d)
        ends = reduced(1 / (1 / T + d)), reduced(1 / (1 / T - d))
        # Third derivatives are below 1e4, and quadrature leaves 1e-13 / d.
        assert by_overlap == pytest.approx(0.0, abs=1e4 * d**2)
        assert (ends[0] - ends[1]) / (2 * d) == pytest.approx(found.energy, abs=1e4 * d**2)
        assert m**2 * by_breaking == pytest.approx(found.complexity, abs=1e4 * d**2)
    # Marginal: the replicon, from its definition.
    q, m = marginal.overlap, marginal.breaking
    a = np.sqrt(p * q ** (p - 1) / 2) / T
    z = np.arange(-15, 15, 0.01)
    weights = np.exp(m * np.logaddexp(a * z, -a * z) - 0.5 * z * z)
    fourth = weights @ np.cosh(a * z) ** -4.0 / weights.sum()
    replicon = 1 - p * (p - 1) * q ** (p - 2) * fourth / (2 * T**2)
    assert replicon == pytest.approx(0.0, abs=1e-9)
    assert numerous.replicon < 0
    assert 0 < marginal.complexity < numerous.complexity
    assert numerous.breaking < marginal.breaking < equilibrium(p, T).breaking


def test_the_most_numerous_states_are_a_maximum():
    """There are fewer states on both sides of the maximum."""
    found = most_numerous_states(3, 0.4)
    for step in (-1e-3, 1e-3):
        near = ising_pspin._states(3, 0.4, found.breaking + step).complexity
        assert 1e-8 < found.complexity - near < 1e-5


def test_cold_threshold_is_the_top_of_the_complexity_at_zero_temperature():
    cold = most_numerous_states(3, 0.0)
    slopes = np.linspace(least_slope(3), 1.38, 1000)
    top = max(complexity_at_zero_temperature(3, slope)[1] for slope in slopes)
    assert cold.complexity == top
    assert cold.energy == pytest.approx(-0.75765, abs=1e-5)
    # Both are linear in T.
    near, nearer = (most_numerous_states(3, T) for T in (0.02, 0.01))
    for name in ("energy", "complexity"):
        rest = [getattr(each, name) - getattr(cold, name) for each in (near, nearer)]
        assert rest[0] / rest[1] == pytest.approx(2.0, rel=0.05)


@pytest.mark.parametrize("p", [3, 4, 9, 20])
def test_energies_at_zero_temperature_lie_between_the_ground_state_and_the_most_numerous(p):
    ends = least_slope(p), ground_state(p).slope
    slopes = np.append(np.linspace(*ends, 50, endpoint=False), ends[1])
    energies, complexities = np.transpose([complexity_at_zero_temperature(p, mu) for mu in slopes])
    assert np.all(np.diff(energies) < 0)
    assert np.all(np.diff(complexities) < 0)
    assert energies[-1] == pytest.approx(ground_state(p).energy, rel=1e-14)
    # Below the least slope both fall again: there e is no function of Sigma.
    near = [ising_pspin._cold_states(p, ends[0] + step) for step in (-1e-4, 0.0, 1e-4)]
    assert near[1] > max(near[0], near[2])
    # The slope is dSigma / de: by the mean value theorem a chord's lies between those of its ends.
    chords = np.diff(complexities) / np.diff(energies)
    assert np.all((slopes[:-1] < chords) & (chords < slopes[1:]))


@pytest.mark.parametrize("p", [3, 5])
def test_one_step_is_unstable_for_all_states_at_zero_temperature(p):
    """The replicon times T tends to -(2/3) p (p - 1) phi(x) / (2 Phi(x)) / sqrt(p / 2), x as there.

    Fields next to zero, of a density without a gap, bring it.
    """
    root = np.sqrt(p / 2)
    for mu in np.linspace(least_slope(p), ground_state(p).slope, 5):
        density = stats.norm.pdf(mu * root) / (2 * stats.norm.cdf(mu * root))
        limit = -2 / 3 * p * (p - 1) * density / root
        assert limit < 0
        scaled = [T * ising_pspin._states(p, T, mu * T).replicon for T in (0.02, 0.01, 0.005)]
        # Corrections are linear in T.
        rest = np.array(scaled) - limit
        np.testing.assert_allclose(rest[:-1] / rest[1:], 2.0, rtol=0.1)


def test_threshold_meets_equilibrium_at_the_dynamical_transition():
    T = dynamical_transition(3).temperature
    for find in (marginal_states, most_numerous_states):
        rest = [find(3, T - d).energy + 1 / (2 * (T - d)) for d in (1e-3, 1e-4)]
        # m leaves 1 linearly, and so does the energy that of high temperature.
        assert rest[0] / rest[1] == pytest.approx(10.0, rel=0.05)
        assert 0 < rest[1] < 1e-3


@pytest.mark.parametrize("d", [1e-5, 1e-6, 1e-9])
def test_threshold_next_to_the_dynamical_transition(d):
    """Both families leave the states of the transition linearly in T, with slopes of order one."""
    for p in (3, 4, 8):
        transition = dynamical_transition(p)
        T = transition.temperature - d
        marginal, numerous = marginal_states(p, T), most_numerous_states(p, T)
        assert marginal.overlap == pytest.approx(transition.overlap, abs=10 * d)
        assert marginal.replicon == pytest.approx(0.0, abs=1e-9)
        assert numerous.overlap == pytest.approx(transition.overlap, abs=10 * d + 3e-4)
        assert numerous.energy == pytest.approx(marginal.energy, abs=1e-7)
        assert numerous.complexity == pytest.approx(marginal.complexity, abs=1e-7)


@pytest.mark.parametrize("p", [2, 3.5, -1])
def test_refuses_other_models(p):
    for function in (dynamical_transition, static_transition, ground_state, gardner_temperature):
        with pytest.raises(CampaignError, match="integer from 3"):
            function(p)
    for function in (marginal_states, most_numerous_states):
        with pytest.raises(CampaignError, match="integer from 3"):
            function(p, 0.4)


def test_refuses_temperatures_and_slopes_out_of_range():
    highest = dynamical_transition(3).temperature
    for T in (0.0, -1.0, highest, np.nan):
        with pytest.raises(CampaignError, match="at least 0.01 and below T_d = 0.6815"):
            equilibrium(3, T)
        if T != 0.0:
            with pytest.raises(CampaignError, match="at least 0.01 and below T_d = 0.6815"):
                most_numerous_states(3, T)
        with pytest.raises(CampaignError, match="above T_G = 0.24026 and below T_d = 0.6815"):
            marginal_states(3, T)
    for slope in (0.0, 0.5, 1.4, np.nan):
        with pytest.raises(CampaignError, match="at least 0.9[0-9]*, .* at most 1.38356"):
            complexity_at_zero_temperature(3, slope)
    assert ising_pspin.LOWEST_TEMPERATURE == 0.01
