r"""How fast relaxation slows down with the age of mean-field p-spin models: the exponent $\mu$.

The relaxation time after a waiting time $t_w$ grows as $t_w^\mu$ if the correlation
$C(t_w+t, t_w)$ of a run that ages depends on $h(t_w+t)/h(t_w)$ alone, with
$h(t)=\exp[t^{1-\mu}/(1-\mu)]$. Correlations solve the mean-field equations for infinitely many
spins after a quench to the temperature $T$, so that they have no statistical errors. Curves of the
hottest run of each study that ages are shown, whose plateau is farthest below 1, at the last five
powers of ten of the waiting time (fewer in shorter runs) that leave ten times as long to relax.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.dmft.interpolation import read_between
from glasscore.estimates.subaging import SubagingExponent, subaging_exponent
from glasscore.figures.dmft.dmft_correlation import is_aging, time_text
from glasscore.figures.dmft.dmft_energy import (
    aging_law,
    model_notes,
    quench_text,
    temperatures_of,
)
from glasscore.figures.drawing import scaled_aging
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.remarks import remark
from glasscore.figures.drawing.scaled_aging import (
    EXPONENTS,
    PLATEAU,
    RAW,
    SCALED,
    bar,
    names,
    on_exponent,
    scaled,
    simple_aging,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

ONLY = {"single_site": [None]}
MEAN_FIELD = "mean field"
# Waiting times are fitted over the last decades that leave ten times as long to relax.
DECADES, PER_DECADE = 4, 2
SHORTEST, LONGEST = 0.01, 10.0
RATIOS = 16
MOST_SHOWN = 5
EXPLAINED = {
    **{key: text for key, text in scaled_aging.EXPLAINED.items() if key != "bars"},
    "bars": (
        "Bars are systematic errors: the largest change if only the earlier or later waiting "
        "times, or only the shorter or longer ratios $t/t_w$, are fitted."
    ),
    MEAN_FIELD: (
        r"Mean-field solutions are fitted at ratios $t/t_w$ from 0.01 to 10 and at waiting times "
        "in the last four decades before a tenth of the run, where the correlation is below its "
        "plateau (for pure models and those of continuous breaking; else below 1)."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row for each study with runs that age."""
    found = rows(results)
    return [*found, *model_notes(results, found, "z")] if found else []


def rows(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """The panels of all studies, without notes on the models."""
    found: list[Curve] = []
    for study, points in results.items():
        aging = sorted((one for one in points if is_aging(one)), key=temperatures_of)
        fits = [exponent_of(one) for one in aging]
        if not aging:
            continue
        panels = names(study, quench_text(aging[-1], aging), fits[-1])
        found += _scaled(panels, aging[-1], fits[-1])
        T = np.array([temperatures_of(one)[0] for one in aging])
        mu = np.array([fit.exponent for fit in fits])
        known = np.isfinite(mu)
        error = np.array([bar(fit) for fit in fits])
        note = " ".join(
            on_exponent(fit, f"at {quench_text(one, aging)}")
            for one, fit in zip(aging, fits, strict=True)
        )
        if np.unique(T).size < 2:
            found.append(remark(panels[SCALED], note))
            continue
        data = Curve(
            panels[EXPONENTS], "data", MEAN_FIELD, T[known], mu[known], error[known], np.nan, 0.0,
            "", MEAN_FIELD, note=note,
        )  # fmt: skip
        found += [data, simple_aging(panels[EXPONENTS], T.tolist())]
    return found


def _points(point: xr.Dataset) -> tuple[Array, Array, Array]:
    """Waiting times, lags and correlations below the plateau."""
    t_max, law = float(point.time[-1]), aging_law(point)
    last = np.log10(t_max) - 1
    waiting_times = 10.0 ** (last - np.arange(DECADES * PER_DECADE + 1)[::-1] / PER_DECADE)
    ratios = np.geomspace(SHORTEST, LONGEST, RATIOS)
    waited = np.repeat(waiting_times, RATIOS)
    lag = waited * np.tile(ratios, waiting_times.size)
    inside = (waited >= 1.0) & (waited + lag <= t_max)
    waited, lag = waited[inside], lag[inside]
    values = read_between(point, "correlation", waited + lag, waited)
    slow = values < (1.0 if law is None or temperatures_of(point)[0] == 0 else law.plateau)
    return waited[slow], lag[slow], values[slow]


def exponent_of(point: xr.Dataset) -> SubagingExponent:
    """The subaging exponent of a run that ages."""
    return subaging_exponent(*_points(point))


def _scaled(panels: dict[str, str], point: xr.Dataset, fit: SubagingExponent) -> list[Curve]:
    """Correlations of a few waiting times against time and effective time, and their plateau."""
    t_max, found = float(point.time[-1]), []
    last = int(np.floor(np.log10(t_max))) - 1
    for power in range(max(0, last - MOST_SHOWN + 1), last + 1):
        waited = 10.0**power
        lag = np.geomspace(SHORTEST * waited, min(LONGEST * waited, t_max - waited), 60)
        values = read_between(point, "correlation", waited + lag, waited)
        label = f"$t_w={time_text(waited)}$"
        found.append(Curve(panels[RAW], SOLUTION, label, lag, values, None, waited, 0.0, label))
    if np.isnan(fit.exponent):
        note = on_exponent(fit, "for the correlations on the left")
        empty = np.empty(0)
        return [*found, Curve(panels[SCALED], SOLUTION, "", empty, empty, note=note)]
    for curve in tuple(found):
        times = np.full(curve.x.size, curve.colour)
        found.append(scaled(panels[SCALED], fit.exponent, times, curve.x, curve))
    return found + _plateau(panels, point, found)


def _plateau(panels: dict[str, str], point: xr.Dataset, shown: list[Curve]) -> list[Curve]:
    """Lines at the plateau of the correlation, where it is known and below 1."""
    law = aging_law(point)
    if law is None:
        return []
    if temperatures_of(point)[0] == 0:
        return [remark(panels[RAW], r"At $T=0$ the plateau is $q_{\rm EA}=1$.")]
    found = []
    for panel in (panels[RAW], panels[SCALED]):
        x = np.concatenate([curve.x for curve in shown if curve.panel == panel])
        ends = np.array([x.min(), x.max()])
        found.append(Curve(panel, "theory", PLATEAU, ends, np.full(2, law.plateau), None, np.nan))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row for each study."""
    return scaled_aging.draw(curves)
