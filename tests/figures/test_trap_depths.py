"""The right traps are drawn against depth, and the legend gives the right slope."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import trap_depths
from glasscore.files.provenance import canonical_json

DEPTH = np.arange(0.5, 6.5)
SLOPES = {"basin": 0.7, "metabasin": 0.2}


def point(N, T=0.5, traps=("basin", "metabasin"), last=6, energies="gaussian", threshold="typical"):
    """A result whose ln tau grows with depth by the slopes above, in units of 1 / T."""
    model = {"graph": "hypercube", "energies": energies}
    variables = {}
    for trap in traps:
        mean = np.where(2 * T * np.log(N) < DEPTH, 1 + SLOPES[trap] * DEPTH / T, 9.0)
        mean[last:] = np.nan
        variables[f"{trap}_log_duration"] = ("depth", mean)
        variables[f"{trap}_log_duration_error"] = ("depth", 0.01 * mean)
    attributes = {
        "parameters": canonical_json({"landscape": model, "N": N, "T": T}),
        "dynamics_parameters": canonical_json({"threshold": threshold}),
        "threshold_energy": -1.0 if threshold == "typical" else threshold,
    }
    return xr.Dataset(variables, {"depth": DEPTH}, attributes)


def data(*points):
    found = trap_depths.curves({"study": list(points)})
    return [each for each in found if each.role == "data" and each.x.size]


def test_a_panel_for_each_kind_of_trap():
    both = {each.panel for each in data(point(8), point(16, traps=["metabasin"]))}
    assert both == {
        f"study\n$T=0.5$, {trap}: {trap}, typical threshold" for trap in ("basins", "metabasins")
    }
    for trap in SLOPES:
        (panel,) = {each.panel for each in data(point(8, traps=[trap]))}
        assert panel == f"study\n$T=0.5$, {trap}s: {trap}s, typical threshold"


def test_a_panel_for_each_temperature_and_a_colour_for_each_size():
    found = data(point(8), point(10, traps=["metabasin"]), point(8, T=0.6))
    assert len({each.panel for each in found}) == 4
    assert all(each.colour == each.marker for each in found)
    assert {each.label for each in found} == {"$N=8$", "$N=10$"}


def notes(*points):
    return [each.note for each in trap_depths.curves({"study": list(points)}) if each.note]


def test_depths_are_in_units_of_the_temperature():
    basins, *_ = data(point(8))
    assert basins.x == pytest.approx(np.arange(2.5, 6.5) / 0.5, rel=1e-14)


def test_the_caption_has_the_slopes():
    basins, metabasins = notes(point(8))
    # There are four points at distance one, with errors of 1 % of 1 + 1.4 D.
    x = np.arange(2.5, 6.5)
    weight = (0.01 * (1 + 1.4 * x)) ** -2
    centre = np.average(x, weights=weight)
    error = 0.5 / np.sqrt(np.sum(weight * (x - centre) ** 2))
    assert basins == (
        rf"The fitted slope is $0.700 \pm {error:.3f}$ at $N=8$ ($\chi^2=0.0$ for 2 degrees of "
        "freedom). Arrhenius' law fails, because the slope is not 1 by more than three standard "
        "errors, at $N=8$."
    )
    assert metabasins.startswith("The fitted slope is $0.2")


def test_lines_have_the_slope_of_arrhenius_and_the_height_of_the_points():
    (line, _) = (
        each for each in trap_depths.curves({"study": [point(8)]}) if each.role == "theory"
    )
    # The depth is subtracted from ln tau, so that a line of slope 1 is flat.
    points = data(point(8))[0]
    y = 1 + 0.7 * points.x
    assert points.y == pytest.approx(y - np.log(8) - points.x, rel=1e-12)
    # Heights are in sweeps, errors are 1 % of the logarithms in attempts.
    height = np.average(y - np.log(8) - points.x, weights=y**-2)
    assert line.y == pytest.approx(np.full(2, height), rel=1e-12)


def test_spin_glasses_have_no_line():
    found = trap_depths.curves({"study": [point(8, energies="sk", threshold=-0.25)]})
    assert not any(each.role == "theory" for each in found)
    assert not any("slope" in each.note for each in found)


def test_energies_are_shown_where_the_threshold_is_a_number_of_the_user():
    """The least depth is 2.5, below the threshold -0.25; the energy is -2.75 for 8 spins."""
    basins, *_ = data(point(8, threshold=-0.25))
    assert basins.x == pytest.approx(np.arange(2.75, 6.5) / 8, rel=1e-14)
    depth = np.arange(2.5, 6.5)
    assert basins.y == pytest.approx(1 + 0.7 * depth / 0.5 - np.log(8), rel=1e-12)
    said = notes(point(8, threshold=-0.25))
    assert not any("slope" in note for note in said)
    assert said[0] == r"Traps are basins below the chosen threshold $E_{\rm th}=-0.25\,J$ at $N=8$."


def test_energies_without_traps_are_not_shown():
    """Energies at which traps last for less than a sweep of N attempts are left out."""
    basins = data(point(8, threshold=-0.25, traps=["metabasin"]))[0]
    assert basins.y.min() > 0
    fewer = data(point(64, T=0.25, threshold=-0.25, traps=["metabasin"]))[0]
    deep = np.greater(DEPTH, 0.5 * np.log(64))
    depth = DEPTH[deep & np.greater(1 + 0.8 * DEPTH, np.log(64))]
    assert 0 < depth.size < np.count_nonzero(deep)
    assert fewer.x == pytest.approx((depth + 0.25) / 64, rel=1e-12)


@pytest.mark.parametrize(("last", "told"), [(6, True), (5, False)])
def test_few_points_have_no_slope(last, told):
    """The depths are 0.5, 1.5, ..., and those above ln 8 = 2.08 count: of six points, four do."""
    one = point(8, traps=["basin"], last=last)
    assert ("fitted slope" in notes(one)[0], "Fewer than four" in notes(one)[0]) == (
        told,
        not told,
    )
    found = trap_depths.curves({"study": [one]})
    assert any(each.role == "theory" for each in found) == told
    assert any(each.x.size for each in found) == told


def test_panels_without_points_are_told_below_another():
    found = trap_depths.curves({"study": [point(8, T=0.5), point(8, T=0.6, last=5)]})
    assert {each.panel.partition(",")[0] for each in found} == {"study\n$T=0.5$"}
    said = " ".join(each.note for each in found)
    assert "No size has enough depths for a panel: study, $T=0.6$, basins; study" in said
