"""How high and how deep a trajectory goes: energies per spin against time, for each size.

The panels show the maximum of the energy in [t/2, t], the energy of the configuration at time t,
and the energy of its inherent structure, which is the local minimum reached from it by descent.
"""

from typing import TYPE_CHECKING

import xarray as xr

from glasscore.figures.drawing.curves import Curve, data_of_point, temperature_and_size
from glasscore.figures.drawing.page import draw_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy", "inherent_structures", "maximum_energy")
ONLY = {
    "graph": ["hypercube"],
    "energies": ["correlated", "number_partitioning", "pspin", "sk"],
}
SYMBOLS = {
    "maximum_energy": r"maximum in $[t/2, t]$, $\langle E_{\max}\rangle/(NJ)$",
    "energy": r"energy per spin, $\langle E\rangle/(NJ)$",
    "inherent_energy": r"inherent structure, $\langle E_{\rm IS}\rangle/(NJ)$",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of panels for each study and temperature."""
    found = []
    for study, points in results.items():
        for T in sorted({temperature_and_size(point)[0] for point in points}):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            panel = f"{study}, $T={T:.3g}$: "
            found += [_per_spin(panel + name, name, one) for name in SYMBOLS for one in alike]
    return found


def _per_spin(panel: str, name: str, point: xr.Dataset) -> Curve:
    N = temperature_and_size(point)[1]
    energy, error = (point[each].values / N for each in (name, f"{name}_error"))
    curve = data_of_point(panel, point, point.time.values, energy, error)
    return curve._replace(label=curve.marker_label)


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each study and temperature."""
    figure, axes = draw_panels(curves, columns=3)
    for name, one in axes.items():
        *_, quantity = name.split()
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel=SYMBOLS[quantity])
    return figure
