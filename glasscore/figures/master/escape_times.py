r"""Escape times from the deepest minimum to the second deepest: exact, simulated, Arrhenius' law.

The escape time $\tau$ is the mean first-passage time from the deepest local minimum of a disorder
sample to the second deepest, in attempted moves of one spin; $\Delta E$ is the energy barrier that
a path between the two has to climb at least. The left panels show one sample of each size; points
are means over simulated passages. The middle panels compare simulated and exact times of all
samples. The right panels show the geometric mean over samples of $\tau e^{-\Delta E/T}$, the time
over Arrhenius' factor, all of it exact.
"""

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.estimates.samples import mean_and_error
from glasscore.figures.drawing.curves import (
    SOLUTION,
    Curve,
    temperature_and_size,
    with_shared_samples,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.residuals import (
    EXPLANATION,
    WITHIN,
    residuals,
    set_residual_axis,
)
from glasscore.figures.drawing.sideways import MOVED, moved_sideways
from glasscore.figures.drawing.solved_models import goes_down_freely
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("escape_time",)
TIMES, RESIDUALS, PREFACTOR = ": times", ": residuals", ": prefactor"
EXACT, SIMULATED, SCALED = "exact", "simulated", r"$\tau e^{-\Delta E/T}$"
EXPLAINED = {
    EXACT: (
        "Dashed lines are exact: they solve the linear equations for the mean "
        "first-passage times of the sample."
    ),
    RESIDUALS: (
        f"{EXPLANATION} Here the law is the exact time of each sample, and the error follows from "
        "the exact standard deviation of a passage; if the passages are few, large $z$ above zero "
        f"are more frequent than below. {MOVED}"
    ),
    PREFACTOR: (
        r"Arrhenius' law $\tau \propto e^{\Delta E/T}$ is exact in the limit $T \to 0$ for rules "
        "under which moves down are free: there lines become flat at the height of its prefactor "
        "(A. Bovier, M. Eckhoff, V. Gayrard, M. Klein, Commun. Math. Phys. 228, 219 (2002)). The "
        "prefactor counts the ways over the saddle; the files do not hold these, so that it is "
        "not drawn. Nothing is fitted. Where the second deepest minimum is the mirror image of the "
        "deepest, "
        "as in spin glasses without a field, all spins turn over on the way."
    ),
}
SYMBOLS = {
    TIMES: r"escape time $\tau$ (attempts)",
    RESIDUALS: "",
    PREFACTOR: r"$\tau e^{-\Delta E/T}$ (attempts)",
}
NOT_SIMULATED = "No passages were simulated."
RULES = {"metropolis": "Metropolis' rule", "heat_bath": "the heat-bath rule"}
OTHER_RULE = (
    "Arrhenius' law is not tested, because with this rule the time of a move does not follow from "
    "the saddles around a state."
)
NOT_FLAT = "So the limit is not reached by all of them."
# A line that changes by a smaller share than this between two temperatures counts as flat.
FLAT = 0.02
EMPTY = np.array([])


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of three panels for each study."""
    found = []
    for study, points in results.items():
        groups = with_shared_samples(points)
        panels = [study + kind for kind in (TIMES, RESIDUALS, PREFACTOR)]
        times = [curve for group in groups for curve in _times(panels[0], group)]
        compared = [_residuals(panels[1], group) for group in groups]
        scaled = [_prefactor(panels[2], group) for group in groups]
        said = [
            *(remark(panels[0], one) for one in _on_times(groups)),
            *(remark(panels[1], one) for one in _on_residuals(groups, compared)),
            *(remark(panels[2], one) for one in _on_slopes(scaled)),
            *on_unit(panels, points[0]),
            *on_samples(panels[1:], points, "Times are those of"),
        ]
        found += [*times, *compared, *scaled, *said]
    return found


def _on_times(groups: list[list[xr.Dataset]]) -> Iterator[str]:
    """Which samples are shown, and how they were simulated."""
    parameters = parameters_of(groups[0][0])
    rule = parameters["rule"]
    said = f"Spins flip by {RULES[rule]}." if rule in RULES else f"The rule is {rule}."
    if parameters["passages"]:
        said += f" A point is the mean over {parameters['passages']} passages."
    yield said
    sizes, barriers = [], []
    for group in groups:
        barrier = group[0].escape_barrier.values
        if np.isfinite(barrier).any():
            sizes.append(f"{temperature_and_size(group[0])[1]:g}")
            barriers.append(f"{barrier[_median_sample(group)]:.2g}")
    if not sizes:
        return
    yield (
        "The sample with the median barrier of each size is shown: "
        rf"$\Delta E/J = {', '.join(barriers)}$ at $N = {', '.join(sizes)}$."
    )
    lower = [
        f"$N = {sizes[rank + 1]}$"
        for rank, (one, other) in enumerate(itertools.pairwise(barriers))
        if float(other) < float(one)
    ]
    if lower:
        yield (
            f"At {listed_in_words(lower, 'and')} the line rises less than at the next smaller "
            "size, because its sample has the lower barrier."
        )


def _median_sample(group: list[xr.Dataset]) -> int:
    """The sample with the median barrier, of those that have two minima."""
    barrier = group[0].escape_barrier.values
    known = np.count_nonzero(np.isfinite(barrier))
    return int(np.argsort(barrier)[known // 2]) if known else 0


def _on_residuals(groups: list[list[xr.Dataset]], compared: list[Curve]) -> Iterator[str]:
    """How many points lie outside of the band, and how many are missing."""
    z = np.concatenate([curve.y for curve in compared])
    if z.size == 0:
        return
    outside = np.count_nonzero(np.abs(z) >= WITHIN)
    yield f"{outside} of {z.size} points lie outside of the band."
    passages = parameters_of(groups[0][0])["passages"]
    sizes, counts, least = [], [], np.inf
    for group in groups:
        exact, simulated, _ = _simulated(group)
        missing = np.isfinite(exact) & ~np.isfinite(simulated)
        if missing.any():
            sizes.append(f"{temperature_and_size(group[0])[1]:g}")
            counts.append(f"{np.count_nonzero(missing)}")
            least = min(least, passages * _of_samples(group, "escape_jumps")[missing].min())
    if sizes:
        yield (
            f"Points of the slowest samples are missing, ${', '.join(counts)}$ at "
            f"$N = {', '.join(sizes)}$: their passages would take too many jumps to be simulated, "
            rf"${least / 10 ** np.floor(np.log10(least)):.1f}\cdot"
            rf"10^{{{np.floor(np.log10(least)):.0f}}}$ or more."
        )


def _on_slopes(scaled: list[Curve]) -> Iterator[str]:
    """By how much the lines still change where they should be flat."""
    known = [curve for curve in scaled if curve.x.size > 1]
    if not known:
        return
    changes = [abs(curve.y[-1] / curve.y[-2] - 1) for curve in known]
    texts = ", ".join(f"{change:.1%}".replace("%", r"\,\%") for change in changes)
    sizes = ", ".join(f"{curve.colour:g}" for curve in known)
    yield (
        f"Between the two lowest temperatures the lines still change by ${texts}$ at $N = {sizes}$."
        + (f" {NOT_FLAT}" if max(changes) > FLAT else "")
    )


def _inverse_temperatures(group: list[xr.Dataset]) -> np.ndarray:
    return np.array([1.0 / temperature_and_size(point)[0] for point in group])


def _of_samples(group: list[xr.Dataset], name: str) -> np.ndarray:
    """A variable of several results, as an array of the shape (temperature, sample)."""
    return np.array([point[name].values for point in group])


def _simulated(group: list[xr.Dataset]) -> list[np.ndarray]:
    """Exact times, simulated times and their errors."""
    names = ("escape_time", "simulated_escape_time", "simulated_escape_time_error")
    return [_of_samples(group, name) for name in names]


def _times(panel: str, group: list[xr.Dataset]) -> list[Curve]:
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    exact, simulated, error = (rows[:, _median_sample(group)] for rows in _simulated(group))
    seen, known, size = np.isfinite(simulated), np.isfinite(exact), f"$N={N:g}$"
    label = f"{SIMULATED}, {size}"
    return [
        Curve(
            panel, "data", label, beta[seen], simulated[seen], error[seen], N, 0.0, size, SIMULATED
        ),
        Curve(panel, "theory", EXACT, beta[known], exact[known], None, N, exact=True),
    ]  # fmt: skip


def _residuals(panel: str, group: list[xr.Dataset]) -> Curve:
    """Points of all samples in units of their errors."""
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    exact, simulated, error = _simulated(group)
    seen, size = np.isfinite(simulated), f"$N={N:g}$"
    x = np.broadcast_to(beta[:, np.newaxis], seen.shape)[seen]
    note = "" if seen.any() else NOT_SIMULATED
    data = Curve(
        panel,
        "data",
        f"{SIMULATED}, {size}",
        x,
        simulated[seen],
        error[seen],
        N,
        0.0,
        size,
        SIMULATED,
    )
    return residuals(panel, data, exact[seen])._replace(note=note)


def _prefactor(panel: str, group: list[xr.Dataset]) -> Curve:
    """The mean logarithm of the time over Arrhenius' factor, of samples with two minima."""
    N, beta = temperature_and_size(group[0])[1], _inverse_temperatures(group)
    size = f"$N={N:g}$"
    label = f"{SCALED}, {size}"
    if not goes_down_freely(group[0]):
        return Curve(
            panel, SOLUTION, label, EMPTY, EMPTY, None, N, 1.0, size, SCALED, note=OTHER_RULE
        )
    times, barriers = _of_samples(group, "escape_time"), _of_samples(group, "escape_barrier")
    seen = np.isfinite(times).all(axis=0)
    if not seen.any():
        return Curve(panel, SOLUTION, label, EMPTY, EMPTY, None, N, 1.0, size, SCALED)
    logarithms = np.log(times[:, seen]) - barriers[:, seen] * beta[:, np.newaxis]
    mean, error = mean_and_error(logarithms, axis=1)
    value = np.exp(mean)
    bars = value * error if np.isfinite(error).all() else None
    missing = int(np.count_nonzero(~seen))
    note = f"Samples with a single minimum are left out ({missing} of {seen.size} at {size})."
    return Curve(panel, SOLUTION, label, beta, value, bars, N, 1.0, size, SCALED,
                 note=note if missing else "")  # fmt: skip


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study."""
    curves = moved_sideways(curves, lambda panel: panel.endswith(RESIDUALS))
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        one.set(xlabel="inverse temperature $J/T$", ylabel=SYMBOLS[kind])
        if kind == RESIDUALS:
            set_residual_axis(one)
        else:
            one.set_yscale("log")
    return figure
