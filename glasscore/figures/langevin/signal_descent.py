"""Descent in a noisy tensor from random starts, and whether it finds the signal.

The panel on the left shows the energy against the overlap m with the signal along single
trajectories. They begin at an overlap of the order 1/sqrt(N), and a circle marks where each ends.
The panel on the right shows the mean overlap against time. In the limit of many spins descent stays
at m = 0 and ends at the threshold energy e_th, the dashed line. Inside the solid black line the
mean number of stationary points is exponentially large in N (annealed complexity). The star is the
minimum that the signal makes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.common.errors import CampaignError
from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.style import colours, darker
from glasscore.figures.drawing.symbols import BAR, MARKERS, POINT
from glasscore.files.store import parameters_of
from glasscore.models.covariance import covariance
from glasscore.theory import spiked_tensor
from glasscore.theory.spherical_pspin import threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"name": ["spiked_tensor"]}
PLANE, COURSE = ": plane", ": course"
# Numbers that stand for ways to draw what is known for many spins.
DASHED, SOLID, MARK = 0.0, 1.0, 2.0
STYLES: dict[float, dict[str, Any]] = {
    DASHED: {"linestyle": "--"},
    SOLID: {"linestyle": "-"},
    MARK: {"linestyle": "", "marker": "*", "markersize": 7, "markeredgecolor": "white"},
}
OVER: dict[str, Any] = {"zorder": 5}
TRAJECTORIES = 12
FEWEST_FACTORS = 3
LARGEST_OVERLAP = 0.995
GRID = 400
FOUND = 0.5


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature."""
    found: list[Curve] = []
    for study, points in results.items():
        texts = in_few_digits(_key(point)[1] for point in points)
        for key in sorted({_key(point) for point in points}):
            sizes = sorted((point for point in points if _key(point) == key), key=_size)
            panel = f"{study}, $r={key[0]:g}$, $T={texts[key[1]]}$"
            for part in (_plane, _course):
                found += part(panel, sizes)
    return found


def _key(point: xr.Dataset) -> tuple[float, float, float]:
    chosen = parameters_of(point)
    return float(chosen["model"]["r"]), float(chosen["T"]), float(chosen["model"]["p"])


def _size(point: xr.Dataset) -> float:
    return float(parameters_of(point)["N"])


def _plane(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    for point in sizes:
        N = _size(point)
        flat = point.stack(path=("sample", "trajectory"))
        label = f"$N={N:g}$"
        for path in range(min(TRAJECTORIES, flat.sizes["path"])):
            one = flat.isel(path=path)
            m, e = one.trajectory_signal_overlap.values, one.trajectory_energy.values
            yield Curve(panel + PLANE, "data", label, m, e, None, N, N)
            label = ""
    yield from _landscape(panel + PLANE, sizes)


def _landscape(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    """For many spins: threshold energy, range of stationary points, and minimum of the signal."""
    from contourpy import contour_generator

    r, _, p = _key(sizes[0])
    energy = threshold(covariance({p: 0.5})).energy
    ends = np.array([min(float(one.trajectory_signal_overlap.min()) for one in sizes), 1.0])
    yield Curve(panel, "theory", r"$e_{\rm th}$", ends, np.full(2, energy), None, np.nan)
    if p < FEWEST_FACTORS:
        return
    lowest = min(float(one.trajectory_energy.min()) for one in sizes)
    overlaps = np.linspace(-LARGEST_OVERLAP, LARGEST_OVERLAP, GRID)
    energies = np.linspace(min(lowest, 2 * energy), -2 * energy, GRID)
    sigma = spiked_tensor.total_complexity(energies[:, np.newaxis], overlaps, int(p), r)
    label = r"$\Sigma(e, m)=0$"
    for piece in contour_generator(overlaps, energies, sigma).lines(0.0):
        m, e = np.asarray(piece).T
        yield Curve(panel, "theory", label, m, e, None, np.nan, SOLID)
        label = ""
    try:
        found = spiked_tensor.informed_minimum(int(p), r)
    except CampaignError:  # The signal is too weak to make a minimum.
        return
    at = np.array([found.overlap]), np.array([found.energy])
    yield Curve(panel, "theory", "minimum of the signal", *at, None, np.nan, MARK)


def _course(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    for point in sizes:
        N = _size(point)
        later = point.isel(time=slice(1, None))
        last = point.trajectory_signal_overlap.isel(time=-1) > FOUND
        share = last.mean("trajectory").values
        text = f"$N={N:g}$, {100 * share.mean():.0f} %"
        if share.size > 1:
            error = 100 * share.std(ddof=1) / np.sqrt(share.size)
            text = f"$N={N:g}$, ({100 * share.mean():.0f} ± {error:.0f}) % end at $m>1/2$"
        yield Curve(
            panel + COURSE,
            "data",
            text,
            later.time.values,
            later.signal_overlap.values,
            later.signal_overlap_error.values,
            N,
            N,
        )


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each temperature and signal."""
    figure, axes = panels(curves)
    colour = colours([curve.colour for curve in curves])
    ranks = {N: rank for rank, N in enumerate(colour)}
    drawn: list[tuple[Curve, dict[str, Any]]] = []
    for curve in curves:
        one, ink = axes[curve.panel], colour.get(curve.colour, "black")
        if curve.role == "theory":
            look = {**OVER, "color": "black", **STYLES[curve.marker]}
            one.plot(curve.x, curve.y, **look)
        elif curve.panel.endswith(PLANE):
            look = {"color": ink, "linestyle": "-", "linewidth": 0.6}
            one.plot(curve.x, curve.y, **look)
            one.plot(curve.x[-1:], curve.y[-1:], "o", color=darker(ink), zorder=3)
        else:
            marker = MARKERS[ranks[curve.colour] % len(MARKERS)]
            look = {"color": ink, "linestyle": "", "marker": marker, "markeredgecolor": "white"}
            look |= POINT
            one.errorbar(curve.x, curve.y, curve.error, **look, **BAR)
        drawn.append((curve, look))
    legend.put_above(figure, [legend.entries_of(drawn)])
    for name, one in axes.items():
        if name.endswith(PLANE):
            one.set(xlabel="overlap with the signal $m$", ylabel="energy per spin $e$")
        else:
            one.set(xscale="log", xlabel="time $t$ (Langevin)", ylabel="mean overlap $m(t)$")
    return figure
