r"""Number of minima and saddles of the spherical p-spin model against their energy.

The complexity is the logarithm of the mean number of stationary points of the energy per spin $e$,
divided by the number of spins $N$, as $N \to \infty$. The mean over the disorder follows exactly
from the formula of Kac and Rice (A. Cavagna, I. Giardina, G. Parisi, Phys. Rev. B 57, 11251 (1998);
A. Auffinger, G. Ben Arous, J. Cerny, Commun. Pure Appl. Math. 66, 165 (2013)). The left panels show
$\Sigma$, which counts stationary points with any number of unstable directions, and the middle ones
their mean share of unstable directions, at $e \leq 0$; both follow at $e > 0$ by symmetry. The
right panels show $\Sigma_k$, which counts those with exactly $k$ unstable directions, where $k$
stays fixed as $N \to \infty$. For $p \geq 3$ the number of stationary points below an energy that
is close enough to that of the ground state, divided by its mean, is proved to tend to 1, so that a
typical sample has the same complexity there (E. Subag, Ann. Probab. 45, 3385 (2017)). Elsewhere the
lines are about the mean alone. Where a complexity is negative, samples with such points are
exponentially rare. The energy of a configuration has the variance $N J^2/2$.
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
TICKS = 4
ALL, FRACTION, INDEX = ": all", ": fraction", ": index"
THRESHOLD, GROUND = r"threshold $e_{\rm th}$", "ground state $e_0$"
MINIMA, SADDLES, TOTAL = "minima", "$k=", r"all, $\Sigma$"
EXPLAINED = {
    THRESHOLD: (
        r"Dotted lines mark the threshold $e_{\rm th} = -J \sqrt{2 (p - 1)/p}$: below it all but "
        r"exponentially few stationary points are minima, above it the share of unstable "
        "directions is finite. Mean-field dynamics after a quench from infinite temperature to "
        "$T = 0$ tends to this energy."
    ),
    GROUND: (
        "Dashed lines mark the energy $e_0$ of the ground state, at which the complexity of "
        r"minima vanishes; there the lines of $\Sigma$ and of the share begin, too."
    ),
    MINIMA: "Minima have $k = 0$.",
    SADDLES: (
        r"From left to right, lines of $\Sigma_k$ belong to increasing $k$; all meet at the "
        "threshold."
    ),
    TOTAL: r"The black line is $\Sigma$, which is that of minima below the threshold.",
}
LABELS = {
    ALL: r"complexity $\Sigma(e)$",
    FRACTION: "share of unstable directions",
    INDEX: r"complexity $\Sigma_k(e)$",
}
# In the last panel, lines go on to negative complexities and above the threshold by these shares of
# the complexity at the threshold, and of the distance from the ground state.
BELOW, ABOVE = 0.15, 0.15


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each p: all stationary points, the unstable share, and those of each k."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for p in one.p.values
        for curve in _of_power(f"{study}, $p={p}$", one.sel(p=p))
    ]


def _of_power(title: str, one: xr.Dataset) -> list[Curve]:
    e, threshold = one.energy.values, float(one.threshold_energy)
    # The study may lack the index 0, which has the ground state.
    ground = lowest_energy(int(one.p))
    total, unstable = one.total_complexity.values, one.unstable_fraction.values
    real = total >= 0
    highest = float(np.interp(threshold, e, total))
    found = []
    for kind, y in ((ALL, total), (FRACTION, unstable)):
        found.append(line(title + kind, TOTAL if kind == ALL else "", e[real], y[real]))
        found.append(_threshold(title + kind, threshold, [0.0, float(y[real].max())]))
    panel = title + INDEX
    for k in one.index.values:
        sigma = one.complexity.sel(index=k).values
        kept = sigma >= -BELOW * highest
        label = MINIMA if k == 0 else f"{SADDLES}{k}$"
        found.append(line(panel, label, e[kept], sigma[kept], float(k)))
    beyond = threshold + np.linspace(0, ABOVE * (threshold - ground), 20)
    found.append(line(panel, TOTAL, beyond, total_complexity(beyond, int(one.p))))
    ends = [-BELOW * highest, highest]
    note = (
        rf"The ground state is at $e_0 = {ground:.5f}\,J$, the threshold at "
        rf"$e_{{\rm th}} = {threshold:.5f}\,J$, where $\Sigma = {highest:.5f}$."
    )
    lowest = line(panel, GROUND, [ground] * 2, ends, style=1)
    return [*found, lowest._replace(note=note), _threshold(panel, threshold, ends)]


def _threshold(panel: str, threshold: float, ends: list[float]) -> Curve:
    return line(panel, THRESHOLD, [threshold] * 2, ends, style=2)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of three."""
    figure, axes = draw_line_panels(curves, columns=3)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        one.set(xlabel="energy per spin $e/J$", ylabel=LABELS[kind])
        one.locator_params(axis="x", nbins=TICKS)
        if kind == INDEX:
            one.axhline(0.0, color="0.4", linewidth=0.6, zorder=0)
    return figure
