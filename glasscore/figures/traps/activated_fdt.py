r"""Does activated aging obey the fluctuation-dissipation theorem? Responses against correlations.

Points are averages over independent samples of the disorder. $\chi(t, t_w)$ is the integrated
response at the time $t$ to a small field that has acted since the waiting time $t_w$, measured
without a field from the weights of trajectories, and $C(t, t_w)$ is the correlation of the states
at both times; the temperature is $T$. Left: $T\chi$ against $C$ for several $t_w$, with $t$ growing
from right to left. Middle: the fluctuation-dissipation ratio
$X = -T (\partial \chi / \partial t_w) / (\partial C / \partial t_w)$ at several fixed times $t$,
from each waiting time and the next one, against the mean of $C$ at both. Where the theorem holds,
$X=1$ and $T\chi=1-C$; elsewhere $T/X$ is called an effective temperature. Right: how far $T\chi$
lies from $1-C$, the line at zero, with errors that take into account that both come from the same
samples. Colours stand for $t_w$ on the left and right, and for $t$ in the middle, counted in
attempted moves since the quench or the start in equilibrium; a sweep over $N$ spins is $N$
attempts. Points of one colour share samples and are correlated. Points with large errors are left
out: above 0.1 on the left and right, and above 0.2 in the middle.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.figures.drawing.curves import (
    Curve,
    dynamics_parameters,
    landscape_of,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.equilibration import ages
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import is_glassy, is_trap_model, size_is_infinite
from glasscore.figures.drawing.symbols import DOTTED
from glasscore.theory import parisi, trap_model, trap_response

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

RECORDERS = ("responses",)
RESPONSE, RATIO, VIOLATION = "response", "ratio", "violation"
MOST_TIMES = 3
LARGEST_ERROR, LARGEST_ERROR_OF_RATIO = 0.1, 0.2
LINE_POINTS = 100
# Windows of the line of the limit of late times.
ENDS = (1e-6, 1e6)
# The least relative distance between points of a line of an exact law.
CLOSEST = 1e-6
STEPS = 8
THEOREM = "theorem"
EXACT = r"exact at finite $t_w$"
LIMIT = r"traps, $t_w \to \infty$"
STATIC = "replica theory"
EXPLAINED = {
    THEOREM: "The dotted line is the fluctuation-dissipation theorem.",
    EXACT: (
        "Lines that are called exact at finite $t_w$ are the law of infinitely many traps at each "
        "pair of times, for $X$ from the same two waiting times as the points, or the theorem "
        "where trajectories begin in equilibrium; nothing is fitted."
    ),
    LIMIT: (
        "The dashed line of traps is the limit $t_w \\to \\infty$ of infinitely many traps with "
        "$x=T/T_c<1$: with $t=t_w(1+\\omega)$ it is $C=H_x(\\omega)$, the probability of no jump, "
        "$T\\chi=x\\,I_{\\omega/(1+\\omega)}(1-x,1+x)$ with the regularised incomplete beta "
        "function $I$, and $X=t_w/t=1/(1+\\omega)$."
    ),
    STATIC: (
        "The dashed line of replica theory is what the static order parameter of the "
        "Sherrington-Kirkpatrick model predicts if $X$ is the share $x(q)$ of pairs of "
        "configurations whose overlap $q$ is at most $C$, for infinitely many spins and then "
        f"$t_w \\to \\infty$. It has {STEPS} steps of replica-symmetry breaking, and points need "
        "not meet it."
    ),
}
OF_SPINS = (
    "$C$ is the mean over the spins of their correlations, and $\\chi$ that of the responses of "
    "each spin to a field on it alone."
)
OF_TRAPS = (
    "The field shifts the depths of traps by independent random amounts, and so changes the rates "
    "of leaving them; $C$ is the probability of the same trap. If the field acted on the arrival "
    "in traps instead, infinitely many traps would obey the theorem at all times."
)
OF_STEPS = (
    "The field shifts the energies of all states by independent random amounts; $C$ is the "
    "probability of no jump."
)


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each size and temperature."""
    found = []
    for study, points in results.items():
        for point in points:
            T, N = temperature_and_size(point)
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            title = f"{study}, $N={size}$, $T={T:.4g}$"
            shown = [*_against_correlation(title, point), *_ratios(title, point)]
            shown += _violations(title, point)
            shown[0] = shown[0]._replace(note=_note(point))
            found += shown
    return found


def _note(point: xr.Dataset) -> str:
    if point.attrs["states_are_spins"]:
        return OF_SPINS
    return OF_TRAPS if is_left_by_depth(point) else OF_STEPS


def is_left_by_depth(point: xr.Dataset) -> bool:
    """Whether the rates depend on the depth of the present state alone."""
    return bool(dynamics_parameters(point)["rule"] == "arrhenius")


