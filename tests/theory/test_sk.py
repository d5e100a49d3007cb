"""Replica-symmetric statics of the Sherrington-Kirkpatrick model."""

import numpy as np
import pytest
from scipy import integrate

from glasscore.common.errors import CampaignError
from glasscore.theory.sk import (
    almeida_thouless_field,
    almeida_thouless_temperature,
    replica_symmetric,
)


def average(function, T, h, q):
    """<function(g / T)> by adaptive quadrature."""

    def integrand(z):
        return np.exp(-0.5 * z * z) * function((h + np.sqrt(q) * z) / T) / np.sqrt(2 * np.pi)

    centre = -h / np.sqrt(q)
    near = [centre - T, centre, centre + T]
    return integrate.quad(integrand, -10, 10, points=near, epsabs=1e-13, limit=500)[0]


@pytest.mark.parametrize(
    ("T", "overlap"),
    [
        (0.1, 0.917051),
        (0.2, 0.827975),
        (0.3, 0.733283),
        (0.5, 0.530368),
        (0.8, 0.208937),
        (0.9, 0.102701),
        (0.95, 0.050747),
    ],
)
def test_overlap_table(T, overlap):
    assert replica_symmetric(T).overlap == pytest.approx(overlap, abs=5e-7)  # six digits printed


@pytest.mark.parametrize(("T", "energy"), [(0.1, -0.795084), (0.5, -0.718709), (0.9, -0.549696)])
def test_energy_table(T, energy):
    assert replica_symmetric(T).energy == pytest.approx(energy, abs=5e-7)


def test_ground_state():
    ground = replica_symmetric(0.0)
    assert ground.energy == pytest.approx(-np.sqrt(2 / np.pi), rel=1e-15)
    assert ground.entropy == pytest.approx(-1 / (2 * np.pi), rel=1e-15)
    # Six digits printed.
    assert ground.energy == pytest.approx(-0.797885, abs=5e-7)
    assert ground.entropy == pytest.approx(-0.159155, abs=5e-7)


@pytest.mark.parametrize("h", [0.0, 0.7, 3.0])
def test_cold_state_tends_to_the_ground_state(h):
    T = 1e-6
    cold, ground = replica_symmetric(T, h), replica_symmetric(0.0, h)
    # Linear in T with slopes below 1 but for the energy, which is quadratic; rounding of 1e-15.
    assert cold[:3] == pytest.approx(ground[:3], abs=T)
    assert cold.energy == pytest.approx(ground.energy, abs=T**2 + 1e-15)
    assert cold.entropy == pytest.approx(ground.entropy, abs=T)
    assert cold.replicon * T == pytest.approx(-2 * ground.susceptibility / 3, abs=2 * T)


@pytest.mark.parametrize("T", [1e-8, 1e-3, 0.3, 0.7])
def test_weakest_fields_keep_the_stable_state(T):
    without = replica_symmetric(T)
    assert without.overlap > 0.3
    for h in (1e-300, 1e-20, 1e-10 * T):
        assert replica_symmetric(T, h)[:2] == pytest.approx(without[:2], rel=1e-12)


def test_line_close_to_its_end():
    """The series of h^2 agrees with the root of the replicon up to a next term of order 10."""
    for distance in (1e-10, 1e-7, 1e-4, 4e-4, 1e-3):
        h = almeida_thouless_field(1 - distance)
        series = 1 + distance + 3.4 * distance**2
        # 1 - T is known to rounding of T.
        rounding = 4e-16 / distance + 1e-16 / distance**2 * (distance > 3e-4)
        expected = 4 / 3 * distance**3 * series
        assert h**2 == pytest.approx(expected, rel=20 * distance**3 + rounding)


@pytest.mark.parametrize(("T", "h"), [(0.05, 0.0), (0.3, 0.4), (0.7, 0.0), (0.5, 2.0), (2.0, 0.5)])
def test_definitions(T, h):
    """All averages agree with another quadrature to 1e-12."""
    found = replica_symmetric(T, h)
    q = found.overlap
    assert average(lambda y: np.tanh(y) ** 2, T, h, q) == pytest.approx(q, abs=1e-12)
    assert average(np.tanh, T, h, q) == pytest.approx(found.magnetisation, abs=1e-12)
    fourth = average(lambda y: np.cosh(y) ** -4.0, T, h, q)
    assert 1 - fourth / T**2 == pytest.approx(found.replicon, abs=1e-12 / T**2)
    assert found.susceptibility == pytest.approx((1 - q) / T, abs=1e-15 / T)
    logarithm = average(lambda y: np.logaddexp(y, -y), T, h, q)
    free_energy = -((1 - q) ** 2) / (4 * T) - T * logarithm
    assert found.energy - T * found.entropy == pytest.approx(free_energy, abs=1e-12)


