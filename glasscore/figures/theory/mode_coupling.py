r"""Slowing down in equilibrium above the dynamical transition: two steps, a power law.

The correlation $C(t)$ of spherical spins in equilibrium is a numerical solution of the
mode-coupling equation at temperatures that are a relative distance $\epsilon = (T - T_d) / T_d$
from the transition. The colour of lines and points tells $\epsilon$. Near $T_d$, $C(t)$ decays in
two steps. The relaxation time $\tau$ is where it has fallen to $1/e$. In the second panel, time is
divided by $\tau$: the second steps fall on one curve where $\epsilon$ is small.

The last panel shows whether $\tau$ grows as $\epsilon^{-\gamma}$. The exponent $\gamma$ is exact
and follows from the covariance of the energies at $T_d$ alone, $\gamma = 1/(2a) + 1/(2b)$, where
the exponents of the approach to the plateau and of the departure from it obey $\Gamma(1-a)^2 /
\Gamma(1-2a) = \Gamma(1+b)^2 / \Gamma(1+2b)$ (Goetze 1984). If the law holds,
$\tau\,\epsilon^\gamma$ tends to a constant on the left.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing import colour_bar, legend
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.lines import line, points
from glasscore.figures.drawing.page import panels, say_that_it_is_empty
from glasscore.figures.drawing.symbols import BAR, POINT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("mode_coupling",)
CORRELATION, COLLAPSE = ": correlation", ": time in units of the relaxation time"
TIMES, UNKNOWN = ": times", ": times without an exponent"
PLATEAU, BELOW = "$q_d$", r"$T \leq T_d$"
EXPLAINED = {
    PLATEAU: "The dashed line is $q_d$, the height of the plateau at $T_d$.",
    BELOW: (
        r"Grey lines belong to $T \leq T_d$. They are those of a start in equilibrium, and do not "
        "decay to 0."
    ),
    UNKNOWN: (
        "Where no exponent $\\gamma$ is known, because the transition is not one of this kind, the "
        r"last panel shows $\tau$ itself."
    ),
}
# The time in units of the relaxation time is shown up to this, where all correlations have decayed.
END = 100.0
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
    times = zip(one["T"].values, _distance(one), one.relaxation_time.values, strict=True)
    return [
        _solution(
            study + COLLAPSE, one.time.values / tau, one.correlation.sel(T=T).values, distance
        )
        for T, distance, tau in times
        if distance > 0 and np.isfinite(tau)
    ]


def _times(study: str, one: xr.Dataset) -> list[Curve]:
    distance = _distance(one)
    above = (distance > 0) & np.isfinite(one.relaxation_time.values)
    gamma = one.attrs.get("exponent_gamma")
    panel = study + (UNKNOWN if gamma is None else TIMES)
    scale = np.ones(distance.size) if gamma is None else np.abs(distance) ** gamma
    y = scale * one.relaxation_time.values
    found = [
        points(panel, "", [distance[k]], [y[k]], None, distance[k]) for k in np.flatnonzero(above)
    ]
    if found:
        relative = (one.relaxation_time_error_estimate / one.relaxation_time).values[above].max()
        digit, exponent = f"{relative:.0e}".split("e")
        note = (
            r"The relative numerical error of $\tau$ is estimated to be at most "
            rf"${digit} \cdot 10^{{{int(exponent)}}}$."
        )
        if gamma is not None:
            note = f"{_on_exponents(one, float(gamma))} {note}"
        found[0] = found[0]._replace(note=note)
    return found


def _on_exponents(one: xr.Dataset, gamma: float) -> str:
    """The exact exponent and, if there is one, the fitted exponent."""
    exact = rf"The exact exponent is $\gamma={gamma:.5f}$"
    if "fitted_gamma" not in one.attrs:
        return exact + "."
    fitted, uncertain = one.attrs["fitted_gamma"], one.attrs["fitted_gamma_change"]
    digits = max(0, -int(np.floor(np.log10(uncertain))))
    return (
        rf"{exact}; a fit of $\tau$ near $T_d$ gives "
        rf"${fitted:.{digits}f}\pm{uncertain:.{digits}f}$."
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
        return {"linestyle": "--", "color": "black", "zorder": 4}
    return {"linestyle": "-", "color": ink}


def _name_axes(one: Any, panel: str) -> None:
    if panel.endswith((CORRELATION, COLLAPSE)):
        label = "time $t$ (Langevin)" if panel.endswith(CORRELATION) else r"$t/\tau$"
        one.set(xscale="log", ylim=(0, 1.02), xlabel=label, ylabel="correlation $C(t)$")
        if panel.endswith(COLLAPSE):
            one.set_xlim(right=END)
        return
    one.set(xscale="log", xlabel=r"$\epsilon$", ylabel=r"$\tau\,\epsilon^\gamma$")
    if panel.endswith(UNKNOWN):
        one.set(yscale="log", ylabel=r"relaxation time $\tau$")
