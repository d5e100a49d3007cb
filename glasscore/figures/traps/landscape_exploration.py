r"""How high and how deep trajectories go: three energies per spin against time, for each size.

The highest of the three is the mean of the largest energy $E$ in $[t/2,t]$. Below it lie the mean
energy of the configuration at time $t$, and the mean energy of its inherent structure, which is the
local minimum that is reached from it by steepest descent. All are in units of $J$ and are divided
by the number of spins $N$. They are means over independent disorder samples. The time $t$ since the
quench from infinite temperature is counted in sweeps, which are $N$ attempted flips.

At first maximum and energy fall together. Later the maximum rises again. This alone shows neither
traps nor barriers, because a longer window contains rarer heights, in equilibrium too. At late
times the energy lies above that of its inherent structure by the thermal energy within a state.
The question is how far the landscape lets a system of each size descend, and how high it still
climbs: the larger it is, the less its maximum per spin rises above the energy.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, SmallSymbols
from glasscore.figures.traps.threshold_energy import CANDIDATES, MARGINAL, lines_of_states
from glasscore.figures.traps.threshold_energy import EXPLAINED as OF_THRESHOLDS
from glasscore.theory import ising_pspin
from glasscore.theory.parisi import LARGEST_FIELD, LOWEST_TEMPERATURE, breaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy", "inherent_structures", "maximum_energy")
ONLY = {
    "graph": ["hypercube"],
    "energies": ["correlated", "number_partitioning", "pspin", "sk"],
}
EQUILIBRIUM = r"equilibrium, $N=\infty$"
ALL, LATE = ": all", ": late"
# Panels of late times begin at so many sweeps.
LATE_BEGINS = 30.0
EXPLAINED = {
    LATE: f"Panels on the right show the energy at $t$ alone, from {LATE_BEGINS:g} sweeps on, "
    "beside "
    "laws of infinitely many spins.",
    CANDIDATES: f"{OF_THRESHOLDS[CANDIDATES]} Inherent structures lack the thermal energy, and "
    "are not to "
    "be compared with them.",
    EQUILIBRIUM: "Dash-dotted lines are the energy in equilibrium of infinitely many spins: "
    "by Parisi's "
    "solution with four steps of replica-symmetry breaking in the SK model, and by the exact "
    "one-step solution of the Ising $p$-spin model where it holds. At finite $N$ the energy in "
    "equilibrium and that of the ground state differ from their limits; they are not known here, "
    "and no line stands for them. So a distance between points and line shows how far a system is "
    "from the limit, in size and in time, and does not tell these two apart.",
}
# Steps of replica-symmetry breaking: the energy converges to better than can be seen.
STEPS = 4
# Name of a variable, and its label; the order is that of the markers.
ENERGIES = {
    "maximum_energy": "maximum in $[t/2,t]$",
    "energy": "energy at $t$",
    "inherent_energy": "inherent structure",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature; sizes by colour and energies by marker."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            panel = f"{study}, $T={texts[T]}$"
            shown = [curve for point in alike for curve in _energies(panel + ALL, point)]
            found += in_two_panels(shown, list(_thresholds(panel + LATE, alike, T)), panel)
    return found


def in_two_panels(shown: list[Curve], lines: list[Curve], panel: str) -> list[Curve]:
    """All energies with what they end at; and the energy at late times beside the laws."""
    energies = [curve for curve in shown if curve.marker_label == ENERGIES["energy"]]
    late = [curve for curve in map(_late, energies) if curve.x.size]
    lines = [line._replace(x=np.maximum(line.x, LATE_BEGINS)) for line in lines] if late else []
    return [
        *_with_result([*shown, *lines], panel + ALL)[: len(shown)],
        *(curve._replace(panel=panel + LATE) for curve in late),
        *lines,
    ]


def _late(curve: Curve) -> Curve:
    """The part of a curve at late times."""
    kept = curve.x >= LATE_BEGINS
    error = None if curve.error is None else curve.error[kept]
    return curve._replace(x=curve.x[kept], y=curve.y[kept], error=error)


def _with_result(found: list[Curve], panel: str) -> list[Curve]:
    """The curves with a sentence on what is reached at the end of the run."""
    shown = [curve for curve in found if curve.panel == panel and curve.role == "data"]
    largest = max(curve.colour for curve in shown)
    last = {curve.marker_label: curve for curve in shown if curve.colour == largest}
    energy, inherent, maximum = (
        last[ENERGIES[name]] for name in ("energy", "inherent_energy", "maximum_energy")
    )
    if energy.error is None or not energy.x.size:
        return found
    said = (
        f"At the end of the run the energy per spin of $N={largest:g}$ is "
        f"${with_error(energy.y[-1], energy.error[-1])}$, that of its inherent structure "
        f"${inherent.y[-1]:.3f}$ and the maximum ${maximum.y[-1]:.3f}$"
    )
    level = [curve.y[0] for curve in found if curve.label == EQUILIBRIUM]
    if level:
        said += f", while equilibrium for $N=\\infty$ is at ${level[0]:.3f}$"
    return [curve._replace(note=f"{said}.") if curve is energy else curve for curve in found]


def _energies(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    N = temperature_and_size(point)[1]
    size = f"$N={N:g}$"
    for mark, (name, label) in enumerate(ENERGIES.items()):
        energy, error = (point[each].values / N for each in (name, f"{name}_error"))
        yield Curve(panel, "data", f"{size}, {label}", point.time.values / N, energy, error,
                    N, float(mark), size, label)  # fmt: skip


def _thresholds(panel: str, points: list[xr.Dataset], T: float) -> Iterator[Curve]:
    """The energies of the states at the threshold, where they are known, over all times."""
    models = [landscape_of(point) for point in points]
    # Studies with the same title may be of different models.
    if any(model != models[0] for model in models):
        return
    sweeps = np.concatenate(
        [point.time.values / temperature_and_size(point)[1] for point in points]
    )
    ends = np.array([sweeps.min(), sweeps.max()])
    level = _equilibrium(models[0], T)
    if np.isfinite(level):
        yield Curve(panel, "theory", EQUILIBRIUM, ends, np.full(2, level), None, np.nan)
    if models[0]["energies"] != "pspin":
        return
    yield from lines_of_states(panel, int(models[0]["p"]), T, ends)


def _equilibrium(model: dict[str, Any], T: float) -> float:
    """The energy per spin in equilibrium of infinitely many spins; NaN where it is not known."""
    field, p = abs(model.get("field", 0.0)), int(model.get("p", 2))
    if model["energies"] == "sk" and T >= LOWEST_TEMPERATURE and field <= LARGEST_FIELD:
        return float(breaking(T, field, STEPS).energy)
    if model["energies"] != "pspin" or p < 3 or ising_pspin.LOWEST_TEMPERATURE > T:
        return np.nan
    if ising_pspin.dynamical_transition(p).temperature <= T:
        return -0.5 / T
    return float(ising_pspin.equilibrium(p, T).energy)


class _Open(SmallSymbols):
    """Small symbols, which are open for inherent structures."""

    def point(self, curve: Curve) -> dict[str, Any]:
        look = super().point(curve)
        if curve.marker_label != ENERGIES["inherent_energy"]:
            return look
        return {**look, "fillstyle": "none", "markeredgecolor": look["color"]}


def draw(curves: list[Curve]) -> "Figure":
    """Two panels for each study and temperature."""
    styles = {EQUILIBRIUM: DASH_DOTTED, MARGINAL: DOTTED}
    figure, axes = draw_panels(curves, styles=styles, looks=_Open)
    for one in axes.values():
        one.set(xscale="log", xlabel="time $t$ (sweeps)", ylabel="energy per spin $E/(NJ)$")
    return figure
