"""Which traps are drawn by depth, and the slope that the legend tells."""

import numpy as np
import pytest
import xarray as xr

from glasscore.figures import trap_depths
from glasscore.provenance import canonical_json

DEPTH = np.arange(0.5, 5.5)
SLOPES = {"basin": 0.7, "metabasin": 0.2}


def point(N, T=0.5, traps=("basin", "metabasin"), last=5):
    """Trapping times of the slopes above, in units of 1 / T, from the depth 2 T on."""
    model = {"graph": "hypercube", "energies": "pspin", "p": 3}
    variables = {}
    for trap in traps:
        mean = np.where(DEPTH > 2 * T, 1 + SLOPES[trap] * DEPTH / T, 9.0)
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
    assert basins.label == "$N=8$, $T=0.5$: $0.70/T$"
    assert metabasins.label == "$N=8$, $T=0.5$"


@pytest.mark.parametrize(("last", "told"), [(4, True), (3, False)])
def test_few_points_have_no_slope(last, told):
    """Of depths 0.5, 1.5, .. those above 1 count: three from four points on."""
    (basins,) = data(point(8, traps=["basin"], last=last))
    assert ("/T" in basins.label) == told
