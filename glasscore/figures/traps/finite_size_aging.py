"""How aging ends at finite size: aging functions against the waiting time over M^(1/x).

A trap model of M = 2^N traps ages until it has found the deepest trap, at a time t of order M^(1/x)
with x = T / T_c. The aging function then leaves H_x and falls to its value in equilibrium. Lines
are its exact average over traps. The random energy model with exponential energies ages in the same
way, and its times scale in the same way up to powers of N. But unlike the trap model it can return
to a configuration: in equilibrium it has the same configuration at any two distant times with the
probability Y_2, which is the participation ratio.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import is_glassy, is_random_energy_model, is_trap_model
from glasscore.figures.traps.aging_function import WINDOW, observable
from glasscore.theory import trap_model
from glasscore.theory.mean_trap_model import mean_no_jump
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"energies": ("exponential",)}
OMEGA = ": omega "
POINTS_PER_DECADE = 3
# Largest log2 of the time at which aging ends that a 64-bit number can hold, nearly.
LATEST = 1000.0
EXACT, LIMIT = "exact mean over traps", r"$H_x(\omega)$"
EQUILIBRIUM = r"equilibrium, $Y_2$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature, one colour for each size."""
    found = []
    for study, points in results.items():
        aging = [point for point in points if _ages_like_traps(point)]
        texts = in_few_digits(temperature_and_size(point)[0] for point in aging)
        for T, text in texts.items():
            alike = [point for point in aging if temperature_and_size(point)[0] == T]
            omega = float(alike[0].window.sel(window=WINDOW, method="nearest"))
            panel = f"{study}, $T={text}${OMEGA}{omega:g}"
            shown = [curve for point in alike for curve in _of_point(panel, point, omega)]
            shown.append(_limit(panel, shown, omega, trap_exponent(alike[0])))
            found += shown
    return found


def _ages_like_traps(point: xr.Dataset) -> bool:
    known = is_trap_model(point) or is_random_energy_model(point)
    if not (known and is_glassy(point)):
        return False
    return temperature_and_size(point)[1] / trap_exponent(point) < LATEST


def _of_point(panel: str, point: xr.Dataset, omega: float) -> list[Curve]:
    N, x, name = temperature_and_size(point)[1], trap_exponent(point), observable(point)
    one = point.sel(window=omega, method="nearest")
    one = one.isel(waiting_time=one[name].notnull().values)
    time, size = one.waiting_time.values, f"$N={N:g}$"
    end = 2.0 ** (N / x)
    mean, error = one[name].values, one[f"{name}_error"].values
    found = [Curve(panel, "data", size, time / end, mean, error, N, N, "", size)]
    if is_trap_model(point):
        count = int(np.log10(time[-1] / time[0]) * POINTS_PER_DECADE) + 2
        line = np.union1d(time, np.geomspace(time[0], time[-1], count))
        law = mean_no_jump(line, omega, 2.0**N, x)
        found.append(Curve(panel, "theory", EXACT, line / end, law, None, N, exact=True))
    elif time[-1] > end:
        T = temperature_and_size(point)[0]
        same = np.full(2, participation_ratio(T, int(N), "exponential"))
        ends = np.array([1.0, time[-1] / end])
        found.append(Curve(panel, "theory", EQUILIBRIUM, ends, same, None, N))
    return found


def _limit(panel: str, shown: list[Curve], omega: float, x: float) -> Curve:
    ends = np.array([min(c.x.min() for c in shown), max(c.x.max() for c in shown)])
    value = float(trap_model.aging_function(omega, x))
    return Curve(panel, "theory", LIMIT, ends, np.full(2, value), None, np.nan)


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study and temperature."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        _, _, omega = name.rpartition(OMEGA)
        set_probability_limits(one)
        one.set(
            xscale="log",
            xlabel=r"$t_w / M^{1/x}$, $M=2^N$ (attempts)",
            ylabel=rf"aging function, $\omega={omega}$",
        )
    return figure
