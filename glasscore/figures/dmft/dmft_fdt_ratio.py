r"""Fluctuation-dissipation ratio X against the correlation, beside replica symmetry breaking.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $C(t, t_w)$ is the correlation of the
configurations at the times $t_w < t$ after the quench to the temperature $T$, and $R(t, t_w)$ is
the response at the time $t$ to a small field at the time $t_w$. The ratio
$X(t, t_w) = T R(t, t_w) / [\partial C(t, t_w) / \partial t_w]$ is 1 where the
fluctuation-dissipation theorem holds; $T/X$ is the effective temperature. If aging has the
structure of replica symmetry breaking, $X$ tends for $t \to \infty$ to a function of $C$ alone.
Along a line $t_w$ falls from right to left at a fixed $t$, down to $t_w = 10^{-3} t$, so that the
left end of a line is the first part of it to leave the limit. The quench starts from a random
configuration, or from equilibrium at the temperature $T_0$ where a title names it.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.dmft.observables import DIFFERENCE, inverse_effective_temperature
from glasscore.figures.dmft.dmft_correlation import time_text
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
from glasscore.figures.drawing.page import draw_panels, write_where_empty
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, LONG_DASHES, SHORT_DASHES
from glasscore.models.covariance import Covariance, Values
from glasscore.theory import spherical_pspin
from glasscore.theory.continuous_aging import ContinuousAging
from glasscore.theory.spherical_pspin import Aging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
# So many times t, each ten times as long as the one before.
TIMES = 4
EARLIEST_TIME = 0.1
SHORTEST_LAG, LEAST_RATIO = 0.01, 1e-3
POINTS_PER_DECADE = 12
LINE_POINTS = 100
# The change of C within the step of its derivative is at least this; its rounding errors are 1e-7.
LEAST_CHANGE = 1e-5
# Zero temperature has another axis, which ends near what is found below this correlation.
ZERO = ": zero temperature"
SLOW, ROOM = 0.9, 1.4
# So much of the axis lies below 0, where X = 0 is predicted.
BELOW = 0.03
# Larger distances from a prediction show that it has not been reached.
CLOSE = 0.05
EQUILIBRIUM, ONE_STEP, TWO_SPIN, CONTINUOUS, THRESHOLD = (
    "equilibrium, $X=1$",
    "one step",
    r"$p=2$: $X/T \to 0$",
    "continuous",
    r"value at $E_{\rm th}$",
)
STYLES = {
    EQUILIBRIUM: LONG_DASHES,
    TWO_SPIN: SHORT_DASHES,
    CONTINUOUS: DASH_DOTTED,
    THRESHOLD: DOTTED,
}
EXPLAINED = {
    EQUILIBRIUM: r"""In equilibrium, and at long times after a quench that ends above the dynamical
transition, $X = 1$.""",
    ONE_STEP: r"""For pure models with $p > 2$ that are quenched across their dynamical transition,
the prediction for $t \to \infty$ has the form of one step of replica symmetry breaking (Cugliandolo
and Kurchan 1993): $X = 1$ above the plateau of the correlation, and a constant below it.""",
    TWO_SPIN: r"""For $p = 2$ below the transition, $X = 1$ above the plateau of the correlation and
$X/T \to 0$ below it for $t \to \infty$: aging has no memory of fields (Cugliandolo and Dean
1995).""",
    CONTINUOUS: r"""For models with a term $p = 2$ whose replica symmetry breaks continuously, after
