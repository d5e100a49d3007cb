r"""Slowing down in equilibrium above the dynamical transition: two steps, a power law.

The correlation $C(t)$ of spherical spins in equilibrium is a numerical solution of the
mode-coupling equation at temperatures that are a relative distance $\epsilon = (T - T_d) / T_d$
from the transition. The unit of time is that of a Langevin equation in which the noise of each spin
has the strength $2 T$ and the friction is 1. The colour of lines and points tells $\epsilon$. Near
$T_d$, $C(t)$ decays in two steps. The relaxation time $\tau$ is where it has fallen to $1/e$. In
the second panel, time is divided by $\tau$: the second steps fall on one curve where $\epsilon$ is
small.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.dyson.mode_coupling import fitted_times
from glasscore.figures.drawing import colour_bar, legend
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.lines import line, points
from glasscore.figures.drawing.page import panels, say_that_it_is_empty
from glasscore.figures.drawing.symbols import BAR, POINT
from glasscore.files.store import parameters_of
from glasscore.theory.studies.mode_coupling import (
    CLOSE,
    LEAST_CORRECTIONS,
    MOST_CORRECTIONS,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("mode_coupling",)
CORRELATION, COLLAPSE = ": correlation", ": time in units of the relaxation time"
FIT = "fit"
TIMES, UNKNOWN = ": times near the transition", ": times without an exponent"
PLATEAU, BELOW = "$q_d$", r"$T \leq T_d$"
EXPLAINED = {
    PLATEAU: "The dashed line is $q_d$, the height of the plateau at $T_d$.",
    TIMES: (
        r"The last panel shows whether $\tau$ grows as $\epsilon^{-\gamma}$ near $T_d$: if so, "
        r"$\tau\,\epsilon^\gamma$ with the exact $\gamma$ tends to a constant on the left, with "
        r"corrections in powers of $\sqrt{\epsilon}$. The exponent is exact (Götze 1984): "
        r"$\gamma = 1/(2a) + 1/(2b)$, where "
        r"$\Gamma(1-a)^2 / \Gamma(1-2a) = \Gamma(1+b)^2 / \Gamma(1+2b) = \lambda$ and "
        r"$\lambda = (1 - q_d)\, f'''(q_d) / [2 f''(q_d)]$. Energies of states of overlap $q$ "
        r"have the covariance $N f(q)$. The exponents $a$ and $b$ are those of the approach to the "
        r"plateau, $C - q_d \sim t^{-a}$, and of the departure from it, $q_d - C \sim t^b$."
    ),
    FIT: (
        r"The line is a fit of $\ln \tau$ by $-\gamma \ln \epsilon$ and a polynomial in "
        r"$\sqrt{\epsilon}$, in which $\gamma$ is free; it is drawn where points were fitted."
    ),
    BELOW: (
        r"Grey lines belong to $T \leq T_d$. They are those of a start in equilibrium, and do not "
        "decay to 0."
    ),
    UNKNOWN: (
        "Where no exponent $\\gamma$ is known, because the transition is not one of this kind, the "
        r"last panel shows $\tau$ itself."
    ),
}
# The time in units of the relaxation time is shown from the plateau to where nothing is left.
START, END = 1e-6, 100.0
# Farther from the transition the power law is not expected, and would hide what is close to it.
NEAR = 0.02
FEWEST = 3
LINE_POINTS = 100
IN_GREY: dict[str, Any] = {"color": "0.45"}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for part in (_correlation, _collapse, _times)
        for curve in part(study, one)
    ]


def _distance(one: xr.Dataset) -> np.ndarray:
    return one["T"].values / one.attrs["dynamical_temperature"] - 1


def _solution(panel: str, time: np.ndarray, values: np.ndarray, distance: float) -> Curve:
    """A line of which the colour stands for the distance from T_d, where that is positive."""
    seen = np.isfinite(values)
    label, colour = ("", distance) if distance > 0 else (BELOW, np.nan)
    return Curve(panel, SOLUTION, label, time[seen], values[seen], None, colour)


def _correlation(study: str, one: xr.Dataset) -> list[Curve]:
    panel, time = study + CORRELATION, one.time.values
    found = [
        _solution(panel, time, one.correlation.sel(T=T).values, distance)
        for T, distance in zip(one["T"].values, _distance(one), strict=True)
    ]
    plateau = one.attrs["dynamical_overlap"]
    if plateau > 0:
        found.append(line(panel, PLATEAU, time[[0, -1]], [plateau] * 2, style=1))
    return found


def _collapse(study: str, one: xr.Dataset) -> list[Curve]:
    panel = study + COLLAPSE
    times = zip(one["T"].values, _distance(one), one.relaxation_time.values, strict=True)
    found = [
        _solution(panel, one.time.values / tau, one.correlation.sel(T=T).values, distance)
        for T, distance, tau in times
        if distance > 0 and np.isfinite(tau)
    ]
    plateau = one.attrs["dynamical_overlap"]
    if plateau > 0 and found:
        found.append(line(panel, PLATEAU, [START, END], [plateau] * 2, style=1))
    return found


def _times(study: str, one: xr.Dataset) -> list[Curve]:
    """Relaxation times, against the distance or, if an exponent is known, its root near T_d."""
    distance, tau = _distance(one), one.relaxation_time.values
    shown = (distance > 0) & np.isfinite(tau)
    gamma = one.attrs.get("exponent_gamma")
    panel, x, y = study + UNKNOWN, distance, tau
    if gamma is not None:
        panel, y = study + TIMES, np.abs(distance) ** gamma * tau
        near = shown & (distance <= NEAR)
        shown = near if np.count_nonzero(near) >= FEWEST else shown
    found = [points(panel, "", [x[k]], [y[k]], None, distance[k]) for k in np.flatnonzero(shown)]
    if found:
        relative = (one.relaxation_time_error_estimate / one.relaxation_time).values[shown].max()
        digit, exponent = f"{relative:.0e}".split("e")
        note = (
            r"The relative numerical error of $\tau$ is estimated to be at most "
            rf"${digit} \cdot 10^{{{int(exponent)}}}$."
        )
        if gamma is not None:
            farthest = ""
            if np.any(distance > distance[shown].max()):
                farthest = (
                    rf"Points beyond $\epsilon = {NEAR:g}$, where $\tau$ is far from a power law, "
                    "are left out. "
                )
            note = f"{_on_exponents(one)} {farthest}{note}"
            found += _fit(panel, distance[shown], tau[shown], gamma)
        found[0] = found[0]._replace(note=note)
    return found


def _fit(panel: str, distance: np.ndarray, tau: np.ndarray, gamma: float) -> list[Curve]:
    """The line of the fit that gives gamma, where it was fitted."""
    close = distance <= CLOSE
    corrections = min(MOST_CORRECTIONS, int(np.sum(close)) - 3)
    if corrections < LEAST_CORRECTIONS:
        return []
    x = np.geomspace(distance[close].min(), distance[close].max(), LINE_POINTS)
    law = fitted_times(distance[close], tau[close], corrections, x)
    return [line(panel, FIT, x, x**gamma * law)]


def _on_exponents(one: xr.Dataset) -> str:
    """The transition, the exact exponents and, if there is one, the fitted exponent."""
    known = one.attrs
    covariance = " + ".join(
        f"{weight:g} q^{{{power}}}" for power, weight in parameters_of(one)["covariance"].items()
    )
    exact = (
        rf"Here $f(q) = {covariance}$, $T_d={known['dynamical_temperature']:.5f}$, "
        rf"$q_d={known['dynamical_overlap']:.4g}$, "
        rf"$\lambda={known['exponent_parameter']:.4g}$, $a={known['exponent_a']:.4g}$, "
        rf"$b={known['exponent_b']:.4g}$, $\gamma={known['exponent_gamma']:.5f}$."
    )
    if "fitted_gamma" not in known:
        return exact
    fitted, uncertain = known["fitted_gamma"], known["fitted_gamma_change"]
    digits = max(0, -int(np.floor(np.log10(uncertain))))
    return (
        rf"{exact} The fit, at $\epsilon \leq {CLOSE:g}$, gives "
        rf"$\gamma={fitted:.{digits}f}\pm{uncertain:.{digits}f}$. This uncertainty is what the "
        r"last term of the polynomial and the numerical error of $\tau$ change."
    )


def draw(curves: list[Curve]) -> "Figure":
    """Draw the three panels of each study in a row, and the bar of colours beside them."""
    figure, axes = panels(curves, columns=3)
    scale = colour_bar.logarithmic_scale(curve.colour for curve in curves)
    drawn = [(curve, _look(curve, scale)) for curve in curves]
    for curve, look in drawn:
        axes[curve.panel].errorbar(curve.x, curve.y, curve.error, **look, **BAR)
    for name, one in axes.items():
        if not any(curve.x.size for curve in curves if curve.panel == name):
            say_that_it_is_empty(one)
        _name_axes(one, name)
    if any(curve.colour > 0 for curve in curves):
        colour_bar.put_beside(figure, list(axes.values()), scale, r"$\epsilon = (T - T_d)/T_d$")
    legend.put_above(figure, [legend.entries_of(drawn)])
    return figure


def _look(curve: Curve, scale: Any) -> dict[str, Any]:
    ink = scale.to_rgba(curve.colour) if curve.colour > 0 else IN_GREY["color"]
    if curve.role == "data":
        return {"linestyle": "", "marker": "o", "color": ink, "markeredgecolor": "white", **POINT}
    if curve.role == "theory":
        return {"linestyle": "-" if curve.label == FIT else "--", "color": "black", "zorder": 1}
    return {"linestyle": "-", "color": ink}


def _name_axes(one: Any, panel: str) -> None:
    if panel.endswith((CORRELATION, COLLAPSE)):
        label = "time $t$ (Langevin)" if panel.endswith(CORRELATION) else r"$t/\tau$"
        one.set(xscale="log", ylim=(0, 1.02), xlabel=label, ylabel="correlation $C(t)$")
        if panel.endswith(COLLAPSE):
            one.set_xlim(START, END)
    elif panel.endswith(UNKNOWN):
        one.set(xscale="log", xlabel=r"$\epsilon$")
        one.set(yscale="log", ylabel=r"relaxation time $\tau$")
    else:
        one.set(xscale="log", xlabel=r"$\epsilon$", ylabel=r"$\tau\,\epsilon^\gamma$")
