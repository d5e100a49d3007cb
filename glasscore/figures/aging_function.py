"""Aging functions against the window and against the waiting time, with H_x(omega).

On the complete graph the probability of no jump (the trap model's definition), on the hypercube the
probability of the same configuration at both times.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import (
    Curve,
    data_of_point,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.style import draw_curves, panels
from glasscore.theory import trap_model
from glasscore.theory.trap_model import LARGEST_EXPONENT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
RECORDERS = ("configurations",)
ONLY = {"energies": ["exponential"]}
WINDOW = 0.5
LINE_POINTS = 200
AGAINST_WINDOW, AGAINST_WAITING_TIME = ": window ", ": waiting time "
WORDS = {"no_jump": "no jump", "same_configuration": "same configuration"}
LIMIT, AT_FINITE_TIME = r"$H_x(\omega)$", r"exact at finite $t_w$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels a study: the last waiting time with all windows, and the window next to 1/2."""
    return [
        curve
        for study, points in results.items()
        for part in (_against_window, _against_waiting_time)
        for point in points
        for curve in part(study, point)
    ]


def observable(point: xr.Dataset) -> str:
    """The aging function that follows H_x: returns count where there are any."""
    return "no_jump" if point.attrs["every_jump_forgets"] else "same_configuration"


def _against_window(study: str, point: xr.Dataset) -> list[Curve]:
    name, x = observable(point), trap_exponent(point)
    # The last waiting time after which every window fits into the run.
    complete = point[name].notnull().all("window").values
    last = point.isel(waiting_time=int(np.flatnonzero(complete)[-1]))
    exponent = round(float(np.log10(last.waiting_time)), 2)
    panel = f"{study}, $t_w=10^{{{exponent:g}}}${AGAINST_WINDOW}{name}"
    omega = last.window.values
    found = [data_of_point(panel, point, omega, last[name].values, last[f"{name}_error"].values)]
    if x <= LARGEST_EXPONENT:
        line = np.geomspace(omega.min() / 2, omega.max() * 2, LINE_POINTS)
        law = trap_model.aging_function(line, x)
        found.append(theory_of_point(panel, point, line, law, LIMIT))
    return found


def _against_waiting_time(study: str, point: xr.Dataset) -> list[Curve]:
    name, x = observable(point), trap_exponent(point)
    one = point.sel(window=WINDOW, method="nearest")
    omega = float(one.window)
    panel = rf"{study}, $\omega={omega:g}${AGAINST_WAITING_TIME}{name}"
    one = one.isel(waiting_time=one[name].notnull().values)
    time = one.waiting_time.values
    found = [data_of_point(panel, point, time, one[name].values, one[f"{name}_error"].values)]
    if x <= LARGEST_EXPONENT and temperature_and_size(point)[1] == np.inf:
        law = trap_model.no_jump(time, omega, x)
        found.append(theory_of_point(panel, point, time, law, AT_FINITE_TIME))
    elif x <= LARGEST_EXPONENT:
        law = np.full(time.size, trap_model.aging_function(omega, x))
        found.append(theory_of_point(panel, point, time, law, LIMIT))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        draw_curves(one, [curve for curve in curves if curve.panel == name])
        _, _, kind = name.partition(":")
        *against, observed = kind.split()
        one.set(xscale="log", ylim=(0, 1.02))
        one.set_ylabel(rf"{WORDS[observed]}, $\Pi(t_w, t_w(1+\omega))$")
        if against == ["window"]:
            one.set_xlabel(r"window $\omega = t/t_w$")
        else:
            one.set_xlabel("waiting time $t_w$ (attempts)")
    return figure
