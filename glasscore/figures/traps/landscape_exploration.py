r"""How high and how deep trajectories go: three energies per spin against time, for each size.

The highest of the three is the mean of the largest energy $E$ in $[t/2,t]$. Below it lie the mean
energy of the configuration at time $t$, and the mean energy of its inherent structure, which is the
local minimum that is reached from it by steepest descent. All are in units of $J$ and are divided
by the number of spins $N$. They are means over independent disorder samples. The time $t$ since the
quench from infinite temperature is counted in sweeps, which are $N$ attempted flips.

At first maximum and energy fall together. Later the maximum rises again. This alone shows neither
traps nor barriers, because a longer window contains rarer heights, in equilibrium too. At late
times the energy lies above that of its inherent structure by the thermal energy within a state.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.traps.threshold_energy import EXPLAINED as OF_THRESHOLDS
from glasscore.figures.traps.threshold_energy import STATES, states_at_the_threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy", "inherent_structures", "maximum_energy")
ONLY = {
    "graph": ["hypercube"],
    "energies": ["correlated", "number_partitioning", "pspin", "sk"],
}
EXPLAINED = {
    STATES: f"{OF_THRESHOLDS[STATES]} They are to be compared with the energy at $t$, and not with "
    "the inherent structures, which lack the thermal energy.",
}
# Name of a variable, and its label; the order is that of the markers.
ENERGIES = {
    "maximum_energy": "maximum in $[t/2,t]$",
    "energy": "energy at $t$",
    "inherent_energy": "inherent structure",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature; sizes by colour and energies by marker."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in sorted(texts):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            panel = f"{study}, $T={texts[T]}$"
            found += [curve for point in alike for curve in _energies(panel, point)]
            found += _thresholds(panel, alike, T)
    return found


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
    if models[0]["energies"] != "pspin" or any(model != models[0] for model in models):
        return
    sweeps = np.concatenate(
        [point.time.values / temperature_and_size(point)[1] for point in points]
    )
    ends = np.array([sweeps.min(), sweeps.max()])
    for energy in states_at_the_threshold(int(models[0]["p"]), T):
        yield Curve(panel, "theory", STATES, ends, np.full(2, energy), None, np.nan)


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study and temperature."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xscale="log", xlabel="time $t$ (sweeps)", ylabel="energy per spin $E/(NJ)$")
    return figure