@pytest.mark.parametrize(("T", "h"), [(0.2, 0.0), (0.4, 0.6), (1.3, 0.2)])
def test_thermodynamics(T, h):
    """dE/dT = T dS/dT and m = -dF/dh; differences of step d leave d^2 times third derivatives."""
    d = 1e-3
    low, high = replica_symmetric(T - d, h), replica_symmetric(T + d, h)
    heat = (high.energy - low.energy) / (2 * d)
    # Third derivatives are below 1 / T^2 here.
    assert heat == pytest.approx(T * (high.entropy - low.entropy) / (2 * d), abs=(d / T) ** 2)
    below, above = replica_symmetric(T, max(h - d, 0.0)), replica_symmetric(T, h + d)
    change = (above.energy - T * above.entropy) - (below.energy - T * below.entropy)
    middle = 0.5 * (h + d + max(h - d, 0.0))
    m = replica_symmetric(T, middle).magnetisation
    assert m == pytest.approx(-change / (d + min(h, d)), abs=(d / T) ** 2)


def test_high_temperature():
    found = replica_symmetric(2.0)
    assert found == pytest.approx(
        (0.0, 0.5, 0.0, -0.25, np.log(2) - 1 / 16, 0.75), rel=1e-15, abs=1e-15
    )


def test_overlap_near_the_transition():
    # q = t + t^2 / 3 + O(t^3), from the expansion of tanh^2 to third order.
    t = np.array([1e-2, 1e-3, 1e-6, 1e-10])
    excess = np.array([replica_symmetric(1 - each).overlap for each in t]) / t - 1
    # t^2 times a number of order one, and rounding of 1e-16 in a difference of order t.
    np.testing.assert_array_less(np.abs(excess - t / 3), 2 * t**2 + 1e-15 / t)
    assert replica_symmetric(1.0).overlap == 0.0


@pytest.mark.parametrize(
    ("T", "field"),
    [
        (0.2, 1.38186),
        (0.3, 1.06014),
        (0.4, 0.79451),
        (0.5, 0.56993),
        (0.8, 0.11758),
        (0.9, 0.03877),
        (0.95, 0.01328),
    ],
)
def test_almeida_thouless_table(T, field):
    assert almeida_thouless_field(T) == pytest.approx(field, abs=5.01e-6)  # five digits printed
    assert almeida_thouless_temperature(almeida_thouless_field(T)) == pytest.approx(T, rel=1e-12)


def test_almeida_thouless_line_near_the_transition():
    t = np.array([4e-3, 2e-3, 1e-3])
    ratio = np.array([almeida_thouless_field(1 - each) for each in t]) ** 2 / (4 / 3 * t**3)
    slopes = (ratio - 1) / t
    # A regular series in t: the slope's own slope is of order one.
    assert slopes[2] == pytest.approx(slopes[1], abs=10 * t[1])
    assert ratio[2] == pytest.approx(1.0, abs=2 * t[2])
    assert almeida_thouless_field(1.0) == 0.0
    assert almeida_thouless_temperature(0.0) == 1.0


def test_almeida_thouless_line_at_low_temperature():
    # T = (4 / 3) exp(-h^2 / 2) / sqrt(2 pi), with corrections of order T^2 h^2.
    T = 1e-6
    h = almeida_thouless_field(T)
    leading = np.sqrt(2 * np.log(4 / (3 * np.sqrt(2 * np.pi) * T)))
    assert h == pytest.approx(leading, abs=T * h)


@pytest.mark.parametrize("h", [0.01, 0.3, 1.0])
def test_replicon_changes_sign_on_the_line(h):
    T = almeida_thouless_temperature(h)
    assert replica_symmetric(0.99 * T, h).replicon < 0 < replica_symmetric(1.01 * T, h).replicon


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (replica_symmetric, (-0.1, 0.0), "T = -0.1 .* at least 0"),
        (replica_symmetric, (np.nan, 0.0), "T = nan"),
        (replica_symmetric, (0.5, -1.0), "h = -1 .* at least 0"),
        (replica_symmetric, (0.5, np.inf), "h = inf"),
        (almeida_thouless_field, (0.0,), "T = 0 .* above 0"),
        (almeida_thouless_field, (1.1,), "T = 1.1 .* at most 1"),
        (almeida_thouless_temperature, (-0.5,), "h = -0.5"),
        (almeida_thouless_temperature, (9.0,), "from 0 to 8"),
    ],
)
def test_refusals(function, arguments, told):
    with pytest.raises(CampaignError, match=told):
        function(*arguments)


@pytest.mark.parametrize("T", [0.4, 0.51, 0.6, 0.9, 1.0, 2.0])
@pytest.mark.parametrize("h", [5.0, 8.0, 20.0, 1e6])
def test_strong_fields_align_the_spins(T, h):
    z = np.linspace(-12, 12, 4801)
    weights = np.exp(-0.5 * z * z)
    state = replica_symmetric(T, h)
    squares = np.tanh((h + np.sqrt(state.overlap) * z) / T) ** 2
    assert state.overlap == pytest.approx(weights @ squares / weights.sum(), abs=1e-14)
    assert state.energy == pytest.approx(
        -(1 - state.overlap**2) / (2 * T) - h * state.magnetisation
    )
    assert state.entropy >= 0
