"""Equilibrium dynamics above T_d: correlations that decay in two steps, and their relaxation times.

The temperature is given by its distance epsilon = (T - T_d) / T_d from the dynamical transition.
The dashed line in the first panel is the plateau q_d of the correlation at T_d. The relaxation time
tau is where the correlation has fallen to 1/e. It grows as epsilon^-gamma; the dashed line has the
exact exponent, and the legend compares it with a fitted one.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("mode_coupling",)
CORRELATION, TIMES = ": correlation", ": times"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for part in (_correlation, _times)
        for curve in part(study, one)
    ]


def _distance(one: xr.Dataset) -> np.ndarray:
    return one["T"].values / one.attrs["dynamical_temperature"] - 1


def _correlation(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + CORRELATION, []
    for number, (T, distance) in enumerate(zip(one["T"].values, _distance(one), strict=True)):
        # With more temperatures there is no room for all legend entries: every other one has none.
        few = one.sizes["T"] <= 6 or number % 2 == 0
        label = f"{distance:.0e}" if abs(distance) < 0.1 else f"{distance:.2g}"
        text = rf"$\epsilon={_power(label)}$" if few else ""
        rank = float(np.log(abs(distance) + 1e-9))
        found.append(line(panel, text, one.time, one.correlation.sel(T=T), rank))
    plateau = one.attrs["dynamical_overlap"]
    if plateau > 0:
        ends = one.time.values[[0, -1]]
        found.append(line(panel, r"$q_d$", ends, [plateau] * 2, style=1))
    return found


def _power(text: str) -> str:
    """A number such as 3e-05 in TeX, with a power of ten."""
    digits, _, exponent = text.partition("e")
    if not exponent:
        return text
    power = f"10^{{{int(exponent)}}}"
    return power if digits == "1" else rf"{digits}\cdot{power}"


def _times(study: str, one: xr.Dataset) -> list[Curve]:
    panel, distance = study + TIMES, _distance(one)
    times, error = one.relaxation_time.values, one.relaxation_time_error_estimate.values
    above = (distance > 0) & np.isfinite(times)
    if not above.any():
        return []
    x, y = distance[above], times[above]
    found = [points(panel, r"$C(\tau)=1/e$", x, y, error[above], 0.0)]
    if "exponent_gamma" in one.attrs:
        gamma = one.attrs["exponent_gamma"]
        ends = np.geomspace(x.min(), x.max(), 2)
        law = y[0] * (ends / x[0]) ** -gamma
        found.append(line(panel, rf"exact $\gamma={gamma:.5f}$", ends, law, style=1))
    if "fitted_gamma" in one.attrs:
        fitted, uncertain = one.attrs["fitted_gamma"], one.attrs["fitted_gamma_change"]
        digits = max(0, -int(np.floor(np.log10(uncertain))))
        text = rf"fitted $\gamma={fitted:.{digits}f}\pm{uncertain:.{digits}f}$"
        found.append(line(panel, text, x[:1], y[:1], 0.0, style=2))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        if name.endswith(CORRELATION):
            one.set(xscale="log", ylim=(0, 1.02), xlabel="time $t$ (Langevin)", ylabel="$C(t)$")
        else:
            one.set(xscale="log", yscale="log", ylabel=r"relaxation time $\tau$")
            one.set_xlabel(r"$\epsilon = (T - T_d) / T_d$")
    return figure