def in_equilibrium(point: xr.Dataset) -> bool:
    """Whether trajectories begin in equilibrium at their own temperature."""
    start = dynamics_parameters(point).get("start", {})
    return start.get("T") == temperature_and_size(point)[0]


def _some_times(times: Array) -> list[float]:
    """The last powers of ten among some times, or the last time if there is none."""
    whole = [float(time) for time in times if _power_of_ten(time) is not None]
    return whole[-MOST_TIMES:] or [float(times[-1])]


def _power_of_ten(time: float) -> int | None:
    """The exponent of a power of ten; None for other numbers."""
    power = round(np.log10(time))
    return power if np.isclose(time, 10.0**power, rtol=1e-9) else None


def _time_label(time: float) -> str:
    power = _power_of_ten(time) or 0
    number = f"10^{{{power}}}" if power > 1 else f"{time:.3g}"
    return f"${number}$ attempts"


def _waiting_times(point: xr.Dataset) -> list[float]:
    """Waiting times after which as many windows as possible end within the run."""
    fitting = point.response.notnull().sum("window").values
    return _some_times(point.waiting_time.values[fitting == fitting.max()])


def _at(point: xr.Dataset, time: float, name: str) -> xr.Dataset:
    """A quantity without unit after one waiting time, as ``y`` and ``error``, by window.

    Windows beyond the end of the run, and points with large errors, are left out.
    """
    scale = temperature_and_size(point)[0] if name == "response" else 1.0
    one = point.sel(waiting_time=time)
    found = xr.Dataset(
        {"C": one.correlation, "y": scale * one[name], "error": scale * one[f"{name}_error"]}
    )
    return found.isel(window=(found.y.notnull() & (found.error < LARGEST_ERROR)).values)


def _data(panel: str, time: float, one: xr.Dataset) -> Curve:
    label, at = _time_label(time), (one.C.values, one.y.values, one.error.values)
    return Curve(panel, "data", label, *at, time, 0.0, label)


def _against_correlation(title: str, point: xr.Dataset) -> list[Curve]:
    panel, ends = f"{title}: {RESPONSE}", np.array([0.0, 1.0])
    times = _waiting_times(point)
    found = [_data(panel, time, _at(point, time, "response")) for time in times]
    found.append(Curve(panel, "theory", THEOREM, ends, 1 - ends, None, np.nan))
    if has_limit(point, times[-1]):
        omega, x = np.geomspace(*ENDS, LINE_POINTS), trap_exponent(point)
        C = np.concatenate([[0.0], trap_model.aging_function(omega[::-1], x), [1.0]])
        law = np.concatenate([[x], trap_response.aging_response(omega[::-1], x), [0.0]])
        found.append(Curve(panel, "theory", LIMIT, C, law, None, np.nan))
    statics = replica_theory(point)
    if statics is not None:
        overlap, share = statics
        response = np.append(np.cumsum((share * np.diff(overlap))[::-1])[::-1], 0.0)
        found.append(Curve(panel, "theory", STATIC, overlap, response, None, np.nan))
    return found


def has_limit(point: xr.Dataset, waiting_time: float) -> bool:
    """Whether points follow the limit of late times of infinitely many traps."""
    if not (is_trap_model(point) and is_glassy(point)):
        return False
    time = np.array([waiting_time])
    return size_is_infinite(point) or bool(ages(point, time, 2 * time)[0])


def replica_theory(point: xr.Dataset) -> tuple[Array, Array] | None:
    """Overlaps from 0 to 1 and the share x(q) between them, of the SK model below T_c, or None."""
    T, model = temperature_and_size(point)[0], landscape_of(point)
    is_sk = model["energies"] == "sk" and model.get("field", 0.0) == 0.0
    if not is_sk or not parisi.LOWEST_TEMPERATURE <= T < 1.0:
        return None
    solved = parisi.breaking(T, steps=STEPS)
    overlaps = np.concatenate([[0.0], solved.overlaps[solved.overlaps > 0], [1.0]])
    shares = np.searchsorted(solved.overlaps, overlaps[:-1], side="right")
    points = np.concatenate([[0.0], solved.breaking_points, [1.0]])
    return overlaps, points[shares]


