"""Mean ridges between successive traps, from counts and sums written by hand."""

import numpy as np
import pytest
import xarray as xr

from glasscore.traps.ridges import ridges


def test_every_ridge_counts_alike_and_samples_give_the_error():
    blocks = xr.Dataset(
        {
            "basin_ridge_count": (("sample", "time"), [[0.0, 2.0, 1.0, 3.0], [0.0, 0.0, 0.0, 1.0]]),
            "basin_ridge_sum": (
                ("sample", "time"),
                [[0.0, -1.0, -2.0, -6.0], [0.0, 0.0, 0.0, -4.0]],
            ),
        },
        coords={"time": [1.0, 4.0, 20.0, 40.0]},
    )
    found = ridges(blocks, "basin")
    assert np.array_equal(found["time"], [1.0, 4.0, 20.0, 40.0])
    assert np.array_equal(found["basin_ridge_energy"], [np.nan, -0.5, -2.0, -2.5], True)
    error = found["basin_ridge_energy_error"].values
    # Ridges of one sample alone have no error; -6 + 3 * 2.5 = 1.5 and -4 + 2.5 = -1.5 deviate.
    assert np.isnan(error[:3]).all()
    assert error[3] == pytest.approx(np.sqrt(2 * (1.5**2 + 1.5**2)) / 4)
    # In the last decade -8 in four ridges and -4 in one: -8 + 4 * 2.4 = 1.6.
    assert found["basin_late_ridge_energy"].values == pytest.approx(-12 / 5)
    error = found["basin_late_ridge_energy_error"].values
    assert error == pytest.approx(np.sqrt(2 * (1.6**2 + 1.6**2)) / 5)
