r"""Aging of spins: the overlap with an earlier configuration, for several waiting times.

The overlap is $q=\frac{1}{N}\sum_i s_i(t_w)s_i(t_w+t)$ for $N$ spins $s_i$, averaged over
independent samples of the disorder after a quench from infinite temperature. It is drawn against
the time $t$ since the waiting time $t_w$; both are counted in sweeps of $N$ attempted moves.
In equilibrium the overlap depends on $t$ alone, and points of all waiting times lie on one curve.
While the spins age, $t_w$ itself sets the time scale, and the curve moves to later times in
proportion to $t_w$. Waiting times of a colour are the nearest to its number of sweeps that were
recorded at each size; all windows that were recorded are shown. The coldest and the hottest
temperature of a study are shown.
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
# Recorded waiting times lie on a grid, so that the last one may lie this far, in decades, before a
# power of ten.
ROUNDING = 0.13
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
        found += [
            _overlap(panel, point, sweeps) for sweeps in _waiting_times(alike) for point in alike
        ]
    return found


def _waiting_times(points: list[xr.Dataset]) -> list[float]:
    """A few waiting times in sweeps, from one sweep to the last whose windows all runs have.

    They are powers of ten if there are such within all runs, and the last ones of them.
    """
    ends = [_complete(point)[-1] / temperature_and_size(point)[1] for point in points]
    # A waiting time that is nearest to a power of ten may be a little earlier.
    last = float(np.floor(np.log10(min(ends)) + ROUNDING))
    if last < 0:
        return [float(min(ends))]
    return [10.0**power for power in np.arange(last + 1)[-MOST_WAITING_TIMES:]]


def _complete(point: xr.Dataset) -> np.ndarray:
    """The waiting times after which most windows end within the run, all of them if possible."""
    fitting = point.overlap.notnull().sum("window").values
    return point.waiting_time.values[fitting == fitting.max()]


def _overlap(panel: str, point: xr.Dataset, sweeps: float) -> Curve:
    N, times = temperature_and_size(point)[1], _complete(point)
    time = times[np.argmin(np.abs(np.log(times / (sweeps * N))))]
    one = point.sel(waiting_time=time)
    one = one.isel(window=one.overlap.notnull().values)
    power = np.log10(sweeps)
    number = f"10^{{{power:.0f}}}" if power == np.round(power) else f"{sweeps:.2g}"
    waited, size = f"$t_w={number}$ sweeps", f"$N={N:g}$"
    later = one.window.values * time / N
    overlap, error = one.overlap.values, one.overlap_error.values
    return Curve(panel, "data", f"{size}, {waited}", later, overlap, error, sweeps, N, waited, size)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xscale="log", xlabel="time $t$ (sweeps)", ylabel="overlap $q$")
        # All panels show the whole range, so that they can be compared.
        set_probability_limits(one, min(LEAST, one.get_ylim()[0]))
    return figure
