"""Numbers of the random energy model against tables and direct sampling."""

import numpy as np
import pytest
from scipy import integrate, special

from glasscore.theory import random_energy

SPINS = np.array([16, 20, 24, 28, 32, 40, 48, 64])


def test_critical_points():
    # Six digits printed.
    assert random_energy.critical_temperature("gaussian") == pytest.approx(0.849322, abs=5e-7)
    assert random_energy.ground_state_energy_density("gaussian") == pytest.approx(
        -1.177410, abs=5e-7
    )
    assert random_energy.critical_temperature("exponential") == 1.0
    assert random_energy.ground_state_energy_density("exponential") == pytest.approx(
        -0.693147, abs=5e-7
    )
    # Derrida's variance N / 2.
    assert random_energy.critical_temperature("gaussian") / np.sqrt(2) == pytest.approx(
        0.600561, abs=5e-7
    )


@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
def test_entropy_vanishes_at_the_critical_point(energies):
    """beta_c is the slope of the logarithm of the density of states at the ground state."""
    e0 = random_energy.ground_state_energy_density(energies)
    if energies == "gaussian":
        entropy, slope = np.log(2) - e0**2 / 2, -e0
    else:
        entropy, slope = np.log(2) + e0, 1.0
    assert entropy == pytest.approx(0.0, abs=1e-15)
    assert 1 / random_energy.critical_temperature(energies) == pytest.approx(slope, rel=1e-15)


def test_ground_state_table():
    # The formula in six digits, and two-digit numbers printed elsewhere.
    values = random_energy.ground_state_energy([12, 16], "gaussian")
    np.testing.assert_allclose(values, [-12.6447, -17.2322], rtol=0, atol=5e-5)
    np.testing.assert_allclose(values, [-12.65, -17.23], rtol=0, atol=0.01)


def test_ground_state_is_the_mean_minimum():
    N = np.array([4, 10, 20])
    harmonic = -(special.psi(2.0**N + 1) + np.euler_gamma)
    exponential = random_energy.ground_state_energy(N, "exponential")
    assert np.all(np.abs(exponential - harmonic) <= 0.5 ** (N + 1))
    for n in (12, 16, 24, 40):
        # Mean minimum of 2^n normal energies: int z d/dz (1 - survival^(2^n)).
        def integrand(z: float, n: int = n) -> float:
            log_survival = special.log_ndtr(-z)
            density = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
            return z * 2.0**n * density * np.exp((2.0**n - 1) * log_survival)

        centre = -np.sqrt(2 * n * np.log(2))
        expected = np.sqrt(n) * integrate.quad(integrand, centre - 4, centre + 5, limit=200)[0]
        # The next order of the expansion: with L = n ln 2, b^2 = 2 L and c = ln(4 pi L) / 2, the
        # minimum is -z with z^2 / 2 + ln z + 1 / z^2 + ln(2 pi) / 2 = L + g and g of Gumbel's law.
        error = random_energy.ground_state_energy(n, "gaussian") - expected
        log_states = n * np.log(2)
        c = np.log(4 * np.pi * log_states) / 2
        d = c - np.euler_gamma
        following = -np.sqrt(n) * (d**2 + np.pi**2 / 6 - 2 * d + 2) / (2 * log_states) ** 1.5 / 2
        assert error / following == pytest.approx(1.0, abs=c / (2 * log_states))


def test_threshold_ratios():
    # E_th / E_0 with the leading E_0 = -N sqrt(2 ln 2): .50 .465 .395 .306 .234 printed.
    N = np.array([16, 20, 32, 64, 128])
    leading = N * random_energy.ground_state_energy_density("gaussian")
    ratios = random_energy.asymptotic_threshold_energy(N, "gaussian") / leading
    np.testing.assert_allclose(ratios[0], 0.50, rtol=0, atol=0.005)
    np.testing.assert_allclose(ratios[1:], [0.465, 0.395, 0.306, 0.234], rtol=0, atol=0.0005)
    np.testing.assert_allclose(
        random_energy.asymptotic_threshold_energy(N, "exponential"), -np.log(N)
    )


