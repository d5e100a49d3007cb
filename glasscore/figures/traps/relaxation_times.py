r"""Where equilibrium is: how fast trajectories in equilibrium forget their start, by $N$ and $T$.

Trajectories begin in equilibrium at the temperature $T$ of their run. $C(t)$ is the correlation
with the configuration at $t=0$: for $N$ spins $s_i$ the overlap $\frac{1}{N}\sum_i s_i(0)s_i(t)$,
averaged over independent disorder samples; for states without spins the probability that the state
is the same. The relaxation time $\tau$ is the time at which $C$ has fallen to $1/2$ (grey line); a
run must be much longer than $\tau$ to reach equilibrium from elsewhere. For spins, $t$ and $\tau$
are counted in sweeps of $N$ attempted moves. $C$ does not end at 0 but at the mean overlap of two
configurations in equilibrium, so that a time to a much lower value need not exist. The first panel
of each study shows all temperatures if there is one size, and the coldest temperature otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from scipy.optimize import brentq
from scipy.special import erfc

from glasscore.common.sentences import listed_in_words
from glasscore.estimates.relaxation_time import THRESHOLD
from glasscore.estimates.straight_line import Line, straight_line
from glasscore.figures.drawing.curves import (
    Curve,
    dynamics_parameters,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    trap_exponent,
    with_error,
)
from glasscore.figures.drawing.extrapolation import ZERO
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.solved_models import size_is_infinite
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, Symbols
from glasscore.figures.traps.fixed_lags import is_infinite_trap_model
from glasscore.theory.ising_pspin import dynamical_transition
from glasscore.theory.trap_model import equilibrium_no_jump

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RECORDERS = ("memory",)
MEMORY, BY_SIZE, BY_TEMPERATURE = ": memory", ": sizes", ": temperatures"
SWEEPS = "sweeps"
LINEAR, CUBE_ROOT = r"$\ln\tau=a+cN$", r"$\ln\tau=a'+c'N^{1/3}$"
EXACT = "exact, infinitely many traps"
BOUND = "lower bound by first moves"
DYNAMICAL, KAUZMANN, STATIC = "$T_d$", "$T_K$", "$T_c$"
# A line through fewer sizes does not test whether it is straight.
FEWEST_SIZES = 4
# Fewer temperatures have no panel of their own, but are told.
FEWEST_TEMPERATURES = 3
# How far the fits are extrapolated, to show by how much they differ there.
BEYOND = 2.0
LINE_POINTS = 60
# C is drawn at so many of its times at most, evenly chosen.
MOST_TIMES = 25
# The axis of C begins here, or below.
LEAST = -0.02
# Logarithms of the times between which the exact relaxation time is looked for.
SHORTEST, LONGEST = -50.0, 700.0
EXPLAINED = {
    LINEAR: (
        r"Barriers that grow in proportion to $N$ give $\ln\tau=a+cN$; the dashed lines are fits "
        r"of this law, weighted by the errors of $\ln\tau$."
    ),
    CUBE_ROOT: (
        r"Barriers that grow more slowly, as $N^{1/3}$, give $\ln\tau=a'+c'N^{1/3}$ (dotted). Over "
        "a small range of sizes both laws may fit, since corrections at small $N$ are of the size "
        "of their difference. So both are given, with the range."
    ),
    EXACT: (
        r"The line of infinitely many traps is exact: the probability of no jump is "
        r"$(x-1)\,t^{1-x}\gamma(x-1,t)$, where $x=T/T_c$ and $\gamma$ is the incomplete gamma "
        r"function. $\tau$ is found from it without a fit."
    ),
    BOUND: (
        r"In equilibrium $C$ is a sum of decaying exponentials, and cannot fall below the one that "
        r"has its first slope: $C(t)\geq e^{-2at}$ for $t$ in sweeps, up to corrections of order "
        r"$1/N$. Here $a$ is the mean acceptance of Metropolis's rule, which is exact for planted "
        r"Gaussian couplings: a flip costs $\Delta E$ with the mean $v/(2T)$ and the variance $v$, "
        r"so that $a=\mathrm{erfc}\sqrt{v/(8T^2)}$, where $v=4(1-1/N)J^2$ in the SK model and "
        r"$v=2p\,J^2\prod_{k=1}^{p-1}(1-k/N)$ for interactions of $p$ spins. Points at early times "
        "test this, and late points show how much slower than the first moves memory is lost. "
        "Lines are drawn for the largest size."
    ),
    DYNAMICAL: (
        "At $T_d$, the dynamical transition of many spins, equilibrium breaks up into "
        r"exponentially many states. For $N\to\infty$ $\tau$ diverges there; below, a system of "
        "finitely many spins leaves its state by activation alone."
    ),
    KAUZMANN: "$T_K$ is the static transition, below which few states are left.",
    STATIC: "$T_c$ is the static transition of many spins, or of infinitely many states.",
}
EMPTY = np.array([])
APART = "os^Dvhp<"
# A temperature axis is longer on the left by this share, for the names of transitions.
ROOM_FOR_NAMES = 0.1

Results = dict[str, list[xr.Dataset]]


def curves(results: Results) -> list[Curve]:
    """Up to three panels for each study: the memory, and relaxation times by N and by T."""
    found: list[Curve] = []
    for study, points in results.items():
        known = [point for point in points if "relaxation_time" in point]
        if not known:
            said = "No trajectory begins in equilibrium at the temperature of its run."
            found.append(remark(study + MEMORY, said))
            continue
        known.sort(key=temperature_and_size)
        before = len(found)
        unit = _unit(known[0])
        found += _memory(study, unit, known)
        found += _by_size(f"{study}{BY_SIZE}{unit}", known)
        found += _by_temperature(f"{study}{BY_TEMPERATURE}{unit}", known)
        if not any(BY_TEMPERATURE in curve.panel for curve in found[before:]):
            found += _told(found[before].panel, known)
        panels = list(dict.fromkeys(curve.panel for curve in found[before:]))
        found += [*on_samples(panels, known), *on_unit(panels, known[0])]
    return found


def _unit(point: xr.Dataset) -> str:
    """The unit of time, as the end of the name of a panel: sweeps for spins."""
    return f", {SWEEPS}" if landscape_of(point)["graph"] == "hypercube" else ""


def _unit_in(panel: str) -> str:
    """The unit of time in a panel of this name."""
    return SWEEPS if panel.endswith(SWEEPS) else "attempts"


def _attempts(point: xr.Dataset) -> float:
    """Attempts in a unit of time."""
    return temperature_and_size(point)[1] if _unit(point) else 1.0


def _data(panel: str, point: xr.Dataset, x: np.ndarray, y: np.ndarray, error: np.ndarray) -> Curve:
    """Points of one size and temperature: colours stand for N, and markers for T."""
    T, N = temperature_and_size(point)
    size, temperature = r"$N=\infty$" if np.isinf(N) else f"$N={N:g}$", f"$T={T:.4g}$"
    return Curve(
        panel, "data", f"{size}, {temperature}", x, y, error, N, T, size, temperature
    )  # fmt: skip


# The memory of the start -------------------------------------------------------------------------


def _memory(study: str, unit: str, points: list[xr.Dataset]) -> Iterator[Curve]:
    """C(t) of all sizes at the coldest temperature, or of one size at all temperatures."""
    coldest = temperature_and_size(points[0])[0]
    texts = in_few_digits(temperature_and_size(point)[0] for point in points)
    alone = len({temperature_and_size(point)[1] for point in points}) == 1
    alike = [point for point in points if alone or temperature_and_size(point)[0] == coldest]
    title = study if alone and len(texts) > 1 else f"{study}, $T={texts[coldest]}$"
    panel = f"{title}{MEMORY}{unit}"
    for point in alike:
        time = point.time.values
        few = np.unique(np.linspace(0, time.size - 1, min(MOST_TIMES, time.size)).astype(int))
        shown = point.isel(time=few)
        correlation, error = shown.correlation_from_start, shown.correlation_from_start_error
        yield _data(
            panel, point, time[few] / _attempts(point), correlation.values, error.values
        )._replace(note=_on_unknown(point))
        if is_infinite_trap_model(point):
            law = equilibrium_no_jump(time, trap_exponent(point))
            T, N = temperature_and_size(point)
            yield Curve(panel, "theory", EXACT, time, law, None, N, T, exact=True)
    largest = max(temperature_and_size(point)[1] for point in alike)
    bounds = [_bound(panel, point) for point in alike if temperature_and_size(point)[1] == largest]
    yield from (bound for bound in bounds if bound.x.size)
    if not any(bound.x.size for bound in bounds) and not any(map(is_infinite_trap_model, alike)):
        yield remark(panel, "No law of $C$ is known for these landscapes, and none is drawn.")


def _bound(panel: str, point: xr.Dataset) -> Curve:
    """The lower bound of C by its first slope; without points where the slope is not known."""
    T, N = temperature_and_size(point)
    spread = _spread_of_flips(point)
    time = point.time.values / _attempts(point)
    if not np.isfinite(spread):
        time = EMPTY
    accepted = erfc(np.sqrt(spread / 8.0) / T)
    return Curve(panel, "theory", BOUND, time, np.exp(-2.0 * accepted * time), None, N, T)


def _spread_of_flips(point: xr.Dataset) -> float:
    """The variance of what a flip costs, where it is Gaussian in equilibrium; else NaN.

    Two configurations that differ by one flip have the energies of two correlated Gaussian
    variables. In planted samples the first has the weight exp(-E / T) beside its density, which
    shifts the mean of the difference from 0 to its variance over 2 T.
    """
    model, dynamics = landscape_of(point), dynamics_parameters(point)
    known = model["energies"] in ("sk", "pspin") and not model.get("field", 0.0)
    rule = dynamics.get("rule")
    metropolis = (rule["name"] if isinstance(rule, dict) else rule) == "metropolis"
    if not known or not metropolis or dynamics["start"]["name"] != "planted":
        return np.nan
    N, p = temperature_and_size(point)[1], int(model.get("p", 2))
    return float(2 * p * np.prod(1.0 - np.arange(1, p) / N))


# Relaxation times --------------------------------------------------------------------------------


def _times(point: xr.Dataset) -> tuple[float, float]:
    """Relaxation time and its standard error, in the unit of the panel; NaN if unknown."""
    unit = _attempts(point)
    tau, error = float(point.relaxation_time), float(point.relaxation_time_error)
    return tau / unit, error / unit if np.isfinite(error) else np.nan


def _time(panel: str, point: xr.Dataset, x: float) -> Curve:
    """One relaxation time; a note where it is not known."""
    tau, error = _times(point)
    if np.isfinite(tau):
        return _data(panel, point, np.array([x]), np.array([tau]), np.array([error]))
    return _data(panel, point, EMPTY, EMPTY, EMPTY)._replace(note=_on_unknown(point))


def _on_unknown(point: xr.Dataset) -> str:
    """Why a relaxation time is not known, if it is not."""
    if np.isfinite(point.relaxation_time):
        return ""
    T, N = temperature_and_size(point)
    size = r"\infty" if np.isinf(N) else f"{N:g}"
    return (
        rf"$\tau$ is not known for $N={size}$ at $T={T:.4g}$: $C$ has not fallen to $1/2$ by the "
        "end of the run."
    )


def _by_size(panel: str, points: list[xr.Dataset]) -> Iterator[Curve]:
    """Relaxation times against N, and fits of two laws where there are enough sizes."""
    finite = [point for point in points if not size_is_infinite(point)]
    if len({temperature_and_size(point)[1] for point in finite}) < 2:
        return
    for point in finite:
        yield _time(panel, point, temperature_and_size(point)[1])
    for T in sorted({temperature_and_size(point)[0] for point in finite}):
        yield from _fits(panel, T, [one for one in finite if temperature_and_size(one)[0] == T])


def _fits(panel: str, T: float, points: list[xr.Dataset]) -> Iterator[Curve]:
    """Both laws, fitted to ln tau at one temperature below T_d, and a note on how well they fit."""
    transition = dict(_transitions(points[0])).get(DYNAMICAL, np.inf)
    known = [(temperature_and_size(point)[1], *_times(point)) for point in points]
    rows = np.array([row for row in known if np.all(np.isfinite(row)) and row[2] > 0])
    if transition <= T or len(rows) < FEWEST_SIZES:
        return
    N, tau, error = rows.T
    line = np.linspace(N.min(), N.max(), LINE_POINTS)
    laws = {LINEAR: 1.0, CUBE_ROOT: 1 / 3}
    fits = {
        label: straight_line(N**power, np.log(tau), error / tau) for label, power in laws.items()
    }
    notes = {LINEAR: _on_fits(T, N, fits[LINEAR], fits[CUBE_ROOT], _unit_in(panel))}
    for label, power in laws.items():
        height, note = np.exp(fits[label].at(line**power)), notes.get(label, "")
        yield Curve(panel, "theory", label, line, height, None, np.nan, note=note)


def _on_fits(T: float, N: np.ndarray, linear: Line, root: Line, unit: str) -> str:
    further = BEYOND * N.max()
    heights = linear.at(further), root.at(further ** (1 / 3))
    ends = [_in_two_digits(float(np.exp(height))) for height in heights]
    return (
        rf"At $T={T:.4g}$, ${N.size}$ sizes from ${N.min():g}$ to ${N.max():g}$: "
        rf"$c={with_error(linear.slope, linear.slope_error)}$ with "
        rf"$\chi^2={linear.chi_squared:.2g}$, and $c'={with_error(root.slope, root.slope_error)}$ "
        rf"with $\chi^2={root.chi_squared:.2g}$, for ${linear.free}$ degrees of freedom each. At "
        rf"$N={further:g}$ they give ${ends[0]}$ and ${ends[1]}$ {unit}."
    )


def _in_two_digits(value: float) -> str:
    """A number in a formula."""
    digits, power = f"{value:.1e}".split("e")
    return f"{float(f'{value:.2g}'):g}" if value < 1e4 else rf"{digits}\times10^{{{int(power)}}}"


def _by_temperature(panel: str, points: list[xr.Dataset]) -> Iterator[Curve]:
    """Relaxation times against T, with the temperatures of transitions."""
    known = [point for point in points if np.isfinite(_times(point)[0])]
    temperatures = np.array(sorted({temperature_and_size(point)[0] for point in known}))
    if temperatures.size < 2:
        return
    drawn = [_time(panel, point, temperature_and_size(point)[0]) for point in points]
    heights = np.concatenate([curve.y for curve in drawn])
    if heights.size < 2:
        return
    lawful = any(map(is_infinite_trap_model, points))
    if temperatures.size < FEWEST_TEMPERATURES and not lawful:
        return
    yield from drawn
    ends = np.array([heights.min(), heights.max()])
    for label, T in _transitions(points[0]):
        yield Curve(panel, "theory", label, np.full(2, T), ends, None, np.nan)
    traps = [point for point in points if is_infinite_trap_model(point)]
    if traps:
        T_c = float(traps[0].attrs["critical_temperature"])
        between = np.linspace(temperatures[0], temperatures[-1], LINE_POINTS)
        line = np.union1d(temperatures, between)
        law = np.array([_exact_time(T / T_c) for T in line])
        short = np.isfinite(law)
        yield Curve(panel, "theory", EXACT, line[short], law[short], None, np.inf, exact=True)


def _told(panel: str, points: list[xr.Dataset]) -> list[Curve]:
    """Relaxation times as numbers where they have no panel, and the static transition."""
    known = [point for point in points if np.all(np.isfinite(_times(point)))]
    said = []
    for point in known:
        T, N = temperature_and_size(point)
        said.append(rf"${with_error(*_times(point))}$ at $N={N:g}$, $T={T:.4g}$")
    if not said:
        return []
    unit = _unit_in(panel)
    return [remark(panel, rf"$\tau$ is, in {unit}, {listed_in_words(said, 'and')}.")]


def _exact_time(x: float) -> float:
    """The time at which infinitely many traps have been left with the probability 1/2.

    Just above T_c it is too long for a 64-bit number, and the result is infinite.
    """

    def excess(log_time: float) -> float:
        return float(equilibrium_no_jump(np.exp(log_time), x)) - THRESHOLD

    return float(np.exp(brentq(excess, SHORTEST, LONGEST))) if excess(LONGEST) < 0 else np.inf


def _transitions(point: xr.Dataset) -> list[tuple[str, float]]:
    """Labels and temperatures of the transitions of many spins that are known."""
    model = landscape_of(point)
    critical = float(point.attrs["critical_temperature"])
    if model["energies"] == "pspin" and model["p"] > 2:
        return [(DYNAMICAL, dynamical_transition(model["p"]).temperature), (KAUZMANN, critical)]
    return [(STATIC, critical)] if critical > 0 else []


class _Apart(Symbols):
    """Markers of very different shape, since they alone tell temperatures."""

    def __init__(self, curves: list[Curve], styles: Mapping[str, Any] | None = None) -> None:
        super().__init__(curves, styles)
        self.markers = {
            value: APART[rank % len(APART)] for rank, value in enumerate(sorted(self.markers))
        }


def _name_transitions(axes: "Axes", lines: list[Curve]) -> None:
    """Write the names of the temperatures of transitions beside their lines, at the lower end."""
    low, high = axes.get_xlim()
    axes.set_xlim(low - ROOM_FOR_NAMES * (high - low), high)
    for rank, line in enumerate(sorted(lines, key=lambda line: line.x[0])):
        side, shift = ("right", -2.0) if rank == 0 else ("left", 2.0)
        axes.annotate(
            line.label, (line.x[0], 0.03), xycoords=axes.get_xaxis_transform(),
            xytext=(shift, 0.0), textcoords="offset points", ha=side, va="bottom",
        )  # fmt: skip


def draw(curves: list[Curve]) -> "Figure":
    """All panels in rows of three; points of one size are joined where T is the axis."""
    styles = dict.fromkeys((CUBE_ROOT, KAUZMANN, STATIC), DOTTED) | {BOUND: DASH_DOTTED}
    figure, axes = draw_panels(curves, columns=3, styles=styles, looks=_Apart)
    inks = Symbols(curves)
    for name, one in axes.items():
        unit = _unit_in(name)
        if MEMORY in name:
            one.axhline(THRESHOLD, **ZERO)
            one.set(xscale="log", xlabel=f"time $t$ ({unit})", ylabel="$C(t)$")
            set_probability_limits(one, min(LEAST, one.get_ylim()[0]))
            continue
        one.set(yscale="log", ylabel=rf"$\tau$ ({unit})")
        if BY_SIZE in name:
            one.set(xlabel="number of spins $N$")
            continue
        one.set(xlabel="temperature $T/J$")
        names = (DYNAMICAL, KAUZMANN, STATIC)
        _name_transitions(one, [c for c in curves if c.panel == name and c.label in names])
        points = [each for each in curves if each.panel == name and each.role == "data"]
        sizes = {each.colour for each in points}
        for N in sorted(sizes) if len(sizes) > 1 else ():
            alike = [each for each in points if each.colour == N]
            x, y = (np.concatenate([getattr(each, xy) for each in alike]) for xy in "xy")
            one.plot(x, y, color=inks.ink(alike[0]), linewidth=0.5, zorder=2)
    return figure
