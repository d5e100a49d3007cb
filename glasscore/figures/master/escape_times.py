r"""Escape times from the deepest minimum to the second deepest: exact, simulated, Arrhenius' law.

The escape time $\tau$ is the mean first-passage time from the deepest local minimum of a disorder
sample to the second deepest. One attempted move of one spin is the unit of time, and $J$ that of
energy. The first panel of a study shows the first sample of each size against the inverse
temperature; its points are means over simulated passages. The second panel compares simulated and
exact times of all samples. The third panel shows $\tau e^{-\Delta E/T}$, where $\Delta E$ is the
energy barrier that a path between the two minima has to climb at least: the geometric mean over
samples.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.estimates.samples import mean_and_error
from glasscore.figures.drawing.curves import (
    SOLUTION,
    Curve,
    temperature_and_size,
    with_shared_samples,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.residuals import EXPLANATION, residuals, set_residual_axis
from glasscore.figures.drawing.solved_models import goes_down_freely

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("escape_time",)
SHOWN_SAMPLE = 0
TIMES, RESIDUALS, PREFACTOR = ": times", ": residuals", ": prefactor"
EXACT, SIMULATED, SCALED = "exact", "simulated", "over Arrhenius' factor"
EXPLAINED = {
    EXACT: (
        "Dashed lines in the first panel are exact: they solve the linear equations for the mean "
        "first-passage times of the sample."
    ),
    RESIDUALS: (
        f"{EXPLANATION} Here the law is the exact time of each sample, and the error follows from "
        "the exact standard deviation of a passage; if the passages are few, large $z$ above zero "
        "are more frequent than below."
    ),
    PREFACTOR: (
        r"Lines in the third panel become flat where Arrhenius' law $\tau \propto e^{\Delta E/T}$ "
        "holds, which is exact at low temperatures for rules under which moves down are free; "
        "their height is its prefactor. Nothing is fitted. Where the second deepest minimum is the "
        "mirror image of the deepest, as in spin glasses without a field, all spins turn over on "
        "the way."
    ),
}
SYMBOLS = {
    TIMES: r"escape time $\tau$ (attempts)",
    RESIDUALS: "",
    PREFACTOR: r"$\tau e^{-\Delta E/T}$ (attempts)",
}
NOT_SIMULATED = "No passages were simulated."
OTHER_RULE = (
    "Arrhenius' law is not tested, because with this rule the time of a move does not follow from "
    "the saddles around a state."
)
EMPTY = np.array([])


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of three panels for each study."""
    found = []
    for study, points in results.items():
        groups = with_shared_samples(points)
        found += [curve for group in groups for curve in _times(study + TIMES, group)]
        found += [_residuals(study + RESIDUALS, group) for group in groups]
        found += [_prefactor(study + PREFACTOR, group) for group in groups]
    return found


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
    exact, simulated, error = (rows[:, SHOWN_SAMPLE] for rows in _simulated(group))
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
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        one.set(xlabel="inverse temperature $J/T$", ylabel=SYMBOLS[kind])
        if kind == RESIDUALS:
            set_residual_axis(one)
        else:
            one.set_yscale("log")
    return figure
