r"""Do traps wipe out memory? Correlations along the sequence of metabasins and in random order.

Points are the correlations $C_k$ of the energies of metabasins at distance $k$ in the sequence of
one sample, and those of the logarithms of their trapping times $\tau$, averaged over independent
samples of the disorder. The last 64 metabasins of a sample count, without the one that is occupied
at the end. If each trap wipes out the memory of the earlier ones, as in the trap model, all orders
of the traps that have been left by the end of the run are equally likely, although the run ends at
a given time. $C_k$ then agrees with the correlation of the same sequence in random order at every
distance, and points that lie off it show memory.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import is_independent_gaussian, is_random_energy_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("metabasins",)
# Sequences of fewer metabasins are not used for correlations.
FEWEST = 16
QUANTITIES = {"energy": "energies", "duration": r"$\ln\tau$"}
SHUFFLED = "the same in random order"
EXPLAINED = {
    SHUFFLED: (
        "Lines are the correlations of the same sequences in random order. They are not zero but "
        "$-1/(n-1)$ on average for $n$ metabasins, because deviations are taken from the mean of "
        "the sequence."
    ),
}
OF_INDEPENDENT = (
    "In random energy models the trajectory goes to and fro between close traps, and all returns "
    "add to the time of the deeper of the two, so that long and short trapping times alternate and "
    "are anticorrelated at distance 1."
)


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study: energies and logarithms of trapping times."""
    found = []
    for study, points in results_by_panel(results).items():
        note = _how_many(points)
        for name, label in QUANTITIES.items():
            shown = [
                curve for point in points for curve in _of_point(f"{study}, {label}", point, name)
            ]
            found += [shown[0]._replace(note=note), *shown[1:]]
    return found


def _of_point(panel: str, point: xr.Dataset, quantity: str) -> list[Curve]:
    name = f"metabasin_{quantity}_correlation"
    error, spread = (point[f"{name}{of}_error"].values for of in ("", "_shuffled"))
    known = np.isfinite(error)
    lag, null = point.lag.values[known], point[f"{name}_shuffled"].values[known]
    data = data_of_point(panel, point, lag, point[name].values[known], error[known])
    line = theory_of_point(panel, point, lag, null, SHUFFLED)
    alternates = quantity == "duration" and known.any() and _is_independent(point)
    note = OF_INDEPENDENT if alternates else ""
    return [data, line._replace(error=spread[known], note=note)]


def _is_independent(point: xr.Dataset) -> bool:
    return is_random_energy_model(point) or is_independent_gaussian(point)


def _how_many(points: list[xr.Dataset]) -> str:
    """Which samples count, in words."""
    shares = []
    for point in points:
        T, N = temperature_and_size(point)
        count = f"{int(point.metabasin_sequences)} of {int(point.samples)}"
        shares.append(f"{count} at $N={N:g}$, $T={T:.4g}$")
    return (
        f"Only samples with {FEWEST} metabasins or more count, which are those that move most: "
        f"{listed_in_words(shares, 'and')}."
    )


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
        one.set(xlabel="distance $k$ in the sequence", ylabel="correlation $C_k$")
    return figure
