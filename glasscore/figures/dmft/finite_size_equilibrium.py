r"""Spin glasses in equilibrium at several $N$, as differences from mean-field theory.

$C(\tau)$ is the correlation of the spins at two times that are $\tau$ apart, at temperatures $T$
above the glass temperature $T_g$ at which at least three sizes were simulated. Points are means
over disorder samples, with standard errors from the scatter between samples; colours tell the
sizes.

The first panel of a row shows each size up to the lag at which it falls below three of its standard
errors, and the self-consistent correlation of a single spin in the noise and the memory of all
others (DMFT), with a band of its standard error. The second shows the differences $C_N - C$ from
that solution, the third the same differences at three lags, told apart by markers, against $1/N$,
drawn a little apart where they have the same $N$. Sizes may have been simulated at different lags,
which are shares of their waiting times; these are then interpolations between neighbouring lags.
The three lags share samples, so that their points deviate together. Simulation and theory agree if
the lines end at 0; the bar of an end includes the error of the solution.

Averages differ from those at $N = \infty$ in the order $1/N$ as long as $N (T / T_g - 1)^3$ is
large. At $T_g$ they differ by powers of $N^{-1/3}$ (Parisi, Ritort and Slanina 1993), so that only
higher temperatures are shown. After a random start the correlation is too small, by at most about
$C(2 t_w)$, which is what is left of the start at the waiting time $t_w$: sizes for which that
exceeds 0.002 of $C(0)$ are left out.
"""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing import extrapolation
from glasscore.figures.drawing.curves import Curve, above_noise, in_few_digits
from glasscore.figures.drawing.extrapolation import (
    FEWEST,
    LEAST_SQUARES,
    ZERO,
    Array,
    Compared,
    against_inverse_size,
    interpolate_in_log_time,
    of_limit,
    of_size,
    set_axis_of_inverse_size,
    share_heights,
    side_by_side,
)
from glasscore.figures.drawing.matching_simulations import (
    FEWEST_ERRORS,
    Correlation,
    dynamics_in_words,
    equilibrium_correlation,
    is_at_glass_temperature,
    same_model,
    temperature,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED
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
ALL = ": all sizes"
# Panels begin with these, or with the name of their study.
DIFFERENCE, LIMIT = "difference", "extrapolation"
PLANTED = ", planted"
STEP_ERROR = "correlation_step_error"
EXPLAINED = {
    **extrapolation.EXPLAINED,
    PLANTED: (
        "Planted couplings are drawn after the spins, such that these are in equilibrium from the "
        "start on. Their corrections in $1/N$ are others than those of random couplings."
    ),
}
DASHES = "--", DASH_DOTTED, DOTTED
OF_SOFT_SITES = (
    "The time steps of the single site change the solution, too: for $r=0$ and $u=1$ at $T=1.5$, "
    r"steps of 0.05 raise $C(\tau)$ by 0.0015(5) near $\tau=0.6$."
)
# This share of C(0) may be left of the start.
FORGOTTEN = 2e-3
# Shares of the decades of common lags at which sizes are compared.
SHARES = (0.4, 0.6, 0.8)
LINE_POINTS = 200

Results = dict[str, list[xr.Dataset]]


def curves(results: Results, *simulated: Results) -> list[Curve]:
    """Three panels for each study of a single site, temperature and kind of start.

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
                    found += _differences(
                        f"{DIFFERENCE}: {panel}", site, sizes, _on_steps(site, alike)
                    )
                    found += _limits(f"{LIMIT}: {panel}", site, sizes)
    return found


def _start(finite: xr.Dataset) -> str:
    """The part of a title that names planted couplings, whose corrections in 1/N are others."""
    return PLANTED if parameters_of(finite).get("start") == "planted" else ""


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


def _on_steps(site: xr.Dataset, simulations: list[xr.Dataset]) -> str:
    """What time steps change, which is in no bar."""
    changes = {}
    for one in simulations:
        if STEP_ERROR in one:
            values = one[STEP_ERROR].values
            changes[float(parameters_of(one)["N"])] = float(
                values.flat[np.nanargmax(np.abs(values))]
            )
    said = []
    if changes:
        N = max(changes)
        said.append(
            f"Time steps of the simulation of $N={N:g}$ change $C$ by ${changes[N]:.1g}$ at most."
        )
    if parameters_of(site)["model"]["single_site"] == "soft":
        said.append(OF_SOFT_SITES)
    return " ".join(said)


def _all_sizes(panel: str, site: xr.Dataset, sizes: list[Correlation]) -> Iterator[Curve]:
    shown = [(one, above_noise(one.value, one.error, FEWEST_ERRORS)) for one in sizes]
    for one, seen in shown:
        yield of_size(panel, one.N, one.lag[seen], one.value[seen], one.error[seen])
    lags = np.concatenate([one.lag[seen] for one, seen in shown])
    if not lags.size:
        return
    line = np.geomspace(lags.min(), lags.max(), LINE_POINTS)
    error = np.interp(line, site.time.values, site.correlation_error.values)
    yield of_limit(panel, line, _theory(site, line))._replace(
        error=error, note=dynamics_in_words(site)
    )


def _differences(
    panel: str, site: xr.Dataset, sizes: list[Correlation], note: str
) -> Iterator[Curve]:
    """Differences from the solution at all lags."""
    for one in sizes:
        difference = one.value - _theory(site, one.lag)
        yield of_size(panel, one.N, one.lag, difference, one.error)._replace(note=note)


def _theory(site: xr.Dataset, lag: Array) -> Array:
    return interpolate_in_log_time(site.time.values, site.correlation.values, lag)


def _limits(panel: str, site: xr.Dataset, sizes: list[Correlation]) -> list[Curve]:
    """Differences from the solution at a few lags that all sizes have, and extrapolations."""
    low, high = max(one.lag[0] for one in sizes), min(one.lag[-1] for one in sizes)
    grid = sizes[-1].lag
    grid = grid[(low <= grid) & (grid <= high)]
    if not grid.size:
        return []
    wanted = [low ** (1 - share) * high**share for share in SHARES]
    N = np.array([one.N for one in sizes])
    compared = []
    for lag in sorted({float(grid[np.argmin(np.abs(np.log(grid / one)))]) for one in wanted}):
        points = [_difference(site, one, lag) for one in sizes]
        y, error = (np.array(column) for column in zip(*points, strict=True))
        of_theory = float(np.interp(lag, site.time.values, site.correlation_error.values))
        compared.append(Compared(r"\tau", lag, N, y, error, of_theory, lag))
    found = against_inverse_size(panel, compared, differences=True)
    # Each lag has its own dashes.
    lags = iter(compared)
    return [
        curve._replace(label=rf"{LEAST_SQUARES}, $\tau={next(lags).time:.3g}$")
        if curve.label == LEAST_SQUARES
        else curve
        for curve in found
    ]


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
    """A row for each temperature."""
    panels: dict[str, list[Curve]] = {}
    for curve in curves:
        panels.setdefault(curve.panel, []).append(curve)
    shown = [
        curve
        for name, each in panels.items()
        for curve in (side_by_side(each) if name.startswith(LIMIT) else each)
    ]
    lines = dict.fromkeys(curve.label for curve in shown if LEAST_SQUARES in curve.label)
    figure, axes = draw_panels(
        shown, columns=3, styles=dict(zip(lines, itertools.cycle(DASHES), strict=False))
    )
    for name, one in axes.items():
        if name.startswith(LIMIT):
            set_axis_of_inverse_size(one, differences=True)
            one.set_ylabel(r"$C_N-C$")
            share_heights([one, axes[name.replace(LIMIT, DIFFERENCE, 1)]])
            continue
        one.set(xscale="log", xlabel=r"time lag $\tau$", ylabel=r"$C(\tau)$")
        if name.startswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel(r"$C_N-C$")
    return figure
