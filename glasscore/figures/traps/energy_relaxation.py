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
    with_error,
)
from glasscore.figures.drawing.equilibration import log_equilibration_time
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.residuals import (
    EXPLANATION,
    RESIDUALS,
    chance_of_largest,
    residuals,
    set_residual_axis,
)
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    infinite_size_label,
    is_glassy,
    is_independent_gaussian,
    is_locally_random,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
)
from glasscore.figures.drawing.symbols import SmallSymbols
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
PER_SPIN, SWEEPS, SHIFTED = "per spin", "sweeps", "shifted"
# An exact law is rejected if chance takes points so far off with a smaller probability.
LEAST_CHANCE = 0.01
# Above this temperature, in units of T_c, corrections to the slope of traps are not small in a run.
HIGHEST_OF_SLOPE = 0.5
# Energies of smaller sizes are shifted upwards by this, in units of J, to be seen apart.
SHIFT = 2.0
# Studies of so many sizes have a panel for each temperature.
SEVERAL_SIZES = 2
OF_TRAPS, OF_STEPS = r"slope $-T$", r"slope $-T_c$"
EXPLAINED = {
    SWEEPS: "A sweep is $N$ attempted flips, where $N$ is the number of spins.",
    PER_SPIN: "Energies that grow in proportion to $N$ are shown per spin.",
    "exact, $N": r"Lines are exact at every time for infinitely many states, $N=\infty$.",
    "law of $N": r"The law of $N=\infty$ is exact for infinitely many states; finitely many leave "
    "it when the deepest of them have been found.",
    OF_TRAPS: r"The slope against $\ln t$ is $-T$ where states are traps that are left over one "
    "energy level, as in the random energy model (REM) with exponential energies. It is a law of "
    r"late times, whose corrections are of order $t^{-(1-x)}\ln t$ with $x=T/T_c$, and is drawn "
    r"only for $x\leq 1/2$. In the trap model itself they make a slope over three decades smaller "
    "by a few percent at $x=1/2$, which is the accuracy of this test. The height of "
    "these lines is not predicted: it is the mean height of the points over at most three decades, "
    "so that only the slope is a test. Lines end at one tenth of the time "
    r"$e^{(|E_{\min}|-|E_{\rm th}|)/T}$, in attempts, at which equilibrium is expected, with the "
    r"mean lowest energy $E_{\min}=-T_c(N\ln 2+\gamma)$, $\gamma=0.577$, $E_{\rm th}=-T_c\ln N$, "
    "and $T_c=1$ in units of $J$. They are left out if that is too early.",
    SHIFTED: f"Where there are several sizes beside such lines, each size is shifted upwards by "
    f"${SHIFT:g}\\,J$ against the next larger one; the largest is not shifted.",
    RESIDUALS: EXPLANATION,
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
    for study, points in results_by_panel(results, SEVERAL_SIZES).items():
        found += _of_study(study, points)
    return found


def _of_study(study: str, points: list[xr.Dataset]) -> list[Curve]:
    """Energies of one panel with their laws, and the residuals of those that are exact."""
    data = [_data(study, point) for point in points]
    laws = [(one, law) for one, point in zip(data, points, strict=True)
            for law in _law(study, point, points)]  # fmt: skip
    guides = {law.marker for _, law in laws if law.label in (OF_TRAPS, OF_STEPS)}
    sizes = sorted({one.marker for one in data}, reverse=True)
    notes = [_on_slopes(laws), _too_warm(points), "" if laws else _no_law(points)]
    if guides and len(sizes) > 1:
        data = [_shifted(one, sizes) for one in data]
        laws = [(one, _shifted(law, sizes)) for one, law in laws]
    beside = [
        residuals(f"{study}: {RESIDUALS}", one, np.interp(one.x, law.x, law.y))
        for one, law in laws
        if law.exact
    ]
    data[0] = data[0]._replace(note=" ".join(filter(None, notes)))
    return [*data, *(law for _, law in laws), *_with_chi_squared(beside)]


def _shifted(curve: Curve, sizes: list[float]) -> Curve:
    """A curve that is shifted by the rank of its size among all sizes, the largest first."""
    panel = f"{curve.panel}, {SHIFTED}" if ": " in curve.panel else f"{curve.panel}: {SHIFTED}"
    return curve._replace(panel=panel, y=curve.y + SHIFT * sizes.index(curve.marker))


def _with_chi_squared(beside: list[Curve]) -> list[Curve]:
    """Residuals with a sentence on all of them."""
    z = np.concatenate([np.empty(0), *(one.y for one in beside)])
    if z.size == 0:
        return []
    p = chance_of_largest(z)
    verdict = "The law is rejected" if p < LEAST_CHANCE else "No deviation is found"
    note = (
        f"{verdict}: the largest $|z|$ of {z.size} points is {np.abs(z).max():.1f}. If the law "
        f"holds, chance takes any of them so far off with a probability of at most {p:.2g}, even "
        f"if they are correlated. The mean of $z^2$ is {np.mean(z**2):.2f}; it is no test, since "
        "points of one temperature share samples, so that neighbours lie off together."
    )
    return [beside[0]._replace(note=note), *beside[1:]]


def _on_slopes(laws: list[tuple[Curve, Curve]]) -> str:
    """A sentence on the slopes of straight lines that are fitted where guides are drawn."""
    said = []
    for data, guide in laws:
        if guide.label not in (OF_TRAPS, OF_STEPS) or data.error is None:
            continue
        fitted = np.isin(data.x, guide.x)
        predicted = (guide.y[-1] - guide.y[0]) / np.log(guide.x[-1] / guide.x[0])
        text = with_error(*_slope(data.x[fitted], data.y[fitted], data.error[fitted]))
        said.append(f"${text}$ instead of ${predicted:.4g}$ at {data.label}")
    if not said:
        return ""
    return (
        f"Straight lines that are fitted to the same points have the slopes {'; '.join(said)}. "
        "Their errors are the largest possible ones if energies at different times are not "
        "anticorrelated, since points share samples."
    )


def _slope(time: np.ndarray, energy: np.ndarray, error: np.ndarray) -> tuple[float, float]:
    """Least-squares slope against ln t, with an upper bound of its error.

    The slope is a sum of energies with positive and negative weights. Without anticorrelations its
    variance is largest if all energies of the same sign of weight fluctuate together, and those of
    different sign are independent.
    """
    log = np.log(time) - np.log(time).mean()
    weights = log / (log @ log)
    late, early = (abs(weights[part] @ error[part]) for part in (weights > 0, weights < 0))
    return float(weights @ energy), float(np.hypot(late, early))


def _too_warm(points: list[xr.Dataset]) -> str:
    """Why traps of a model without an exact law have no slope, with the size of the corrections."""
    said = {}
    for point in points:
        x = trap_exponent(point)
        if _has_slope_of_traps(point) and HIGHEST_OF_SLOPE < x < 1:
            said[temperature_and_size(point)[0]] = _of_run(x, float(point.time[-1]), point)
    return " ".join(
        f"At $T={T:.4g}$ no slope is drawn, because its corrections are not small: in the trap "
        f"model with infinitely many traps the mean slope over the last three decades of a run of "
        f"this length is ${slope:.2f}$ instead of ${-T:.4g}$."
        for T, slope in said.items()
    )


def _of_run(x: float, end: float, point: xr.Dataset) -> float:
    """The mean slope of the trap model over the last three decades of a run."""
    times = end * np.array([10.0**-GUIDE_DECADES, 1.0])
    fall = np.diff(trap_model.energy(times, x, point.attrs["critical_temperature"]))
    return float(fall[0] / (GUIDE_DECADES * np.log(10.0)))


def _has_slope_of_traps(point: xr.Dataset) -> bool:
    """Whether states are left like traps over one level, without an exact law at finite times."""
    exact = is_trap_model(point) or is_step_model(point)
    return not exact and (is_random_energy_model(point) or is_locally_random(point))


def _no_law(points: list[xr.Dataset]) -> str:
    """Why no line is drawn."""
    if any(map(is_independent_gaussian, points)):
        return (
            "No line is drawn: with Gaussian energies the local exponent of traps, "
            "$x(t)=|\\langle E\\rangle|T/N$, changes all the time, and the slope with it."
        )
    if any(map(is_step_model, points)) or _too_warm(points):
        return ""
    return "No law of the mean energy out of equilibrium is known here, and no line is drawn."


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
    largest = max(size for other, size in map(temperature_and_size, points) if other == T) == N
    if not largest and (has_exact_step_model_law(point) or is_trap_model(point)):
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
    if _has_slope_of_traps(point) and x <= HIGHEST_OF_SLOPE:
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
    """One panel for each study, and for each temperature of a study of several sizes."""
    figure, axes = draw_panels(curves, columns=3, looks=SmallSymbols)
    for name, one in axes.items():
        _, _, units = name.rpartition(": ")
        unit = "sweeps" if SWEEPS in units else "attempts"
        shifted = ", shifted" if SHIFTED in units else ""
        one.set(xscale="log", xlabel=f"time $t$ ({unit})")
        if units == RESIDUALS:
            set_residual_axis(one)
        elif PER_SPIN in units:
            one.set_ylabel(rf"energy per spin $\langle E\rangle/(NJ)${shifted}")
        else:
            one.set_ylabel(rf"energy $\langle E\rangle/J${shifted}")
    return figure
