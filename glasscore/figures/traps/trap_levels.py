"""Aging functions at every level of the trap picture, against the waiting time.

Each curve is the probability that something is the same at t_w and at t_w (1 + omega): the
configuration (or, at the strictest, that there has been no jump at all), the inherent structure,
the basin below the threshold energy, or the metabasin, in which returns are merged. All samples
count, whether they are in a trap at t_w or not. Dashed lines are H_x of the trap model. For
exponential energies x is T / T_c; for basins of the step model below its effective threshold x is 2
- T_c / T; for Gaussian energies x is the local exponent |E(t_w)| / (N beta).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    has_typical_threshold,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import (
    is_glassy,
    is_independent_gaussian,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
)
from glasscore.theory import trap_model
from glasscore.theory.random_energy import local_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("basins", "inherent_structures", "metabasins")
WINDOW = 0.5
LEVELS = {
    "same_configuration": "configuration",
    "no_jump": "no jump",
    "same_inherent_structure": "inherent structure",
    "same_basin": "basin",
    "same_metabasin": "metabasin",
}
OMEGA = ": omega "
LIMIT = r"$H_x(\omega)$"
LOCAL = r"$H_x(\omega)$, $x=x(t_w)$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, size and temperature; one set of points for each level."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in points:
            T, N = temperature_and_size(point)
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            omega = float(point.window.sel(window=WINDOW, method="nearest"))
            panel = f"{study}\n$N={size}$, $T={texts[T]}${OMEGA}{omega:g}"
            found += [*_levels(panel, point), *_law(panel, point)]
    return found


def _levels(panel: str, point: xr.Dataset) -> list[Curve]:
    one = point.sel(window=WINDOW, method="nearest")
    found = []
    for rank, (name, label) in enumerate(LEVELS.items()):
        # Where each jump leads to a random state, the same configuration means no jump.
        if name in one and not (name == "same_configuration" and point.attrs["every_jump_forgets"]):
            known = one[name].notnull().values
            time, mean, error = (
                values[known]
                for values in (
                    one.waiting_time.values,
                    one[name].values,
                    one[f"{name}_error"].values,
                )
            )
            found.append(Curve(panel, "data", label, time, mean, error, rank, rank))
    return found


def _law(panel: str, point: xr.Dataset) -> list[Curve]:
    """H_x, where the trap picture is known to hold, and with which x."""
    T, N = temperature_and_size(point)
    time = point.waiting_time.values
    label, ratio = LIMIT, trap_exponent(point)
    if is_step_model(point) and 0.5 < ratio < 1.0 and has_typical_threshold(point):
        x = np.full(time.size, 2.0 - 1.0 / ratio)
    elif is_independent_gaussian(point) and T > 0 and "waiting_energy" in point:
        x, label = local_exponent(np.minimum(point.waiting_energy.values, 0.0), N, T), LOCAL
    elif is_glassy(point) and (is_random_energy_model(point) or is_trap_model(point)):
        x = np.full(time.size, ratio)
    else:
        return []
    known = (x > 0) & (x < 1)
    omega = float(point.window.sel(window=WINDOW, method="nearest"))
    law = np.array([trap_model.aging_function(omega, each) for each in x[known]])
    return [Curve(panel, "theory", label, time[known], law, None, np.nan)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, size and temperature."""
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        _, _, omega = name.rpartition(OMEGA)
        set_probability_limits(one)
        one.set(
            xscale="log",
            xlabel="waiting time $t_w$ (attempts)",
            ylabel=rf"probability of the same, $\omega={omega}$",
        )
    return figure
