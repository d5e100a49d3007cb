"""Averages of responses, and the fluctuation-dissipation ratio, from blocks written by hand."""

import numpy as np
import pytest
import xarray as xr

from glasscore.traps import stage as traps
from glasscore.traps.responses import responses
from tests.campaigns import bits, dynamics_parameters, written_block
from tests.statistical import assert_within, z_scores

T = 0.5


def blocks(samples: int = 4) -> xr.Dataset:
    """Times 1, 10 and 100 of the field and of the response; the window 9 of t_w = 1 and 10."""
    rng = np.random.default_rng(1)
    correlation = np.full((samples, 3, 3), np.nan)
    response = correlation.copy()
    correlation[:, [0, 1, 2], [0, 1, 2]], response[:, [0, 1, 2], [0, 1, 2]] = 1.0, 0.0
    # From 1 to 10 chi falls by 0.8 while C rises by 0.4: X = 1. From 1 to 100, X = 0.5.
    correlation[:, 0, 1] = 0.6 + 0.01 * rng.standard_normal(samples)
    correlation[:, 1, 2] = 0.5 + 0.01 * rng.standard_normal(samples)
    correlation[:, 0, 2] = correlation[:, 1, 2] - 0.4 + 0.01 * rng.standard_normal(samples)
    response[:, 0, 1] = 0.8 + 0.02 * rng.standard_normal(samples)
    response[:, 1, 2] = 0.7 + 0.02 * rng.standard_normal(samples)
    response[:, 0, 2] = response[:, 1, 2] + 0.4 + 0.02 * rng.standard_normal(samples)
    pair, later = ("sample", "waiting_time", "window"), ("sample", "field_time", "response_time")
    times = [1.0, 10.0, 100.0]
    return xr.Dataset(
        {
            "response": (pair, response[:, [0, 1], [1, 2]][..., np.newaxis]),
            "correlation": (pair, correlation[:, [0, 1], [1, 2]][..., np.newaxis]),
            "later_response": (later, response),
            "later_correlation": (later, correlation),
        },
        coords={
            "sample": np.arange(samples), "waiting_time": times[:2], "window": [9.0],
            "field_time": times, "response_time": times,
        },
    )  # fmt: skip


def test_means_and_errors():
    one = blocks()
    found = responses(one, [9.0], T)
    for name in ("response", "correlation", "later_response", "later_correlation"):
        values = one[name].values
        assert np.array_equal(found[name], values.mean(axis=0), equal_nan=True)
        np.testing.assert_allclose(found[f"{name}_error"], values.std(axis=0, ddof=1) / 2)
    assert found["response"].attrs["units"] == "1 / J"


def test_the_ratio_is_that_of_changes_at_fixed_time():
    one = blocks()
    found = responses(one, [9.0], T)
    ratio, error = (found[f"fluctuation_dissipation_ratio{end}"].values for end in ("", "_error"))
    # Nothing follows the last time of the field, and a field cannot act before it begins.
    assert np.array_equal(
        np.isfinite(ratio), [[False, True, True], [False, False, True], [False, False, False]]
    )
    assert np.array_equal(np.isfinite(ratio), np.isfinite(error))
    chi, C = one.later_response.values[:, :, 2], one.later_correlation.values[:, :, 2]

    def of(kept):
        return -T * (chi[kept, 1] - chi[kept, 0]).sum() / (C[kept, 1] - C[kept, 0]).sum()

    every = np.arange(4)
    without = np.array([of(every != sample) for sample in every])
    assert ratio[0, 2] == pytest.approx(4 * of(every) - 3 * without.mean(), rel=1e-13)
    assert error[0, 2] == pytest.approx(np.sqrt(3 / 4 * ((without - without.mean()) ** 2).sum()))
    many = responses(blocks(4000), [9.0], T)
    ratio, error = (many[f"fluctuation_dissipation_ratio{end}"].values for end in ("", "_error"))
    assert_within(z_scores(ratio[[0, 0], [1, 2]], [1.0, 0.5], error[[0, 0], [1, 2]]))


def test_no_ratio_where_the_correlation_does_not_change():
    one = blocks()
    one["later_correlation"][:, 0] = one.later_correlation[:, 1] - [
        [0.1], [-0.1], [0.1], [-0.05]
    ]  # fmt: skip
    found = responses(one, [9.0], T)
    assert np.isnan(found["fluctuation_dissipation_ratio"].values[0]).all()
    assert np.isfinite(found["fluctuation_dissipation_ratio"].values[1, 2])


def test_the_stage_joins_blocks(tmp_path):
    parameters = dynamics_parameters(
        "complete", "exponential", "arrhenius", np.inf, 0.5, 6, 1e3, recorders=["responses"]
    )
    chosen = {**parameters, "windows": [0.1, 10.0]}
    whole = traps.run(chosen, [written_block(parameters, tmp_path / "whole.nc")])
    parts = [
        written_block({**parameters, "first_sample": first, "samples": count}, tmp_path / name)
        for first, count, name in ((0, 4, "a.nc"), (4, 2, "b.nc"))
    ]
    assert bits(traps.run(chosen, parts)) == bits(whole)
    assert whole.response.dims == ("waiting_time", "window")
    assert list(whole.window.values) == [0.1, 10.0]
    assert whole.later_response.shape == (whole.field_time.size, whole.response_time.size)
    for variable in whole.variables.values():
        assert {"long_name", "units", "symbol"} <= set(variable.attrs)
