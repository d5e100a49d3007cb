r"""Integrated response against correlation: how aging violates the fluctuation-dissipation theorem.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $R(t, s)$ is the response at the time $t$ to a
small field at the time $s$, both measured from the quench to the temperature $T$. The integrated
response $\chi(t, t_w) = \int_{t_w}^t R(t, s) ds$ to a field that has acted since the waiting time
$t_w$ is drawn against the correlation $C(t, t_w)$ for each $t_w$, with $t$ growing from right to
left along a line. Where the fluctuation-dissipation theorem holds, the slope is $-1/T$. Where it is
violated, the slope is $-X/T$ at long waiting times, which defines the ratio $X$; $T/X$ is the
effective temperature of the slow relaxation. The quench starts from a random configuration, or from
equilibrium at the temperature $T_0$ where a title names it. At short waiting times $\chi$ may
exceed its limit.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import SLOW_PART, Parametric, broken_line, parametric
from glasscore.figures.dmft.dmft_correlation import time_text, waiting_times
from glasscore.figures.dmft.dmft_energy import (
    aging_law,
    is_driven,
    limit_energy,
    model_notes,
    model_of,
    quench_text,
    temperatures_of,
    why_limit_is_unknown,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, LONG_DASHES
from glasscore.models.covariance import Values
from glasscore.theory import spherical_pspin
from glasscore.theory.continuous_aging import ContinuousAging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS = 60
LINE_POINTS = 100
# Distances from a law that are a smaller part of its height are not spoken of.
CLOSE = 0.02
# A straight line is fitted to at least so many points.
FEWEST = 10
# They are looked at below this part of the plateau.
SLOW = 0.9
EQUILIBRIUM = "equilibrium, slope $-1/T$"
ONE_STEP = "slopes $-1/T$ and $-X/T$"
CONTINUOUS = "continuous $X(C)$"
THRESHOLD = r"values at $E_{\rm th}$"
STYLES = {EQUILIBRIUM: LONG_DASHES, CONTINUOUS: DASH_DOTTED, THRESHOLD: DOTTED}
EXPLAINED = {
    EQUILIBRIUM: r"""In equilibrium, and at long times after a quench that ends above the dynamical
transition, the solutions lie on the line of slope $-1/T$.""",
    ONE_STEP: r"""For pure models that are quenched across their dynamical transition, the line of
two slopes is the prediction for $t_w \to \infty$ (Cugliandolo and Kurchan 1993; for $p = 2$,
Cugliandolo and Dean 1995): the slope $-1/T$, which is vertical at $T = 0$, holds above the plateau
$q_{\rm EA}$ of the correlation and the slope $-X/T$ with a constant $X$ below it.""",
    CONTINUOUS: r"""For models with a term $p = 2$ whose replica symmetry breaks continuously, after
a quench from a random configuration, the prediction for $t_w \to \infty$ is
$\chi = f''(C)^{-1/2}$ up to an overlap $q_0$ (Cugliandolo and Kurchan 1994, Crisanti and Leuzzi
2006). Beyond $q_0$ up to the plateau $q_{\rm EA}$, if these two differ, its slope is constant, and
it is $-1/T$ from there on; $q_0$ follows from
$f'(q_{\rm EA}) - f'(q_0) = (q_{\rm EA} - q_0) \sqrt{f''(q_{\rm EA}) f''(q_0)}$. The prediction
assumes that the system forgets each configuration, however slowly.""",
    THRESHOLD: r"""For models without a prediction, the line of slope $-X/T$ with
$\chi = f''(1)^{-1/2}$ at $C = 1$ and $X/T = f''(1)^{1/2}/f'(1) - f''(1)^{-1/2}$ is drawn as a
reference. It belongs to the marginally stable states that dominate at $T = 0$, whose energy is
$E_{\rm th}$, and assumes that the start is forgotten; nothing says that it must be reached.""",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature."""
    found = [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(f"{study}, {quench_text(point, points)}", point)
    ]
    return [*found, *model_notes(results, found)]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    found, plots = [], []
    for waiting_time in waiting_times(float(point.time[-1])):
        plot = parametric(point, waiting_time)
        plots.append(plot)
        # Points are spaced evenly along the curve: evenly spaced lags would crowd at its ends.
        way = np.hypot(np.diff(plot.correlation), np.diff(plot.response) / np.max(plot.response))
        along = np.concatenate([[0.0], np.cumsum(way)])
        nearest = np.searchsorted(along, np.linspace(0, along[-1], POINTS))
        shown = np.unique(np.minimum(nearest, along.size - 1))
        label = f"$t_w={time_text(waiting_time)}$"
        overlap, response = plot.correlation[shown], plot.response[shown]
        found.append(Curve(panel, SOLUTION, label, overlap, response, None, waiting_time))
    laws = _laws(panel, point, max(np.max(curve.y) for curve in found))
    if not laws:
        return [found[0]._replace(note=why_limit_is_unknown(point)), *found[1:]]
    said = laws[0].note, _slope(laws[0], plots[-1], found[-1]), _distance(laws[0], found[-1])
    return [*found, laws[0]._replace(note=" ".join(filter(None, said)))]


