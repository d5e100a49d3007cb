r"""Correlation of spherical p-spin models at two times, and whether their ratio alone matters.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $C(t_w + \tau, t_w)$ is the correlation, that is,
the overlap per spin, of the configurations at the waiting time $t_w$ after the quench to the
temperature $T$ and at a time lag $\tau$ later. The quench starts from a random configuration, or
from equilibrium at the temperature $T_0$ where a title names it. In equilibrium all waiting times
have the same curve; a system that ages relaxes the more slowly, the longer it has waited, so that
$t_w$ grows from left to right.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.figures.dmft.dmft_energy import (
    SIGNED_AXIS,
    aging_law,
    follows_two_spin_law,
    has_two_spin_energy,
    is_driven,
    model_notes,
    model_of,
    quench_text,
    set_signed_logarithmic_axis,
    temperatures_of,
    tex,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED, LONG_DASHES
from glasscore.models.covariance import Values
from glasscore.theory import spherical_pspin
from glasscore.theory.continuous_aging import ContinuousAging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
WAITING_TIMES = 4
LONG, LARGE = 1e3, 4
SHORTEST_LAG = 0.03
POINTS_PER_DECADE = 12
LINE_POINTS = 100
COLLAPSE, RESIDUAL = ": collapse", ": residual"
PLATEAU, SCALING, TWO_SPIN = r"$q_{\rm EA}$", "scaling law", "exact, $p=2$"
EQUILIBRIUM = "equilibrium, $p=2$"
STYLES = {SCALING: LONG_DASHES, PLATEAU: DOTTED}
# So many rows of panels are still easily read on a page.
MOST_ROWS = 5
# Ratios of the lag and the waiting time from which on collapse is shown, and is looked at.
SHOWN_RATIO, LEAST_RATIO = 1e-4, 1e-2
DECADE = 10.0
MANY_SCALES = (
    " Where replica symmetry breaks continuously, each correlation is expected to have a time "
    "scale of its own, and there is no collapse (Cugliandolo and Kurchan 1994)."
)
# Simple aging fails clearly where correlations differ by more than this.
CLEAR = 0.05
EMPTY = np.empty(0), np.empty(0)
EXPLAINED = {
    COLLAPSE: r"""For a run that ages, the second panel shows the same correlations against the
ratio $\tau/t_w$. If the slow part of the correlation depends on this ratio alone ("simple aging"),
its curves collapse for long waiting times where $\tau/t_w$ is not small; the fast part, above the
plateau, depends on $\tau$ and does not collapse.""",
    RESIDUAL: rf"""The third panel shows what is missing from a collapse: the difference
$\Delta C = C(t_w + \tau, t_w) - C(10 t_w + 10 \tau, 10 t_w)$ of waiting times a decade apart at the
same ratio, where both correlations are below the plateau. With simple aging, $\Delta C$ tends to 0
for long waiting times; differences above {CLEAR:g} at the longest ones are said to exclude it. The
axis {SIGNED_AXIS}.""",
    PLATEAU: r"""The plateau $q_{\rm EA}$ is the correlation at which fast relaxation ends at long
waiting times, before aging carries it further down; at $T = 0$, $q_{\rm EA} = 1$. It follows from
marginal stability, and is drawn at $T > 0$ where the limit of aging is known.""",
    TWO_SPIN: r"""The closed form of $p = 2$ is exact at all times after a quench from a random
configuration to $T = 0$ (Cugliandolo and Dean 1995).""",
    SCALING: r"""The scaling law of $p = 2$ after a quench from a random configuration is exact for
