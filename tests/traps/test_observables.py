"""Observables of traps, from blocks written out by hand and by the dynamics stage."""

import numpy as np
import pytest
import xarray as xr

from glasscore.files.store import read
from glasscore.traps import stage as traps
from glasscore.traps.aging_functions import aging_functions, inherent_aging_functions
from glasscore.traps.trapping_times import trapping_times
from tests.campaigns import bits, dynamics_parameters, written_block


def blocks() -> xr.Dataset:
    """Four samples of ten spins, waiting times 1 and 10, windows 1 and 20 in a run to 100."""
    distance = [[[0, 2], [0, -1]], [[0, 10], [1, -1]], [[0, 0], [5, -1]], [[2, 5], [0, -1]]]
    return xr.Dataset(
        {
            "distance": (("sample", "waiting_time", "window"), np.array(distance, np.int16)),
            "departure": (
                ("sample", "waiting_time"),
                [[30.0, 30.0], [2.5, 11.0], [1e9, 1e9], [1.5, 20.0]],
            ),
            "waiting_energy": (("sample", "waiting_time"), -np.arange(8.0).reshape(4, 2)),
        },
        coords={
            "sample": np.arange(4), "waiting_time": [1.0, 10.0], "window": [1.0, 20.0],
        },
    )  # fmt: skip


def test_aging_functions():
    result = aging_functions(blocks(), [1.0, 20.0], 10)
    assert np.array_equal(result["same_configuration"], [[0.75, 0.25], [0.5, np.nan]], True)
    # A state that is left exactly at t_w (1 + omega) = 20 counts as left.
    assert np.array_equal(result["no_jump"], [[0.75, 0.5], [0.5, np.nan]], True)
    overlap = result["overlap"].values
    assert overlap[0, 0] == pytest.approx(1 - 2 * 0.5 / 10)
    assert overlap[0, 1] == pytest.approx(1 - 2 * 4.25 / 10)
    assert np.isnan(overlap[1, 1])
    assert np.array_equal(result["waiting_energy"], [-3.0, -4.0])
    assert np.all(result["no_jump_error"].values[0] > 0)


def test_aging_functions_inherent_aging_functions():
    found = inherent_aging_functions(blocks().rename(distance="inherent_distance"), [1.0, 20.0], 10)
    assert np.array_equal(found["same_inherent_structure"], [[0.75, 0.25], [0.5, np.nan]], True)
    assert found["inherent_overlap"].values[0] == pytest.approx([1 - 2 * 0.05, 1 - 2 * 0.425])
    of_configurations = aging_functions(blocks(), [1.0, 20.0], 10)
    for name, same in (
        ("same_inherent_structure_error", "same_configuration_error"),
        ("inherent_overlap_error", "overlap_error"),
    ):
        assert np.array_equal(found[name], of_configurations[same], True)


def test_a_window_that_was_not_recorded_is_an_error():
    with pytest.raises(KeyError):
        aging_functions(blocks(), [3.0], 10)


def test_trapping_time_density_is_normalised_over_all_visits():
    counts = np.array([[1, 2, 3, 4], [0, 2, 8, 0]])
    result = trapping_times(
        xr.Dataset(
            {
                "trapping_time_count": (("sample", "trapping_time"), counts),
                "stay_count": (("sample", "trapping_time"), counts[:, ::-1]),
                "trapping_time_lower": ("trapping_time", [0.0, 1.0, 2.0, 4.0]),
                "trapping_time_upper": ("trapping_time", [1.0, 2.0, 4.0, np.inf]),
            }
        )
    )
    assert np.allclose(result["trapping_time_density"], [4 / 20 / 1, 11 / 20 / 2], rtol=1e-15)
    assert np.allclose(result["stay_density"], [11 / 20 / 1, 4 / 20 / 2], rtol=1e-15)
    assert np.allclose(result["trapping_time"], [np.sqrt(2), np.sqrt(8)], rtol=1e-15)


@pytest.fixture
def files(tmp_path):
    written = []
    for block, (first, count) in enumerate([(0, 30), (30, 20)]):
        parameters = dynamics_parameters(
            "hypercube", "gaussian", "metropolis", 10, 0.6, count, 1e4, first_sample=first
        )
        written.append(written_block(parameters, tmp_path / f"block{block}.nc"))
    return written


def traps_parameters(**others):
    chosen = dynamics_parameters("hypercube", "gaussian", "metropolis", 10, 0.6, 50, 1e4)
    return {**chosen, "windows": [0.1, 0.5], **others}


def test_stage_joins_blocks_in_any_order(files):
    result = traps.run(traps_parameters(), files)
    assert bits(result) == bits(traps.run(traps_parameters(), files[::-1]))
    assert result.samples == 50
    assert list(result.window.values) == [0.1, 0.5]
    energies = np.concatenate([read(file).energy.values for file in files])
    assert np.allclose(result.energy, energies.mean(axis=0), rtol=1e-14)
    assert np.allclose(result.energy_error, energies.std(axis=0, ddof=1) / np.sqrt(50), rtol=1e-14)


def test_every_mean_has_an_error_and_every_variable_a_description(files):
    result = traps.run(traps_parameters(), files)
    means = ["energy", "same_configuration", "no_jump", "overlap", "trapping_time_density"]
    assert {name + "_error" for name in means} <= set(result.variables)
    for variable in result.variables.values():
        assert {"long_name", "units", "symbol"} <= set(variable.attrs)


def test_only_what_was_recorded_is_averaged(tmp_path):
    chosen = traps_parameters(recorders=["energy"])
    block = {key: value for key, value in chosen.items() if key != "windows"}
    result = traps.run(chosen, [written_block(block, tmp_path / "block.nc")])
    assert "energy" in result
    assert "same_configuration" not in result
