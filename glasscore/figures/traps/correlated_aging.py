"""Aging of correlated random energies against alpha, towards the random energy model.

Points are the probability of the same configuration at t_w and at t_w (1 + omega), for the last few
waiting times. The energies of states with overlap q have the covariance N q^(alpha N) (M.
Baity-Jesi, A. Achard-de Lustrac, G. Biroli, arXiv:1805.04581, 2018). The dashed line is the
correlation (1 - 2/N)^(alpha N) of neighbours' energies that follows from it, about exp(-2 alpha).
Horizontal lines show the results for independent energies, which are the limit of large alpha.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, landscape_of, temperature_and_size
from glasscore.figures.drawing.page import draw_panels, set_probability_limits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"energies": ["correlated", "gaussian"], "graph": ["hypercube"]}
WINDOW = 0.5
DECADES = 4
LINE_POINTS = 200


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each temperature and size, of all studies together."""
    points = [point for each in results.values() for point in each]
    correlated = [point for point in points if "alpha" in landscape_of(point)]
    found = []
    for T, N in sorted({temperature_and_size(point) for point in correlated}):
        panel = f"$N={N:g}$, $T={T:.3g}$"
        alike = [point for point in points if temperature_and_size(point) == (T, N)]
        found += _of_size(panel, N, sorted(alike, key=_alpha))
    return found


def _alpha(point: xr.Dataset) -> float:
    return float(landscape_of(point).get("alpha", np.inf))


def _of_size(panel: str, N: float, points: list[xr.Dataset]) -> list[Curve]:
    correlated = [point for point in points if np.isfinite(_alpha(point))]
    alphas = np.array([_alpha(point) for point in correlated])
    line = np.geomspace(alphas.min() / 1.5, alphas.max() * 1.5, LINE_POINTS)
    found = []
    for time in _waiting_times(correlated[0]):
        same, error = np.array([_same(point, time) for point in correlated]).T
        known = np.isfinite(same)
        text = rf"$t_w=10^{{{np.log10(time):g}}}$"
        found.append(Curve(panel, "data", text, alphas[known], same[known], error[known], time))
        for point in points[len(correlated) :]:
            level = _same(point, time)[0]
            if np.isfinite(level):
                ends = line[[0, -1]]
                found.append(Curve(panel, "theory", "REM", ends, np.full(2, level), None, time))
    correlation = (1 - 2 / N) ** (line * N)
    label = r"neighbours, $(1-2/N)^{\alpha N}$"
    return [*found, Curve(panel, "theory", label, line, correlation, None, np.nan)]


def _waiting_times(point: xr.Dataset) -> Iterator[float]:
    """The last waiting times that are powers of ten and whose window ends within the run."""
    one = _window(point)
    decades = np.log10(one.waiting_time.values)
    whole = (decades == np.round(decades)) & one.same_configuration.notnull().values
    yield from one.waiting_time.values[whole][-DECADES:]


def _same(point: xr.Dataset, time: float) -> tuple[float, float]:
    """The aging function with its error; NaN if the study does not have the waiting time."""
    one = _window(point)
    if time not in one.waiting_time.values:
        return np.nan, np.nan
    one = one.sel(waiting_time=time)
    return float(one.same_configuration), float(one.same_configuration_error)


def _window(point: xr.Dataset) -> xr.Dataset:
    return point.sel(window=WINDOW, method="nearest")


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        set_probability_limits(one)
        one.set(xscale="log", xlabel=r"exponent $\alpha$")
        one.set_ylabel(rf"same conf., $\omega={WINDOW:g}$; correlation")
    return figure
