"""Memory of the sequence of metabasins: correlations of successive energies and trapping times.

Where each trap renews the trajectory, as in the trap model, the correlation is that of the same
sequence in random order, drawn as a line.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import Curve, data_of_point, theory_of_point, uncrowded
from glasscore.figures.style import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
ANY_RECORDER = ("metabasins",)
QUANTITIES = {"energy": "energies", "duration": r"$\ln\tau$"}
SHUFFLED = "random order"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels a study: energies and logarithms of trapping times."""
    return [
        curve
        for study, points in uncrowded(results).items()
        for name, label in QUANTITIES.items()
        for point in points
        for curve in _of_point(f"{study}, {label}", point, f"metabasin_{name}_correlation")
    ]


def _of_point(panel: str, point: xr.Dataset, name: str) -> list[Curve]:
    lag, error = point.lag.values, point[f"{name}_error"].values
    known = np.isfinite(error)
    null = point[f"{name}_shuffled"].values
    return [
        data_of_point(panel, point, lag[known], point[name].values[known], error[known]),
        theory_of_point(panel, point, lag[known], null[known], SHUFFLED),
    ]


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = drawn(curves)
    for one in axes.values():
        one.set(xlabel="distance $k$ in the sequence", ylabel="correlation $C_k$")
    return figure
