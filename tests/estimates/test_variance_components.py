"""Variances within and between samples, against Gaussian laws and the jackknife's definition."""

import numpy as np
import pytest

from glasscore.estimates.variance_components import variance_components
from tests.statistical import assert_within, z_scores


def gaussian(samples, measurements, seed=7):
    """Measurements .5 + .1 g_s + .2 g_sr with standard normal numbers g."""
    rng = np.random.default_rng(seed)
    of_samples = rng.normal(size=(samples, 1))
    return 0.5 + 0.1 * of_samples + 0.2 * rng.normal(size=(samples, measurements))


@pytest.mark.parametrize("measurements", [2, 4])
def test_both_parts_are_found_without_bias(measurements):
    """100 times the parts are 4, 1 and 5. Errors are those of Gaussian laws."""
    S, R = 4000, measurements
    found = [100 * np.array(part) for part in variance_components(gaussian(S, R))]
    values, errors = np.array(found).T
    assert_within(z_scores(values, [4.0, 1.0, 5.0], errors))
    # Var of the mean of v_s, and of the scatter of means less their noise.
    exact = 4 * np.sqrt(2 / (S * (R - 1)))
    assert found[0][1] == pytest.approx(exact, rel=0.1)
    exact = np.hypot((1 + 4 / R) * np.sqrt(2 / S), exact / R)
    assert found[1][1] == pytest.approx(exact, rel=0.1)


def test_errors_are_those_of_the_jackknife_by_definition():
    values = gaussian(9, 3)

    def parts(chosen):
        within = chosen.var(axis=1, ddof=1).mean()
        between = chosen.mean(axis=1).var(ddof=1) - within / 3
        return np.array([within, between, within + between])

    without = np.array([parts(np.delete(values, a, axis=0)) for a in range(9)])
    errors = np.sqrt(8 / 9 * ((without - without.mean(axis=0)) ** 2).sum(axis=0))
    found = np.array(variance_components(values))
    np.testing.assert_allclose(found[:, 0], parts(values), rtol=1e-12)
    np.testing.assert_allclose(found[:, 1], errors, rtol=1e-12)


def test_each_row_has_its_own():
    values = np.stack([gaussian(20, 4, seed) for seed in range(6)]).reshape(2, 3, 20, 4)
    found = np.array(variance_components(values))
    assert found.shape == (3, 2, 2, 3)
    np.testing.assert_allclose(found[..., 1, 2], variance_components(values[1, 2]), rtol=1e-13)


def test_two_samples_have_no_error():
    found = np.array(variance_components(gaussian(2, 4)))
    assert np.isfinite(found[:, 0]).all()
    assert np.isnan(found[:, 1]).all()


def test_one_sample_has_no_variance_between_samples():
    within, between, total = np.array(variance_components(gaussian(1, 4)))
    assert within[0] == pytest.approx(gaussian(1, 4).var(ddof=1))
    assert np.isnan([within[1], *between, *total]).all()


@pytest.mark.parametrize("shape", [(0, 4), (4, 1), (4,)])
def test_one_measurement_has_no_variance(shape):
    with pytest.raises(ValueError, match="at least one sample with two measurements"):
        variance_components(np.ones(shape))