def _slope(law: Curve, plot: Parametric, last: Curve) -> str:
    """The slope of the slow part at the longest waiting time, as a sentence."""
    plateau = float(law.x[-2])
    low, high = (share * plateau for share in SLOW_PART)
    slow = (plot.correlation > low) & (plot.correlation < high)
    if law.label not in (ONE_STEP, THRESHOLD) or np.count_nonzero(slow) < FEWEST:
        return ""
    low = max(low, float(plot.correlation[slow].min()))
    slope = broken_line(plot, 0.0, plateau).slope
    return (
        f"A straight line fitted to the solution at {last.label} between $C = {low:.2f}$ and "
        f"${high:.2f}$ has the slope ${-slope:.4f}$."
    )


def _distance(law: Curve, last: Curve) -> str:
    """How far the solution at the longest waiting time is from a law, as a sentence."""
    slow = last.x < SLOW * law.x[-2]
    if law.label == EQUILIBRIUM or not slow.any():
        return ""
    away = last.y[slow] - np.interp(last.x[slow], law.x, law.y)
    worst = int(np.argmax(np.abs(away)))
    size, overlap = abs(float(away[worst])), float(last.x[slow][worst])
    if size < CLOSE * float(law.y.max()):
        return ""
    side = "below" if away[worst] < 0 else "above"
    return (
        f"The solution at {last.label} lies up to {size:.2g} {side} it (at $C = {overlap:.2f}$), "
        "which it has not reached at this waiting time, or an assumption fails."
    )


def _laws(panel: str, point: xr.Dataset, largest: float) -> list[Curve]:
    model, T = model_of(point), temperatures_of(point)[0]
    law = aging_law(point)
    unknown = why_limit_is_unknown(point)
    if T == 0 and unknown:
        limit = spherical_pspin.threshold(model)
        overlap = np.array([0.0, 1.0])
        response = limit.susceptibility + limit.effective_inverse_temperature * (1 - overlap)
        note = (
            f"{unknown} At $E_{{\\rm th}}$, $\\chi(C=1) = {limit.susceptibility:.4g}$ and "
            f"$X/T = {limit.effective_inverse_temperature:.4g}$."
        )
        return [_line(panel, THRESHOLD, overlap, response, note)]
    if law is None:
        still = not is_driven(point) and T > 0 and limit_energy(point) is not None
        if not still:
            return []
        ends = np.array([max(0.0, 1 - 1.1 * T * largest), 1.0])
        return [Curve(panel, "theory", EQUILIBRIUM, ends, (1 - ends) / T, None, np.nan)]
    if isinstance(law, ContinuousAging):
        overlap = np.linspace(0.0, law.plateau, LINE_POINTS)
        response = law.response(model, overlap)
        note = (
            rf"The prediction has $q_{{\rm EA}} = {law.plateau:.4g}$ and $q_0 = {law.end:.4g}$ at "
            f"$T = {T:g}$."
        )
        if law.end == 0:
            note += f" It is straight, with the slope ${-law.step:.4g}$."
        return [_line(panel, CONTINUOUS, overlap, response, note)]
    if T == 0:
        limit = spherical_pspin.threshold(model)
        jump, slope = limit.susceptibility, limit.effective_inverse_temperature
        note = f"The prediction has $X/T = {slope:.4g}$ at $T = 0$."
    else:
        jump, slope = (1 - law.plateau) / T, law.violation / T
        note = (
            rf"The prediction has $X = {law.violation:.4g}$ (slope ${0.0 - slope:.4g}$) and "
            rf"$q_{{\rm EA}} = {law.plateau:.4g}$ at $T = {T:g}$."
        )
    overlap = np.array([0.0, law.plateau])
    return [_line(panel, ONE_STEP, overlap, jump + slope * (law.plateau - overlap), note)]


def _line(panel: str, label: str, overlap: Values, response: Values, note: str) -> Curve:
    """A prediction below the plateau, and on to C = 1, where there is no response."""
    x, y = np.append(overlap, 1.0), np.append(response, 0.0)
    return Curve(panel, "theory", label, x, y, None, np.nan, note=note)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves, styles=STYLES)
    for one in axes.values():
        one.set(
            xlim=(0, 1.02),
            xlabel="correlation $C(t, t_w)$",
            ylabel=r"integrated response $\chi(t, t_w)$",
        )
        one.set_ylim(bottom=0)
    return figure
