r"""Mean energy against the logarithm of time, with exact laws or the slope that traps give it.

Points are means of the energy $E$ over independent disorder samples at the temperature $T$, in
units of $J$; $t$ is the time since the quench. A straight line means that the energy falls with the
logarithm of time, as it does while deeper and deeper traps are found. Points at one height do not
prove equilibrium: a system also rests in a trap that it cannot leave within the run.
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
PER_SPIN, SWEEPS = "per spin", "sweeps"
OF_TRAPS, OF_STEPS = r"slope $-T$", r"slope $-T_c$"
EXPLAINED = {
    SWEEPS: "A sweep is $N$ attempted flips, where $N$ is the number of spins.",
    PER_SPIN: "Energies that grow in proportion to $N$ are shown per spin.",
    "exact, $N": r"Lines are exact at every time for infinitely many states, $N=\infty$.",
    "law of $N": r"The law of $N=\infty$ is exact for infinitely many states; finitely many leave "
    "it when the deepest of them have been found.",
    OF_TRAPS: r"The slope against $\ln t$ is $-T$ where states are traps that are left over one "
    "energy level, as in the random energy model (REM) with exponential energies. The height of "
    "such lines is not predicted: it is the mean height of the points of the largest size, over at "
    "most three decades, so that only the slope is a test. Lines end at one tenth of the time "
    r"$e^{(|E_{\min}|-|E_{\rm th}|)/T}$, in attempts, at which that size is expected to reach "
    r"equilibrium, with the mean lowest energy $E_{\min}=-T_c(N\ln 2+\gamma)$, $\gamma=0.577$, "
    r"$E_{\rm th}=-T_c\ln N$, and $T_c=1$ in units of $J$. They are left out if that is too early.",
    OF_STEPS: r"In the step model below $T_c$, which is 1 in units of $J$, a deep state of energy "
    "$E$ is left at a rate of order $e^{E/T_c}$, set by the number of states below it and close "
    r"above it. The energy therefore falls at late times as $-T_c\ln t$ for every $T<T_c$, the "
    "later the closer $T$ is to $T_c$. Without an exact law this slope is drawn only for "
    r"$T<T_c/2$, where its corrections are of order $1/t$; above, they are of order "
    r"$t^{-(1-x)}\ln t$ with $x=2-T_c/T$, and are not small in a run. The height of such lines is "
    "the mean height of the points over the last three decades, so that only the slope is a test.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Energies of every study, with laws."""
    found = []
    for study, points in results_by_panel(results).items():
        found += [_data(study, point) for point in points]
        found += [law for point in points for law in _law(study, point, points)]
    return found


def _panel(study: str, point: xr.Dataset) -> str:
    """The panel of a result: spins and other states have other units of time and energy."""
    model = landscape_of(point)
    units = [SWEEPS] if model["graph"] == "hypercube" else []
    units += [PER_SPIN] if model["energies"] in PROPORTIONAL_TO_N else []
    return f"{study}: {', '.join(units)}" if units else study


def _data(study: str, point: xr.Dataset) -> Curve:
    panel = _panel(study, point)
    time, energy, error = (point[name].values for name in ("time", "energy", "energy_error"))
    N = temperature_and_size(point)[1] if PER_SPIN in panel else 1.0
    return data_of_point(panel, point, time / _unit_of_time(point), energy / N, error / N)


def _unit_of_time(point: xr.Dataset) -> float:
    """Attempts in a sweep of spins; one where states are no spins."""
    spins = landscape_of(point)["graph"] == "hypercube"
    return temperature_and_size(point)[1] if spins else 1.0


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
        if x >= 0.5:
            return []
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
    height = (energy[shown] - fall).mean()
    panel, unit = _panel(study, point), _unit_of_time(point)
    return [theory_of_point(panel, point, time[shown] / unit, fall + height, label)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        _, _, units = name.rpartition(": ")
        unit = "sweeps" if SWEEPS in units else "attempts"
        one.set(xscale="log", xlabel=f"time $t$ ({unit})", ylabel=r"energy $\langle E\rangle/J$")
        if PER_SPIN in units:
            one.set_ylabel(r"energy per spin $\langle E\rangle/(NJ)$")
    return figure
