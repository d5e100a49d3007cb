"""Memory of the sequence of metabasins: correlations of successive energies and trapping times.

If every trap wipes out the memory of those before, as in the trap model, all orders of the traps
that are left by the end of the run are equally likely, although the run ends at a given time. The
correlation is then exactly that of the same sequence in random order, drawn as a line. The last 64
of each sample that has 16 or more count, without the one that is occupied at the end. These samples
may be few, and are those that move most: the variable ``metabasin_sequences`` of a result file has
their number.

In random energy models the energies of successive metabasins are nearly as in random order, but
their trapping times are not: at distance 1 in the sequence the correlation is 0.13 to 0.16 below
the line, at any size (Gaussian energies, T_c / T = 1.5, N = 16 to 64; 0.2 at T_c / T = 2.5), and
beyond it a little above, by 0.04 at distance 2 and by nothing from 6 on. Three of four successive
metabasins lie one or two spin flips apart, and all of the anticorrelation is theirs: more distant
ones tend to last alike. The walk goes to and fro between close traps, and a return merges all this
time into the deeper of the two, so that long and short ones alternate. Without the time of merged
returns about half of the difference remains. With each stay's time drawn anew, from its depth
alone, a third remains: the rest comes from what surrounds the traps, like a low barrier between two
(N = 18, T = 0.6).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, data_of_point, theory_of_point, uncrowded
from glasscore.figures.drawing.style import drawn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
