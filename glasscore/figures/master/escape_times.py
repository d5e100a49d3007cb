"""Escape times from the deepest minimum to the second deepest: exact, simulated, Arrhenius' law.

The first panel shows one sample of each size. Solid lines are exact mean first-passage times,
points are the means of simulated passages, and dashed lines grow as exp(Delta E / T) with the
barrier Delta E of that sample's landscape. The second panel shows for all samples how far the
simulated means lie from the exact ones, in units of the exact standard error; its dashed lines mark
four of these. The third panel compares the slope of ln tau in 1/T, between the two lowest
temperatures, with the barrier of the same sample; on the dashed line the two are equal.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, temperature_and_size, with_shared_samples
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import goes_down_freely

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("escape_time",)
SHOWN_SAMPLE = 0
FAR = 4.0
SYMBOLS = {
    "times": (r"$J/T$", r"escape time $\tau$ (attempts)"),
    "deviations": (r"$J/T$", r"$(\hat\tau-\tau)/\Delta\hat\tau$"),
    "slopes": (r"barrier $\Delta E/J$", r"slope $d\ln\tau\,/\,d(J/T)$"),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of three panels for each study."""
    found = []
    for study, points in results.items():
        groups = with_shared_samples(points)
        found += [curve for group in groups for curve in _times(f"{study}: times", group)]
        found += [curve for group in groups for curve in _deviations(f"{study}: deviations", group)]
        found += _limits(f"{study}: deviations", points)
        found += _slopes(f"{study}: slopes", groups)
    return found


def _inverse_temperatures(group: list[xr.Dataset]) -> np.ndarray:
    return np.array([1.0 / temperature_and_size(point)[0] for point in group])


def _of_samples(group: list[xr.Dataset], name: str) -> np.ndarray:
    """A variable of several results, as an array of the shape (temperature, sample)."""
    return np.array([point[name].values for point in group])


def _times(panel: str, group: list[xr.Dataset]) -> list[Curve]:
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    exact, simulated, error, barrier = (
        _of_samples(group, name)[:, SHOWN_SAMPLE]
        for name in (
            "escape_time",
            "simulated_escape_time",
            "simulated_escape_time_error",
            "escape_barrier",
        )
    )
    seen, size = np.isfinite(simulated), f"$N={N:g}$"
    points = Curve(panel, "data", size, beta[seen], simulated[seen], error[seen], N, N, "", size)
    law = Curve(panel, "theory", "exact", beta, exact, None, N, exact=True)
    if not goes_down_freely(group[0]) or not np.isfinite(exact[-1]):
        return [points, law]
    guide = exact[-1] * np.exp(barrier[-1] * (beta - beta[-1]))
    return [
        points,
        law,
        Curve(panel, "theory", r"$\propto e^{\Delta E/T}$", beta, guide, None, np.nan),
    ]


def _deviations(panel: str, group: list[xr.Dataset]) -> list[Curve]:
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    exact, simulated, error = (
        _of_samples(group, name)
        for name in ("escape_time", "simulated_escape_time", "simulated_escape_time_error")
    )
    z = (simulated - exact) / error
    seen, size = np.isfinite(z), f"$N={N:g}$"
    x = np.broadcast_to(beta[:, np.newaxis], z.shape)[seen]
    return [Curve(panel, "data", size, x, z[seen], None, N, N, "", size)]


def _limits(panel: str, points: list[xr.Dataset]) -> list[Curve]:
    ends = np.array([0.0, 1.0 / min(temperature_and_size(point)[0] for point in points)])
    return [
        Curve(panel, "theory", "", ends, np.full(2, side * FAR), None, np.nan) for side in (-1, 1)
    ]


def _slopes(panel: str, groups: list[list[xr.Dataset]]) -> list[Curve]:
    """Slopes between the two lowest temperatures of each size."""
    found, largest = [], 0.0
    for group in groups:
        if len(group) < 2 or not goes_down_freely(group[0]):
            continue
        N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)[-2:]
        times = _of_samples(group[-2:], "escape_time")
        seen = np.isfinite(times).all(axis=0)
        slope = np.diff(np.log(times[:, seen]), axis=0)[0] / (beta[1] - beta[0])
        barrier = group[-1].escape_barrier.values[seen]
        size = f"$N={N:g}$"
        found.append(Curve(panel, "data", size, barrier, slope, None, N, N, "", size))
        largest = max(largest, barrier.max(initial=0.0))
    if found:
        ends = np.array([0.0, largest])
        found.append(Curve(panel, "theory", "slope = barrier", ends, ends, None, np.nan))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study."""
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        kind = name.rpartition(": ")[2]
        abscissa, ordinate = SYMBOLS[kind]
        one.set(xlabel=abscissa, ylabel=ordinate)
        if kind == "times":
            one.set_yscale("log")
        if kind == "deviations":
            one.set_ylim(-1.5 * FAR, 1.5 * FAR)
    return figure
