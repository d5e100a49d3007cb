"""Files are whole, described and reproducible."""

import fcntl
import json

import numpy as np
import pytest
import xarray as xr

from glasscore.files import store


def dataset(values=(1.0, 2.0)) -> xr.Dataset:
    variables = store.measured("energy", "time", values, [0.1, 0.2], "mean energy", "E", "J")
    variables["time"] = store.quantity("time", [1.0, 10.0], "time", "t", "attempts")
    return xr.Dataset(variables, attrs={"time_unit": "attempts", "energy_unit": "J"})


def write(path, what=None, **parameters):
    store.write(
        dataset() if what is None else what,
        path,
        parameters={"seed": 3, "N": np.inf, **parameters},
        source_hash="0123456789ab",
    )


def test_what_is_written_is_read(tmp_path):
    write(tmp_path / "deep" / "file.nc")
    back = store.read(tmp_path / "deep" / "file.nc")
    assert np.array_equal(back.energy, [1.0, 2.0])
    assert back.energy.attrs["symbol"] == "E"
    assert store.parameters_of(back) == {"seed": 3, "N": np.inf}


def test_provenance(tmp_path):
    write(tmp_path / "file.nc")
    attributes = store.read(tmp_path / "file.nc").attrs
    assert {"parameters", "seed", "source_hash", "versions", "time_unit", "energy_unit"} <= set(
        attributes
    )
    assert set(json.loads(attributes["versions"])) >= {"python", "numpy", "numba", "glasscore"}


def test_files_of_a_study_are_joined_by_size_and_temperature(tmp_path):
    for N in (8, 16):
        for T in (0.5, 1):
            write(tmp_path / f"N{N}_T{T}.nc", dataset((N * T, 0.0)), N=N, T=T)
    files = [store.read(path) for path in sorted(tmp_path.iterdir())]
    study = xr.combine_by_coords([file.expand_dims(["N", "T"]) for file in files],
                                 combine_attrs="drop_conflicts")  # fmt: skip
    assert study.energy.dims == ("N", "T", "time")
    assert study.energy.sel(N=16, T=0.5, time=1.0) == 8.0
    assert study.energy.sel(N=8, T=1.0, time=1.0) == 8.0
    assert (study.N.dtype.kind, study["T"].dtype.kind) == ("i", "f")


@pytest.mark.parametrize(
    ("energy_unit", "unit"),
    [("J", "J"), ("J, as normalised in a manual", "J"), ("1 (energy per spin)", "1")],
)
def test_the_coordinates_of_the_point_are_described(tmp_path, energy_unit, unit):
    write(tmp_path / "file.nc", dataset().assign_attrs(energy_unit=energy_unit), T=0.5)
    back = store.read(tmp_path / "file.nc")
    assert set(back.coords) == {"time", "N", "T"}
    assert np.isinf(back.N)
    assert back.N.attrs == {"long_name": "number of spins", "units": "1", "symbol": "N"}
    assert back["T"].attrs == {"long_name": "temperature", "units": unit, "symbol": "T"}


def test_what_a_file_has_under_the_name_of_a_coordinate_stays(tmp_path):
    temperatures = store.quantity("T", [0.5, 1.0], "temperature", "T", "J")
    several = dataset().assign_coords(T=temperatures)
    several["N"] = store.quantity((), 3.5, "mean number of something", "N")
    write(tmp_path / "file.nc", several, T=0.5, N=8)
    back = store.read(tmp_path / "file.nc")
    assert back["T"].dims == ("T",)
    assert "N" in back.data_vars
    assert back.N == 3.5


def test_a_list_of_temperatures_is_no_coordinate(tmp_path):
    write(tmp_path / "file.nc", N=[8, 16], T=[0.5])
    assert set(store.read(tmp_path / "file.nc").coords) == {"time"}


def test_same_numbers_same_bytes(tmp_path):
    write(tmp_path / "a.nc")
    write(tmp_path / "b.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize("attribute", ["long_name", "units", "symbol"])
def test_an_undescribed_variable_is_refused(tmp_path, attribute):
    incomplete = dataset()
    del incomplete.energy.attrs[attribute]
    with pytest.raises(ValueError, match=f"energy of .* lacks {attribute}"):
        write(tmp_path / "file.nc", incomplete)


def test_a_missing_unit_is_refused(tmp_path):
    incomplete = dataset()
    del incomplete.attrs["time_unit"]
    with pytest.raises(ValueError, match="time_unit"):
        write(tmp_path / "file.nc", incomplete)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    write(tmp_path / "file.nc")
    before = (tmp_path / "file.nc").read_bytes()

    def cut_off(self, path, **_):
        path.write_bytes(before[:100])
        raise OSError("no space left")

    monkeypatch.setattr(xr.Dataset, "to_netcdf", cut_off)
    with pytest.raises(OSError, match="no space"):
        write(tmp_path / "file.nc", dataset((5.0, 6.0)))
    assert [path.name for path in tmp_path.iterdir()] == ["file.nc"]
    assert (tmp_path / "file.nc").read_bytes() == before


def test_a_file_that_another_program_has_open_is_read(tmp_path):
    """The library would not open the file, since it also asks for a lock."""
    write(tmp_path / "file.nc")
    before = store.read(tmp_path / "file.nc")
    with (tmp_path / "file.nc").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert store.read(tmp_path / "file.nc").identical(before)
