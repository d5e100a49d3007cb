"""The participation ratio of all states against its definition and its exact mean."""

import numpy as np
import pytest

from glasscore.barriers import stage
from glasscore.barriers.participation import HOTTEST, NUMBER, participation_ratios, temperatures
from glasscore.theory.participation import participation_ratio
from tests.statistical import assert_within, z_scores


def test_squares_of_weights():
    energies = np.random.default_rng(1).normal(scale=3.0, size=2**6)
    T = 2.0 / np.arange(1, NUMBER + 1)
    weights = np.exp(-(energies[:, np.newaxis] - energies.min()) / T)
    expected = (weights**2).sum(axis=0) / weights.sum(axis=0) ** 2
    # A power of k factors has 2 k roundings, at most, and so do the sums have 2^6.
    rounding = (4 * NUMBER + 2**7) * np.finfo(float).eps
    np.testing.assert_allclose(participation_ratios(energies, 2.0), expected, rtol=rounding)


def test_temperatures():
    assert temperatures(0.5)[[0, 7]].tolist() == [2.0, 0.25]
    for unknown in (0.0, np.nan, np.inf):
        assert temperatures(unknown)[0] == HOTTEST


@pytest.mark.parametrize("energies", ["exponential", "gaussian"])
def test_mean_over_samples(energies):
    N = 6
    parameters = {
        "seed": 20190129,
        "study": "participation",
        "landscape": {"graph": "hypercube", "energies": energies},
        "N": N,
        "samples": 1000,
        "branches": 2,
    }
    result = stage.run(parameters, [])
    # Where it is a few times its least value 2^-N, few samples carry the mean.
    shown = result.sel(temperature=slice(1.2 * result.attrs["critical_temperature"], None))
    expected = participation_ratio(shown.temperature.values, N, energies)
    z = z_scores(shown.participation_ratio, expected, shown.participation_ratio_error)
    assert_within(z, comparisons=2 * z.size)
