"""Relaxation times of the master equation: the longest one against 1/T, and the density of all.

Points in the first panel are the longest relaxation time of one sample of each size. Lines there
grow as exp(Delta E / T), where Delta E is the largest barrier from a minimum to a deeper one in the
same sample. The second panel shows the density of the logarithms of all relaxation times, taken
over all samples of the largest size.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, temperature_and_size, with_shared_samples
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import goes_down_freely

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("relaxation_times",)
SHOWN_SAMPLE = 0
BINS_PER_DECADE = 3
MOST_TEMPERATURES = 5
SYMBOLS = {
    "longest": (r"$J/T$", r"longest relaxation time $\tau_1$ (attempts)"),
    "density": (r"relaxation time $\tau_m$ (attempts)", r"density in $\log_{10}\tau_m$"),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of two panels for each study."""
    found = []
    for study, points in results.items():
        groups = with_shared_samples(points)
        found += [curve for group in groups for curve in _longest(f"{study}: longest", group)]
        found += [_density(f"{study}: density", point) for point in _few(groups[-1])]
    return found


def _few(points: list[xr.Dataset]) -> list[xr.Dataset]:
    """A few results at temperatures from the lowest to the highest, both included."""
    ranks = np.linspace(0, len(points) - 1, min(len(points), MOST_TEMPERATURES))
    return [points[rank] for rank in np.unique(np.round(ranks).astype(int))]


def _longest(panel: str, group: list[xr.Dataset]) -> list[Curve]:
    N = temperature_and_size(group[0])[1]
    beta = np.array([1.0 / temperature_and_size(point)[0] for point in group])
    times = np.array([1.0 / point.relaxation_rate.values[SHOWN_SAMPLE, 0] for point in group])
    size = f"$N={N:g}$"
    exact = Curve(panel, "data", size, beta, times, None, N, N, "", size)
    barrier = float(group[-1].largest_barrier[SHOWN_SAMPLE])
    if not goes_down_freely(group[0]) or not np.isfinite(barrier):
        return [exact]
    guide = times[-1] * np.exp(barrier * (beta - beta[-1]))
    label = r"$\propto \exp(\Delta E_{\max}/T)$"
    return [exact, Curve(panel, "theory", label, beta, guide, None, N)]


def _density(panel: str, point: xr.Dataset) -> Curve:
    """The share of the modes in each bin over its width; error bars would hide the points."""
    T, N = temperature_and_size(point)
    logarithms = -np.log10(point.relaxation_rate.values)
    bins = np.floor(logarithms * BINS_PER_DECADE).astype(int)
    first = bins.min()
    counts = np.bincount((bins - first).ravel())
    centres = 10.0 ** ((first + np.arange(counts.size) + 0.5) / BINS_PER_DECADE)
    density = counts * (BINS_PER_DECADE / bins.size)
    seen = counts > 0
    label = f"$N={N:g}$, $T={T:.3g}$"
    return Curve(panel, "data", label, centres[seen], density[seen], None, T, N)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        kind = name.rpartition(": ")[2]
        abscissa, ordinate = SYMBOLS[kind]
        one.set(xlabel=abscissa, ylabel=ordinate, yscale="log")
        if kind == "density":
            one.set_xscale("log")
    return figure
