r"""Critical slowing down of mean-field spin glasses: whether its exponents are 1/2 and 1.

Above the glass temperature $T_g$, spins are in equilibrium, and $C(t)$ is their correlation at two
times that are $t$ apart. Solid lines are the self-consistent correlation of a single spin in the
noise and the memory of all others (DMFT), with bands of one standard error over independent
ensembles of trajectories. Points of a single site are means over new trajectories in that noise and
memory. Colours tell the temperature as a multiple of $T_g$. At most four temperatures have curves;
those at which many spins were simulated, too, come first.

The first panel shows $C(t)$ up to where it falls below three of its standard errors. The second
shows by how much points differ from the line, with the standard errors of the points alone. Errors
at different times belong to the same trajectories, or to the same disorder samples, so that all
points of a curve lie too high or too low together.

At $T_g$ the correlation decays as $t^{-1/2}$, and $t^{1/2} C(t)$ tends to a constant. The
relaxation time $\tau = T \int_0^\infty C(t)\,dt / C(0)^2$ diverges as $(T^2 - T_g^2)^{-1}$, and $(1
- T_g^2 / T^2)\,\tau$ tends to a constant on the left of its panel (Sompolinsky and Zippelius 1982).
With other exponents, these products would go on to rise or fall. Relaxation times of a single site
are those of its self-consistent $C$.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.estimates.samples import mean_and_error
from glasscore.figures.drawing.curves import SOLUTION, Curve, above_noise
from glasscore.figures.drawing.extrapolation import ZERO, interpolate_in_log_time
from glasscore.figures.drawing.matching_simulations import (
    FEWEST_ERRORS,
    Correlation,
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
ALL, DIFFERENCE, DECAY, TIMES = ": correlation", ": difference", ": decay", ": times"
OF_SAMPLE, STEP_ERROR = "correlation_of_sample", "correlation_step_error"
SINGLE_SITE, SELF_CONSISTENT, FITTED = "single site", "DMFT", "fit"
ISING_LAW = "$b$ at $T_g$"
DECAY_LAW = r"$T_g\sqrt{b/(\pi J^3)}$"
EXPLAINED = {
    SINGLE_SITE: (
        "Trajectories of a single site and the line have the same time step, but its errors "
        "do not change both alike. For soft spins with $r=0$ and $u=1$ at $T_g$, they differ by "
        "0.0005 for steps of 0.05 and by 0.0013 for steps of 0.1, however many trajectories there "
        "are."
    ),
    DECAY_LAW: (
        r"The dashed line is the exact limit of long times at $T_g$, $t^{1/2} C(t) \to T_g "
        r"\sqrt{b/(\pi J^3)}$. Here $J$ is the strength of the couplings, and $b$ is the slope at "
        r"frequency 0 of $1/G + J^2 G$, where $G$ is the response; $b$ is a result of the DMFT, "
        "with a band of its standard error, and nothing is fitted."
    ),
    ISING_LAW: (
        r"For Ising spins, $(1 - T_g^2 / T^2)\,\tau$ is $b$ itself, which depends smoothly on the "
        "temperature. The dashed line without points is $b$ at $T_g$."
    ),
    FITTED: (
        r"The curved dashed line is a fit of $\tau \propto (T^2-T_g^2)^{-z}$ to relaxation times, "
        r"times the exponential of a polynomial of second order in $T^2-T_g^2$, those of the "
        "single site, with free $z$."
    ),
    "$N=": (
        "Points of many spins are means over disorder samples of simulations with the largest $N$ "
        "of the campaign, in equilibrium from the start on or else after their longest waiting "
        "time. Their relaxation times are shown where $C$ has decayed by the end of the simulation."
    ),
}
# The range of T / T_g - 1 in which the exponent of the relaxation time is fitted.
CRITICAL_RANGE = 0.25
POINTS = 100
MOST_TEMPERATURES = 4
# The limit of relaxation times is drawn up to distances from T_g that are larger or smaller by this
# factor than the smallest of the points.
NEAR = 2.0
# The law of the decay at T_g is drawn over this last share of times.
LONG_TIMES = 1 / 30
# The integral over time of a simulation is complete if C / C(0) falls below this by its end.
DECAYED = 2e-3

Results = dict[str, list[xr.Dataset]]
Array = NDArray[np.float64]


def curves(results: Results, *simulated: Results) -> list[Curve]:
    """Up to four panels for each study of a single site.

    ``simulated`` holds results of stages with finite N.
    """
    finite = [point for stage in simulated for points in stage.values() for point in points]
    found: list[Curve] = []
    for study, points in results.items():
        points = sorted(points, key=temperature)
        chosen = _chosen(points, finite)
        for part in (_correlation, _difference):
            found += [curve for point in chosen for curve in part(study, point, finite)]
        for point in filter(is_at_glass_temperature, points):
            found += _decay(study + DECAY, point, finite)
        found += _times(study + TIMES, points, finite)
    return found


def exponent_text(symbol: str, fit: Fit) -> str:
    """A fitted exponent with the error of its last digits in brackets, as in 0.498(4)."""
    digits = max(0, -int(np.floor(np.log10(fit.error)))) if 0 < fit.error < 1 else 1
    error = round(fit.error * 10**digits)
    return f"${symbol}={fit.exponent:.{digits}f}({error})$"


def _chosen(points: list[xr.Dataset], finite: list[xr.Dataset]) -> list[xr.Dataset]:
    """A few results at the temperatures that have curves, ascending by temperature."""
    even = np.linspace(0, len(points) - 1, min(MOST_TEMPERATURES, len(points)))
    order = sorted(
        range(len(points)),
        key=lambda k: (_simulation(points[k], finite) is None, k not in np.round(even), k),
    )
    return [points[k] for k in sorted(order[:MOST_TEMPERATURES])]


def _simulation(site: xr.Dataset, finite: list[xr.Dataset]) -> xr.Dataset | None:
    """The simulation of the same model and temperature at the largest N."""
    alike = [each for each in finite if same_model(site, each)]
    return max(alike, key=lambda each: parameters_of(each)["N"], default=None)


def _temperature_ratio(point: xr.Dataset) -> float:
    if is_at_glass_temperature(point):
        return 1.0
    return round(temperature(point) / point.attrs["glass_temperature"], 3)


def _named(point: xr.Dataset, curve: Curve, N: float, label: str) -> Curve:
    """The curve with its temperature as a colour, and what it is of as a marker."""
    ratio = _temperature_ratio(point)
    text = "$T=T_g$" if ratio == 1 else f"$T={ratio:.4g}\\,T_g$"
    return curve._replace(
        label=label, colour=ratio, marker=N, colour_label=text, marker_label=label
    )


def _data(panel: str, point: xr.Dataset, shown: Correlation) -> Curve:
    label = SINGLE_SITE if np.isinf(shown.N) else f"$N={shown.N:g}$"
    curve = Curve(panel, "data", label, shown.lag, shown.value, shown.error)
    return _named(point, curve, shown.N, label)


def _measured(point: xr.Dataset, finite: list[xr.Dataset]) -> Iterator[Correlation]:
    """Correlations of a single site, and of many spins if they were simulated, at times above 0."""
    known = (point.sampled_correlation.values, point.sampled_correlation_error.values)
    sets = [Correlation(point.time.values, *known, np.inf, np.inf)]
    largest = _simulation(point, finite)
    shown = equilibrium_correlation(largest) if largest is not None else None
    for one in (*sets, *filter(None, [shown])):
        kept = (one.lag > 0) & (one.lag <= float(point.time[-1]))
        yield _part(one, kept)


def _part(one: Correlation, kept: NDArray[np.bool_]) -> Correlation:
    return one._replace(lag=one.lag[kept], value=one.value[kept], error=one.error[kept])


def _seen(one: Correlation) -> Correlation:
    # The error of a single sample is not known.
    return _part(one, above_noise(one.value, one.error, FEWEST_ERRORS))


def _self_consistent(point: xr.Dataset) -> Correlation:
    time, known = point.time.values, (point.correlation.values, point.correlation_error.values)
    return _seen(_part(Correlation(time, *known, 0.0, np.inf), time > 0))


def _correlation(study: str, point: xr.Dataset, finite: list[xr.Dataset]) -> Iterator[Curve]:
    """The self-consistent correlation, and what was measured."""
    yield _line(study + ALL, point)
    for one in _measured(point, finite):
        curve = _data(study + ALL, point, _seen(one))
        yield curve if np.isinf(one.N) else curve._replace(note=_on_steps(point, finite))


def _line(panel: str, point: xr.Dataset) -> Curve:
    line = _self_consistent(point)
    curve = Curve(panel, SOLUTION, SELF_CONSISTENT, line.lag, line.value, line.error)
    return _named(point, curve, line.N, SELF_CONSISTENT)


def _on_steps(point: xr.Dataset, finite: list[xr.Dataset]) -> str:
    """What the time steps of a simulation of many spins change."""
    largest = _simulation(point, finite)
    if largest is None or STEP_ERROR not in largest:
        return ""
    values = largest[STEP_ERROR]
    late = values.isel(waiting_time=-1) if "waiting_time" in values.dims else values
    change = float(late.values[np.nanargmax(np.abs(late.values))])
    N, h = parameters_of(largest)["N"], parameters_of(largest)["time_step"]
    return (
        f"At $T={temperature(point):.4g}$ the steps of ${h:g}$ of the simulation of $N={N:g}$ "
        f"change $C$ by ${change:.1g}$ at most."
    )


def _difference(study: str, point: xr.Dataset, finite: list[xr.Dataset]) -> Iterator[Curve]:
    """What was measured, less the self-consistent correlation."""
    time, line = point.time.values, point.correlation.values
    for one in _measured(point, finite):
        value = one.value - interpolate_in_log_time(time, line, one.lag)
        yield _data(study + DIFFERENCE, point, one._replace(value=value))


def _decay(panel: str, point: xr.Dataset, finite: list[xr.Dataset]) -> Iterator[Curve]:
    """C times the square root of time at T_g, and its limit."""

    def scaled(curve: Curve) -> Curve:
        root, error = np.sqrt(curve.x), curve.error
        return curve._replace(y=root * curve.y, error=None if error is None else root * error)

    yield scaled(_line(panel, point))
    for one in _measured(point, finite):
        yield scaled(_data(panel, point, _seen(one)))
    time = point.time.values
    late = time[time >= time[-1] * LONG_TIMES]
    b, J = point.local_relaxation_time.values, float(parameters_of(point)["model"]["J"])
    each = np.array([amplitude(point.attrs["glass_temperature"], J, one) for one in b])
    height, error = (np.full(late.size, float(one)) for one in mean_and_error(each))
    yield Curve(panel, "theory", DECAY_LAW, late, height, error, np.nan,
                note=_fitted_decays(point, finite))  # fmt: skip


def _fitted_decays(point: xr.Dataset, finite: list[xr.Dataset]) -> str:
    """The exponents fitted to the last decade of times."""
    time = point.time.values
    fits = [(SELF_CONSISTENT, time, decay_exponent(time, point.correlation_of_ensemble.values))]
    largest = _simulation(point, finite)
    if largest is not None and OF_SAMPLE in largest:
        N, times = parameters_of(largest)["N"], largest.time.values
        fits.append((f"$N={N:g}$", times, decay_exponent(times, largest[OF_SAMPLE].values)))
    said = [
        f"{exponent_text(chr(92) + 'nu', fit)} ({of}, times from {LATE * times[-1]:.3g} to "
        f"{times[-1]:.3g})"
        for of, times, fit in fits
        if np.isfinite(fit.error)
    ]
    if not said:
        return ""
    return (
        r"Fits of $C \propto t^{-\nu}$ to the last decade of times give " + " and ".join(said) + "."
    )


def _times(panel: str, points: list[xr.Dataset], finite: list[xr.Dataset]) -> Iterator[Curve]:
    """Relaxation times above T_g, times the distance from T_g, and the fit of their exponent."""
    above = [point for point in points if not is_at_glass_temperature(point)]
    if not above:
        return
    known = np.array([mean_and_error(point.relaxation_time.values) for point in above])
    for point, (mean, error) in zip(above, known, strict=True):
        yield _time(panel, point, mean, error, np.inf)
    for point in above:
        row = _time_of_samples(point, finite)
        if row is not None:
            N, mean, error = row
            yield _time(panel, point, mean, error, N)
    glass = float(above[0].attrs["glass_temperature"])
    yield from _fitted_times(panel, np.array([temperature(point) for point in above]), known, glass)
    for point in filter(is_at_glass_temperature, points):
        if parameters_of(point)["model"]["single_site"] == "glauber":
            b, error = mean_and_error(point.local_relaxation_time.values)
            nearest = _distance(above[0])
            ends = np.array([nearest / NEAR, nearest * NEAR])
            yield Curve(panel, "theory", ISING_LAW, ends, np.full(2, float(b)),
                        np.full(2, float(error)), np.nan)  # fmt: skip


def _fitted_times(panel: str, T: Array, known: Array, glass: float) -> Iterator[Curve]:
    """The fit to relaxation times near T_g, if they are enough."""
    mean, error = known[glass * (1 + CRITICAL_RANGE) >= T].T
    near = T[glass * (1 + CRITICAL_RANGE) >= T]
    if near.size < FEWEST or not np.all(error > 0):
        return
    fit = time_exponent(near**2 - glass**2, mean, error)
    x = np.geomspace(near[0] ** 2 - glass**2, near[-1] ** 2 - glass**2, POINTS)
    note = (
        f"The fit of the relaxation times up to ${1 + CRITICAL_RANGE:g}\\,T_g$ gives "
        f"{exponent_text('z', fit)}."
    )
    y = x / (x + glass**2) * fit.at(x)
    yield Curve(panel, "theory", FITTED, x, y, None, np.nan, note=note)


def _distance(point: xr.Dataset) -> float:
    return temperature(point) ** 2 - float(point.attrs["glass_temperature"]) ** 2


def _time(panel: str, point: xr.Dataset, mean: float, error: float, N: float) -> Curve:
    """A relaxation time times 1 - (T_g / T)^2; its colour has no entry of its own in the legend."""
    x = _distance(point)
    share = x / temperature(point) ** 2
    at = np.array([x]), np.array([share * mean]), np.array([share * error])
    label = SINGLE_SITE if np.isinf(N) else f"$N={N:g}$"
    return Curve(panel, "data", label, *at, _temperature_ratio(point), N)


def _time_of_samples(
    point: xr.Dataset, finite: list[xr.Dataset]
) -> tuple[float, float, float] | None:
    """Size, relaxation time and error of a simulation in equilibrium, if C has decayed."""
    largest = _simulation(point, finite)
    if largest is None or OF_SAMPLE not in largest or largest.sizes["sample"] < 2:
        return None
    time, correlation = largest.time.values, largest.correlation.values
    line = np.interp(time[-1], point.time.values, point.correlation.values)
    if line > DECAYED * correlation[0]:
        return None
    T, samples = temperature(point), largest[OF_SAMPLE].values
    mean = correlation_time(time, correlation, T)
    count = len(samples)
    without_one = correlation + (correlation - samples) / (count - 1)
    left = np.array([correlation_time(time, each, T) for each in without_one])
    N = float(parameters_of(largest)["N"])
    return N, mean, float(np.sqrt((count - 1) * left.var()))


def draw(curves: list[Curve]) -> "Figure":
    """Draw the four panels of each study in two rows."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time lag $t$")
        if name.endswith(ALL):
            points = [curve for curve in curves if (curve.panel, curve.role) == (name, "data")]
            lowest = min((curve.y.min() for curve in points if curve.y.size), default=None)
            one.set(yscale="log", ylabel="correlation $C(t)$")
            one.set_ylim(bottom=lowest and lowest / 1.5)
        elif name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel("$C(t)$ less that of DMFT")
        elif name.endswith(DECAY):
            one.set_ylabel("$t^{1/2} C(t)$ at $T_g$")
        else:
            one.set(xlabel="$T^2-T_g^2$", ylabel=r"$(1-T_g^2/T^2)\,\tau$")
    return figure
