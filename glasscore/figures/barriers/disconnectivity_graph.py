r"""Disconnectivity graphs: the deepest minima of one sample, and the energies at which they meet.

The graph belongs to one disorder sample, the first of the largest size $N$ of a study. A line rises
from the energy $E$ of each local minimum; the thick red one belongs to the deepest minimum. The
range of the saddles is divided into equally spaced levels. At each level, minima that are connected
by paths below it form one node, and lines run together where their minima become part of one node.
The horizontal place of a line has no meaning. Energies are in units of $J$. Sources: O. M. Becker
and M. Karplus, J. Chem. Phys. 106, 1495 (1997); D. J. Wales, M. A. Miller, T. R. Walsh, Nature 394,
758 (1998). A deepest minimum that hangs on a long line of its own is hard to leave; many lines that
join at one height show that saddles have similar energies.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import panels
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_MINIMA = 64
LEVELS = 24
DEEPEST, OTHERS = 1.0, 0.0
MINIMUM = "deepest minimum"
SINGLE = "The sample has a single minimum."
INK = {DEEPEST: ("C3", 1.3), OTHERS: ("0.15", 0.6)}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """The graph of the first sample of the largest size, for each study."""
    found = []
    for study, surveys in results.items():
        largest = max(surveys, key=lambda survey: parameters_of(survey)["N"])
        panel = f"{study}, $N={parameters_of(largest)['N']}$"
        found += _branches(panel, largest.isel(sample=0))
    return found


def _branches(panel: str, sample: xr.Dataset) -> list[Curve]:
    """A line for each minimum, up to where it joins the line of a deeper minimum."""
    known = int(np.isfinite(sample.minimum_energy).sum())
    count = min(MOST_MINIMA, known)
    energies, saddles, joined = (
        sample[name].values[:count] for name in ("minimum_energy", "saddle_energy", "joined")
    )
    between = saddles[1:] if count > 1 else energies + 1.0
    levels = np.linspace(between.min(), between.max(), LEVELS)
    places = positions(joined, saddles)
    # The last level may lie below the highest saddle, by rounding.
    meetings = np.minimum(np.searchsorted(levels, saddles), LEVELS - 1)
    groups = np.arange(count)
    heights = [[energy] for energy in energies]
    lines = [[place] for place in places]
    for level, height in enumerate(levels):
        # Going from the highest minimum down, a minimum is reached after all that join it.
        for rank in range(count - 1, 0, -1):
            if meetings[rank] == level:
                groups[groups == rank] = joined[rank]
        for rank in range(count):
            alone = rank == 0 or meetings[rank] >= level
            if alone and height > energies[rank]:
                lines[rank].append(places[groups == groups[rank]].mean())
                heights[rank].append(height)
    colour = [DEEPEST] + [OTHERS] * (count - 1)
    found = [
        Curve(panel, "theory", "", np.array(x), np.array(y), None, shade)
        for x, y, shade in zip(lines, heights, colour, strict=True)
    ]
    return [found[0]._replace(label=MINIMUM, note=_number(sample, known, count)), *found[1:]]


def _number(sample: xr.Dataset, known: int, shown: int) -> str:
    """How many minima there are, for the caption; the file holds the deepest ones only."""
    if shown == known < sample.sizes["minimum"]:
        return f"All {known} minima of the sample are shown." if known > 1 else SINGLE
    mean = float(sample.minima)
    return (
        f"Only the {shown} deepest minima are shown; samples of this size have {mean:.4g} on "
        "average."
    )


def positions(joined: np.ndarray, saddles: np.ndarray) -> np.ndarray:
    """Places of the minima from left to right, such that connected minima are neighbours.

    Parameters
    ----------
    joined, saddles
        For each minimum, the deepest first: which minimum it joins, and at which energy.

    Returns
    -------
    ndarray
        The numbers 0, 1, ... from left to right. Minima that join another one are put to its left
        and to its right in turn, the first of them closest to it.
    """
    rows: list[list[int]] = [[rank] for rank in range(joined.size)]
    sides = np.zeros(joined.size, np.int64)
    # The order of the saddles makes a group of minima complete before it joins a deeper one.
    for rank in sorted(range(1, joined.size), key=lambda rank: (saddles[rank], -rank)):
        into = int(joined[rank])
        rows[into] = rows[rank] + rows[into] if sides[into] % 2 else rows[into] + rows[rank]
        sides[into] += 1
    places = np.empty(joined.size)
    places[rows[0]] = np.arange(joined.size)
    return places


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study; only the energy has an axis."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        for curve in sorted((c for c in curves if c.panel == name), key=lambda c: c.colour):
            colour, width = INK[curve.colour]
            one.plot(curve.x, curve.y, color=colour, linewidth=width, solid_capstyle="round")
        one.set(xticks=[], ylabel="energy $E/J$")
        one.spines[["top", "right", "bottom"]].set_visible(False)
        one.tick_params(right=False)
    colour, width = INK[DEEPEST]
    legend.put_above(figure, [[legend.entry(MINIMUM, {"color": colour, "linewidth": width})]])
    return figure
