"""Number of minima and saddles of the spherical p-spin model against their energy.

The complexity Sigma is the logarithm of the mean number of stationary points, divided by N; the
mean follows from the formula of Kac and Rice (an annealed average). The first panel counts
stationary points with any number of unstable directions, and shows the mean share of unstable
directions. The second panel counts minima and saddles with a fixed number k of unstable directions,
which lie below the threshold e_th; e_0 is the energy of the ground state.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line
from glasscore.theory.complexity import lowest_energy, total_complexity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("complexity",)
TICKS = 5
ALL, MINIMA = ": all", ": minima"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each p: all stationary points; those of each index, below the threshold."""
    found = []
    for study, solved in results.items():
        for one in solved:
            for p in one.p.values:
                found += _of_power(f"{study}, $p={p}$", one.sel(p=p))
    return found


def _of_power(title: str, one: xr.Dataset) -> list[Curve]:
    e, threshold = one.energy.values, float(one.threshold_energy)
    # The study may lack the index 0, which has the ground state.
    ground = lowest_energy(int(one.p))
    total = one.total_complexity.values
    real = total >= 0
    top = float(total.max())
    wide, narrow = title + ALL, title + MINIMA
    found = [
        line(wide, r"$\Sigma(e)$, all", e[real], total[real], 0.0),
        line(wide, r"unstable fraction", e, one.unstable_fraction, 1.0, style=3),
        line(wide, r"$e_{\rm th}$", [threshold] * 2, [0, 0.6 * top], style=2),
        line(wide, r"$e_0$", [ground] * 2, [0, 0.6 * top], style=1),
    ]
    highest = float(np.interp(threshold, e, total))
    for k in one.index.values:
        sigma = one.complexity.sel(index=k).values
        kept = sigma >= -0.15 * highest
        label = "minima" if k == 0 else f"$k={k}$"
        found.append(line(narrow, label, e[kept], sigma[kept], float(k)))
    beyond = threshold + np.linspace(0, 0.15 * (threshold - ground), 20)
    above = total_complexity(beyond, int(one.p))
    found.append(line(narrow, "all", beyond, above, style=1))
    limits = [-0.15 * highest, highest]
    found.append(line(narrow, r"$e_{\rm th}$", [threshold] * 2, limits, style=2))
    found.append(line(narrow, "", [ground, threshold], [0, 0], style=2))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        label = r"$\Sigma$, fraction" if name.endswith(ALL) else r"complexity $\Sigma_k$"
        one.set(xlabel="energy per spin $e$", ylabel=label)
        one.locator_params(axis="x", nbins=TICKS)
    return figure
