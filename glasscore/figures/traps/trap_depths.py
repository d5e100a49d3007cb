r"""Trapping times against the energy of the trap in units of T, beside Arrhenius' law.

Points are means of $\ln\tau$, where $\tau$ is the trapping time in sweeps of $N$ attempts, over the
traps of one depth in all independent disorder samples. The depth is the threshold energy
$E_{\rm th}$ minus the lowest energy $E$ in the trap. It lies in bins whose width is the larger of
$T$ and $JN/128$, for $N$ spins. The temperature $T$ is given in units of $J$. The traps are
metabasins, in which returns to a trap are merged, and basins, which are stretches of time below
$E_{\rm th}$. Colours and markers both stand for $N$.

The first four traps of each depth count in each sample, so that samples that move much do not
outweigh the others. A trap that is still occupied at the end counts as lasting longer than it has
so far (the estimate of Kaplan and Meier for durations that are not all over). Some depths are left
out: those at which fewer than 20 samples have left a trap, those at which the run is too short for
the mean, and means with an error above 1. Traps with $e^{(E_{\rm th}-E)/T}<N^2$ are left out, too:
a walk takes about $N^2$ attempts to look around, and such traps last the longer the earlier they
are met, so that their means depend on the length of the run. An excursion that is under way at the
end of the run counts as the end of its trap.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    has_typical_threshold,
    in_few_digits,
    temperature_and_size,
    theory_of_point,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    is_independent_gaussian,
    is_random_energy_model,
)
from glasscore.figures.drawing.symbols import SmallSymbols

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "metabasins")
ONLY = {"graph": ["hypercube"]}
TRAPS = "basin", "metabasin"
ARRHENIUS = "Arrhenius' law"
TYPICAL, CHOSEN = ", typical threshold", ", chosen threshold"
EXPLAINED = {
    ARRHENIUS: "Depths are in units of $T$, and the depth is subtracted from "
    r"$\langle\ln\tau\rangle$: Arrhenius' law, $\tau\propto e^{(E_{\rm th}-E)/T}$, which holds for "
    "traps of independent energies that are left over one energy level, is then flat. Lines are "
    "this law in the colour of their size. Their height is fitted to the points, so that only "
    r"whether points are flat is a test. Slopes of $\langle\ln\tau\rangle$ are found by weighted "
    "least squares, where there are three points or more; Arrhenius' law has the slope 1.",
    ": metabasins, typical": "A deep metabasin also contains the time of returns from more traps, "
    "which can make slopes larger than 1.",
    ": basins, typical": "A basin is left at the threshold by definition. The deeper a wide basin "
    "is, the more ways lead over the threshold, and the lowest configuration met in it need not be "
    "its lowest one; both make slopes smaller than 1.",
    CHOSEN: "Where the threshold is a number that was chosen, and none of the model, the axis is "
    "the energy per spin $-E/N$ itself, and energies at which traps last for less than one sweep "
    "on average are left out, because there are no traps. No law is drawn, because none is known "
    "there: Arrhenius' law with any fixed threshold would be a straight line of slope $NJ/T$.",
}
LARGEST_ERROR = 1.0
# Slopes that differ from 1 by more standard errors are called inconsistent with it.
MOST_ERRORS = 3.0
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
    for study, points in _by_temperature(results):
        recorded = [trap for trap in TRAPS if any(_name(trap) in point for point in points)]
        for trap in recorded:
            title = f"{study}, {trap}s"
            some = [point for point in points if _name(trap) in point]
            found += _panel(f"{title}: {trap}s", trap, some)
    return found


def _by_temperature(
    results: dict[str, list[xr.Dataset]],
) -> Iterator[tuple[str, list[xr.Dataset]]]:
    """Results of one study and temperature, with a title that says both."""
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            some = [point for point in points if temperature_and_size(point)[0] == T]
            yield f"{study}\n$T={texts[T]}$", some


def _name(trap: str) -> str:
    return f"{trap}_log_duration"


def _panel(panel: str, trap: str, points: list[xr.Dataset]) -> list[Curve]:
    warm = [point for point in points if temperature_and_size(point)[0] > 0]
    panel += TYPICAL if all(map(has_typical_threshold, warm)) else CHOSEN
    found, slopes, rejected, unknown = [], [], [], []
    for point in warm:
        data = _of_point(panel, trap, point)
        found.append(data)
        if not _obeys_arrhenius(point):
            continue
        fit = _fit(data)
        if fit is None:
            unknown.append(data.label)
            continue
        line = np.array([data.x.min(), data.x.max()])
        level = theory_of_point(panel, point, line, np.full(2, fit.height), ARRHENIUS)
        found.append(level._replace(colour=level.marker))
        slopes.append(f"${with_error(fit.slope, fit.error)}$ at {data.label}")
        if abs(fit.slope - 1.0) > MOST_ERRORS * fit.error:
            rejected.append(data.label)
    notes = [_threshold(trap, warm)] if panel.endswith(CHOSEN) else []
    notes += [f"The fitted slope is {'; '.join(slopes)}."] if slopes else []
    if rejected:
        notes.append(
            "Inconsistent with the slope 1, by more than three standard errors: "
            f"{'; '.join(rejected)}."
        )
    if unknown:
        notes.append(f"Fewer than three points are left for a slope at {'; '.join(unknown)}.")
    nothing = np.empty(0)
    return [*found, Curve(panel, "data", "", nothing, nothing, note=" ".join(notes))]


def _threshold(trap: str, points: list[xr.Dataset]) -> str:
    """The kind of trap and the thresholds that were chosen."""
    chosen: dict[float, list[str]] = {}
    for point in points:
        size = f"$N={temperature_and_size(point)[1]:g}$"
        chosen.setdefault(float(point.attrs["threshold_energy"]), []).append(size)
    said = [
        f"$E_{{\\rm th}}={energy:.4g}\\,J$ at {listed_in_words(sizes, 'and')}"
        for energy, sizes in chosen.items()
    ]
    return f"Traps are {trap}s below the chosen threshold {'; '.join(said)}." if said else ""


def _obeys_arrhenius(point: xr.Dataset) -> bool:
    """Whether traps of independent energies lie below the threshold of their model."""
    independent = is_random_energy_model(point) or is_independent_gaussian(point)
    return independent and has_typical_threshold(point)


def _of_point(panel: str, trap: str, point: xr.Dataset) -> Curve:
    """Means of ln tau, with tau in sweeps, minus depth / T by depth; or by the energy per spin."""
    T, N = temperature_and_size(point)
    mean, error = point[_name(trap)].values - np.log(N), point[f"{_name(trap)}_error"].values
    known = (error < LARGEST_ERROR) & (point.depth.values > _least_depth(point))
    if panel.endswith(CHOSEN):
        known &= mean > 0.0
        x = (point.depth.values[known] - float(point.attrs["threshold_energy"])) / N
        y = mean[known]
    else:
        x = point.depth.values[known] / T
        y = mean[known] - x
    data = data_of_point(panel, point, x, y, error[known])
    return data._replace(
        label=data.marker_label, colour=data.marker, colour_label="", marker_label=""
    )


def _fit(data: Curve) -> _Fit | None:
    """The least-squares slope of ln tau against depth / T, unless there are too few points."""
    error = np.zeros(data.x.size) if data.error is None else data.error
    known = error > 0
    if np.count_nonzero(known) < FEWEST:
        return None
    x, y, error = data.x[known], data.y[known], error[known]
    (slope, _), ((variance, _), _) = np.polyfit(x, y, 1, w=1 / error, cov="unscaled")
    height = np.average(y, weights=error**-2.0)
    return _Fit(1.0 + float(slope), float(np.sqrt(variance)), float(height))


def _least_depth(point: xr.Dataset) -> float:
    """The least depth from which trapping times do not depend on when the trap is met."""
    T, N = temperature_and_size(point)
    return 2.0 * T * float(np.log(N))


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, temperature and kind of trap."""
    figure, axes = draw_panels(curves, columns=3, looks=SmallSymbols)
    for name, one in axes.items():
        if name.endswith(CHOSEN):
            one.set(xlabel="energy per spin $-E/(NJ)$")
            one.set_ylabel(r"$\langle \ln\tau \rangle$ ($\tau$ in sweeps)")
        else:
            one.set(xlabel=r"depth $(E_{\rm th} - E)/T$")
            one.set_ylabel(r"$\langle \ln\tau \rangle-(E_{\rm th}-E)/T$")
    return figure
