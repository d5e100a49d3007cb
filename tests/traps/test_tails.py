"""Exponents of trapping times from histograms of blocks."""

import numpy as np
import pytest
import xarray as xr

from glasscore.dynamics.recorders.trapping_times import edges
from glasscore.traps.tails import SHARE_OF_RUN, tails
from tests.statistical import assert_within

SAMPLES, EVENTS, X = 200, 500, 0.4
RUN = 1e9


def blocks(events):
    """Stays with the density of the trap model from tau = 1 on; visits, all in one bin."""
    rng = np.random.default_rng(1)
    times = rng.random((SAMPLES, events)) ** (-1 / X)
    stays = np.array([np.histogram(row, edges())[0] for row in times], float)
    visits = np.zeros_like(stays)
    visits[:, 40] = 1e6
    dimensions = ("sample", "trapping_time")
    return xr.Dataset(
        {
            "stay_count": (dimensions, stays),
            "trapping_time_count": (dimensions, visits),
            "trapping_time_lower": ("trapping_time", edges()[:-1]),
            "trapping_time_upper": ("trapping_time", edges()[1:]),
        }
    )


def test_the_exponent_of_a_power_law_and_its_range():
    fit = tails(blocks(EVENTS), RUN)
    assert_within((float(fit["stay_exponent"]) - X) / float(fit["stay_exponent_error"]))
    # 1 / sqrt(I n) with the information I of a cut tail, at most 1 / x^2 an event.
    assert float(fit["stay_exponent_error"]) > X / np.sqrt(SAMPLES * EVENTS) / 1.1
    assert 1.0 <= float(fit["stay_exponent_from"]) < float(fit["stay_exponent_to"])
    assert float(fit["stay_exponent_to"]) == pytest.approx(SHARE_OF_RUN * RUN, rel=1 / 3)
    assert float(fit["stay_exponent_probability"]) > 1e-3


def test_what_cannot_be_fitted_is_not_a_number():
    fit = tails(blocks(2), RUN)
    for name in ("stay_exponent", "trapping_time_exponent"):
        assert np.isnan(float(fit[name]))
        assert np.isnan(float(fit[f"{name}_error"]))
    assert "basin_trapping_time_exponent" not in fit