$t_w \to \infty$ at a constant ratio $\tau/t_w$:
$C = q_{\rm EA} [2 \sqrt{1 + u}/(2 + u)]^{3/2}$ with $u = \tau/t_w$ and the plateau
$q_{\rm EA} = 1 - T/T_c$, where $T_c$ is the temperature of the transition (Cugliandolo and Dean
1995).""",
    EQUILIBRIUM: r"""The correlation of $p = 2$ in equilibrium is exact at all lags.""",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each run that ages, and then one for each other run."""
    rows: list[tuple[str, str, xr.Dataset]] = []
    others: list[tuple[str, str, xr.Dataset]] = []
    for study, points in results.items():
        for point in points:
            panel = f"{study}, {quench_text(point, points)}"
            (rows if is_aging(point) else others).append((study, panel, point))
    room = max(1, MOST_ROWS - -(-len(others) // 3))
    shown = chosen([study for study, *_ in rows], room)
    found = [curve for number in shown for curve in _with_collapse(*rows[number][1:])]
    found += [curve for _, panel, point in others for curve in _of_point(panel, point)]
    missing = [panel for number, (_, panel, _) in enumerate(rows) if number not in shown]
    found += model_notes(results, found)
    if not missing:
        return found
    note = (
        f"For lack of room some runs that age are left out: {'; '.join(missing)}. A campaign that "
        "has no other runs draws them."
    )
    named = dict.fromkeys(curve.panel for curve in found)
    return [
        *found,
        *(Curve(panel, "theory", "", *EMPTY, None, np.nan, note=note) for panel in named),
    ]


def is_aging(point: xr.Dataset) -> bool:
    """Whether a run is not driven and does not start in equilibrium at its own temperature.

    It is also quenched below the dynamical transition.
    """
    T, T_initial = temperatures_of(point)
    transition = spherical_pspin.dynamical_transition(model_of(point)).temperature
    return not is_driven(point) and T_initial > T and transition > T


def chosen(studies: list[str], room: int) -> list[int]:
    """Numbers of at most so many runs, evenly from each study, its first and last run before."""
    of_study: dict[str, list[int]] = {}
    for number, study in enumerate(studies):
        of_study.setdefault(study, []).append(number)
    quota = max(1, room // max(1, len(of_study)))
    chosen = []
    for numbers in of_study.values():
        count = len(numbers) if len(studies) <= room else min(quota, len(numbers))
        places = np.linspace(len(numbers) - 1, 0, count).round().astype(int)
        chosen += sorted(numbers[place] for place in places)
    return chosen[:room]


def waiting_times(t_max: float) -> list[float]:
    """At most four waiting times, each of which leaves twice as long to relax.

    They are the last ones of .., 0.3, 1, 3, .. in short runs, and powers of ten in long runs.
    """
    largest = int(np.floor(np.log10(t_max)))
    if t_max >= LONG:
        last = int(np.floor(np.log10(t_max / 3)))
        apart = max(1, last // (WAITING_TIMES - 1))
        return [10.0**decade for decade in range(last % apart, last + 1, apart)][-WAITING_TIMES:]
    candidates = [
        float(f"{digit}e{decade}") for decade in range(largest - 3, largest + 1) for digit in (1, 3)
    ]
    return [each for each in candidates if 3 * each <= t_max][-WAITING_TIMES:]


def time_text(time: float) -> str:
    """A waiting time as TeX, to be written between dollar signs."""
    decade = round(np.log10(time))
    return f"10^{{{decade}}}" if decade >= LARGE and time == 10.0**decade else f"{time:g}"


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    """Correlations against the lag, beside what is known of them."""
    t_max = float(point.time[-1])
    found = []
    for waiting_time in waiting_times(t_max):
        longest = t_max - waiting_time
        shortest = min(SHORTEST_LAG, longest / 10)
        count = int(POINTS_PER_DECADE * np.log10(longest / shortest)) + 2
        lag = np.geomspace(shortest, longest, count)
        found.append(_solution(panel, point, waiting_time, lag))
        if follows_two_spin_law(point):
            exact = spherical_pspin.two_spin_correlation(
                waiting_time + lag, waiting_time, float(model_of(point).coefficients[0])
            )
            found.append(
                Curve(panel, "theory", TWO_SPIN, lag, exact, None, waiting_time, exact=True)
            )
    return found + _guides(panel, point, found[0].x)


def _solution(panel: str, point: xr.Dataset, waiting_time: float, lag: Values) -> Curve:
    values = read_between(point, "correlation", waiting_time + lag, waiting_time)
    label = f"$t_w={time_text(waiting_time)}$"
    return Curve(panel, SOLUTION, label, lag, values, None, waiting_time)


def _guides(panel: str, point: xr.Dataset, lag: Values) -> list[Curve]:
    model, (T, T_initial) = model_of(point), temperatures_of(point)
    ends = lag[[0, -1]]
    law = aging_law(point)
    if law is not None and T > 0:
        return [Curve(panel, "theory", PLATEAU, ends, np.full(2, law.plateau), None, np.nan)]
    if T_initial == T > 0 and model.exponents.tolist() == [2.0] and not is_driven(point):
        line = np.geomspace(ends[0], ends[1], LINE_POINTS)
        exact = spherical_pspin.two_spin_equilibrium_correlation(
            line, T, float(model.coefficients[0])
        )
        return [Curve(panel, "theory", EQUILIBRIUM, line, exact, None, np.nan)]
    return []


def _with_collapse(panel: str, point: xr.Dataset) -> list[Curve]:
    """The panels of a run that ages: against the lag, against its ratio, and what differs."""
    by_lag = _of_point(panel, point)
    solutions = [curve for curve in by_lag if curve.role == SOLUTION]
    ratios = [(curve, curve.x / curve.colour) for curve in solutions]
    collapse = [
        curve._replace(
            panel=panel + COLLAPSE,
            x=ratio[ratio >= SHOWN_RATIO],
            y=curve.y[ratio >= SHOWN_RATIO],
        )
        for curve, ratio in ratios
    ]
    if has_two_spin_energy(point):
        ratio = np.geomspace(LEAST_RATIO, max(curve.x[-1] for curve in collapse), LINE_POINTS)
        law = two_spin_scaling(point, ratio)
        collapse.append(Curve(panel + COLLAPSE, "theory", SCALING, ratio, law, None, np.nan))
    return by_lag + collapse + list(_residuals(panel, point, collapse))


def _residuals(panel: str, point: xr.Dataset, collapse: list[Curve]) -> Iterator[Curve]:
    """Differences of waiting times a decade apart, below the plateau where it is known."""
    t_max, law, found = float(point.time[-1]), aging_law(point), []
    plateau = 1.0 if law is None or temperatures_of(point)[0] == 0 else law.plateau
    for waiting_time in [curve.colour for curve in collapse if curve.role == SOLUTION]:
        end = t_max / (DECADE * waiting_time) - 1
        if end <= LEAST_RATIO:
            continue
        ratio = np.geomspace(
            LEAST_RATIO, end, int(POINTS_PER_DECADE * np.log10(end / LEAST_RATIO)) + 2
        )
        curve, later = (
            _solution(panel + RESIDUAL, point, one, ratio * one)
            for one in (waiting_time, DECADE * waiting_time)
        )
        slow = np.maximum(curve.y, later.y) < plateau
        if slow.any():
            found.append(curve._replace(x=ratio[slow], y=(curve.y - later.y)[slow]))
    if found:
        largest = float(np.abs(found[-1].y).max())
        seen = ": there is no simple aging at these times" if largest > CLEAR else ""
        error = tex(point.attrs["correlation_error_estimate"], 1)
        note = (
            f"$|\\Delta C|$ reaches {largest:.2g} for the longest waiting time{seen}. The "
            f"estimated numerical error of $C$ is ${error}$."
        )
        if isinstance(aging_law(point), ContinuousAging):
            note += MANY_SCALES
        found[-1] = found[-1]._replace(note=note)
    yield from found


def two_spin_scaling(point: xr.Dataset, ratio: Values) -> Values:
    """The correlation of p = 2 at long waiting times, by the ratio of the lag and the waiting time.

    Source: Cugliandolo and Dean, J. Phys. A 28, 4213 (1995).
    """
    transition = spherical_pspin.dynamical_transition(model_of(point)).temperature
    plateau = 1 - temperatures_of(point)[0] / transition
    return np.asarray(plateau * (2 * np.sqrt(1 + ratio) / (2 + ratio)) ** 1.5)


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each run that ages, and then the panels of other runs."""
    figure, axes = draw_panels(curves, columns=3, styles=STYLES)
    for name, one in axes.items():
        one.set(xscale="log")
        if name.endswith(RESIDUAL):
            one.set(xlabel=r"ratio $\tau/t_w$", ylabel=r"$\Delta C$")
            one.axhline(0.0, color="0.4", linewidth=0.6, zorder=1)
            set_signed_logarithmic_axis(one, [c.y for c in curves if c.panel == name])
            continue
        one.set(ylim=(0, 1.02), ylabel=r"$C(t_w+\tau, t_w)$")
        ratio = name.endswith(COLLAPSE)
        one.set_xlabel(r"ratio $\tau/t_w$" if ratio else r"time lag $\tau$")
    return figure
