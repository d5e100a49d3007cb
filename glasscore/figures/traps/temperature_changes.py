r"""What a change of temperature does to a glass: its energy before and after the change.

Black points are means of the energy $E$ over independent samples of the disorder, one trajectory
each, with standard errors. The first panel of each row shows them against the time $t$ since the
quench, in attempted moves; grey lines and areas mark the times at which the temperature changes.
The second panel shows them against the time $t-t_1$ since the last change was complete, at $t_1$.
Coloured points are runs of the same model that stay at one temperature, each against the time since
its own quench. If the energy after the last change lies on them in the first panel, nothing but the
time since the quench counts; if it lies on them in the second one, the past is forgotten. A glass
that is heated to a temperature at which its energy would be the one of equilibrium does not stay
there: its energy passes a hump (Kovacs), since states of the same energy can differ. Where there is
a hump, the second panel is drawn from three times its height below the energy at $t_1$ to twice its
height above; where there is none, around the black points. It leaves out what lies beyond. Points
of one run are correlated. Of several sizes the largest is shown.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    times_apart,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.solved_models import is_quench, is_trap_model
from glasscore.figures.drawing.symbols import DOTTED
from glasscore.files.store import parameters_of
from glasscore.models.pieces import STEPS, pieces_of
from glasscore.models.ramps import Ramp, ramp_of
from glasscore.theory import trap_protocol
from glasscore.theory.equilibrium_energy import independent_levels
from glasscore.theory.trap_model import equilibrium_energy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("energy",)
PROTOCOLS = True
AFTER = ": since the change"
EXACT, EQUILIBRIUM, CHANGE = r"exact, $N=\infty$", "equilibrium after the last change", "change"
EXPLAINED = {
    EXACT: (
        "The dashed line is the exact law of infinitely many traps whose temperature changes: the "
        "occupied trap stays, and all rates become those of the new temperature."
    ),
    EQUILIBRIUM: (
        "The dotted line is the mean energy in equilibrium at the last temperature, which is known "
        "for independent energies."
    ),
}
LINE_POINTS = 120
# Points are drawn at least this factor of time apart.
APART = 1.25
# The rule of the law has a number of depths that grows as T_c/T of the coldest piece.
LEAST_RATIO = 0.02
# A hump is seen if it is higher than this many standard errors. The window of the second panel
# ends so many of its heights below and above the energy at which it begins.
CLEAR, BELOW, ABOVE = 4.0, 3.0, 2.0
# Without a hump it extends beyond the points by this share of their range.
MARGIN = 0.5


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and first temperature whose temperature changes."""
    constant = [point for points in results.values() for point in points if not _ramps(point)]
    found: list[Curve] = []
    for study, points in results.items():
        changing = [point for point in points if _is_shown(point)]
        for T in sorted({temperature_and_size(point)[0] for point in changing}):
            alike = [point for point in changing if temperature_and_size(point)[0] == T]
            largest = max(alike, key=lambda point: temperature_and_size(point)[1])
            found += _of_run(f"{study}, {_in_short(largest)}", largest, constant)
    return found


def _ramps(point: xr.Dataset) -> list[Ramp]:
    return [ramp_of(given) for given in parameters_of(point).get("ramps", [])]


def _is_shown(point: xr.Dataset) -> bool:
    """Whether the temperature changes and no field acts."""
    ramps = _ramps(point)
    in_field = parameters_of(point).get("field") or any(ramp.field for ramp in ramps)
    return any(ramp.T is not None for ramp in ramps) and not in_field


def _temperatures(point: xr.Dataset) -> list[float]:
    """The temperatures of a run one after another."""
    T = temperature_and_size(point)[0]
    return [T, *(ramp.T for ramp in _ramps(point) if ramp.T is not None)]


def _in_short(point: xr.Dataset) -> str:
    texts = in_few_digits(_temperatures(point))
    size = temperature_and_size(point)[1]
    N = r"\infty" if np.isinf(size) else f"{size:g}"
    return f"$N={N}$, $T=" + r" \to ".join(texts[T] for T in _temperatures(point)) + "$"


