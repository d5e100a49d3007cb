r"""Whether aging has one time scale or many: correlations of three times.

$C_{ij}$ is the correlation between the times $t_i$ and $t_j$ since the start, for $t_1>t_2>t_3$:
the overlap of spins, or the probability of the same configuration if their energies are
independent, or that of no jump among states that are no spins. At a given $C_{13}$, points show
$C_{12}$ against $C_{23}$ while $t_2$ moves from $t_3$ (right) to $t_1$ (left); values between
measured windows are interpolated. Of each study the coldest temperature and the largest size are
shown, at the last two waiting times $t_3$, a decade apart, after which all windows end within the
run, and with those recorded waiting times as $t_2$ that lie between $t_3$ and $t_1$. At most three
round values of $C_{13}$ are chosen, evenly between the lowest and the highest correlation after the
later $t_3$. Points are averages over independent samples of the disorder, which points share. Times
are in sweeps of $N$ attempted moves for $N$ spins, in attempted moves for other states.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.estimates.subaging import effective_time
from glasscore.estimates.triangles import between, place_of
from glasscore.figures.dmft import dmft_triangles
from glasscore.figures.dmft.dmft_energy import tex
from glasscore.figures.drawing import three_times
from glasscore.figures.drawing.caption import OWN_BARS
from glasscore.figures.drawing.curves import Curve, in_few_digits, temperature_and_size
from glasscore.figures.drawing.solved_models import start_in_words
from glasscore.figures.drawing.three_times import label_of, levels, lines, on_fit
from glasscore.figures.traps.subaging import (
    correlation_of,
    exponent_of,
    size_text,
    sweep_of,
    two_time_solutions,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
BESIDE = ("dmft",)
# So many early times are shown, the last ones that leave room for a decade.
MOST_SHOWN = 2
LABELS = ("earlier $t_3$", "later $t_3$")
EXPLAINED = {
    **three_times.EXPLAINED,
    OWN_BARS: "Bars are standard errors of $C_{12}$; those of $C_{23}$ are alike.",
}


def curves(
    results: dict[str, list[xr.Dataset]], solutions: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """A panel for each study, of its coldest result with most spins, and those of solutions."""
    found: list[Curve] = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        coldest = [point for point in points if temperature_and_size(point)[0] == min(texts)]
        largest = max(coldest, key=lambda point: temperature_and_size(point)[1])
        found += _of_point(f"{study}, {size_text(largest)}, $T={texts[min(texts)]}$", largest)
    return found + dmft_triangles.curves(two_time_solutions(solutions))


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    name, sweep = correlation_of(point), sweep_of(point)
    times = _early_times(point, name)
    last = _at(point, name, times[-1])
    fit = exponent_of(point)
    mu = 1.0 if np.isnan(fit.exponent) else fit.exponent
    waited = np.full(last.sizes["window"], times[-1] / sweep)
    effective = effective_time(waited, waited * last.window.values, mu)
    found = []
    for level in levels(last[name].values):
        shown = [
            curve
            for marker, time in enumerate(times)
            for curve in _triangles(panel, point, name, level, time, marker)
        ]
        if shown:
            found += [*shown, *lines(panel, level, effective, last[name].values)]
    if found:
        named = listed_in_words([f"${tex(time / sweep, 3)}$" for time in times], "and")
        note = f"{start_in_words(point)} The times $t_3$ are {named}. {on_fit(fit)}"
        return [found[0]._replace(note=note), *found[1:]]
    note = "No correlation of three times was measured: windows are too few or too far apart."
    return [Curve(panel, "data", "", np.empty(0), np.empty(0), note=note)]


def _at(point: xr.Dataset, name: str, time: float) -> xr.Dataset:
    """What was measured after a waiting time, at the windows that end within the run."""
    one = point.sel(waiting_time=time)
    return one.isel(window=one[name].notnull().values)


def _early_times(point: xr.Dataset, name: str) -> list[float]:
    """The last waiting times, a decade apart, after which all windows end within the run."""
    fitting = point[name].notnull().sum("window").values
    times = point.waiting_time.values[fitting == fitting.max()]
    wanted = times[-1] / 10.0 ** np.arange(MOST_SHOWN)[::-1]
    return [float(times[np.argmin(np.abs(np.log(times / one)))]) for one in np.unique(wanted)]


def _triangles(
    panel: str, point: xr.Dataset, name: str, level: float, time: float, marker: int
) -> list[Curve]:
    """Triangles that begin at a waiting time, with the later waiting times as middle times."""
    first = _at(point, name, time)
    whole = place_of(level, first.window.values, first[name].values)
    if np.isnan(whole):
        return []
    end = time * (1 + whole)
    found = []
    for middle in point.waiting_time.values:
        if not time < middle < end:
            continue
        second = _at(point, name, float(middle))
        if second.sizes["window"] < 2:
            continue
        earlier = between(first.window.values, first[name].values, middle / time - 1)
        later, error = (
            between(second.window.values, second[each].values, end / middle - 1)
            for each in (name, f"{name}_error")
        )
        found.append((float(earlier), float(later), float(error)))
    known = np.array([one for one in found if np.isfinite(one).all()]).reshape(-1, 3)
    if not known.size:
        return []
    label, level_label = LABELS[marker], label_of(level)
    earlier, later, error = known.T
    return [
        Curve(panel, "data", f"{level_label}, {label}", earlier, later, error, level, marker,
              level_label, label)
    ]  # fmt: skip


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    return three_times.draw(curves)
