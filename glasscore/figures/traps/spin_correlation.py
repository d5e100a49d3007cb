"""Overlap of the spin configurations at t_w and t_w (1 + omega): aging of spin glasses.

The overlap is q(t_w, t_w (1 + omega)) = (1/N) sum_i s_i(t_w) s_i(t_w (1 + omega)), averaged over
disorder samples. In equilibrium it depends only on the time t = omega t_w between the two
configurations, so that it falls with t_w at fixed omega. While the spins age, t_w itself sets the
time scale, and the curves of different t_w come close to each other. Times are counted in attempted
flips, N of which make one sweep. Waiting times of less than a sweep are left out, since many spins
have not been tried by then. Points at one window are drawn side by side, those of larger sizes to
the right.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {
    "graph": ["hypercube"],
    "energies": ["correlated", "number_partitioning", "pspin", "sk"],
}
MOST_WAITING_TIMES = 5
# Neighbouring sizes are drawn apart by this part of a decade; all sizes of a window stay within
# this share of the distance between windows.
APART, SHARE = 0.04, 0.5
# The axis of overlaps begins here, or below.
LEAST = -0.02


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels for the coldest and the hottest temperature of each study, and for each alpha."""
    found = []
    for study, points in results.items():
        alphas = in_few_digits(_alpha(point) for point in points)
        for alpha, text in alphas.items():
            told = len(alphas) > 1 and np.isfinite(alpha)
            title = rf"{study}, $\alpha={text}$" if told else study
            found += _of_model(title, [point for point in points if _alpha(point) == alpha])
    return found


def _alpha(point: xr.Dataset) -> float:
    return float(landscape_of(point).get("alpha", np.inf))


def _of_model(title: str, points: list[xr.Dataset]) -> list[Curve]:
    texts = in_few_digits(temperature_and_size(point)[0] for point in points)
    found = []
    for T in sorted({min(texts), max(texts)}):
        alike = [point for point in points if temperature_and_size(point)[0] == T]
        panel = f"{title}, $T={texts[T]}$"
        found += [_overlap(panel, point, time) for time in _waiting_times(alike) for point in alike]
    return found


def _waiting_times(points: list[xr.Dataset]) -> np.ndarray:
    """A few waiting times, evenly spaced in the logarithm.

    The last of them is the last one at which all windows end within all runs.
    """
    common = points[0].waiting_time.values
    for point in points:
        complete = point.overlap.notnull().all("window").values
        common = np.intersect1d(common, point.waiting_time.values[complete])
    sweep = max(temperature_and_size(point)[1] for point in points)
    later = common[common >= min(sweep, common.max(initial=0.0))]
    apart = max(1, -(-later.size // MOST_WAITING_TIMES))
    return later[::-1][::apart][::-1]


def _overlap(panel: str, point: xr.Dataset, time: float) -> Curve:
    N, one = temperature_and_size(point)[1], point.sel(waiting_time=time)
    waited, size = rf"$t_w=10^{{{round(np.log10(time), 2):g}}}$", f"$N={N:g}$"
    overlap, error = one.overlap.values, one.overlap_error.values
    label = f"{size}, {waited}"
    return Curve(panel, "data", label, one.window.values, overlap, error, time, N, waited, size)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    panels: dict[str, list[Curve]] = {}
    for curve in curves:
        panels.setdefault(curve.panel, []).append(curve)
    shown = [curve for each in panels.values() for curve in _side_by_side(each)]
    figure, axes = draw_panels(shown)
    for one in axes.values():
        one.set(
            xscale="log",
            xlabel=r"window $\omega=t/t_w$ (times in attempts, $N$ to a sweep)",
            ylabel=r"overlap, $q(t_w, t_w(1+\omega))$",
        )
        # All panels show the whole range, so that they can be compared.
        set_probability_limits(one, min(LEAST, one.get_ylim()[0]))
    return figure


def _side_by_side(curves: list[Curve]) -> list[Curve]:
    """Curves of one panel, shifted by the rank of their size to both sides of each window."""
    sizes = sorted({curve.marker for curve in curves})
    windows = np.unique(np.concatenate([curve.x for curve in curves]))
    gap = np.diff(np.log10(windows)).min(initial=1.0)
    step = min(APART, SHARE * gap / len(sizes))
    middle = (len(sizes) - 1) / 2
    return [
        curve._replace(x=curve.x * 10.0 ** (step * (sizes.index(curve.marker) - middle)))
        for curve in curves
    ]
