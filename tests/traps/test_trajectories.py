"""Single trajectories of the first samples, and moves by energy: the same in any blocks."""

import numpy as np
import pytest

from glasscore.campaign import listing
from glasscore.campaign.configuration import validated
from glasscore.dynamics.stage import run
from glasscore.files.store import read
from glasscore.theory import step_model
from glasscore.traps import stage as traps
from tests.campaigns import bits, dynamics_parameters, written_block
from tests.statistical import threshold
from tests.workflow.campaign_copy import CONFIG

PARAMETERS = dynamics_parameters(
    "hypercube", "gaussian", "metropolis", 10, 0.5, 5, 1e4,
    recorders=["configurations", "metabasins"], threshold=-4.0, trajectories=3,
)  # fmt: skip


def averaged(folder, *sizes):
    """Averages of blocks of these sizes."""
    files, first = [], 0
    for number, samples in enumerate(sizes):
        block = {**PARAMETERS, "first_sample": first, "samples": samples}
        files.append(written_block(block, folder / f"{number}.nc"))
        first += samples
    chosen = {**PARAMETERS, "windows": [0.5], "samples": sum(sizes)}
    return traps.run(chosen, files), [read(file) for file in files]


def test_trajectories_do_not_depend_on_blocks(tmp_path):
    whole, (block,) = averaged(tmp_path, 5)
    parts, blocks = averaged(tmp_path, 2, 2, 1)
    assert bits(parts) == bits(whole)
    assert parts.attrs == whole.attrs
    assert [one.sizes.get("trajectory", 0) for one in blocks] == [2, 1, 0]
    assert whole.trajectory.values.tolist() == [0, 1, 2]
    # What is shown is what was averaged.
    at_waiting_times = whole.trajectory_energy.sel(trajectory_time=block.waiting_time.values)
    assert np.array_equal(at_waiting_times, block.waiting_energy[:3])
    time = whole.trajectory_time.values
    arrivals, departures, lowest = (
        whole[f"trajectory_metabasin_{name}"].values for name in ("arrival", "departure", "energy")
    )
    for row, energy in enumerate(whole.trajectory_energy.values):
        seen = np.isfinite(lowest[row])
        assert seen.any()
        traps_of_row = zip(
            arrivals[row, seen], departures[row, seen], lowest[row, seen], strict=True
        )
        for arrival, departure, low in traps_of_row:
            inside = (time >= arrival) & (time < departure)
            assert inside.any()
            assert energy[inside].min() >= low
        # One after the other.
        assert np.all(departures[row, seen][:-1] <= arrivals[row, seen][1:])


def test_trajectories_change_no_other_number():
    without = run({**PARAMETERS, "trajectories": 0}, [])
    found = run(PARAMETERS, [])
    assert bits(found[list(without.variables)]) == bits(without)
    assert not [name for name in without.variables if str(name).startswith("trajectory")]


def test_only_recorders_of_trajectories_depend_on_their_number():
    for recorders, expected in ((["energy"], False), (["configurations"], True)):
        study = {**CONFIG["activated"]["rem"], "recorders": recorders}
        config = {**CONFIG, "figures": [], "activated": {"rem": study}}
        jobs = listing.jobs(validated(config)).values()
        dynamics = [job.parameters for job in jobs if job.stage == "dynamics"]
        assert all(("trajectories" in parameters) == expected for parameters in dynamics)


@pytest.mark.parametrize("T", [0.4, 0.8])
def test_moves_of_the_step_model(T, tmp_path):
    """Shares of a bin lie between those of its edges, as the probability is monotonic; so does the
    mean change of the energy."""
    parameters = dynamics_parameters(
        "complete", "exponential", "metropolis", np.inf, T, 400, 1e4, recorders=["moves"]
    )
    file = written_block(parameters, tmp_path / "0.nc")
    block = read(file)
    result = traps.run({**parameters, "windows": [0.5]}, [file])
    # So many samples that their mean is Gaussian.
    known = ((block.moves_up + block.moves_down) > 0).sum("sample").values >= 100
    assert known.sum() > 15
    centre = result.move_energy.values[known]
    half = 0.5 * np.diff(result.move_energy.values)[0]
    edges = centre - half, np.minimum(centre + half, 0.0)
    for name, law in (
        ("move_asymmetry", lambda energy: 2 * step_model.up_probability(energy, T) - 1),
        ("move_drift", lambda energy: step_model.mean_energy_change(energy, T)),
    ):
        high, low = (law(edge) for edge in edges)
        assert np.all(low < high)
        error = result[f"{name}_error"].values[known]
        distance = np.maximum(result[name].values[known] - high, low - result[name].values[known])
        assert (distance / error).max() < threshold(4 * known.sum())