a quench from a random configuration, marginal stability at each correlation predicts
$X(C) = T f'''(C) / [2 f''(C)^{3/2}]$ for $t \to \infty$ up to the plateau $q_{\rm EA}$, and
$X = 1$ above it (Cugliandolo and Kurchan 1994, Crisanti and Leuzzi 2006). $X$ cannot decrease with
$C$: where the formula would decrease before the plateau, it holds up to a smaller $q_0$, and $X$ is
constant from $q_0$ to $q_{\rm EA}$ at
$T [f''(q_0)^{-1/2} - f''(q_{\rm EA})^{-1/2}] / (q_{\rm EA} - q_0)$, where
$f'(q_{\rm EA}) - f'(q_0) = (q_{\rm EA} - q_0) \sqrt{f''(q_{\rm EA}) f''(q_0)}$. The prediction
assumes that the system forgets each configuration, however slowly.""",
    THRESHOLD: r"""For models without a prediction the value
$X/T = f''(1)^{1/2} / f'(1) - f''(1)^{-1/2}$ of the marginally stable states that dominate at
$T = 0$, whose energy is $E_{\rm th}$, is drawn as a reference: nothing says that it must be
reached.""",
    ZERO: r"""At $T = 0$ the axis is $X/T = R / [\partial C / \partial t_w]$, an inverse energy in
the units of $f$. It grows without limit for $C \to 1$, where relaxation is fast; the axis ends
before that.""",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each run that is not driven."""
    found = [
        curve
        for study, points in results.items()
        for point in points
        if not is_driven(point)
        for curve in _of_point(f"{study}, {quench_text(point, points)}", point)
    ]
    return [*found, *model_notes(results, found)]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    T, t_max = temperatures_of(point)[0], float(point.time[-1])
    panel += ZERO if T == 0 else ""
    found = []
    for number in range(TIMES - 1, -1, -1):
        time = t_max / 10.0**number
        if time >= EARLIEST_TIME or number == 0:
            overlap, ratio = ratio_at(point, time)
            label = f"$t={time_text(time)}$"
            found.append(Curve(panel, SOLUTION, label, overlap, (T or 1.0) * ratio, None, time))
    unknown = why_limit_is_unknown(point)
    law = _law(panel, point)
    if law is None:
        return [*found[:-1], found[-1]._replace(note=unknown)]
    limit = aging_law(point)
    if limit is None and not unknown:
        return [*found, law]
    said = unknown if limit is None else _in_numbers(model_of(point), limit, T)
    return [*found, law._replace(note=f"{said} {_beside(law, found[-1])}".strip())]


def _in_numbers(model: Covariance, law: Aging | ContinuousAging, T: float) -> str:
    """The numbers of a prediction, as a sentence."""
    at = f"at $T = {T:g}$"
    name, unit = ("X/T", 1.0) if T == 0 else ("X", T)
    if not isinstance(law, ContinuousAging):
        step = spherical_pspin.threshold(model).effective_inverse_temperature
        level = step if T == 0 else law.violation
        return (
            rf"The prediction has ${name} = {level:.4g}$ below $q_{{\rm EA}} = {law.plateau:.4g}$."
        )
    plateau = rf"The prediction has $q_{{\rm EA}} = {law.plateau:.4g}$"
    if law.end == law.plateau:
        return f"{plateau} {at}."
    level = unit * law.step
    between = rf"${name} = {level:.4g}$ between $q_0 = {law.end:.4g}$ and $q_{{\rm EA}}$"
    return f"{plateau}, and {between}, {at}."


def _beside(law: Curve, last: Curve) -> str:
    """How far the latest solution is from a law below the plateau, as a sentence."""
    jump = int(np.argmax(np.diff(law.x) == 0)) if np.any(np.diff(law.x) == 0) else -1
    slow = last.x < SLOW * law.x[jump]
    if not slow.any():
        return ""
    overlap = last.x[slow]
    away = last.y[slow] - np.interp(overlap, law.x[: jump + 1 or None], law.y[: jump + 1 or None])
    worst = int(np.argmax(np.abs(away)))
    distance, side = abs(float(away[worst])), "below" if away[worst] < 0 else "above"
    where = f"(at $C = {overlap[worst]:.2f}$)"
    text = f"The solution at {last.label} lies up to {distance:.2g} {side} the line {where}"
    if law.label != CONTINUOUS or distance < CLOSE:
        return f"{text}."
    return f"{text}: it has not reached the prediction at these times, or the assumption fails."


def ratio_at(point: xr.Dataset, time: float) -> tuple[Values, Values]:
    """The correlation, and X / T, for earlier times t_w at a fixed time t, in the order of t_w.

    Both are left out where C changes too little for a derivative.
    """
    half = time / 2
    lags = np.geomspace(min(SHORTEST_LAG, half / 10), half, _count(half / SHORTEST_LAG))
    early = np.geomspace(LEAST_RATIO * time, half, _count(half / (LEAST_RATIO * time)))
    waited = np.concatenate([early[:-1], (time - lags)[::-1]])
    step = DIFFERENCE * np.minimum(waited, time - waited)
    change = read_between(point, "correlation", np.full(waited.size, time), waited + step)
    change = change - read_between(point, "correlation", np.full(waited.size, time), waited - step)
    kept = waited[change / 2 > LEAST_CHANGE]
    late = np.full(kept.size, time)
    overlap = read_between(point, "correlation", late, kept)
    return overlap, inverse_effective_temperature(point, late, kept)


def _count(ratio: float) -> int:
    return max(2, int(POINTS_PER_DECADE * np.log10(max(ratio, 10.0))) + 1)


def _law(panel: str, point: xr.Dataset) -> Curve | None:
    model, (T, _) = model_of(point), temperatures_of(point)
    law = aging_law(point)
    if law is None:
        if T == 0 and why_limit_is_unknown(point):
            value = spherical_pspin.threshold(model).effective_inverse_temperature
            level = np.full(2, value)
            return Curve(panel, "theory", THRESHOLD, np.array([0.0, 1.0]), level, None, np.nan)
        # What is not driven and has a limit, but does not age, comes to equilibrium.
        if T == 0 or limit_energy(point) is None:
            return None
        return Curve(panel, "theory", EQUILIBRIUM, np.array([0.0, 1.0]), np.ones(2), None, np.nan)
    if isinstance(law, ContinuousAging):
        overlap = np.linspace(0.0, law.plateau, LINE_POINTS)
        slope, label = law.inverse_temperature(model, overlap), CONTINUOUS
    else:
        overlap = np.array([0.0, law.plateau])
        inverse = (
            spherical_pspin.threshold(model).effective_inverse_temperature
            if T == 0
            else law.violation / T
        )
        slope, label = np.full(2, inverse), TWO_SPIN if model.exponents[0] == 2 else ONE_STEP
    if T == 0:
        return Curve(panel, "theory", label, overlap, slope, None, np.nan)
    x = np.concatenate([overlap, [law.plateau, 1.0]])
    return Curve(panel, "theory", label, x, np.append(T * slope, [1.0, 1.0]), None, np.nan)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves, styles=STYLES)
    for name, one in axes.items():
        one.set(xlim=(0, 1.02), xlabel="correlation $C(t, t_w)$")
        below = (
            BELOW if any((curve.panel, curve.label) == (name, TWO_SPIN) for curve in curves) else 0
        )
        if name.endswith(ZERO):
            shown = [curve for curve in curves if curve.panel == name]
            slow = [float(y) for curve in shown for y in curve.y[curve.x < SLOW]]
            top = ROOM * max(slow, default=0.0) or 1.0
            one.set(ylabel="ratio $X/T$", ylim=(-below * top, top))
        else:
            one.set(ylabel="ratio $X$", ylim=(-below, 1.1))
        times = [curve.label for curve in curves if (curve.panel, curve.role) == (name, SOLUTION)]
        if len(times) > 1:
            write_where_empty(one, f"{times[0]} to {times[-1].replace('t=', '')}, dark to light")
    return figure
