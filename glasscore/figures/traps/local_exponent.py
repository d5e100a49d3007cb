"""Aging of the Gaussian random energy model: H with a local exponent x(t_w) = |E(t_w)| / (N beta).

A Gaussian density of states has no single exponential slope. The slope of its logarithm at the mean
energy that has been reached by t_w, divided by beta, plays the role that T / T_c has for
exponential energies. It tends to T / T_c only when the system equilibrates.

The law is drawn from the waiting time 1e4 on, since before it the first traps are still being
found. The last panel plots the measured aging function against the law, with all windows at the
waiting times 1e4, 1e5, and so on. Its chi-square counts only the errors of the aging function, and
its n points come from the same samples. The law is an approximation: for N = 20 to 64 and T_c / T =
1.5 and 2.5, points lie up to 0.1 off it, typically by some ten of their standard errors.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import trap_model
from glasscore.theory.random_energy import local_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"energies": ["gaussian"], "graph": ["hypercube"]}
WINDOW = 0.5
# Before this time the first local minima are still being found.
FIRST_TRAP_TIME = 1e4
AGING, EXPONENT, COLLAPSE = ": aging", ": exponent", ": collapse"
LAW = r"$H_x(\omega)$, $x=x(t_w)$"
SAME = r"same configuration, $\Pi(t_w, t_w(1+\omega))$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study: aging functions, local exponents, and the collapse on H."""
    found = []
    for study, points in results_by_panel(results).items():
        for part in (_aging, _exponents):
            found += [curve for point in points for curve in part(study, point)]
        collapse = [_collapse(study, point) for point in points]
        diagonal, label = np.array([0.0, 1.0]), _goodness(collapse)
        found += collapse
        found.append(Curve(study + COLLAPSE, "theory", label, diagonal, diagonal, None, np.nan))
    return found


def _goodness(collapse: list[Curve]) -> str:
    """Label with chi-square over the number of points, which are not independent.

    Points share samples. Errors of the local exponent do not count; they are ten times smaller than
    those of the aging function.
    """
    deviations = [
        ((curve.y - curve.x) / curve.error) ** 2 for curve in collapse if curve.error is not None
    ]
    points = np.concatenate(deviations) if deviations else np.empty(0)
    return rf"$\chi^2/n={points.mean():.2f}$, $n={points.size}$" if points.size else ""


def _exponent(point: xr.Dataset) -> np.ndarray:
    """The exponent x(t_w), of the shape (waiting_time,); zero while the mean energy is positive."""
    T, N = temperature_and_size(point)
    if T == 0:
        return np.zeros(point.sizes["waiting_time"])
    return local_exponent(np.minimum(point.waiting_energy.values, 0.0), N, T)


def _law(point: xr.Dataset) -> np.ndarray:
    """H_x(t_w)(omega) of the shape (waiting_time, window); NaN unless 0 < x < 1."""
    omega, exponents = point.window.values, _exponent(point)
    law = np.full((exponents.size, omega.size), np.nan)
    for row, x in zip(law, exponents, strict=True):
        if 0 < x < 1:
            row[:] = trap_model.aging_function(omega, x)
    return law


def _aging(study: str, point: xr.Dataset) -> list[Curve]:
    window = int(np.argmin(np.abs(point.window.values - WINDOW)))
    one = point.isel(window=window)
    panel = rf"{study}, $\omega={float(one.window):g}${AGING}"
    kept = one.same_configuration.notnull().values
    time = one.waiting_time.values
    law = _law(point)[:, window]
    known = kept & np.isfinite(law) & (time >= FIRST_TRAP_TIME)
    return [
        data_of_point(
            panel,
            point,
            time[kept],
            one.same_configuration.values[kept],
            one.same_configuration_error.values[kept],
        ),
        theory_of_point(panel, point, time[known], law[known], LAW),
    ]


def _exponents(study: str, point: xr.Dataset) -> list[Curve]:
    T, N = temperature_and_size(point)
    time, error = point.waiting_time.values, point.waiting_energy_error.values * T / N
    # In equilibrium above T_c the energy is -N beta.
    limit = np.full(2, min(1.0, trap_exponent(point)))
    return [
        data_of_point(study + EXPONENT, point, time, _exponent(point), error),
        theory_of_point(study + EXPONENT, point, time[[0, -1]], limit, r"$\min(1, T/T_c)$"),
    ]


def _collapse(study: str, point: xr.Dataset) -> Curve:
    decades = np.log10(point.waiting_time.values)
    shown = (point.waiting_time.values >= FIRST_TRAP_TIME) & (decades == np.round(decades))
    late = point.isel(waiting_time=shown)
    law, mean = _law(late), late.same_configuration.values
    kept = np.isfinite(law) & np.isfinite(mean)
    error = late.same_configuration_error.values
    return data_of_point(study + COLLAPSE, point, law[kept], mean[kept], error[kept])


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study."""
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        if name.endswith(COLLAPSE):
            one.set(xlabel=LAW, ylabel=SAME)
            continue
        one.set(xscale="log", xlabel="waiting time $t_w$ (attempts)")
        if name.endswith(AGING):
            one.set(ylim=(0, 1.02), ylabel=SAME)
        else:
            one.set(ylabel=r"local exponent $x(t_w)$")
    return figure
