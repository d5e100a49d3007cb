"""Aging functions against the window and against the waiting time, with the trap model's law H_x.

On the complete graph the aging function Pi is the probability of no jump between t_w and t_w (1 +
omega), as the trap model defines it. On the hypercube it is the probability that the configuration
is the same at both times.

Panels on the left show all windows omega at one waiting time, the last one after which every window
fits into the run. Panels on the right show all waiting times at the window nearest to 1/2.
H_x(omega), with x = T / T_c, is the limit of late times for infinitely many traps. If their number
M is finite, aging ends near the time M^(1/x), and points leave the line. Gaussian energies have no
such law; the figure ``local_exponent`` shows what replaces it.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    infinite_size_label,
    is_glassy,
    is_locally_random,
    is_random_energy_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import step_model, trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
WINDOW = 0.5
LINE_POINTS = 200
AGAINST_WINDOW, AGAINST_WAITING_TIME = ": window ", ": waiting time "
WORDS = {"no_jump": "no jump", "same_configuration": "same configuration"}
LIMIT, AT_FINITE_TIME = r"$H_x(\omega)$", r"exact at finite $t_w$"
LOCALLY = r"$H_x(\omega)$, local REM"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: all windows at one waiting time, and all times at one window."""
    return [
        curve
        for study, points in results_by_panel(results).items()
        for part in (_against_window, _against_waiting_time)
        for point in points
        for curve in part(study, point)
    ]


def observable(point: xr.Dataset) -> str:
    """Name of the aging function that follows H_x; returns count where there are any."""
    return "no_jump" if point.attrs["every_jump_forgets"] else "same_configuration"


def _against_window(study: str, point: xr.Dataset) -> list[Curve]:
    name = observable(point)
    # The last waiting time after which every window fits into the run.
    complete = point[name].notnull().all("window").values
    last = point.isel(waiting_time=int(np.flatnonzero(complete)[-1]))
    time = float(last.waiting_time)
    panel = f"{study}, $t_w=10^{{{round(np.log10(time), 2):g}}}${AGAINST_WINDOW}{name}"
    omega = last.window.values
    data = data_of_point(panel, point, omega, last[name].values, last[f"{name}_error"].values)
    line = np.union1d(omega, np.geomspace(omega.min() / 2, omega.max() * 2, LINE_POINTS))
    return [data, *_law(panel, point, np.full(line.size, time), line, line, limit=True)]


def _against_waiting_time(study: str, point: xr.Dataset) -> list[Curve]:
    name = observable(point)
    one = point.sel(window=WINDOW, method="nearest")
    omega = float(one.window)
    panel = rf"{study}, $\omega={omega:g}${AGAINST_WAITING_TIME}{name}"
    one = one.isel(waiting_time=one[name].notnull().values)
    time = one.waiting_time.values
    data = data_of_point(panel, point, time, one[name].values, one[f"{name}_error"].values)
    return [data, *_law(panel, point, time, np.full(time.size, omega), time)]


def _law(
    panel: str,
    point: xr.Dataset,
    time: np.ndarray,
    omega: np.ndarray,
    along: np.ndarray,
    limit: bool = False,
) -> list[Curve]:
    """The law at these waiting times and windows, if one is known.

    The law may be exact at finite times, or the limit of late times. With ``limit`` only a limit
    counts. It exists where there is no equilibrium: in equilibrium late times have no law that
    depends on the window alone.
    """
    x = trap_exponent(point)
    if has_exact_step_model_law(point) and (size_is_infinite(point) or not limit):
        # Here x = T / T_c holds above T_c, too.
        return [
            theory_of_point(
                panel,
                point,
                along,
                step_model.no_jump(time, omega, x),
                *infinite_size_label(point),
            )
        ]
    if is_trap_model(point) and size_is_infinite(point) and not (limit and is_glassy(point)):
        law = trap_model.no_jump(time, omega, x)
        return [theory_of_point(panel, point, along, law, AT_FINITE_TIME, exact=True)]
    if not is_glassy(point):
        return []
    if is_trap_model(point) or is_random_energy_model(point):
        law = trap_model.aging_function(omega, x)
        return [theory_of_point(panel, point, along, law, LIMIT)]
    if is_locally_random(point):
        law = trap_model.aging_function(omega, x)
        return [Curve(panel, "theory", LOCALLY, along, law, None, np.nan)]
    return []


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        _, _, kind = name.partition(":")
        *against, observed = kind.split()
        one.set(xscale="log", ylim=(0, 1.02))
        one.set_ylabel(rf"{WORDS[observed]}, $\Pi$")
        if against == ["window"]:
            one.set_xlabel(r"window $\omega = t/t_w$")
        else:
            one.set_xlabel("waiting time $t_w$ (attempts)")
    return figure