def _ratios(title: str, point: xr.Dataset) -> list[Curve]:
    panel = f"{title}: {RATIO}"
    ratio, error, correlation = (
        point[name].transpose("response_time", "field_time").values
        for name in (
            "fluctuation_dissipation_ratio",
            "fluctuation_dissipation_ratio_error",
            "later_correlation",
        )
    )
    known = np.isfinite(ratio) & (error < LARGEST_ERROR_OF_RATIO)
    found: list[Curve] = []
    times = point.response_time.values
    shown = times[known.sum(axis=1) > 1]
    for time in _some_times(shown) if shown.size else []:
        row = int(np.searchsorted(times, time))
        at = np.flatnonzero(known[row])
        C = 0.5 * (correlation[row, at] + correlation[row, at + 1])
        label = _time_label(time)
        found.append(
            Curve(panel, "data", label, C, ratio[row, at], error[row, at], time, 0.0, label)
        )
        found += _exact_line(panel, point, C, time, times[at], times[at + 1] / times[at], _ratio)
    ends = np.array([0.0, 1.0])
    found.append(Curve(panel, "theory", THEOREM, ends, np.ones(2), None, np.nan))
    if has_limit(point, _waiting_times(point)[-1]):
        omega = np.geomspace(*ENDS, LINE_POINTS)
        C = trap_model.aging_function(omega, trap_exponent(point))
        found.append(Curve(panel, "theory", LIMIT, C, 1 / (1 + omega), None, np.nan))
    statics = replica_theory(point)
    if statics is not None:
        overlap, share = statics
        C, X = np.repeat(overlap, 2)[1:-1], np.repeat(share, 2)
        found.append(Curve(panel, "theory", STATIC, C, X, None, np.nan))
    return found


def _ratio(time: float, start: Array, factor: Array, x: float) -> tuple[Array, Array]:
    """C and X of infinitely many traps at a time, from starts and starts later by a factor."""
    # The latest start is the time itself, up to rounding.
    late = np.minimum(start * factor, time)
    response, correlation = (
        [law(one, time / one - 1, x) for one in (start, late)]
        for law in (trap_response.response, trap_model.no_jump)
    )
    X = (response[0] - response[1]) / (correlation[1] - correlation[0])
    return 0.5 * (correlation[0] + correlation[1]), X


def _violation(time: float, omega: Array, factor: Array, x: float) -> tuple[Array, Array]:
    """C and T chi - (1 - C) of infinitely many traps from a waiting time on."""
    correlation = trap_model.no_jump(time, omega, x)
    return correlation, trap_response.response(time, omega, x) - 1 + correlation


def _exact_line(
    panel: str,
    point: xr.Dataset,
    C: Array,
    time: float,
    at: Array,
    factor: Array,
    law: Callable[[float, Array, Array, float], tuple[Array, Array]],
) -> Iterator[Curve]:
    """The exact law at the abscissae C of points and between them, where a law is known.

    Parameters
    ----------
    panel, point
        The panel, and the result.
    C, at, factor
        For each point: its abscissa, and what the law depends on besides the time.
    time
        The time, whose number is also that of the colour.
    law
        A function of ``time``, ``at``, ``factor`` and x that returns C and the ordinate.
    """
    if in_equilibrium(point):
        exact = np.ones(C.size) if law is _ratio else np.zeros(C.size)
        yield Curve(panel, "theory", EXACT, C, exact, None, time, exact=True)
    elif is_trap_model(point) and size_is_infinite(point) and at.size:
        x = trap_exponent(point)
        # The law is steepest at the largest of them.
        closeness = np.geomspace(CLOSEST, max(CLOSEST, at.max() / at.min() - 1), LINE_POINTS)
        between = at.max() / (1 + closeness)
        abscissa, ordinate = law(time, between, np.full(LINE_POINTS, factor.max()), x)
        abscissa = np.concatenate([C, abscissa])
        ordinate = np.concatenate([law(time, at, factor, x)[1], ordinate])
        order = np.argsort(abscissa, kind="stable")
        yield Curve(
            panel, "theory", EXACT, abscissa[order], ordinate[order], None, time, exact=True
        )


def _violations(title: str, point: xr.Dataset) -> list[Curve]:
    panel, found = f"{title}: {VIOLATION}", []
    for time in _waiting_times(point):
        one = _at(point, time, "fluctuation_dissipation_violation")
        data, omega = _data(panel, time, one), one.window.values
        found.append(data)
        found += _exact_line(panel, point, data.x, time, omega, np.ones(omega.size), _violation)
    ends = np.array([0.0, 1.0])
    return [*found, Curve(panel, "theory", THEOREM, ends, np.zeros(2), None, np.nan)]


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each size and temperature."""
    figure, axes = draw_panels(curves, columns=3, styles={THEOREM: DOTTED})
    for name, one in axes.items():
        kind = name.rpartition(": ")[2]
        one.set(xlabel="correlation $C(t, t_w)$", xlim=(-0.02, 1.02))
        if kind == RESPONSE:
            one.set(ylabel=r"response $T\chi(t, t_w)$")
            one.set_ylim(bottom=0)
        elif kind == RATIO:
            one.set(ylabel="ratio $X$")
            one.set_ylim(bottom=0)
        else:
            one.set(ylabel=r"violation $T\chi-(1-C)$")
    return figure
