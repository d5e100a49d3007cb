"""Critical slowing down of spin glasses: correlations above T_g and at T_g, and relaxation times.

Points are averages over effective trajectories of a single site. In panels with a number of spins
in their title, points are averages over simulations of the same model at the largest N of the
campaign, either in equilibrium from the start on or after their longest waiting time, if that is
above 0. Solid lines are the self-consistent correlation C. Points and lines end before C falls
below three of its standard errors. At T_g the line ends as C(t) = T_g (b / (pi J^3 t))^(1/2), which
is the dashed line; above T_g the relaxation time is tau = b / (1 - J^2 C(0)^2 / T^2). Here b is the
slope, at frequency 0, of the local part of 1/G, and G is the response (Sompolinsky and Zippelius
1982).

The exponents nu of the decay at T_g are fitted to the last decade of times, both of the
self-consistent correlation and of simulations in equilibrium. Their errors follow from the scatter
over ensembles and over disorder samples. The exponent z of the relaxation times is fitted to
temperatures up to 1.25 T_g. Relaxation times at finite N are T times the integral of C over time,
divided by C(0)^2; they are shown where C has decayed by the end of the simulation.

Lines and points of a single site share the time step h of its trajectories, but h does not change
both alike. For the soft model with r = 0 and u = 1 at T_g, with 64 ensembles, they differ by 0.0005
near t = 0.3 if h = 0.05. If h = 0.1 they differ by 0.0013 near t = 0.6, where C itself differs by
0.004 between the two values of h, and by 0.001, which is three standard errors, near t = 4. More
trajectories do not reduce these differences. A line that is made of more fast exponentials reduces
them at h = 0.1, but not at h = 0.05. Standard errors from eight ensembles, the default, are
themselves known only to a quarter.

Points at finite N have errors from their own time steps, which the result file gives
(``correlation_step_error``), and from their finite size. For soft spins at T = 1.2, h = 0.1 and N =
4096, the points lie below the line because the time steps lower C by 0.0017 and the finite size
lowers it by about 0.002, one eighth of the effect at N = 512. The average over one set of disorder
samples is off by nearly the same amount at all lags, so that the points of a curve lie too high or
too low together.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, above_noise
from glasscore.figures.drawing.matching_simulations import (
    FEWEST_ERRORS,
    equilibrium_correlation,
    is_at_glass_temperature,
    same_model,
    temperature,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.theory.critical_slowing import (
    FEWEST,
    LATE,
    Fit,
    amplitude,
    correlation_time,
    decay_exponent,
    time_exponent,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("langevin", "traps")
ONLY = {
    "single_site": ["soft", "glauber", None],
    "covariance": [None],
    "name": ["soft", None],
    "energies": ["sk", None],
    "graph": ["hypercube", None],
}
TIMES = "relaxation times"
OF_SAMPLE = "correlation_of_sample"
# The range of T / T_g - 1 in which the exponent of the relaxation time is fitted.
CRITICAL_RANGE = 0.25
POINTS = 100
# The integral over time of a simulation is complete if C / C(0) falls below this by its end.
DECAYED = 2e-3

Results = dict[str, list[xr.Dataset]]


def curves(results: Results, *simulated: Results) -> list[Curve]:
    """Panels for each study of a single site and its simulations, and one of relaxation times.

    ``simulated`` holds results of stages with finite N.
    """
    finite = [point for stage in simulated for points in stage.values() for point in points]
    found = []
    for study, points in results.items():
        points = sorted(points, key=temperature)
        found += [curve for point in points for curve in _of_point(study, point)]
        found += [curve for point in points for curve in _of_simulation(study, point, finite)]
    for number, (study, points) in enumerate(results.items()):
        above = [point for point in points if not is_at_glass_temperature(point)]
        if above:
            found += _of_times(float(number), study, sorted(above, key=temperature), finite)
    return found


def exponent_text(symbol: str, fit: Fit) -> str:
    """A fitted exponent with the error of its last digits in brackets, as in 0.498(4)."""
    digits = max(0, -int(np.floor(np.log10(fit.error)))) if 0 < fit.error < 1 else 1
    error = round(fit.error * 10**digits)
    return f"${symbol}={fit.exponent:.{digits}f}({error})$"


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    """Averages over trajectories of a single site, and the self-consistent line."""
    time = point.time.values
    sampled = (time, point.sampled_correlation.values, point.sampled_correlation_error.values)
    found = [_data(study, point, *sampled, np.inf), _line(study, point)]
    if is_at_glass_temperature(point):
        b, J = float(point.local_relaxation_time.mean()), float(parameters_of(point)["model"]["J"])
        nu = decay_exponent(time, point.correlation_of_ensemble.values)
        late = time[time >= time[-1] / 30]
        law = amplitude(point.attrs["glass_temperature"], J, b) / np.sqrt(late)
        text = r"$T_g\sqrt{b/\pi J^3t}$; " + exponent_text(r"\nu", nu)
        found.append(Curve(study, "theory", text, late, law, None, np.nan))
    return found


def _of_simulation(study: str, point: xr.Dataset, finite: list[xr.Dataset]) -> list[Curve]:
    """The simulation at the largest N beside the same line, with its fitted decay at T_g."""
    largest = _largest([each for each in finite if same_model(point, each)])
    shown = equilibrium_correlation(largest) if largest is not None else None
    if shown is None:
        return []
    panel = f"{study}, $N={shown.N:g}$"
    points = (shown.lag, shown.value, shown.error)
    found = [_data(panel, point, *points, shown.N), _line(panel, point)]
    return found + _fit_of_samples(panel, largest) if is_at_glass_temperature(point) else found


def _data(panel: str, point: xr.Dataset, lag: Any, value: Any, error: Any, N: float) -> Curve:
    T = temperature(point)
    # The error of a single sample is not known.
    seen = (lag > 0) & above_noise(value, error, FEWEST_ERRORS)
    label = r"$T=T_g$" if is_at_glass_temperature(point) else f"$T={T:.3g}$"
    return Curve(panel, "data", label, lag[seen], value[seen], error[seen], T, N)


def _line(panel: str, point: xr.Dataset) -> Curve:
    time, line = point.time.values, point.correlation.values
    shown = (time > 0) & above_noise(line, point.correlation_error.values, FEWEST_ERRORS)
    return Curve(panel, "theory", "", time[shown], line[shown], None, temperature(point))


def _fit_of_samples(panel: str, finite: xr.Dataset | None) -> list[Curve]:
    """A power law fitted to a simulation in equilibrium at T_g."""
    if finite is None or OF_SAMPLE not in finite:
        return []
    time = finite.time.values
    fit = decay_exponent(time, finite[OF_SAMPLE].values)
    if not np.isfinite(fit.error):
        return []
    late = time[time >= LATE * time[-1]]
    text = r"$\propto t^{-\nu}$, " + exponent_text(r"\nu", fit)
    return [Curve(panel, "theory", text, late, fit.at(late), None, np.nan)]


def _largest(finite: list[xr.Dataset]) -> xr.Dataset | None:
    return max(finite, key=lambda each: parameters_of(each)["N"], default=None)


def _of_times(
    colour: float, study: str, points: list[xr.Dataset], finite: list[xr.Dataset]
) -> list[Curve]:
    T = np.array([temperature(point) for point in points])
    glass = points[0].attrs["glass_temperature"]
    times = np.array([point.relaxation_time.values for point in points])
    mean, error = times.mean(axis=1), times.std(axis=1, ddof=1) / np.sqrt(times.shape[1])
    distance = T**2 - glass**2
    found = [Curve(TIMES, "data", study, distance, mean, error, colour, colour)]
    near = glass * (1 + CRITICAL_RANGE) >= T
    if np.count_nonzero(near) >= FEWEST:
        fit = time_exponent(distance[near], mean[near], error[near])
        line = np.geomspace(distance[near].min(), distance[near].max(), POINTS)
        label = f"{study}: " + exponent_text("z", fit)
        found.append(Curve(TIMES, "theory", label, line, fit.at(line), None, colour))
    return found + _times_of_samples(colour, study, points, finite)


def _times_of_samples(
    colour: float, study: str, points: list[xr.Dataset], finite: list[xr.Dataset]
) -> list[Curve]:
    """Relaxation times of simulations in equilibrium whose correlation has decayed."""
    rows: dict[float, list[tuple[float, float, float]]] = {}
    for point in points:
        largest = _largest([each for each in finite if same_model(point, each)])
        if largest is None or OF_SAMPLE not in largest or largest.sizes["sample"] < 2:
            continue
        time, correlation = largest.time.values, largest.correlation.values
        line = np.interp(time[-1], point.time.values, point.correlation.values)
        if line > DECAYED * correlation[0]:
            continue
        T, samples = temperature(point), largest[OF_SAMPLE].values
        mean = correlation_time(time, correlation, T)
        count = len(samples)
        without_one = correlation + (correlation - samples) / (count - 1)
        left = np.array([correlation_time(time, each, T) for each in without_one])
        row = (T**2 - point.attrs["glass_temperature"] ** 2, mean,
               float(np.sqrt((count - 1) * left.var())))  # fmt: skip
        rows.setdefault(float(parameters_of(largest)["N"]), []).append(row)
    curves = []
    for N, found in rows.items():
        distance, value, error = np.array(found).T
        label = f"{study}, $N={N:g}$"
        curves.append(Curve(TIMES, "data", label, distance, value, error, colour, N))
    return curves


def draw(curves: list[Curve]) -> "Figure":
    """Draw correlations and relaxation times on logarithmic axes."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", yscale="log")
        if name == TIMES:
            one.set(xlabel=r"$T^2-T_g^2$", ylabel=r"relaxation time $\tau$")
        else:
            points = [curve for curve in curves if (curve.panel, curve.role) == (name, "data")]
            lowest = min(curve.y.min() for curve in points)
            one.set(xlabel=r"time lag $t$", ylabel=r"$C(t)$")
            one.set_ylim(bottom=lowest / 3)
    return figure
