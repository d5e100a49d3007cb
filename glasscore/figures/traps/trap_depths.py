"""Trapping times against the depth of the trap, with Arrhenius' slope 1 / T.

The traps are metabasins and, where they are recorded, basins. Metabasins of independent random
energies are left over one energy level, and their trapping times grow with the slope 1 / T or
somewhat more: a deeper metabasin also contains the time of returns from more traps. In Ising p-spin
models successive metabasins lie a spin flip or two apart, inside valleys that the run hardly
leaves; their trapping times tell of the barriers within a valley, not of its depth. A basin is left
at the threshold by definition, and its trapping time grows exponentially with its depth, but with a
slope of less than 1 / T, which becomes smaller with growing N: the deeper a wide basin is, the more
ways lead over the threshold, and the lowest configuration met in it need not be its lowest one.

Points are means of ln tau over the traps of each depth, in bins whose width is the larger of T and
N/128. The first four traps of each depth count in each sample. A trap that is still occupied at the
end counts as lasting longer than it has so far (the estimate of Kaplan and Meier for durations that
are not all over). Some depths are left out: those at which fewer than 20 samples have left a trap,
those at which the run is too short for the mean, and means with an error above 1. Shallow traps,
for which exp(depth / T) is less than N^2, are left out, too. A walk takes about N^2 attempts to
look around, and such traps last the longer the earlier they are met, so that their means depend on
the length of the run. An excursion that is under way at the end of the run counts as the end of its
trap. The legend gives the slope of basins by least squares, where there are three points or more.
Slopes of runs of different lengths should be compared over the same depths.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
)
from glasscore.figures.drawing.page import draw_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "metabasins")
ONLY = {"graph": ["hypercube"]}
TRAPS = "basin", "metabasin"
SLOPE = "slope $1/T$"
LARGEST_ERROR = 1.0
# A line through fewer points meets all of them, whatever they are.
FEWEST = 3


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for each study and kind of trap: mean ln tau by depth, and guides."""
    found = []
    for study, points in results_by_panel(results).items():
        recorded = [trap for trap in TRAPS if any(_name(trap) in point for point in points)]
        for trap in recorded:
            panel = f"{study}, {trap}s" if len(recorded) > 1 else study
            found += _panel(panel, trap, [point for point in points if _name(trap) in point])
    return found


def _name(trap: str) -> str:
    return f"{trap}_log_duration"


def _panel(panel: str, trap: str, points: list[xr.Dataset]) -> list[Curve]:
    found = []
    longest: dict[float, Curve] = {}
    for point in points:
        T, _ = temperature_and_size(point)
        data = _of_point(panel, trap, point)
        found.append(data)
        if T > 0:
            guide = _guide(panel, point, data, T)
            longest[T] = max(longest.get(T, guide), guide, key=lambda curve: len(curve.x))
    return found + list(longest.values())


def _of_point(panel: str, trap: str, point: xr.Dataset) -> Curve:
    mean, error = point[_name(trap)].values, point[f"{_name(trap)}_error"].values
    known = (error < LARGEST_ERROR) & (point.depth.values > _least_depth(point))
    depth, mean, error = point.depth.values[known], mean[known], error[known]
    data = data_of_point(panel, point, depth, mean, error)
    holds = error > 0
    if trap == "basin" and np.count_nonzero(holds) >= FEWEST:
        (slope, _), ((variance, _), _) = np.polyfit(
            depth[holds], mean[holds], 1, w=1 / error[holds], cov="unscaled"
        )
        T, _ = temperature_and_size(point)
        told = rf"({slope * T:.2f}\pm{np.sqrt(variance) * T:.2f})/T"
        data = data._replace(label=f"{data.label}: ${told}$")
    return data


def _least_depth(point: xr.Dataset) -> float:
    """The least depth from which trapping times do not depend on when the trap is met."""
    T, N = temperature_and_size(point)
    return 2.0 * T * float(np.log(N))


def _guide(panel: str, point: xr.Dataset, data: Curve, T: float) -> Curve:
    """Arrhenius' slope through the first point, up to the height of the data."""
    depth = data.x
    law = data.y[:1] + (depth - depth[:1]) / T
    seen = law <= data.y.max(initial=-np.inf) + 1.0
    return theory_of_point(panel, point, depth[seen], law[seen], SLOPE)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xlabel=r"depth $(E_{\rm th} - E)/J$",
            ylabel=r"$\langle \ln\tau \rangle$ ($\tau$ in attempts)",
        )
    return figure
