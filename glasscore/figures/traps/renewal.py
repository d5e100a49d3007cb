"""Memory along the sequence of metabasins: correlations of successive energies and trapping times.

In the trap model each trap wipes out the memory of the earlier ones. All orders of the traps that
have been left by the end of the run are then equally likely, although the run ends at a given time,
and the correlation is exactly that of the same sequence in random order, which is drawn as a line.
The last 64 metabasins of each sample count, without the one that is occupied at the end; samples
with fewer than 16 of them are left out. The samples that count may be few, and are those that move
most: the variable ``metabasin_sequences`` of a result file has their number.

In random energy models the energies of successive metabasins are correlated nearly as in random
order, but their trapping times are not. At distance 1 in the sequence the correlation of the
trapping times lies 0.13 to 0.16 below the line at any size (Gaussian energies, T_c / T = 1.5, N =
16 to 64; 0.2 at T_c / T = 2.5). At larger distances it lies a little above the line: by 0.04 at
distance 2, and not at all from distance 6 on. Three of four successive metabasins lie one or two
spin flips apart, and they make all of the anticorrelation: metabasins at larger distances tend to
have similar trapping times. The reason is that the trajectory goes to and fro between close traps,
and that a return adds all this time to the deeper of the two, so that long and short times
alternate. If the time of returns is not added, about half of the difference remains. If the time of
each stay is drawn anew, from its depth alone, a third remains; the rest is due to the surroundings
of the traps, such as a low barrier between two of them (N = 18, T = 0.6).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, data_of_point, results_by_panel, theory_of_point
from glasscore.figures.drawing.page import draw_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("metabasins",)
QUANTITIES = {"energy": "energies", "duration": r"$\ln\tau$"}
SHUFFLED = "random order"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: energies and logarithms of trapping times."""
    return [
        curve
        for study, points in results_by_panel(results).items()
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
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xlabel="distance $k$ in the sequence", ylabel="correlation $C_k$")
    return figure
