r"""Disconnectivity graphs: the deepest minima of one sample, and the energies at which they meet.

Each graph belongs to one disorder sample, the first of the largest size $N$ of a study. A vertical
line rises from the energy $E$ of each local minimum to that of the lowest saddle on a path to a
deeper minimum, where a horizontal line joins it to the line of that one. The thick red line belongs
to the deepest minimum; it ends at the highest saddle that is shown. The horizontal place of a line
has no meaning. Sources: O. M. Becker and M. Karplus, J. Chem. Phys. 106, 1495 (1997); D. J. Wales,
M. A. Miller, T. R. Walsh, Nature 394, 758 (1998). A minimum on a long line of its own is hard to
leave; many lines that join at one height show that saddles have similar energies.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.barriers.barrier_statistics import INDEPENDENT
from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve, landscape_of
from glasscore.figures.drawing.page import panels
from glasscore.figures.drawing.remarks import on_unit
from glasscore.files.store import parameters_of
from glasscore.theory.independent_energies import percolation_energy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_MINIMA = 64
# Energies of mirror images differ by rounding alone.
SAME_ENERGY = 1e-9
DEEPEST, OTHERS = 1.0, 0.0
MINIMUM, THRESHOLD = "deepest minimum", r"$E_{\rm th}$"
EXPLAINED = {
    THRESHOLD: (
        r"The dashed line is the energy $E_{\rm th}$ below which a share $1/N$ of all states lies. "
        "If states with independent energies are flooded in the order of their energies, the "
        "flooded ones begin to hang together there if spins are many. With few spins most saddles "
        "lie above it."
    ),
}
SINGLE = "The sample has a single minimum."
INK = {DEEPEST: ("C3", 1.3), OTHERS: ("0.15", 0.45)}
DASHED = {"color": "C0", "linestyle": "--", "linewidth": 0.9}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """The graph of the first sample of the largest size, for each study."""
    found = []
    for study, surveys in results.items():
        largest = max(surveys, key=lambda survey: parameters_of(survey)["N"])
        N, law = parameters_of(largest)["N"], landscape_of(largest)["energies"]
        panel = f"{study}, $N={N}$"
        branches = _branches(panel, largest.isel(sample=0))
        found += [*branches, *on_unit([panel], largest)]
        if law in INDEPENDENT:
            ends = np.array(
                [min(curve.x.min() for curve in branches), max(curve.x.max() for curve in branches)]
            )
            energy = np.full(2, float(percolation_energy(N, law)))
            found.append(Curve(panel, "theory", THRESHOLD, ends, energy, None, np.nan))
    return found


def _branches(panel: str, sample: xr.Dataset) -> list[Curve]:
    """A line for each minimum, up to where it joins the line of a deeper minimum."""
    known = int(np.isfinite(sample.minimum_energy).sum())
    count = min(MOST_MINIMA, known)
    energies, saddles, joined = (
        sample[name].values[:count] for name in ("minimum_energy", "saddle_energy", "joined")
    )
    places = positions(joined, saddles)
    # The deepest minimum joins none.
    top = saddles[1:].max() if count > 1 else energies[0] + 1.0
    found = [Curve(panel, "theory", MINIMUM, places[[0, 0]], np.array([energies[0], top]))]
    for rank in range(1, count):
        x = places[[rank, rank, int(joined[rank])]]
        y = np.array([energies[rank], saddles[rank], saddles[rank]])
        found.append(Curve(panel, "theory", "", x, y))
    deepest = energies <= energies[0] + SAME_ENERGY
    found = [
        curve._replace(colour=DEEPEST if deep else OTHERS)
        for curve, deep in zip(found, deepest, strict=True)
    ]
    note = _number(sample, known, count)
    if np.count_nonzero(deepest) > 1:
        note += f" {np.count_nonzero(deepest)} minima are the deepest, with the same energy."
    return [found[0]._replace(note=note), *found[1:]]


def _number(sample: xr.Dataset, known: int, shown: int) -> str:
    """How many minima there are, for the caption; the file holds the deepest ones only."""
    if shown == known < sample.sizes["minimum"]:
        return f"All {known} minima of the sample are shown." if known > 1 else SINGLE
    mean = float(sample.minima)
    return (
        f"Only the {shown} deepest minima are shown; samples of this size have {mean:.4g} on "
        "average, and the file has no others."
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
    drawn = [curve for curve in curves if curve.x.size > 0]
    for name, one in axes.items():
        for curve in sorted(
            (c for c in drawn if c.panel == name), key=lambda c: c.colour == DEEPEST
        ):
            one.plot(curve.x, curve.y, **_look(curve))
        one.set(xticks=[], ylabel="energy $E/J$")
        one.spines[["top", "right", "bottom"]].set_visible(False)
        one.tick_params(right=False)
    labelled = [(curve, _look(curve)) for curve in drawn if curve.label]
    legend.put_above(figure, [legend.entries_of(labelled)])
    return figure


def _look(curve: Curve) -> dict[str, Any]:
    """How a line is drawn."""
    if curve.label == THRESHOLD:
        return DASHED
    colour, width = INK[curve.colour]
    return {"color": colour, "linewidth": width, "solid_capstyle": "round"}
