r"""Do traps wipe out memory? Correlations along the sequence of metabasins and in random order.

Points are the correlations $C_k=\langle a_ia_{i+k}\rangle/\langle a_i^2\rangle$ at distance $k$ in
the sequence of the $n$ metabasins of one sample, averaged over independent samples of the disorder.
Here $a_i$ is the deviation of the energy of the metabasin number $i$ from the mean of the sequence,
or that of the logarithm of its trapping time $\tau$; the averages are over $i$. The last 64
metabasins of a sample count, without the one that is occupied at the end.

A metabasin is a trap with all returns to it. Visits to states below a threshold energy form a
sequence. Where it leads away from a state and back, and all states between are less deep, all of
this is one metabasin. Its energy is the lowest in it, and $\tau$ is the time from the first arrival
to the last departure.

If each trap wipes out the memory of the earlier ones, as in the trap model, all orders of the traps
that have been left by the end of the run are equally likely, although the run ends at a given time.
At every distance $C_k$ then agrees with the correlation of the same sequence in random order. All
distances of a panel are judged by one criterion, since each of them would show memory, and none is
chosen beforehand. A point lies off the line if it is farther away than $z_m$ standard errors. For
$m$ points $z_m$ is so large that chance takes any of them so far with a probability of at most 5 %,
even if they are correlated. Points of one size and temperature are, since they share samples.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy import stats

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
# The largest probability with which chance takes any point of a panel off its line.
CHANCE = 0.05
QUANTITIES = {"energy": "energies", "duration": r"$\ln\tau$"}
SHUFFLED = "the same in random order"
EXPLAINED = {
    SHUFFLED: (
        "Dashed lines, in the colour of their points, are the correlation of the same "
        "sequences in random order. It is the mean of $-1/(n-1)$ over sequences of $n$ metabasins "
        "at every distance, because deviations are taken from the mean of the sequence. It is "
        "measured by shuffling the sequences, and averaged over distances."
    ),
}
OF_INDEPENDENT = (
    "A possible reason for the correlations of trapping times is that the "
    "trajectory goes to and fro between close traps and all returns add to the time of the deeper, "
    "so that long and short times alternate: then $C_1$ is negative and $C_2$ positive. This is a "
    "conjecture, which this figure does not test, and energies do not show it as clearly."
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
            nothing = np.empty(0)
            said = Curve(shown[0].panel, "theory", "", nothing, nothing, None, np.nan)
            found += [shown[0]._replace(note=note), *shown[1:]]
            found += [said._replace(note=_answer(shown))]
    return found


def _of_point(panel: str, point: xr.Dataset, quantity: str) -> list[Curve]:
    name = f"metabasin_{quantity}_correlation"
    error = point[f"{name}_error"].values
    known = np.isfinite(error)
    lag, null = point.lag.values[known], point[f"{name}_shuffled"].values[known]
    if known.any():
        # The expectation is the same at every distance.
        null = np.full(null.size, null.mean())
    data = data_of_point(panel, point, lag, point[name].values[known], error[known])
    line = theory_of_point(panel, point, lag, null, SHUFFLED)
    alternates = quantity == "duration" and known.any() and _is_independent(point)
    note = OF_INDEPENDENT if alternates else ""
    return [data, line._replace(note=note)]


def _answer(shown: list[Curve]) -> str:
    """Whether traps wipe out memory: the points that lie off their lines by more than chance."""
    found = [
        (float(z), f"$k={k:g}$, {data.label}")
        for data, line in zip(shown[::2], shown[1::2], strict=True)
        if data.x.size
        for k, z in zip(data.x, (data.y - line.y) / np.asarray(data.error), strict=True)
    ]
    if not found:
        return ""
    m = len(found)
    limit = float(stats.norm.isf(CHANCE / (2 * m)))
    off = [f"${z:+.1f}$ at {where}" for z, where in found if abs(z) > limit]
    criterion = f"Here $m={m}$ and $z_m={limit:.2f}$."
    if not off:
        farthest, where = max(found, key=lambda one: abs(one[0]))
        return (
            f"{criterion} No memory is seen: no point lies off its line. The farthest is "
            f"${farthest:+.1f}$ standard errors away, at {where}."
        )
    return (
        f"{criterion} Traps do not wipe out all memory: {len(off)} of {m} points "
        f"{'lies off its line' if len(off) == 1 else 'lie off their lines'}, in standard errors by "
        f"{listed_in_words(off, 'and')}."
    )


def _is_independent(point: xr.Dataset) -> bool:
    return is_random_energy_model(point) or is_independent_gaussian(point)


def _how_many(points: list[xr.Dataset]) -> str:
    """Which samples count, in words."""
    shares = []
    for point in points:
        T, N = temperature_and_size(point)
        count = f"{int(point.metabasin_sequences)} of {int(point.samples)}"
        drawn = np.isfinite(point.metabasin_energy_correlation_error.values).any()
        shares.append(f"{count} at $N={N:g}$, $T={T:.4g}${'' if drawn else ' (not drawn)'}")
    return (
        f"Only samples with {FEWEST} metabasins or more count, which are those that move most: "
        f"{listed_in_words(shares, 'and')}."
    )


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = draw_panels(curves, styles={SHUFFLED: "--"})
    ends = np.concatenate([one.get_ylim() for one in axes.values()])
    for one in axes.values():
        # All panels show the same range, so that they can be compared.
        one.set_ylim(ends.min(), ends.max())
        one.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
        one.set(xlabel="distance $k$ in the sequence", ylabel="correlation $C_k$")
    return figure
