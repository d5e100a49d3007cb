"""Trapping times by depth and overlaps of successive traps, from sequences written by hand."""

import numpy as np
import pytest
import xarray as xr

from glasscore.provenance import canonical_json
from glasscore.traps.depths import BINS, SHARE_OF_RUN, depths

T, N, THRESHOLD = 0.5, 8, -1.0
LAST = 4


def blocks(energies, durations, states, t_max=1e9):
    sequence = ("sample", "metabasin")
    return xr.Dataset(
        {
            "metabasin_energy": (sequence, energies),
            "metabasin_duration": (sequence, durations),
            "metabasin_configuration": (sequence, np.array(states, np.uint64)),
        },
        attrs={
            "parameters": canonical_json({"T": T, "N": N, "t_max": t_max}),
            "threshold_energy": THRESHOLD,
            "states_are_spins": 1,
        },
    )


BLANK = np.nan
SEQUENCES = blocks(
    [[-1.1, -1.4, -2.2, BLANK], [-1.2, -2.4, BLANK, BLANK], [-1.0, BLANK, BLANK, BLANK]],
    np.exp([[1.0, 3.0, 4.0, 0.0], [2.0, 8.0, 0.0, 0.0], [6.0, 0.0, 0.0, 0.0]]),
    [[0b0, 0b1, 0b11110001, 0], [0b1111, 0b1111, 0, 0], [0, 0, 0, 0]],
)


def test_mean_logarithms_in_bins_of_width_T():
    found = depths(SEQUENCES, "metabasin")
    assert found["depth"].values[:3] == pytest.approx([0.25, 0.75, 1.25])
    mean = found["metabasin_log_duration"].values
    # Depths 0.1, 0.4, 0.2 and 0 in the first bin, 1.2 and 1.4 in the third.
    assert mean[0] == pytest.approx((1.0 + 3.0 + 2.0 + 6.0) / 4)
    assert mean[2] == pytest.approx((4.0 + 8.0) / 2)
    assert np.isnan(mean[[1, 3]]).all()
    error = found["metabasin_log_duration_error"].values
    # Two samples of three contribute 4 and 8 around 6: sqrt(3/2 (4 + 4)) / 2.
    assert error[2] == pytest.approx(np.sqrt(1.5 * 8.0) / 2)


def test_overlaps_of_successive_traps_average_over_samples():
    found = depths(SEQUENCES, "metabasin")
    # 1 - 2/8 and 1 - 8/8 in the first sample, 1 in the second; the third has no pair.
    assert found["metabasin_overlap"].values == pytest.approx((0.375 + 1.0) / 2)


def test_without_traps_nothing_is_known():
    empty = depths(
        blocks(np.full((2, LAST), BLANK), np.full((2, LAST), BLANK), np.zeros((2, LAST))),
        "metabasin",
    )
    assert np.isnan(empty["metabasin_log_duration"].values).all()
    assert np.isnan(empty["metabasin_overlap"].values)


def test_depths_that_a_run_is_too_short_for_are_left_out():
    """ln tau = 6 in the third bin, against 3 % of runs of e^6 / 0.03 and a little less."""
    arrays = (
        SEQUENCES[f"metabasin_{name}"].values for name in ("energy", "duration", "configuration")
    )
    energies, durations, states = arrays
    for factor, known in ((1.01, True), (0.99, False)):
        t_max = factor * np.exp(6.0) / SHARE_OF_RUN
        found = depths(blocks(energies, durations, states, t_max), "metabasin")
        for name in ("metabasin_log_duration", "metabasin_log_duration_error"):
            assert np.isfinite(found[name].values[2]) == known


def test_the_deepest_trap_has_its_bin():
    energies = [[-1.1, -101.0, BLANK, BLANK]] * 2
    found = depths(blocks(energies, np.ones((2, LAST)), np.zeros((2, LAST))), "metabasin")
    known = np.flatnonzero(np.isfinite(found["metabasin_log_duration"].values))
    assert known.tolist() == [0, BINS - 1]
    assert found["depth"].values[-1] == pytest.approx(100.0 * (BINS - 0.5) / BINS)
