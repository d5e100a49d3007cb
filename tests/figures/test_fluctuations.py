"""Susceptibilities and laws of the overlap are those of the file, at the right times."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import fluctuations
from glasscore.files.provenance import canonical_json

WINDOWS = np.array([0.1, 0.5, 1.0, 9.0])
PAIR = ("waiting_time", "window")
VALUES = np.linspace(-1, 1, 9)


def point(N=64, T=0.5, start=None, replicas=False, **landscape):
    """A result with distinct numbers; chi_4 is largest at the window 0.5."""
    waiting_times = 10.0 ** (np.arange(14) / 4)
    chi = waiting_times[:, None] * np.array([1.0, 3.0, 2.0, 1.5])
    density = chi[..., None] * np.arange(1.0, 10.0)
    names = ["four_point_susceptibility"]
    names += ["thermal_susceptibility", "disorder_susceptibility"] * replicas
    found = {name: (PAIR, (1 + place) * chi) for place, name in enumerate(names)}
    found["overlap"] = PAIR, 1 / chi
    found["overlap_density"] = (*PAIR, "overlap_value"), density
    found |= {f"{name}_error": (axes, 0.1 * y) for name, (axes, y) in found.items()}
    model = {"graph": "hypercube", "energies": "sk", "field": 0.0, **landscape}
    run = {"start": {"name": start, "T": T}} if start else {}
    return xr.Dataset(
        found,
        {"waiting_time": waiting_times, "window": WINDOWS, "overlap_value": VALUES},
        {
            "parameters": canonical_json({"landscape": model, "N": N, "T": T}),
            "dynamics_parameters": canonical_json(run),
        },
    )


def of(ending, *points):
    found = fluctuations.curves({"study": list(points)})
    return [curve for curve in found if curve.panel.endswith(ending) and curve.role == "data"]


def lines(*points):
    return [curve for curve in fluctuations.curves({"study": list(points)}) if curve.role != "data"]


def test_susceptibilities_are_those_of_the_file():
    points = [point(N) for N in (64, 32)]
    found = of(fluctuations.SUSCEPTIBILITY, *points)
    # Smaller sizes are shown at the last waiting time alone.
    assert [(curve.colour, curve.marker) for curve in found] == [(1.0, 64), (10.0, 32), (10.0, 64)]
    for curve in found:
        waited = curve.x[0] / WINDOWS[0]
        assert abs(np.log10(waited / curve.colour)) < 0.1251
        np.testing.assert_allclose(curve.x, WINDOWS * waited, rtol=1e-12)
        np.testing.assert_allclose(curve.y, waited * curve.marker * np.array([1, 3, 2, 1.5]))
        np.testing.assert_allclose(curve.error, 0.1 * curve.y)


def test_the_law_is_that_of_the_largest_susceptibility():
    (found,) = of(fluctuations.DENSITY, point())
    assert found.colour == 10.0
    assert found.x.tolist() == VALUES.tolist()
    np.testing.assert_allclose(found.y / found.y[0], np.arange(1.0, 10.0))
    # It is three times the waiting time of the smallest window, in attempts.
    waited = found.y[0] / 3.0
    assert f"after $t={0.5 * waited / 64:.3g}$ sweeps" in found.note


def test_parts_are_shown_where_there_are_several_trajectories():
    assert of(fluctuations.PARTS, point()) == []
    thermal, disorder = of(fluctuations.PARTS, point(32, replicas=True), point(replicas=True))
    assert [curve.label for curve in (thermal, disorder)] == ["thermal", "of the disorder"]
    whole = [one for one in of(fluctuations.SUSCEPTIBILITY, point()) if one.colour == 10.0]
    np.testing.assert_allclose(thermal.y, 2 * whole[0].y)
    np.testing.assert_allclose(disorder.y, 3 * whole[0].y)


def test_the_limit_of_equilibrium_is_drawn_where_it_holds():
    (limit,) = lines(point(T=1.5, start="planted"))
    np.testing.assert_allclose(limit.y, 1.8)
    assert limit.label == fluctuations.LIMIT
    for other in (
        point(T=1.5),
        point(T=0.9, start="equilibrium"),
        point(T=1.5, start="planted", field=0.3),
        point(T=1.5, start="planted", energies="pspin", p=3),
    ):
        assert lines(other) == []


@pytest.mark.parametrize("replicas", [False, True])
def test_each_quantity_has_its_panels_at_the_coldest_and_hottest_temperature(replicas):
    points = [point(T=T, replicas=replicas) for T in (0.8, 0.6, 0.5)]
    found = fluctuations.curves({"study": points})
    panels = list(dict.fromkeys(curve.panel for curve in found))
    endings = [fluctuations.SUSCEPTIBILITY, fluctuations.DENSITY]
    endings += [fluctuations.PARTS] * replicas
    assert panels == [f"study, $T={T}${ending}" for ending in endings for T in (0.5, 0.8)]
