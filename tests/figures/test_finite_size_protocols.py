"""Protocols are drawn with the times of their changes, beside solutions of the same protocol."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.langevin import finite_size_protocols
from glasscore.files.provenance import canonical_json

MODEL = {"name": "spherical", "covariance": {"3": 0.5}}
RAMPS = [{"begin": 2.0, "end": 4.0, "T": 0.3}, {"begin": 8.0, "T": 0.5, "field": 0.1}]
TIME = np.append(0.0, np.geomspace(0.1, 20.0, 40))


def simulated(N, ramps, **of_model):
    """A result whose energy is 3 errors above -t / (1 + t), and whose magnetisation is h t / N."""
    parameters = {"model": {**MODEL, **of_model}, "start": "random", "N": N, "T": 0.5}
    if ramps:
        parameters["ramps"] = ramps
    return xr.Dataset(
        {
            "energy": ("time", 0.03 - TIME / (1 + TIME)),
            "energy_error": ("time", np.full(TIME.size, 0.01)),
            "magnetisation": ("time", 0.1 * TIME / N),
            "magnetisation_error": ("time", np.full(TIME.size, 0.01)),
        },
        {"time": TIME, "waiting_time": [0.0]},
        {"parameters": canonical_json(parameters)},
    )


def solved(ramps):
    chosen = {"model": {"covariance": {"3": 0.5}}, "T_initial": np.inf, "field": 0.0, "T": 0.5}
    values = {"energy": ("time", -TIME / (1 + TIME)), "magnetisation": ("time", 0.0 * TIME)}
    attributes = {"parameters": canonical_json({**chosen, "ramps": ramps})}
    return xr.Dataset(values, {"time": TIME}, attributes)


def panels(points, solutions=()):
    found = finite_size_protocols.curves({"study": points}, {"other": list(solutions)})
    return found, list(dict.fromkeys(curve.panel for curve in found))


def test_panels_of_energy_and_magnetisation():
    ramps = [{"begin": 8.0, "field": 0.1}]
    found, names = panels([simulated(N, ramps) for N in (10, 20)], [solved(ramps)])
    title = r"study, $T=0.5$, $h=0 \to 0.1$"
    endings = [
        "energy", "energy, difference", "field", "magnetisation", "magnetisation, difference",
    ]  # fmt: skip
    assert names == [f"{title}: {ending}" for ending in endings]
    apart = [curve for curve in found if curve.panel == f"{title}: energy, difference"]
    # Points are three errors away. The solution is interpolated between the same times.
    assert [curve.colour for curve in apart] == [10.0, 20.0]
    for curve in apart:
        np.testing.assert_allclose(curve.y, 3.0 * curve.error, atol=1e-9)
        np.testing.assert_allclose(curve.error, curve.colour * 0.01)


def test_times_count_from_the_last_change():
    found, names = panels([simulated(10, RAMPS[:1])])
    assert len(names) == 3  # temperature, energy, and no difference without a solution
    (since,) = [curve for curve in found if curve.panel.endswith("since the change")]
    all_of_them = TIME[TIME > 2.0] - 2.0
    assert set(since.x) <= set(all_of_them)
    assert since.x[-1] == all_of_them[-1]


def test_changes_are_where_the_protocol_has_them():
    found, _ = panels([simulated(10, RAMPS)])
    courses = {
        curve.panel.rpartition(": ")[2]: curve for curve in found if curve.role == "solution"
    }
    spans = finite_size_protocols._changing(courses["temperature"])
    np.testing.assert_allclose(spans, [(2.0, 4.0), (8.0, 8.0)], rtol=1e-8)
    spans = finite_size_protocols._changing(courses["field"])
    np.testing.assert_allclose(spans, [(8.0, 8.0)], rtol=1e-8)
    (note,) = [
        curve.note for curve in found if "At first" in curve.note and "energy" in curve.panel
    ]
    assert (
        "At first $T = 0.5$; this changes to $T = 0.3$ smoothly in $\\ln t$ from $t = 2$ to $4$, "
        "then to $T = 0.5$ and $h = 0.1$ at once at $t = 8$."
    ) in note


@pytest.mark.parametrize(("ramps", "shown"), [([], False), (RAMPS, True)])
def test_runs_without_changes_and_field_are_not_shown(ramps, shown):
    assert bool(panels([simulated(10, ramps)])[1]) is shown
    assert panels([simulated(10, [], field=0.2)])[1]


def test_another_protocol_is_not_the_limit():
    found, _ = panels([simulated(10, RAMPS)], [solved(RAMPS[:1])])
    assert not [curve for curve in found if "DMFT" in curve.label]
