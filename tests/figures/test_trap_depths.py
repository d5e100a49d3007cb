"""The right traps are drawn against depth, and the legend gives the right slope."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures.traps import trap_depths
from glasscore.files.provenance import canonical_json

DEPTH = np.arange(0.5, 6.5)
SLOPES = {"basin": 0.7, "metabasin": 0.2}


def point(N, T=0.5, traps=("basin", "metabasin"), last=6):
    """A result whose ln tau grows with depth by the slopes above, in units of 1 / T."""
    model = {"graph": "hypercube", "energies": "pspin", "p": 3}
    variables = {}
    for trap in traps:
        mean = np.where(2 * T * np.log(N) < DEPTH, 1 + SLOPES[trap] * DEPTH / T, 9.0)
        mean[last:] = np.nan
        variables[f"{trap}_log_duration"] = ("depth", mean)
        variables[f"{trap}_log_duration_error"] = ("depth", 0.01 * mean)
    attributes = {"parameters": canonical_json({"landscape": model, "N": N, "T": T})}
    return xr.Dataset(variables, {"depth": DEPTH}, attributes)


def data(*points):
    found = trap_depths.curves({"study": list(points)})
    return [each for each in found if each.role == "data"]


def test_a_panel_for_each_kind_of_trap():
    both = {each.panel for each in data(point(8), point(16, traps=["metabasin"]))}
    assert both == {"study, basins", "study, metabasins"}
    for trap in SLOPES:
        assert {each.panel for each in data(point(8, traps=[trap]))} == {"study"}


def test_the_legend_has_the_slope_of_basins():
    basins, metabasins = data(point(8))
    # There are four points at distance one, with errors of 1 % of 1 + 1.4 D.
    x = np.arange(2.5, 6.5)
    weight = (0.01 * (1 + 1.4 * x)) ** -2
    centre = np.average(x, weights=weight)
    error = 0.5 / np.sqrt(np.sum(weight * (x - centre) ** 2))
    assert basins.label == rf"$N=8$, $T=0.5$: $(0.70\pm{error:.2f})/T$"
    assert metabasins.label == "$N=8$, $T=0.5$"


@pytest.mark.parametrize(("last", "told"), [(5, True), (4, False)])
def test_few_points_have_no_slope(last, told):
    """The depths are 0.5, 1.5, ..., and those above ln 8 = 2.08 count: of five points, three do."""
    (basins,) = data(point(8, traps=["basin"], last=last))
    assert ("/T" in basins.label) == told
