import numpy as np
import pytest
from scipy.special import iv

from glasscore.models.covariance import covariance
from glasscore.theory import spherical_pspin
from glasscore.theory.spherical_pspin import (
    aging,
    aging_field,
    dynamical_transition,
    equilibrium_in_field,
    static_transition,
)

THREE_SPIN = covariance({3: 0.5})
MIXED = covariance({3: 0.5, 4: 0.5})


@pytest.mark.parametrize(
    ("coefficients", "temperature", "overlap", "digit"),
    [
        ({2: 0.5}, 1.0, 0.0, 1e-15),
        ({3: 0.5}, np.sqrt(3 / 8), 1 / 2, 1e-13),
        ({4: 0.5}, 0.5443311, 2 / 3, 1e-7),
        ({3: 0.5, 4: 0.5}, 0.8051659, 0.5902302, 1e-7),
        ({3: 0.3, 12: 0.7}, 0.6134804, 0.8868906, 1e-7),
    ],
)
def test_dynamical_transition(coefficients, temperature, overlap, digit):
    found = dynamical_transition(covariance(coefficients))
    assert found == pytest.approx((temperature, overlap), abs=digit)


def test_static_transition():
    found = static_transition(THREE_SPIN)
    assert found.temperature == pytest.approx(0.5860539724, abs=1e-10)
    # a maximum is located to the square root of the rounding
    assert found.overlap == pytest.approx(0.6450074513, abs=1e-7)
    assert static_transition(covariance({2: 0.5})) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("coefficients", "energy", "multiplier", "digit"),
    [
        ({2: 0.5}, -1.0, 2.0, 1e-15),
        ({3: 0.5}, -2 / np.sqrt(3), 2 * np.sqrt(3), 1e-14),
        ({4: 0.5}, -1.2247449, 2 * np.sqrt(6), 1e-7),
        ({3: 0.5, 4: 0.5}, -1.6904762, 6.0, 1e-7),
        ({3: 0.3, 12: 0.7}, -1.8987906, 2 * np.sqrt(94.2), 1e-7),
    ],
)
def test_threshold(coefficients, energy, multiplier, digit):
    found = spherical_pspin.threshold(covariance(coefficients))
    assert (found.energy, found.multiplier) == pytest.approx((energy, multiplier), abs=digit)


def test_threshold_of_the_mixed_model():
    found = spherical_pspin.threshold(MIXED)
    assert found.susceptibility == pytest.approx(1 / 3, rel=1e-15)
    assert found.effective_inverse_temperature == pytest.approx(11 / 21, rel=1e-15)


@pytest.mark.parametrize(
    ("T", "expected"),
    [
        (0.1, (0.940465609, 0.063303102, -1.104189325, 3.412567976)),
        (0.3, (0.807218642, 0.238821737, -0.999385795, 3.298157385)),
        (0.5, (0.638824138, 0.565376042, -0.886692772, 3.160078316)),
        (0.6, (0.519284876, 0.925725255, -0.824666171, 3.073998512)),
    ],
)
def test_aging_of_three_spins(T, expected):
    assert aging(THREE_SPIN, T) == pytest.approx(expected, abs=1e-9)


def test_aging_of_two_spins():
    assert aging(covariance({2: 0.5}), 0.25) == pytest.approx((0.75, 0.0, -0.875, 2.0), abs=1e-14)


@pytest.mark.parametrize("model", [THREE_SPIN, MIXED])
def test_aging_becomes_the_threshold_at_zero_temperature(model):
    cold, ground = aging(model, 1e-6), aging(model, 0.0)
    # linear in T, with slopes of the order of the multiplier
    assert cold.energy == pytest.approx(ground.energy, abs=1e-5)
    assert cold.multiplier == pytest.approx(ground.multiplier, abs=1e-5)
    slope = spherical_pspin.threshold(model).effective_inverse_temperature
    assert cold.violation / 1e-6 == pytest.approx(slope, abs=1e-5)


def test_aging_meets_equilibrium_at_the_transition():
    T = dynamical_transition(MIXED).temperature * (1 - 1e-10)
    found = aging(MIXED, T)
    # q_d is approached linearly in T, so that 1e-10 leaves about 1e-9
    assert found.violation == pytest.approx(1.0, abs=1e-8)
    assert found.energy == pytest.approx(spherical_pspin.equilibrium_energy(MIXED, T), abs=1e-8)


@pytest.mark.parametrize("T", [-0.1, 0.62, np.nan])
def test_no_aging_outside_the_glass(T):
    with pytest.raises(ValueError, match="ages"):
        aging(THREE_SPIN, T)


def test_multiplier_of_two_spins():
    time = np.array([0.1, 1.0, 10.0, 100.0])
    published = [0.1986798594, 1.3160945347, 1.9254808707, 1.9925046993]
    found = spherical_pspin.two_spin_multiplier(time)
    assert found == pytest.approx(published, abs=1e-10)
    assert found == pytest.approx(2 * iv(2, 4 * time) / iv(1, 4 * time), rel=1e-13)
    assert spherical_pspin.two_spin_multiplier(0.0) == 0.0
    # next term of the expansion: 3 / (64 t^2) times a number of order one
    late = 1e6
    found = spherical_pspin.two_spin_energy(late)
    assert found + 1 == pytest.approx(3 / (8 * late), abs=1 / late**2 + 1e-15)


