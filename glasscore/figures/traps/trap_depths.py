r"""Trapping times against the depth of the trap in units of T, beside Arrhenius' law.

Points are means of $\ln\tau$, where $\tau$ is the trapping time in attempts, over the traps of one
depth in all independent disorder samples. The depth is the threshold energy $E_{\rm th}$ minus the
lowest energy $E$ in the trap; it is divided by the temperature $T$ and lies in bins whose width is
the larger of $T$ and $N/128$, for $N$ spins, before it is divided. The traps are metabasins, in
which returns to a trap are merged, and basins, which are stretches of time below $E_{\rm th}$.
By Arrhenius' law the slope is 1. Slopes of independent energies are found by weighted least
squares, where there are three points or more.

The first four traps of each depth count in each sample. A trap that is still occupied at the end
counts as lasting longer than it has so far (the estimate of Kaplan and Meier for durations that are
not all over). Some depths are left out: those at which fewer than 20 samples have left a trap,
those at which the run is too short for the mean, and means with an error above 1. Shallow traps,
for which the exponential of the depth over $T$ is less than $N^2$, are left out, too. A walk takes
about $N^2$ attempts to look around, and such traps last the longer the earlier they are met, so
that their means depend on the length of the run. An excursion that is under way at the end of the
run counts as the end of its trap. Slopes of runs of different lengths should be compared over the
same depths.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    is_independent_gaussian,
    is_random_energy_model,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "metabasins")
ONLY = {"graph": ["hypercube"]}
TRAPS = "basin", "metabasin"
ARRHENIUS = "slope 1"
EXPLAINED = {
    ARRHENIUS: r"Lines have the slope 1 of Arrhenius' law, $\tau\propto e^{(E_{\rm th}-E)/T}$, as "
    "traps of independent energies that are left over one energy level. Their height is fitted to "
    "the points, so that only the slope is a comparison.",
    ": metabasins": "A deep metabasin also contains the time of returns from more traps, which can "
    "make slopes larger than 1.",
    ": basins": "A basin is left at the threshold by definition. The deeper a wide basin is, the "
    "more ways lead over the threshold, and the lowest configuration met in it need not be its "
    "lowest one; both make slopes smaller than 1.",
}
INSIDE_VALLEYS = (
    "Where energies of neighbours are correlated, successive traps may lie a spin flip or two "
    "apart, inside valleys that the run hardly leaves. Their trapping times then tell of the "
    "barriers within a valley, and not of the depth of the trap, so that no line is drawn."
)
LARGEST_ERROR = 1.0
# A line through fewer points meets all of them, whatever they are.
FEWEST = 3


class _Fit(NamedTuple):
    """Least-squares slope against depth / T, its error, and the height of a line of slope 1."""

    slope: float
    error: float
    height: float


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for each study and kind of trap: mean ln tau by depth, and guides."""
    found = []
    for study, points in results_by_panel(results).items():
        recorded = [trap for trap in TRAPS if any(_name(trap) in point for point in points)]
        for trap in recorded:
            title = f"{study}, {trap}s" if len(recorded) > 1 else study
            some = [point for point in points if _name(trap) in point]
            found += _panel(f"{title}: {trap}s", trap, some)
    return found


def _name(trap: str) -> str:
    return f"{trap}_log_duration"


def _panel(panel: str, trap: str, points: list[xr.Dataset]) -> list[Curve]:
    found, fits, correlated = [], [], False
    for point in points:
        if temperature_and_size(point)[0] == 0:
            continue
        data = _of_point(panel, trap, point)
        found.append(data)
        if not (is_random_energy_model(point) or is_independent_gaussian(point)):
            correlated = True
            continue
        fit = _fit(data)
        if fit is not None:
            line = np.array([data.x.min(), data.x.max()])
            found.append(theory_of_point(panel, point, line, fit.height + line, ARRHENIUS))
            fits.append(f"${with_error(fit.slope, fit.error)}$ at {data.label}")
    notes = [f"The fitted slope is {'; '.join(fits)}."] if fits else []
    if correlated:
        notes.append(INSIDE_VALLEYS)
    nothing = np.empty(0)
    return [*found, Curve(panel, "data", "", nothing, nothing, note=" ".join(notes))]


def _of_point(panel: str, trap: str, point: xr.Dataset) -> Curve:
    mean, error = point[_name(trap)].values, point[f"{_name(trap)}_error"].values
    known = (error < LARGEST_ERROR) & (point.depth.values > _least_depth(point))
    depth = point.depth.values[known] / temperature_and_size(point)[0]
    return data_of_point(panel, point, depth, mean[known], error[known])


def _fit(data: Curve) -> _Fit | None:
    """The least-squares slope of points with errors, unless there are too few."""
    error = np.zeros(data.x.size) if data.error is None else data.error
    known = error > 0
    if np.count_nonzero(known) < FEWEST:
        return None
    x, y, error = data.x[known], data.y[known], error[known]
    (slope, _), ((variance, _), _) = np.polyfit(x, y, 1, w=1 / error, cov="unscaled")
    height = np.average(y - x, weights=error**-2.0)
    return _Fit(float(slope), float(np.sqrt(variance)), float(height))


def _least_depth(point: xr.Dataset) -> float:
    """The least depth from which trapping times do not depend on when the trap is met."""
    T, N = temperature_and_size(point)
    return 2.0 * T * float(np.log(N))


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xlabel=r"depth $(E_{\rm th} - E)/T$",
            ylabel=r"$\langle \ln\tau \rangle$ ($\tau$ in attempts)",
        )
    return figure
