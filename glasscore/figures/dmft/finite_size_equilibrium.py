"""Spin glasses in equilibrium at several N, extrapolated to infinite N: simulation beside DMFT.

Two panels are drawn for each single site and each temperature above T_g at which at least three
sizes have been simulated. The first shows the correlations of all sizes, each up to the lag at
which it falls below three of its standard errors, and the self-consistent correlation of mean-field
theory as a dashed line. The second panel shows how far each size differs from that line at three
lags, against 1/N, with a least-squares line that is weighted by the errors. The value of this line
at 1/N = 0 is the extrapolation, for which mean-field theory predicts 0. Its error bar combines the
errors of the simulation and of the self-consistent correlation.

Averages differ from those at N = infinity in the order 1/N as long as N (T / T_g - 1)^3 is large.
At T_g they differ by powers of N^(-1/3) (Parisi, Ritort and Slanina 1993), so that only higher
temperatures are shown. Near T_g, or at small N, the true dependence on 1/N is curved, which shifts
the extrapolation by more than its error bar. Planted couplings have other corrections, and panels
of their own. After a random start the correlation is too small, by at most about C(2 t_w), which is
what is left of the start: sizes for which that exceeds 0.002 C(0) are left out.

The error bars do not include errors of the time steps h. For the soft single site with r = 0 and u
= 1 at T = 1.5, doubling h from 0.025 to 0.05 raises C(0.6) by 0.0011(3), so that steps of 0.05
raise it by 0.0015(5) in all. The time steps of the simulations lower C by 0.0003. Extrapolations of
soft spins therefore end below 0 by the sum of the two.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, above_noise, in_few_digits
from glasscore.figures.drawing.extrapolation import (
    FEWEST,
    Array,
    extrapolation_curves,
    interpolate_in_log_time,
)
from glasscore.figures.drawing.matching_simulations import (
    FEWEST_ERRORS,
    Correlation,
    equilibrium_correlation,
    is_at_glass_temperature,
    same_model,
    temperature,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("langevin", "traps")
ONLY = {
    "single_site": ["soft", "glauber", None],
    "covariance": [None],
    "name": ["soft", None],
    "energies": ["sk", None],
    "graph": ["hypercube", None],
}
ALL, LIMIT = ": all sizes", ": limit"
# This share of C(0) may be left of the start.
FORGOTTEN = 2e-3
# Shares of the decades of common lags at which sizes are compared.
SHARES = (0.4, 0.6, 0.8)
LINE_POINTS = 200
# Points of one size are drawn apart by this share of the largest 1/N.
APART = 0.008

Results = dict[str, list[xr.Dataset]]


def curves(results: Results, *simulated: Results) -> list[Curve]:
    """Two panels for each study of a single site, temperature and kind of start.

    ``simulated`` holds results of stages with finite N.
    """
    finite = [point for stage in simulated for points in stage.values() for point in points]
    found: list[Curve] = []
    for study, sites in results.items():
        texts = in_few_digits(map(temperature, sites))
        for site in sorted(sites, key=temperature):
            if is_at_glass_temperature(site):
                continue
            alike = [each for each in finite if same_model(site, each)]
            for start in sorted({_start(each) for each in alike}):
                sizes = _sizes(site, [each for each in alike if _start(each) == start])
                panel = f"{study}, $T={texts[temperature(site)]}${start}"
                if len({size.N for size in sizes}) >= FEWEST:
                    found += _all_sizes(panel + ALL, site, sizes)
                    found += _limits(panel + LIMIT, site, sizes)
    return found


def _start(finite: xr.Dataset) -> str:
    """The part of a title that names planted couplings, whose corrections in 1/N are others."""
    return ", planted" if parameters_of(finite).get("start") == "planted" else ""


def _sizes(site: xr.Dataset, finite: list[xr.Dataset]) -> list[Correlation]:
    """Correlations that have forgotten their start, by size, at lags that the single site has."""
    found = []
    for one in filter(None, map(equilibrium_correlation, finite)):
        left = np.interp(2 * one.waited, site.time.values, site.correlation.values)
        # The error of a single sample is not known.
        kept = (one.lag > 0) & (one.lag <= float(site.time[-1])) & (one.error > 0)
        forgotten = np.isinf(one.waited) or left <= FORGOTTEN * float(site.correlation[0])
        if forgotten and np.count_nonzero(kept) > 1:
            found.append(one._replace(lag=one.lag[kept], value=one.value[kept],
                                      error=one.error[kept]))  # fmt: skip
    return sorted(found, key=lambda one: one.N)


def _all_sizes(panel: str, site: xr.Dataset, sizes: list[Correlation]) -> Iterator[Curve]:
    shown = [(one, above_noise(one.value, one.error, FEWEST_ERRORS)) for one in sizes]
    for one, seen in shown:
        label = f"$N={one.N:g}$"
        yield Curve(panel, "data", label, one.lag[seen], one.value[seen], one.error[seen],
                    one.N, one.N)  # fmt: skip
    lags = np.concatenate([one.lag[seen] for one, seen in shown])
    if not lags.size:
        return
    line = np.geomspace(lags.min(), lags.max(), LINE_POINTS)
    yield Curve(panel, "theory", "DMFT", line, _theory(site, line), None, np.nan)


def _theory(site: xr.Dataset, lag: Array) -> Array:
    return interpolate_in_log_time(site.time.values, site.correlation.values, lag)


def _limits(panel: str, site: xr.Dataset, sizes: list[Correlation]) -> Iterator[Curve]:
    """Differences from the solution at a few lags that all sizes have, and extrapolations."""
    inverse = np.array([1 / one.N for one in sizes])
    low, high = max(one.lag[0] for one in sizes), min(one.lag[-1] for one in sizes)
    grid = sizes[-1].lag
    grid = grid[(low <= grid) & (grid <= high)]
    if not grid.size:
        return
    wanted = [low ** (1 - share) * high**share for share in SHARES]
    for lag in sorted({float(grid[np.argmin(np.abs(np.log(grid / one)))]) for one in wanted}):
        points = [_difference(site, one, lag) for one in sizes]
        y, error = (np.array(column) for column in zip(*points, strict=True))
        of_theory = float(np.interp(lag, site.time.values, site.correlation_error.values))
        yield from extrapolation_curves(
            panel, rf"$\tau={lag:.3g}$", lag, inverse, y, error, of_theory
        )
    ends = np.array([-0.06, 1.0]) * inverse.max()
    yield Curve(panel, "theory", "DMFT", ends, np.zeros(2), None, np.nan)


def _difference(site: xr.Dataset, one: Correlation, lag: float) -> tuple[float, float]:
    """C of one size less that of the single site, interpolated to a lag, and its standard error.

    The difference is small and smooth, so that linear interpolation is accurate enough. This holds
    for the error, too: neighbouring lags share their noise, and the error between them is hardly
    smaller.
    """
    x, at = np.log(one.lag), np.log(lag)
    difference = one.value - _theory(site, one.lag)
    return float(np.interp(at, x, difference)), float(np.interp(at, x, one.error))


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    panels: dict[str, list[Curve]] = {}
    for curve in curves:
        panels.setdefault(curve.panel, []).append(curve)
    shown = [
        curve
        for name, each in panels.items()
        for curve in (_side_by_side(each) if name.endswith(LIMIT) else each)
    ]
    figure, axes = draw_panels(shown)
    for name, one in axes.items():
        if name.endswith(LIMIT):
            one.set(xlabel="$1/N$", ylabel=r"$C_N(\tau)-C(\tau)$")
        else:
            one.set(xscale="log", xlabel=r"time lag $\tau$", ylabel=r"$C(\tau)$")
    return figure


def _side_by_side(curves: list[Curve]) -> list[Curve]:
    """Shift points of one size a little apart, so that all their error bars are seen."""
    points = [curve for curve in curves if curve.role == "data"]
    lags = sorted({curve.colour for curve in points})
    width = max(float(curve.x.max()) for curve in points)
    return [
        curve._replace(x=curve.x + APART * width * (lags.index(curve.colour) - len(lags) // 2))
        if curve.role == "data"
        else curve
        for curve in curves
    ]