def test_two_time_functions_of_two_spins():
    def growth(time):
        return iv(1, 4 * time) / (2 * time)

    late, early = 7.0, 2.0
    ratio = growth(early) / growth(late)
    correlation = growth((late + early) / 2) / np.sqrt(growth(late) * growth(early))
    response = np.sqrt(ratio) * iv(1, 2 * (late - early)) / (late - early)
    assert spherical_pspin.two_spin_correlation(late, early) == pytest.approx(
        correlation, rel=1e-13
    )
    assert spherical_pspin.two_spin_response(late, early) == pytest.approx(response, rel=1e-13)
    assert spherical_pspin.two_spin_correlation(late, late) == pytest.approx(1.0, rel=1e-15)
    assert spherical_pspin.two_spin_response(late, late) == 1.0


def test_late_correlation_of_two_spins_depends_on_the_ratio_of_times():
    ratio, late = 0.3, 1e6
    scaling = 2 * np.sqrt(2) * ratio**0.75 / (1 + ratio) ** 1.5
    found = spherical_pspin.two_spin_correlation(late, ratio * late)
    # corrections are of order 1 / t
    assert found == pytest.approx(scaling, abs=1 / (ratio * late))


def test_coefficient_of_two_spins_rescales_time():
    time, waiting_time, coupling = 3.0, 1.0, 2.0
    for function in (spherical_pspin.two_spin_correlation, spherical_pspin.two_spin_response):
        fast = function(time / coupling, waiting_time / coupling, coupling**2 / 2)
        assert fast == pytest.approx(function(time, waiting_time), rel=1e-14)
    fast = spherical_pspin.two_spin_multiplier(time / coupling, coupling**2 / 2)
    assert fast == pytest.approx(coupling * spherical_pspin.two_spin_multiplier(time), rel=1e-14)


def test_equilibrium_correlation_of_two_spins():
    T, step = 1.2, 1e-3
    C = spherical_pspin.two_spin_equilibrium_correlation(np.array([0.0, step, 2 * step]), T)
    assert C[0] == pytest.approx(1.0, abs=1e-13)
    slope = (-3 * C[0] + 4 * C[1] - C[2]) / (2 * step)
    # R(0+) = -C'(0) / T = 1; the difference leaves step^2 C''' / 3, |C'''| < T (mu + 2)^2
    assert -slope / T == pytest.approx(1.0, abs=step**2 * (T + 1 / T + 2) ** 2)
    with pytest.raises(ValueError, match="transition"):
        spherical_pspin.two_spin_equilibrium_correlation(1.0, 0.9)
    # Digits of the transition may be rounded, as the solver allows.
    assert spherical_pspin.two_spin_equilibrium_correlation(0.0, 0.774596669, 0.3) == (
        pytest.approx(1.0, abs=1e-3)
    )


def test_equilibrium():
    assert spherical_pspin.equilibrium_energy(MIXED, 2.0) == -0.5
    assert spherical_pspin.equilibrium_multiplier(MIXED, 2.0) == 2 + 3.5 / 2


@pytest.mark.parametrize("T", [0.3, 0.5, 0.9])
def test_two_spins_at_finite_temperature(T):
    # at t = 0 the multiplier is T; at late times mu -> 2 and E -> (T - 2) / 2
    assert spherical_pspin.two_spin_multiplier(0.0, T=T) == pytest.approx(T, rel=1e-12)
    assert spherical_pspin.two_spin_multiplier(1e6, T=T) == pytest.approx(2.0, abs=1e-6)
    # Volterra equation of Gamma = exp(2 int mu), with M(2 t) = I_1(4 t) / (2 t)
    time = np.polynomial.chebyshev.chebpts2(60) + 1
    nodes, weights = np.polynomial.legendre.leggauss(60)
    last = time[-1]
    earlier = 0.5 * last * (nodes + 1)

    def gamma(at):
        whole = [
            0.5
            * one
            * (weights @ spherical_pspin.two_spin_multiplier(0.5 * one * (nodes + 1), T=T))
            for one in at
        ]
        return np.exp(2 * np.array(whole))

    def kernel(lag):
        return iv(1, 4 * lag) / (2 * lag)

    folded = 0.5 * last * (weights @ (gamma(earlier) * kernel(last - earlier)))
    assert gamma([last])[0] == pytest.approx(kernel(last) + 2 * T * folded, rel=1e-10)


def test_two_spin_laws_join_at_zero_temperature():
    time = np.array([0.1, 1.0, 30.0])
    warm = spherical_pspin.two_spin_multiplier(time, T=1e-13)
    assert warm == pytest.approx(spherical_pspin.two_spin_multiplier(time), rel=1e-12)
    warm = spherical_pspin.two_spin_response(time, time / 3, T=1e-13)
    assert warm == pytest.approx(spherical_pspin.two_spin_response(time, time / 3), rel=1e-12)
    with pytest.raises(ValueError, match="transition"):
        spherical_pspin.two_spin_multiplier(1.0, T=1.0)


def test_aging_ends_at_the_field_at_which_equilibrium_is_marginal():
    """For p = 3, f'' = 3 q and f' = 3 q^2 / 2, so that h^2 = 3 q^2 / 2; at T = 0, q = 1."""
    model = covariance({3: 0.5})
    assert aging_field(model, 0.0) == pytest.approx(np.sqrt(1.5), rel=1e-14)
    for T in (0.2, 0.5):
        largest, plateau = aging_field(model, T), aging(model, T).plateau
        assert largest == pytest.approx(np.sqrt(1.5) * plateau, rel=1e-12)
        assert equilibrium_in_field(model, T, largest * 1.001).overlap > plateau
        with pytest.raises(ValueError, match="too low"):
            equilibrium_in_field(model, T, largest * 0.999)
    assert aging_field(covariance({2: 0.5}), 0.3) == 0.0
