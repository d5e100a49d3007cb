import numpy as np
import pytest

from glasscore.common.errors import CampaignError
from glasscore.dmft import stage
from glasscore.dmft.interpolation import fractions, read_between
from glasscore.dmft.restart import restart_file
from glasscore.files import store
from glasscore.files.provenance import dependencies
from glasscore.theory.spherical_pspin import (
    two_spin_correlation,
    two_spin_energy,
    two_spin_multiplier,
    two_spin_response,
)

TWO_SPIN = {
    "model": {"covariance": {"2": 0.5}},
    "T": 0.0,
    "T_initial": float("inf"),
    "t_max": 20.0,
    "tolerance": 1e-6,
}


@pytest.fixture(scope="module")
def two_spin():
    return stage.run(TWO_SPIN, [])


def test_layout(two_spin):
    assert two_spin.energy.dims == two_spin.energy_error_estimate.dims == ("time",)
    assert two_spin.correlation.dims == two_spin.response.dims == ("time", "fraction")
    assert two_spin.time.values[[0, -1]].tolist() == [0, 20]
    assert two_spin.fraction.values[[0, -1]].tolist() == [0, 1]
    assert all(np.isfinite(variable).all() for variable in two_spin.variables.values())
    assert two_spin.attrs["threshold_energy"] == -1
    assert two_spin.attrs["energy_error_reached"] <= TWO_SPIN["tolerance"]


def test_result_can_be_written_and_read(two_spin, tmp_path):
    path = tmp_path / "T0.nc"
    store.write(two_spin, path, parameters=TWO_SPIN, source_hash="none")
    again = store.read(path)
    assert float(again.T) == TWO_SPIN["T"]
    assert again.drop_vars("T").drop_attrs().identical(two_spin.drop_attrs())
    assert again.attrs["threshold_energy"] == -1


def test_energy_and_multiplier_of_two_spins(two_spin):
    time = two_spin.time.values
    estimate = two_spin.energy_error_estimate.values
    assert np.all(np.abs(two_spin.energy - two_spin_energy(time)) <= estimate)
    # mu = -2 E holds at T = 0 on any grid
    assert np.all(np.abs(two_spin.multiplier - two_spin_multiplier(time)) <= 2 * estimate)


@pytest.mark.parametrize(
    ("name", "exact"), [("correlation", two_spin_correlation), ("response", two_spin_response)]
)
def test_two_time_functions_of_two_spins(two_spin, name, exact):
    time = two_spin.time.values[:, None]
    error = np.abs(two_spin[name] - exact(time, time * two_spin.fraction.values))
    assert error.max() <= two_spin.attrs[f"{name}_error_estimate"]


@pytest.mark.parametrize("waiting_time", [0.0, 0.1, 0.5, 1.0, 3.0, 10.0])
@pytest.mark.parametrize(
    ("name", "exact"), [("correlation", two_spin_correlation), ("response", two_spin_response)]
)
def test_interpolation_in_time_and_fraction_adds_less_than_2e_6(
    two_spin, name, exact, waiting_time
):
    # Splines of fifth degree have the spacing 0.2 in ln tau. For R ~ exp(-2 tau) their error is of
    # the order (0.2)^6 / 500 times the sixth derivative in ln tau, which is some tens.
    time = waiting_time + np.geomspace(1e-4, 20 - waiting_time, 500)
    error = np.abs(read_between(two_spin, name, time, waiting_time) - exact(time, waiting_time))
    assert error.max() <= two_spin.attrs[f"{name}_error_estimate"] + 2e-6


def test_reading_gives_the_stored_points(two_spin):
    inner = two_spin.isel(time=slice(1, None))
    time = inner.time.values[:, None]
    values = read_between(two_spin, "correlation", time, time * inner.fraction.values)
    # splines pass through their points up to rounding of t'/t, which is largest next to 1
    assert np.abs(values - inner.correlation.values).max() < 1e-9


@pytest.mark.parametrize(("time", "earlier"), [(21.0, 1.0), (1.0, 2.0), (1.0, -0.1)])
def test_reading_outside_the_file_is_refused(two_spin, time, earlier):
    with pytest.raises(ValueError, match="time"):
        read_between(two_spin, "correlation", time, earlier)


def test_equilibrium_start_means_the_final_temperature():
    parameters = {
        **TWO_SPIN, "model": {"covariance": {"3": 0.5}}, "T": 0.7, "t_max": 4.0, "tolerance": 1e-5,
    }  # fmt: skip
    by_name = stage.run({**parameters, "T_initial": "equilibrium"}, [])
    assert by_name.identical(stage.run({**parameters, "T_initial": 0.7}, []))
    assert by_name.attrs["threshold_energy"] == pytest.approx(-2 / np.sqrt(3), rel=1e-14)
    assert np.all(np.abs(by_name.energy + 0.5 / 0.7) <= by_name.energy_error_estimate)


@pytest.mark.parametrize("start", ["equilibrium", "boiling"])
def test_impossible_starts_are_refused(start):
    with pytest.raises(CampaignError, match=f"T_initial = {start}"):
        stage.run({**TWO_SPIN, "T_initial": start}, [])


def test_output_times_are_even_on_a_logarithmic_axis():
    times = stage.output_times(1e4, 0.01)
    assert times[[0, 1, -1]].tolist() == [0, 0.01, 1e4]
    ratios = times[2:] / times[1:-1]
    # six decades are a whole number of steps in ln t
    assert ratios == pytest.approx(10 ** (1 / stage.TIMES_PER_DECADE), rel=1e-12)
    assert stage.output_times(1e-3, 0.01)[[0, -1]].tolist() == [0, 1e-3]


def test_fractions_are_ascending_and_resolve_short_times_of_long_runs():
    for longest in (1.0, 1e8):
        values = fractions(longest)
        assert values[[0, -1]].tolist() == [0, 1]
        assert np.all(np.diff(values) > 0)
        assert longest * values[1] <= 1e-3
        assert longest * (1 - values[-2]) <= 1e-3


def test_restart_file_lies_beside_the_results():
    parameters = {"study": "a", "T": 0.5, "t_max": 1.0}
    file = restart_file("results/tiny/dmft/a/T0.5.nc", parameters, "hash")
    assert file.path.as_posix() == "results/tiny/restart/a/T0.5.restart.npz"
    longer = restart_file("results/tiny/dmft/a/T0.5.nc", {**parameters, "t_max": 9.0}, "hash")
    assert longer == file
    assert restart_file("results/tiny/dmft/a/T0.5.nc", parameters, "other").identity != (
        file.identity
    )
    assert restart_file("T0.5.nc", parameters, "hash").path.as_posix() == "T0.5.restart.npz"


def test_a_stage_leaves_a_file_and_goes_on_from_it(tmp_path):
    parameters = {**TWO_SPIN, "t_max": 3.0, "tolerance": 1e-4}
    file = restart_file(tmp_path / "T0.nc", parameters, "none")
    stage.run(parameters, [], file)
    assert file.path.exists()
    longer = stage.run({**parameters, "t_max": 9.0}, [], file)
    error = np.abs(longer.energy - two_spin_energy(longer.time.values))
    assert np.all(error <= longer.energy_error_estimate)


def test_solver_needs_neither_landscapes_nor_dynamics():
    needed = dependencies(["glasscore.dmft.stage"])
    assert not [each for each in needed if each.split(".")[1:2] in (["landscapes"], ["dynamics"])]
