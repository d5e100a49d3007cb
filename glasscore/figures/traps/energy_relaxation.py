"""Mean energy against the logarithm of time, with exact laws, or the slope of trap dynamics.

Energies of spin glasses, which are proportional to N, are shown per spin. Time is counted in
attempted flips, N of which make one sweep.

Exact laws hold for infinitely many states. Where no law is known but its slope is, a line with this
slope is drawn for each temperature over the last three decades, through the last point of the
largest size. The height of such a line is not predicted.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    landscape_of,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    infinite_size_label,
    is_glassy,
    is_locally_random,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
)
from glasscore.theory import step_model, trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy",)
GUIDE_DECADES = 3.0
PROPORTIONAL_TO_N = ("sk", "pspin")
PER_SPIN = ": per spin"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Energies of every study, with laws."""
    found = []
    for study, points in results_by_panel(results).items():
        found += [_data(study, point) for point in points]
        found += [law for point in points for law in _law(study, point, points)]
    return found


def _data(study: str, point: xr.Dataset) -> Curve:
    time, energy, error = (point[name].values for name in ("time", "energy", "energy_error"))
    if landscape_of(point)["energies"] not in PROPORTIONAL_TO_N:
        return data_of_point(study, point, time, energy, error)
    N = temperature_and_size(point)[1]
    return data_of_point(study + PER_SPIN, point, time, energy / N, error / N)


def _law(study: str, point: xr.Dataset, points: list[xr.Dataset]) -> list[Curve]:
    """The exact law of infinitely many states on the complete graph; elsewhere a slope, if known.

    The slope is -T where states are left like traps, at rates exp(beta E), and -T_c in the step
    model.
    """
    (T, N), x, time = temperature_and_size(point), trap_exponent(point), point.time.values
    if max(size for other, size in map(temperature_and_size, points) if other == T) > N:
        return []
    if has_exact_step_model_law(point):
        # Here x = T / T_c holds above T_c, too.
        critical = point.attrs["critical_temperature"]
        law = critical * step_model.energy(time, x)
        return [theory_of_point(study, point, time, law, *infinite_size_label(point))]
    if is_trap_model(point):
        law = trap_model.energy(time, x, point.attrs["critical_temperature"])
        return [theory_of_point(study, point, time, law, *infinite_size_label(point))]
    if not is_glassy(point):
        return []
    if is_step_model(point):
        return [_guide(study, point, T / x, r"slope $-T_c\,\ln t$")]
    if is_random_energy_model(point) or is_locally_random(point):
        return [_guide(study, point, T, r"slope $-T\,\ln t$")]
    return []


def _guide(study: str, point: xr.Dataset, slope: float, label: str) -> Curve:
    """A line of a given slope through the last point."""
    time = point.time.values
    time = time[time >= time[-1] / 10.0**GUIDE_DECADES]
    law = point.energy.values[-1] - slope * np.log(time / time[-1])
    return theory_of_point(study, point, time, law, label)


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel=r"energy $\langle E\rangle/J$")
        if name.endswith(PER_SPIN):
            one.set_ylabel(r"energy per spin $\langle E\rangle/(NJ)$")
    return figure