def _of_run(panel: str, point: xr.Dataset, constant: list[xr.Dataset]) -> list[Curve]:
    """The energies of one run in both panels, and what they are compared with."""
    start, last = _ramps(point)[-1].end, _temperatures(point)[-1]
    followed = bool(np.any(point.time.values > start))
    found = [
        Curve(panel, "theory", CHANGE, np.array([ramp.begin, ramp.end]), np.zeros(2), None, np.nan)
        for ramp in _ramps(point)
    ]
    time, energy, error = _energies(point)
    shown = times_apart(time, APART)
    found.append(
        Curve(panel, "data", "with changes of $T$", time[shown], energy[shown], error[shown],
              np.nan, note=_courses(point))
    )  # fmt: skip
    if not followed:
        found.append(remark(panel, "The run ends before the last change is complete."))
        return [*found, *_laws(panel, point, np.inf, last), *_remarks(panel, point, constant)]
    since = time > start
    late = times_apart(time[since] - start, APART)
    found.append(
        Curve(panel + AFTER, "data", "with changes of $T$", (time[since] - start)[late],
              energy[since][late], error[since][late], np.nan, note=_hump(point, start))
    )  # fmt: skip
    for other in _beside(point, constant):
        T = temperature_and_size(other)[0]
        there, its_energy, its_error = _energies(other)
        kept = times_apart(there, APART)
        of_run = there[kept], its_energy[kept], its_error[kept], T
        label = f"$T={T:.4g}$ throughout"
        found.append(Curve(panel, "data", label, *of_run))
        if last == T:
            found.append(Curve(panel + AFTER, "data", label, *of_run))
    found += _laws(panel, point, start, last)
    window = _window(point, start)
    found = [_within(one, window) if one.panel.endswith(AFTER) else one for one in found]
    return [*found, *_remarks(panel, point, constant)]


def _window(point: xr.Dataset, start: float) -> tuple[float, float]:
    """The energies between which the second panel is drawn."""
    time, energy, _ = _energies(point)
    at, top = int(np.searchsorted(time, start)), _top(point, start)
    if top is None:
        lowest, highest = energy[at:].min(), energy[at:].max()
        return lowest - MARGIN * (highest - lowest), highest + MARGIN * (highest - lowest)
    height = energy[top] - energy[at]
    return energy[at] - BELOW * height, energy[at] + ABOVE * height


def _top(point: xr.Dataset, start: float) -> int | None:
    """The place of the highest energy after the last change; None without a clear hump."""
    time, energy, error = _energies(point)
    at = int(np.searchsorted(time, start))
    top = at + int(np.argmax(energy[at:]))
    clear = energy[top] - energy[at] > CLEAR * np.hypot(error[at], error[top])
    return top if clear else None


def _within(curve: Curve, window: tuple[float, float]) -> Curve:
    """A curve without the points beyond a window of energies."""
    kept = (curve.y >= window[0]) & (curve.y <= window[1])
    error = None if curve.error is None else curve.error[kept]
    return curve._replace(x=curve.x[kept], y=curve.y[kept], error=error)


