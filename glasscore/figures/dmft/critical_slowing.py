r"""Critical slowing down of mean-field spin glasses: whether its exponents are 1/2 and 1.

Spins are in equilibrium at the glass temperature $T_g$ or above it, and $C(t)$ is their correlation
at two times that are $t$ apart. Lines are the self-consistent correlation of a single spin in the
noise and the memory of all others (DMFT), means over independent ensembles of trajectories. Points
of a single site are means over new trajectories in that noise and memory, with the same time step.
Colours tell $T/T_g$ of at most four temperatures, first of those at which many spins were
simulated.
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
    dynamics_in_words,
    equilibrium_correlation,
    is_at_glass_temperature,
    same_model,
    temperature,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED, LONG_DASHES
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
STYLES = {DECAY_LAW: LONG_DASHES, ISING_LAW: DOTTED}
EXPLAINED = {
    ALL: "$C(t)$ is shown up to where it falls below three of its standard errors.",
    DIFFERENCE: (
        r"Bars of $C - C_{\rm DMFT}$ combine the errors of points and line. The points of a curve "
        "come from the same trajectories, or disorder samples, and deviate together."
    ),
    DECAY_LAW: (
        r"At $T_g$, $t^{1/2} C(t) \to T_g \sqrt{b/(\pi J^3)}$ for $t \to \infty$, exactly "
        "(Sompolinsky and Zippelius 1982). Here $J$ is the strength of the couplings, and $b$ is "
        "the slope at frequency 0 of $1/G + J^2 G$, with $G$ the response; $b$ is a result of the "
        "DMFT, and nothing is fitted. The limit is drawn over the last decade of times."
    ),
    TIMES: (
        r"The integrated relaxation time $\tau = T \int_0^\infty C(t)\,dt / C(0)^2$ diverges as "
        r"$x^{-1}$ with $x = 1 - T_g^2/T^2$, so that $x \tau$ tends to a constant; with another "
        r"exponent it would go on to rise or fall. (The time at which the decay $t^{-1/2}$ is cut "
        r"off diverges as $x^{-2}$.)"
    ),
    ISING_LAW: r"For Ising spins $x \tau = b$, and the dotted line is $b$ at $T_g$.",
    FITTED: (
        r"The dashed line is a fit of $\tau = A x^{-z} \exp(c_1 x)$ to the relaxation times "
        "of the single site."
    ),
    "$N=": (
        "Points of many spins are means over disorder samples at the largest $N$ of the campaign, "
        "in equilibrium from the start on or else after the longest waiting time. They have a "
        r"$\tau$ where $C$ has decayed by the end of the simulation."
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
LONG_TIMES = 1 / 10
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
    yield _line(study + ALL, point)._replace(note=_dynamics(point))
    for one in _measured(point, finite):
        curve = _data(study + ALL, point, _seen(one))
        yield curve if np.isinf(one.N) else curve._replace(note=_on_steps(point, finite))


def _dynamics(point: xr.Dataset) -> str:
    """The model, and how it was solved, as sentences."""
    chosen = parameters_of(point)
    return (
        f"{dynamics_in_words(point)} The DMFT has ${chosen['ensembles']}$ ensembles of "
        f"${chosen['trajectories']}$ trajectories and time steps of "
        f"${point.attrs['time_step']:g}$; in the last iteration $C/C(0)$ changed by less than "
        f"${chosen['tolerance']:g}$."
    )


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
    time, line, spread = point.time.values, point.correlation.values, point.correlation_error.values
    for one in _measured(point, finite):
        value = one.value - interpolate_in_log_time(time, line, one.lag)
        error = np.hypot(one.error, interpolate_in_log_time(time, spread, one.lag))
        curve = _data(study + DIFFERENCE, point, one._replace(value=value, error=error))
        at_glass = np.isinf(one.N) and is_at_glass_temperature(point)
        yield curve._replace(note=_largest(curve) if at_glass else "")


def _largest(curve: Curve) -> str:
    """The difference that is largest in units of its error."""
    error = np.nan_to_num(0.0 if curve.error is None else curve.error)
    known = np.flatnonzero(error > 0)
    if not known.size:
        return ""
    z = curve.y[known] / error[known]
    where = int(np.argmax(np.abs(z)))
    text = (
        f"The single site at $T_g$ differs by at most ${abs(z[where]):.1f}$ combined errors, at "
        f"$t = {curve.x[known][where]:.3g}$."
    )
    if abs(z[where]) <= FEWEST_ERRORS:
        return text
    return (
        f"{text} This is more than chance explains; the time step, and what further iterations of "
        "the DMFT would change, are not in the bars."
    )


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
    note = f"{_at_the_end(point, float(height[0]))} {_fitted_decays(point, finite)}".strip()
    yield Curve(panel, "theory", DECAY_LAW, late, height, error, np.nan, note=note)


def _at_the_end(point: xr.Dataset, limit: float) -> str:
    """How far from their limit the correlations end, as a sentence."""
    root = float(np.sqrt(point.time.values[-1]))
    ends = [root * float(known[-1]) / limit - 1
            for known in (point.correlation, point.sampled_correlation)]  # fmt: skip
    return (
        f"At the last time $t^{{1/2}} C$ differs from this limit by ${100 * ends[0]:+.1f}\\,\\%$ "
        f"(DMFT) and by ${100 * ends[1]:+.1f}\\,\\%$ (single site)."
    )


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
    # The error of a single mean is not known; that of the fit would be 0.
    site = decay_exponent(time, np.array([point.sampled_correlation.values] * 2)).exponent
    return (
        r"Fits of $C \propto t^{-\nu}$ to the last decade of times give "
        + " and ".join(said)
        + r". These are effective exponents with statistical errors alone: they lie below $1/2$ as "
        rf"long as $t^{{1/2}} C(t)$ rises. The single site has $\nu = {site:.3f}$; the difference "
        rf"from the DMFT, ${abs(site - fits[0][2].exponent):.3f}$, is a systematic error of both."
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
    ratio = np.array([temperature(point) for point in above]) / glass
    yield from _fitted_times(panel, ratio, known)
    for point in filter(is_at_glass_temperature, points):
        if parameters_of(point)["model"]["single_site"] == "glauber":
            b, error = mean_and_error(point.local_relaxation_time.values)
            nearest = _distance(above[0])
            ends = np.array([nearest / NEAR, nearest * NEAR])
            yield Curve(panel, "theory", ISING_LAW, ends, np.full(2, float(b)),
                        np.full(2, float(error)), np.nan)  # fmt: skip


def _fitted_times(panel: str, ratio: Array, known: Array) -> Iterator[Curve]:
    """The fit to relaxation times at a few T / T_g near 1, if they are enough."""
    near = ratio <= 1 + CRITICAL_RANGE
    mean, error = known[near].T
    if mean.size < FEWEST or not np.all(error > 0):
        return
    x = 1 - ratio[near] ** -2.0
    free, fixed = time_exponent(x, mean, error), time_exponent(x, mean, error, 1.0)
    note = (
        f"The fit up to ${1 + CRITICAL_RANGE:g}\\,T_g$ (${mean.size}$ points, $3$ parameters) "
        f"gives {exponent_text('z', free)} (statistical error) with "
        f"$\\chi^2 = {free.chi_squared:.2g}$ for ${free.free}$ degrees of freedom; with $z = 1$ "
        f"fixed, $\\chi^2 = {fixed.chi_squared:.2g}$ for ${fixed.free}$."
    )
    line = np.geomspace(x.min(), x.max(), POINTS)
    yield Curve(panel, "theory", FITTED, line, line * free.at(line), None, np.nan, note=note)


def _distance(point: xr.Dataset) -> float:
    return 1 - (float(point.attrs["glass_temperature"]) / temperature(point)) ** 2


def _time(panel: str, point: xr.Dataset, mean: float, error: float, N: float) -> Curve:
    """A relaxation time times 1 - (T_g / T)^2, in black, since the axis tells the temperature."""
    x = _distance(point)
    at = np.array([x]), np.array([x * mean]), np.array([x * error])
    label = SINGLE_SITE if np.isinf(N) else f"$N={N:g}$"
    return Curve(panel, "data", label, *at, np.nan, N)


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
    figure, axes = draw_panels(curves, styles=STYLES)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time lag $t$")
        if name.endswith(ALL):
            points = [curve for curve in curves if (curve.panel, curve.role) == (name, "data")]
            lowest = min((curve.y.min() for curve in points if curve.y.size), default=None)
            one.set(yscale="log", ylabel="correlation $C(t)$")
            one.set_ylim(bottom=lowest and lowest / 1.5)
        elif name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel(r"difference $C - C_{\rm DMFT}$")
        elif name.endswith(DECAY):
            one.set_ylabel("$t^{1/2} C(t)$ at $T_g$")
        else:
            one.set(xlabel="$1-T_g^2/T^2$", ylabel=r"$(1-T_g^2/T^2)\,\tau$")
    return figure
