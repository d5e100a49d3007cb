r"""Whether aging mean-field dynamics has one time scale or many: correlations of three times.

$C_{ij}$ is the correlation of the configurations at the times $t_i$ and $t_j$ after a quench, for
$t_1>t_2>t_3$. At a given $C_{13}$, curves show $C_{12}$ against $C_{23}$ while $t_2$ moves from
$t_3$ (right) to $t_1$ (left). The last time of the run is $t_1$, and the coldest and the hottest
run that age are shown of each study. At most three round values of $C_{13}$ are chosen, evenly
between the lowest and the highest correlation of $t_1$ and a time $t$ with $t_1-t \geq t/10$.
Solutions of the mean-field equations for infinitely many spins have no statistical errors.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.dmft.interpolation import read_between
from glasscore.estimates.subaging import effective_time
from glasscore.estimates.triangles import place_of
from glasscore.figures.dmft.dmft_correlation import is_aging, time_text
from glasscore.figures.dmft.dmft_energy import (
    aging_law,
    model_notes,
    quench_text,
    temperatures_of,
)
from glasscore.figures.dmft.dmft_subaging import exponent_of
from glasscore.figures.drawing import three_times
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.three_times import label_of, levels, lines, on_fit, plateau_lines

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

ONLY = {"single_site": [None]}
POINTS = 60
# Windows of the latest correlation: from well inside the plateau to a long decay.
WINDOWS = np.geomspace(1e-6, 1e3, 181)
SHORT = "The run is too short for correlations of three times."
EXPLAINED = three_times.EXPLAINED


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for each run that ages."""
    found = panels(results)
    return [*found, *model_notes(results, found, "z")] if found else []


def panels(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """The panels of all runs that age, without notes on the models."""
    found: list[Curve] = []
    for study, points in results.items():
        aging = sorted((one for one in points if is_aging(one)), key=temperatures_of)
        # The coldest and the hottest.
        for point in aging[:1] + aging[1:][-1:]:
            found += _of_run(f"{study}, {quench_text(point, points)}", point)
    return found


def _of_run(panel: str, point: xr.Dataset) -> list[Curve]:
    t_max = float(point.time[-1])
    window, values = correlation_until(point, t_max)
    fit = exponent_of(point)
    mu = 1.0 if np.isnan(fit.exponent) else fit.exponent
    first = t_max / (1 + window)
    effective = effective_time(first, t_max - first, mu)
    found: list[Curve] = []
    for level in levels(values[window >= 0.1], highest=float(values.max(initial=0.0))):
        found += _triangles(panel, point, t_max, level)
        found += lines(panel, level, effective, values)
    if found:
        law = aging_law(point)
        plateau = np.nan if law is None else 1.0 if temperatures_of(point)[0] == 0 else law.plateau
        said = f"The last time is $t_1={time_text(t_max)}$. {on_fit(fit)}" + (
            "" if np.isnan(plateau) else f" The plateau is $q_{{\\rm EA}}={plateau:.3g}$."
        )
        found[0] = found[0]._replace(note=said)
        found += plateau_lines(panel, plateau)
    empty = np.empty(0)
    return found or [Curve(panel, SOLUTION, "", empty, empty, note=SHORT)]


def correlation_until(point: xr.Dataset, end: float) -> tuple[Array, Array]:
    """C(end, end / (1 + omega)) at all windows that begin at time 1 or later."""
    window = WINDOWS[end / (1 + WINDOWS) >= 1.0]
    return window, read_between(point, "correlation", end, end / (1 + window))


def _triangles(panel: str, point: xr.Dataset, end: float, level: float) -> list[Curve]:
    """Triangles that end at one time."""
    whole = place_of(level, *correlation_until(point, end))
    if np.isnan(whole):
        return []
    first = end / (1 + whole)
    # The middle time is spread evenly in ln(t_2 - t_3) and ln(t_1 - t_2).
    share = 1 / (1 + np.exp(np.linspace(-14.0, 14.0, POINTS)))
    middle = first + (end - first) * share
    later = read_between(point, "correlation", end, middle)
    earlier = read_between(point, "correlation", middle, first)
    label = label_of(level)
    return [Curve(panel, SOLUTION, label, earlier, later, None, level, 0.0, label)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each run."""
    return three_times.draw(curves)
