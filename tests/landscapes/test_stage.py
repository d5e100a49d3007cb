"""Test the survey of a landscape: its correlations and densities against exact ones."""

import math

import numpy as np
import pytest

from glasscore.files.store import read, write
from glasscore.landscapes.stage import SAMPLES, correlation_and_error, run
from tests.statistical import assert_within

REAL = {"energies": "number_partitioning", "logarithm": True, "bits": math.inf}


def survey(landscape, N, seed=1):
    model = {"graph": "hypercube", **landscape}
    return run({"seed": seed, "study": "survey", "N": N, "landscape": model}, [])


def correlated(N, power):
    return survey({"energies": "correlated", "alpha": power / N}, N)


# The powers reach from independent fields to alpha = 2. There are few states, which would seem
# anticorrelated if the mean of each sample were subtracted.
POWERS = [(12, 1), (12, 3), (12, 6), (12, 12), (12, 24), (12, 15.5), (4, 2), (5, 3), (14, 7)]


@pytest.mark.parametrize(("N", "power"), POWERS)
def test_neighbours_are_correlated_as_defined(N, power):
    result = correlated(N, power)
    exact = (1 - 2 / N) ** power
    assert float(result.neighbour_correlation_exact) == pytest.approx(exact, rel=1e-13)
    deviation = float(result.neighbour_correlation - exact)
    assert_within(deviation / float(result.neighbour_correlation_error), comparisons=len(POWERS))
    assert float(result.neighbour_correlation_error) < 0.05


def test_large_exponents_are_the_random_energy_model():
    """Test that neighbours' energies are independent, within the error of 64 samples."""
    N = 12
    result = correlated(N, 5 * N)
    error = float(result.neighbour_correlation_error)
    assert math.log(N) < 5
    assert float(result.neighbour_correlation_exact) < 0.05 * error
    assert_within(float(result.neighbour_correlation) / error)
    independent = survey({"energies": "gaussian"}, N)
    assert error == pytest.approx(float(independent.neighbour_correlation_error), rel=0.5)


@pytest.mark.parametrize(
    "landscape", [{"energies": "correlated", "alpha": 0.5}, {"energies": "gaussian"}], ids=str
)
def test_density_follows_its_law(landscape):
    result = survey(landscape, 12)
    # Only bins with many events are tested, where the scatter of 64 samples gives a reliable error.
    centre = np.abs(result.energy.values) < 1.5 * np.sqrt(12)
    deviation = (result.energy_density - result.energy_density_exact) / result.energy_density_error
    assert_within(deviation.values[centre], comparisons=120)


def test_what_is_not_known_is_left_out():
    assert "neighbour_correlation_exact" not in survey({"energies": "gaussian"}, 6)
    partitioning = survey(REAL, 12)
    assert "energy_density_exact" not in partitioning
    assert partitioning.attrs["critical_temperature"] == 1.0


def test_the_file_says_all(tmp_path):
    result = correlated(6, 3)
    write(result, tmp_path / "one.nc", parameters={"seed": 1}, source_hash="none")
    again = read(tmp_path / "one.nc")
    assert int(again.samples) == SAMPLES
    assert set(again.variables) == {
        "samples",
        "energy",
        "energy_density",
        "energy_density_error",
        "energy_density_exact",
        "neighbour_correlation",
        "neighbour_correlation_error",
        "neighbour_correlation_exact",
    }


def test_correlation_of_a_common_field_without_bias():
    """Test c = f^2 / (1 + f^2) for E = field of the sample + noise, over many surveys."""
    surveys, samples, steps, field = 3000, 16, 20, 0.7
    rng = np.random.default_rng(11)
    exact = field**2 / (1 + field**2)
    energies = 3.0 + rng.normal(size=(surveys, samples, steps))
    energies += field * rng.normal(size=(surveys, samples, 1))
    found, errors = np.array([correlation_and_error(one) for one in energies]).T
    scatter = found.std(ddof=1)
    bias_left = 1 / samples**2
    assert abs(found.mean() - exact) < 4.9 * scatter / np.sqrt(surveys) + bias_left
    # On average, the jackknife's error is right to the order 1 / samples.
    assert np.sqrt((errors**2).mean()) == pytest.approx(scatter, rel=2 / samples)


def test_correlation_of_alternating_energies():
    energies = np.tile([1.0, -1.0], (4, 8))
    assert correlation_and_error(energies) == pytest.approx((-1.0, 0.0), abs=1e-15)