@pytest.mark.parametrize(
    ("energies", "inverse_x", "table"),
    [
        ("gaussian", 1.2, [4.8, 6.7, 8.7, 10.7, 12.8, 17.1, 21.6, 30.7]),
        ("gaussian", 1.5, [6.0, 8.4, 10.8, 13.4, 16.0, 21.4, 27.0, 38.4]),
        ("gaussian", 2.0, [8.0, 11.1, 14.4, 17.9, 21.4, 28.6, 36.0, 51.2]),
        ("gaussian", 2.5, [10.0, 13.9, 18.1, 22.3, 26.7, 35.7, 45.0, 64.0]),
        ("exponential", 1 / 0.75, [5.2, 6.6, 8.1, 9.6, 11.2, 14.3, 17.4, 23.6]),
        ("exponential", 2.0, [7.7, 9.9, 12.2, 14.5, 16.8, 21.4, 26.0, 35.4]),
    ],
)
def test_equilibration_times(energies, inverse_x, table):
    T = random_energy.critical_temperature(energies) / inverse_x
    log10_time = random_energy.log_equilibration_time(SPINS, T, energies) / np.log(10)
    np.testing.assert_allclose(log10_time, table, rtol=0, atol=0.05)  # one digit printed


def test_local_exponent():
    N, T = np.array([20, 32]), 0.5
    ground_state = N * random_energy.ground_state_energy_density("gaussian")
    x = T / random_energy.critical_temperature("gaussian")
    np.testing.assert_allclose(random_energy.local_exponent(ground_state, N, T), x, rtol=1e-15)
    assert random_energy.local_exponent(0.0, 20, 0.5) == 0.0
    # Slope of -E^2 / (2 N) over beta.
    h = 1e-4
    slope = (-((-10.0 + h) ** 2) + (-10.0 - h) ** 2) / (2 * 20) / (2 * h)
    assert random_energy.local_exponent(-10.0, 20, 0.5) == pytest.approx(0.5 * slope, rel=1e-9)


def test_refuses_what_has_no_meaning():
    with pytest.raises(ValueError, match="exponential or gaussian"):
        random_energy.critical_temperature("uniform")
    with pytest.raises(ValueError, match="N"):
        random_energy.ground_state_energy(0, "gaussian")
    with pytest.raises(ValueError, match="T"):
        random_energy.log_equilibration_time(16, 0.0, "gaussian")
    with pytest.raises(ValueError, match="energy"):
        random_energy.local_exponent(1.0, 16, 0.5)


@pytest.mark.parametrize("energies", ["gaussian", "exponential"])
def test_equilibrium_is_the_legendre_transform_of_the_levels(energies):
    """s - e / T is largest at the equilibrium energy, on a grid of energies."""
    lowest = random_energy.ground_state_energy_density(energies)
    e = np.linspace(lowest, 0, 20001)
    step = e[1] - e[0]
    for T in (0.2, 0.7, 0.9, 1.3, 3.0):
        found = random_energy.equilibrium(T, energies)
        phi = random_energy.level_entropy(e, energies) - e / T
        best = int(np.argmax(phi))
        assert found.energy == pytest.approx(e[best], abs=step)
        # Flat to the square of the grid's step where the top is inside.
        assert found.entropy - found.energy / T == pytest.approx(phi[best], abs=step**2 + 1e-14)
    assert random_energy.level_entropy([-9.0, 1.2], energies).tolist() == [-np.inf, -np.inf]


@pytest.mark.parametrize("energies", ["gaussian", "exponential"])
def test_participation_below_the_transition(energies):
    critical = random_energy.critical_temperature(energies)
    assert random_energy.equilibrium(critical / 4, energies).participation == 0.75
    assert random_energy.equilibrium(critical * 1.01, energies).participation == 0.0
    with pytest.raises(ValueError, match="T = -1"):
        random_energy.equilibrium(-1.0, energies)
