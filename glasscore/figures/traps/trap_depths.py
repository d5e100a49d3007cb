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
from glasscore.figures.drawing.remarks import remark
from glasscore.figures.drawing.solved_models import (
    is_independent_gaussian,
    is_random_energy_model,
)
from glasscore.figures.drawing.symbols import SmallSymbols

if TYPE_CHECKING:
    from matplotlib.axes import Axes
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
    r"least squares; Arrhenius' law has the slope 1. $\chi^2$ is the sum of squared distances from "
    "the fitted line in units of standard errors, and is to be compared with the number of degrees "
    "of freedom, which is that of the points less two. Sizes with fewer than four depths do not "
    "test the law and are left out. Both panels of one temperature have the same axes.",
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
# Fewer points hardly test whether they lie on a line.
FEWEST = 4


class _Fit(NamedTuple):
    """Least-squares slope against depth / T, its error, and the height of a line of slope 1.

    ``chi_squared`` is that of the line of this slope, with ``free`` degrees of freedom.
    """

    slope: float
    error: float
    height: float
    chi_squared: float
    free: int


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for each study and kind of trap: mean ln tau by depth, and guides."""
    panels = []
    for study, points in _by_temperature(results):
        recorded = [trap for trap in TRAPS if any(_name(trap) in point for point in points)]
        for trap in recorded:
            title = f"{study}, {trap}s"
            some = [point for point in points if _name(trap) in point]
            panels.append(_panel(f"{title}: {trap}s", trap, some))
    return without_empty_panels(panels)


def without_empty_panels(panels: list[list[Curve]]) -> list[Curve]:
    """The curves of all panels; those without points are told below the first that has some."""
    filled = [panel for panel in panels if any(curve.x.size for curve in panel)]
    if not filled or len(filled) == len(panels):
        return [curve for panel in panels for curve in panel]
    empty = [panel for panel in panels if not any(curve.x.size for curve in panel)]
    titles = [panel[0].panel.partition(":")[0].replace("\n", ", ") for panel in empty if panel]
    said = remark(
        filled[0][0].panel, f"No size has enough depths for a panel: {'; '.join(titles)}."
    )
    return [*filled[0], said, *(curve for panel in filled[1:] for curve in panel)]


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
        if not _obeys_arrhenius(point):
            found.append(data)
            continue
        fit = _fit(data)
        if fit is None:
            unknown.append(data.label)
            continue
        line = np.array([data.x.min(), data.x.max()])
        level = theory_of_point(panel, point, line, np.full(2, fit.height), ARRHENIUS)
        found += [data, level._replace(colour=level.marker)]
        slopes.append(_in_words(fit, data.label))
        if abs(fit.slope - 1.0) > MOST_ERRORS * fit.error:
            rejected.append(data.label)
    notes = [_threshold(trap, warm)] if panel.endswith(CHOSEN) else []
    notes += [f"The fitted slope is {'; '.join(slopes)}."] if slopes else []
    if rejected:
        notes.append(
            "Arrhenius' law fails, because the slope is not 1 by more than three standard errors, "
            f"at {listed_in_words(rejected, 'and')}."
        )
    elif slopes:
        notes.append("All slopes agree with Arrhenius' law within three standard errors.")
    if unknown:
        notes.append(
            f"Fewer than four depths are left, and are not drawn, at "
            f"{listed_in_words(unknown, 'and')}."
        )
    nothing = np.empty(0)
    return [*found, Curve(panel, "data", "", nothing, nothing, note=" ".join(notes))]


def _in_words(fit: _Fit, label: str) -> str:
    """A slope with the quality of its fit."""
    quality = rf"$\chi^2={fit.chi_squared:.1f}$ for {fit.free} degrees of freedom"
    return f"${with_error(fit.slope, fit.error)}$ at {label} ({quality})"


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
    (slope, start), ((variance, _), _) = np.polyfit(x, y, 1, w=1 / error, cov="unscaled")
    height = np.average(y, weights=error**-2.0)
    chi_squared = float(np.sum(((y - start - slope * x) / error) ** 2))
    return _Fit(
        1.0 + float(slope), float(np.sqrt(variance)), float(height), chi_squared, x.size - 2
    )


def _least_depth(point: xr.Dataset) -> float:
    """The least depth from which trapping times do not depend on when the trap is met."""
    T, N = temperature_and_size(point)
    return 2.0 * T * float(np.log(N))


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, temperature and kind of trap."""
    figure, axes = draw_panels(curves, columns=3, looks=SmallSymbols)
    lawful: dict[str, list[Axes]] = {}
    for name in dict.fromkeys(curve.panel for curve in curves if curve.label == ARRHENIUS):
        temperature = name.partition(":")[0].rpartition(", ")[0]
        lawful.setdefault(temperature, []).append(axes[name])
    for alike in lawful.values():
        x, y = (np.array([getattr(one, f"get_{which}lim")() for one in alike]) for which in "xy")
        for one in alike:
            # They are made to be compared.
            one.set(xlim=(x.min(), x.max()), ylim=(y.min(), y.max()))
    for name, one in axes.items():
        if name.endswith(CHOSEN):
            one.set(xlabel="energy per spin $-E/(NJ)$")
            one.set_ylabel(r"$\langle \ln\tau \rangle$ ($\tau$ in sweeps)")
        else:
            one.set(xlabel=r"depth $(E_{\rm th} - E)/T$")
            one.set_ylabel(r"$\langle \ln\tau \rangle-(E_{\rm th}-E)/T$")
    return figure