def _energies(point: xr.Dataset) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, and energies per spin with their errors; of infinitely many states their energies."""
    N = temperature_and_size(point)[1]
    spins = 1.0 if np.isinf(N) else N
    return point.time.values, point.energy.values / spins, point.energy_error.values / spins


def _beside(point: xr.Dataset, constant: list[xr.Dataset]) -> list[xr.Dataset]:
    """Runs of the same model, size, rule and start that stay at one temperature of this run."""
    own = parameters_of(point)
    found: dict[float, xr.Dataset] = {}
    for other in constant:
        its = parameters_of(other)
        alike = all(its[key] == own[key] for key in ("landscape", "rule", "N"))
        if alike and is_quench(other) and is_quench(point) and not its.get("field"):
            found.setdefault(its["T"], other)
    return [found[T] for T in sorted(set(_temperatures(point))) if T in found]


def _laws(panel: str, point: xr.Dataset, start: float, last: float) -> list[Curve]:
    """The exact course of the energy, and the energy of equilibrium, where they are known."""
    found, time = [], point.time.values
    critical = point.attrs["critical_temperature"]
    changes = [(piece.begin, piece.T / critical) for piece in pieces_of(parameters_of(point))]
    coldest = min(x for _, x in changes) if critical > 0 else 0.0
    infinite = np.isinf(temperature_and_size(point)[1])
    if infinite and is_trap_model(point) and coldest >= LEAST_RATIO:
        for name, origin in ((panel, 0.0), (panel + AFTER, start)):
            since = time[time > origin] - origin
            if not since.size:
                continue
            line = np.union1d(since, np.geomspace(since[0], since[-1], LINE_POINTS))
            law = trap_protocol.energy(origin + line, changes, critical)
            found.append(Curve(name, "theory", EXACT, line, law, None, np.nan, exact=True))
    level = _equilibrium(point, last)
    if level is not None and start < time[-1]:
        ends = time[time > start][[0, -1]] - start
        height = np.full(2, level)
        found.append(Curve(panel + AFTER, "theory", EQUILIBRIUM, ends, height, None, np.nan))
    return found


def _equilibrium(point: xr.Dataset, T: float) -> float | None:
    """Energy per spin in equilibrium, or energy of infinitely many traps; None if unknown."""
    energies, N = landscape_of(point)["energies"], temperature_and_size(point)[1]
    critical = point.attrs["critical_temperature"]
    if np.isinf(N):
        return equilibrium_energy(T / critical, critical) if critical < T else None
    if energies in ("exponential", "gaussian") and T > 0:
        return independent_levels(T, int(N), energies).mean / N
    return None


def _courses(point: xr.Dataset) -> str:
    """How the temperature changes, as a sentence."""
    texts, parts = in_few_digits(_temperatures(point)), []
    given = [one for one in parameters_of(point)["ramps"] if "T" in one]
    for ramp, asked in zip((ramp_of(one) for one in given), given, strict=True):
        T = texts[ramp.T] if ramp.T is not None else ""
        if ramp.begin == ramp.end:
            parts.append(f"to ${T}$ at $t = {ramp.begin:g}$")
        else:
            how = "linearly in $t$" if ramp.course == "linear" else r"smoothly in $\ln t$"
            steps = asked.get("steps", STEPS)
            parts.append(
                f"to ${T}$ from $t = {ramp.begin:g}$ to ${ramp.end:g}$, {how} in {steps} steps"
            )
    return f"The temperature, ${texts[_temperatures(point)[0]]}$ at first, changes " + (
        f"{'; '.join(parts)}."
    )


def _hump(point: xr.Dataset, start: float) -> str:
    """What the energy does after the last change, in numbers."""
    time, energy, error = _energies(point)
    at, top = int(np.searchsorted(time, start)), _top(point, start)
    begin = f"It is ${with_error(energy[at], error[at])}$ when the last change is complete"
    end = f"${with_error(energy[-1], error[-1])}$ at the end"
    if top is None:
        return f"{begin}, and {end}; it passes no hump of more than four standard errors."
    since = float(f"{time[top] - start:.3g}")
    highest = f"${with_error(energy[top], error[top])}$ at $t-t_1 = {since:g}$"
    return f"{begin}, at most {highest}, and {end}."


def _remarks(panel: str, point: xr.Dataset, constant: list[xr.Dataset]) -> list[Curve]:
    """Temperatures without a run to compare with, the number of samples, and the unit."""
    beside = {temperature_and_size(other)[0] for other in _beside(point, constant)}
    missing = sorted(set(_temperatures(point)) - beside)
    found = on_samples([panel, panel + AFTER], [point])
    if missing:
        texts = in_few_digits(missing)
        told = " and ".join(f"$T={texts[T]}$" for T in missing)
        found.append(remark(panel, f"No run of the same model stays at {told}."))
    return [*found, *on_unit([panel, panel + AFTER], point)]


def draw(curves: list[Curve]) -> "Figure":
    """Both panels of each run beside each other."""
    marks = [curve for curve in curves if curve.label == CHANGE]
    figure, axes = draw_panels(
        [curve for curve in curves if curve.label != CHANGE], styles={EQUILIBRIUM: DOTTED}
    )
    for name, one in axes.items():
        of_traps = r"N=\infty" in name
        time = "$t-t_1$" if name.endswith(AFTER) else "$t$"
        one.set(xscale="log", xlabel=f"time {time} (attempts)")
        one.set_ylabel("energy $E/J$" if of_traps else "energy per spin $E/(NJ)$")
        for curve in marks:
            if curve.panel == name and curve.x.size:
                one.axvspan(*curve.x, color="0.85", linewidth=0.8, zorder=0)
    return figure
