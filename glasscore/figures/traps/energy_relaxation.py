r"""Mean energy against the logarithm of time, with exact laws or the slope that traps give it.

Points are means of the energy $E$ over independent disorder samples, in units of $J$. The time $t$
since the quench is counted in attempted moves; on the hypercube $N$ of them make one sweep.
A straight line means that the energy falls with the logarithm of time, as it does while deeper and
deeper traps are found. Points bend upwards, and then stay at one height, once a system of $N$ spins
is in equilibrium.
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
from glasscore.figures.drawing.equilibration import log_equilibration_time
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
GUIDE_DECADES, FEWEST_DECADES = 3.0, 1.0
# Before this time the first traps are being found.
FIRST_TRAP_TIME = 1e2
# Up to this share of the estimated time to equilibrium, energies fall as in large systems.
SHARE_OF_EQUILIBRATION = 0.1
PROPORTIONAL_TO_N = ("correlated", "gaussian", "pspin", "sk")
PER_SPIN = ": per spin"
OF_TRAPS, OF_STEPS = r"slope $-T$", r"slope $-T_c$"
GUIDES = (
    "The height of such lines is not predicted: it is the mean height of the points of the largest "
    "size, over at most three decades, so that only the slope is a test. Lines end at one tenth of "
    r"the time $e^{(|E_{\min}|-|E_{\rm th}|)/T}$ at which that size is expected to reach "
    r"equilibrium, where $E_{\min}$ is its lowest energy and $E_{\rm th}=-T_c\ln N$; they are left "
    "out if that is too early."
)
EXPLAINED = {
    "per spin": "Energies that grow in proportion to $N$ are shown per spin.",
    "exact, $N": r"Lines are exact at every time for infinitely many states, $N=\infty$.",
    "law of $N": r"The law of $N=\infty$ is exact for infinitely many states; finitely many leave "
    "it when the deepest of them have been found.",
    OF_TRAPS: r"The slope against $\ln t$ is $-T$ where states are traps that are left over one "
    f"energy level, as in the random energy model with exponential energies. {GUIDES}",
    OF_STEPS: r"The slope against $\ln t$ is $-T_c$ in the step model, where $T_c$ is the critical "
    "temperature: there traps are left by entropic activation, whatever $T$ is. The height of such "
    "lines is not predicted: it is the mean height of the points over the last three decades, so "
    "that only the slope is a test.",
}


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
        law = point.attrs["critical_temperature"] * step_model.energy(time, x)
        return [theory_of_point(study, point, time, law, *_of_infinite_size(point))]
    if is_trap_model(point):
        law = trap_model.energy(time, x, point.attrs["critical_temperature"])
        return [theory_of_point(study, point, time, law, *_of_infinite_size(point))]
    if not is_glassy(point):
        return []
    if is_step_model(point):
        return _guide(study, point, T / x, OF_STEPS)
    if is_random_energy_model(point) or is_locally_random(point):
        return _guide(study, point, T, OF_TRAPS)
    return []


def _of_infinite_size(point: xr.Dataset) -> tuple[str, bool]:
    label, exact = infinite_size_label(point)
    return label if exact else f"law of {label}", exact


def _guide(study: str, point: xr.Dataset, slope: float, label: str) -> list[Curve]:
    """A line of a given slope at the mean height of the points, where slopes are predicted."""
    time, energy = point.time.values, point.energy.values
    end = min(time[-1], SHARE_OF_EQUILIBRATION * np.exp(min(log_equilibration_time(point), 600.0)))
    start = max(FIRST_TRAP_TIME, end / 10.0**GUIDE_DECADES)
    shown = (time >= start) & (time <= end)
    if end < start * 10.0**FEWEST_DECADES or np.count_nonzero(shown) < 2:
        return []
    fall = -slope * np.log(time[shown])
    return [theory_of_point(study, point, time[shown], fall + (energy[shown] - fall).mean(), label)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (attempts)", ylabel=r"energy $\langle E\rangle/J$")
        if name.endswith(PER_SPIN):
            one.set_ylabel(r"energy per spin $\langle E\rangle/(NJ)$")
    return figure
