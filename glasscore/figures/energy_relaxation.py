"""Mean energy against the logarithm of time, with the law of the trap model."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import (
    Curve,
    data_of_point,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.style import draw_curves, panels
from glasscore.store import parameters_of
from glasscore.theory import trap_model
from glasscore.theory.trap_model import LARGEST_EXPONENT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
RECORDERS = ("energy",)
TRAP_MODEL = {"graph": "complete", "energies": "exponential"}
GUIDE_DECADES = 3.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Energies of every study, with laws."""
    found = []
    for study, points in results.items():
        found += [_data(study, point) for point in points]
        found += [law for point in points for law in _law(study, point, points)]
    return found


def _data(study: str, point: xr.Dataset) -> Curve:
    time, energy, error = (point[name].values for name in ("time", "energy", "energy_error"))
    return data_of_point(study, point, time, energy, error)


def _law(study: str, point: xr.Dataset, points: list[xr.Dataset]) -> list[Curve]:
    """The exact law of infinitely many traps; elsewhere the slope -T of trap dynamics."""
    (T, N), x, time = temperature_and_size(point), trap_exponent(point), point.time.values
    largest = max(size for other, size in map(temperature_and_size, points) if other == T)
    if x > LARGEST_EXPONENT or largest > N:
        return []
    if parameters_of(point)["landscape"] == TRAP_MODEL:
        law = trap_model.energy(time, x, point.attrs["critical_temperature"])
        return [theory_of_point(study, point, time, law, r"exact, $N=\infty$")]
    guided = time >= time[-1] / 10.0**GUIDE_DECADES
    slope = point.energy.values[-1] - T * np.log(time[guided] / time[-1])
    return [theory_of_point(study, point, time[guided], slope, r"slope $-T\,\ln t$")]


def draw(curves: list[Curve]) -> "Figure":
    """One panel a study."""
    figure, axes = panels(curves)
    for name, one in axes.items():
        draw_curves(one, [curve for curve in curves if curve.panel == name])
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel=r"energy $\langle E\rangle/J$")
    return figure
