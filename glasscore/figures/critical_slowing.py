r"""Critical slowing down of spin glasses: correlations above T_g and at it, and relaxation times.

Points are averages over effective trajectories, lines the self-consistent correlation. At T_g it
ends as :math:`C(t) = T_g \sqrt{b / (\pi J^3 t)}`; above, :math:`\tau = b / (1 - J^2 C(0)^2 / T^2)`
with the slope b of the local part of 1/G (Sompolinsky and Zippelius 1982).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import Curve
from glasscore.figures.style import drawn
from glasscore.store import parameters_of
from glasscore.theory.critical_slowing import Fit, amplitude, decay_exponent, time_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "dmft"
ONLY = {"single_site": ["soft", "glauber"]}
TIMES = "relaxation times"
# How close to T_g, relative to it, a temperature counts as T_g.
NEAR = 1e-6
# The range of T / T_g - 1 in which the exponent of the relaxation time is fitted.
CRITICAL_RANGE = 0.5
# The fit has three parameters.
FEWEST = 4
POINTS = 100


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel of correlations for each study, and one of relaxation times for all."""
    found = []
    for study, points in results.items():
        for point in sorted(points, key=temperature):
            found += _of_point(study, point)
    for number, (study, points) in enumerate(results.items()):
        above = [point for point in points if not critical(point)]
        if above:
            found += _of_times(float(number), study, sorted(above, key=temperature))
    return found


def temperature(point: xr.Dataset) -> float:
    """T of a result."""
    return float(parameters_of(point)["T"])


def critical(point: xr.Dataset) -> bool:
    """Whether T is T_g."""
    return temperature(point) <= point.attrs["glass_temperature"] * (1 + NEAR)


def exponent_text(symbol: str, fit: Fit) -> str:
    """A fitted exponent with its error in the last digits, as in 0.498(4)."""
    digits = max(0, -int(np.floor(np.log10(fit.error)))) if 0 < fit.error < 1 else 1
    error = round(fit.error * 10**digits)
    return f"${symbol}={fit.exponent:.{digits}f}({error})$"


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    T = temperature(point)
    at_glass = critical(point)
    label = r"$T=T_g$" if at_glass else f"$T={T:.3g}$"
    time = point.time.values
    values, error = point.sampled_correlation.values, point.sampled_correlation_error.values
    seen = (time > 0) & (values > 3 * error)
    found = [Curve(study, "data", label, time[seen], values[seen], error[seen], T)]
    line = point.correlation.values
    shown = (time > 0) & (line > 3 * point.correlation_error.values)
    found.append(Curve(study, "theory", "", time[shown], line[shown], None, T))
    if at_glass:
        b, J = float(point.local_relaxation_time.mean()), float(parameters_of(point)["model"]["J"])
        nu = decay_exponent(time, point.correlation_of_ensemble.values)
        late = time[time >= time[-1] / 30]
        law = amplitude(point.attrs["glass_temperature"], J, b) / np.sqrt(late)
        text = r"$T_g\sqrt{b/\pi J^3t}$; " + exponent_text(r"\nu", nu)
        found.append(Curve(study, "theory", text, late, law, None, np.nan))
    return found


def _of_times(colour: float, study: str, points: list[xr.Dataset]) -> list[Curve]:
    T = np.array([temperature(point) for point in points])
    glass = points[0].attrs["glass_temperature"]
    times = np.array([point.relaxation_time.values for point in points])
    mean, error = times.mean(axis=1), times.std(axis=1, ddof=1) / np.sqrt(times.shape[1])
    distance = T**2 - glass**2
    found = [Curve(TIMES, "data", study, distance, mean, error, colour, colour)]
    near = T / glass - 1 <= CRITICAL_RANGE
    if np.count_nonzero(near) >= FEWEST:
        fit = time_exponent(distance[near], mean[near], error[near])
        line = np.geomspace(distance[near].min(), distance[near].max(), POINTS)
        label = f"{study}: " + exponent_text("z", fit)
        found.append(Curve(TIMES, "theory", label, line, fit.at(line), None, colour))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Correlations and relaxation times on logarithmic axes."""
    figure, axes = drawn(curves)
    for name, one in axes.items():
        one.set(xscale="log", yscale="log")
        if name == TIMES:
            one.set(xlabel=r"$T^2-T_g^2$", ylabel=r"relaxation time $\tau$")
        else:
            one.set(xlabel=r"time lag $t$", ylabel=r"$C(t)$")
    return figure
