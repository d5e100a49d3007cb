import numpy as np
import pytest

from glasscore.models.covariance import covariance
from glasscore.theory.continuous_aging import continuous_aging
from glasscore.theory.spherical_pspin import aging, threshold

# f'' = 1 + 3 C^2, and f''^(-1/2) is concave up to C = 1 / sqrt(6).
CONTINUOUS = covariance({2: 0.5, 4: 0.25})


@pytest.mark.parametrize("T", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("coefficient", [0.5, 2.0])
def test_two_spins_have_the_ratio_zero_and_the_known_energy(T, coefficient):
    model, J = covariance({2: coefficient}), np.sqrt(2 * coefficient)
    found = continuous_aging(model, T * J)
    assert found == pytest.approx((1 - T, 1 - T, 0.0, -J * (1 - T / 2)), rel=1e-12)
    assert found.energy == pytest.approx(aging(model, T * J).energy, rel=1e-12)
    overlaps = np.linspace(0, 1 - T, 5)
    assert found.inverse_temperature(model, overlaps).tolist() == [0.0] * 5
    assert found.response(model, overlaps) == pytest.approx(np.full(5, 1 / J), rel=1e-14)


def test_the_continuous_range_of_two_and_four_spins():
    found = continuous_aging(CONTINUOUS, 0.8)
    C = np.linspace(0, found.plateau, 4)
    assert found.end == found.plateau
    assert (1 + 3 * found.plateau**2) * (1 - found.plateau) ** 2 == pytest.approx(0.64, rel=1e-12)
    expected = 3 * C / (1 + 3 * C**2) ** 1.5
    assert found.inverse_temperature(CONTINUOUS, C) == pytest.approx(expected, rel=1e-14)


def test_the_ground_state_where_all_overlaps_are_marginal():
    """The energy is the integral of -sqrt(f'') (Chen and Sen 2017), with f'' = 1 + 0.24 C^2."""
    found = continuous_aging(covariance({2: 0.5, 4: 0.02}), 0.0)
    a = np.sqrt(0.24)
    assert found.end == 1.0
    assert found.energy == pytest.approx(-(np.sqrt(1 + a**2) + np.arcsinh(a) / a) / 2, rel=1e-12)


def test_the_continuous_range_ends_at_zero_in_the_ground_state():
    """There f'(1) = 2 = [f''(1) f''(0)]^(1/2), so that q_0 = 0 and X / T = 1 - 1/2 throughout."""
    found, limit = continuous_aging(CONTINUOUS, 0.0), threshold(CONTINUOUS)
    assert found == pytest.approx((1.0, 0.0, 0.5, -1.375), rel=1e-14)
    assert (found.step, found.energy) == pytest.approx(
        (limit.effective_inverse_temperature, limit.energy), rel=1e-14
    )
    C = np.linspace(0, 1, 5)
    assert found.inverse_temperature(CONTINUOUS, C).tolist() == [0.5] * 5
    assert found.response(CONTINUOUS, C) == pytest.approx(1 - C / 2, rel=1e-14)
    cold = continuous_aging(CONTINUOUS, 1e-3)
    assert cold[1:] == pytest.approx(found[1:], abs=2e-3)


@pytest.mark.parametrize("T", [0.05, 0.4, 0.72, 0.8])
def test_the_response_is_continuous_and_the_energy_is_its_integral(T):
    found = continuous_aging(CONTINUOUS, T)
    q = found.plateau
    C = np.unique(np.append(np.linspace(0, q, 40001), found.end))
    ratio, chi = found.inverse_temperature(CONTINUOUS, C), found.response(CONTINUOUS, C)
    assert chi[-1] == pytest.approx((1 - q) / T, rel=1e-9)
    fast = (CONTINUOUS.value(1.0) - CONTINUOUS.value(q)) / T
    slow = np.sum((chi[:-1] - chi[1:]) * CONTINUOUS.first_derivative((C[1:] + C[:-1]) / 2))
    assert found.energy == pytest.approx(-fast - slow, abs=1e-8)
    assert np.all(np.diff(ratio) > -1e-4)
    assert T * ratio[-1] < 1


@pytest.mark.parametrize("T", [0.1, 0.4, 0.7])
def test_between_the_end_and_the_plateau_the_equation_of_motion_holds(T):
    """There f'(q) - f'(C) = int_C^q dC' / chi(C')^2 at both ends."""
    found = continuous_aging(CONTINUOUS, T)
    C = np.linspace(found.end, found.plateau, 100001)[1:]
    middle = C - (C[1] - C[0]) / 2
    integral = np.sum((C[1] - C[0]) / found.response(CONTINUOUS, middle) ** 2)
    rise = CONTINUOUS.first_derivative(found.plateau) - CONTINUOUS.first_derivative(found.end)
    assert found.end < found.plateau
    assert integral == pytest.approx(float(rise), rel=1e-8)


@pytest.mark.parametrize(
    ("coefficients", "T"),
    [({3: 0.5}, 0.3), ({3: 0.5, 4: 0.5}, 0.0), ({2: 0.5}, 1.0), ({2: 0.5, 3: 0.5}, 0.5),
     ({2: 0.1, 12: 0.7}, 0.0)],
)  # fmt: skip
def test_other_models_and_high_temperatures_have_no_continuous_range(coefficients, T):
    assert continuous_aging(covariance(coefficients), T) is None
