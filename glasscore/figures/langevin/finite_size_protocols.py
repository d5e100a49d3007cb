r"""Temperature cycles, jumps and switched fields at several $N$, beside mean-field theory.

Energies of states of overlap $q$ have the covariance $N f(q)$. Spins move as $\dot S_i = -\partial
H/\partial S_i - \mu S_i + \xi_i$, where $\mu(t)$ keeps $\sum_i S_i^2 = N$ and the noise $\xi_i$ has
the variance $2 T(t)$. A field $h(t)$ adds $-h \sum_i S_i$ to the energy $H$, and the magnetisation
is $m = \sum_i S_i / N$. The first panel of a row shows the temperature or the field, if it changes,
in the course of the time $t$ since the quench, and the next one the energy per spin $E$ or the
magnetisation $m$, from half the time of the first change on. Grey marks the times at which
temperature and field change. Points are means over disorder samples, with standard errors from the
scatter between samples; colours tell the sizes. The points of one size are correlated in time.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.figures.drawing.curves import SOLUTION, Curve, in_few_digits
from glasscore.figures.drawing.extrapolation import (
    ZERO,
    Array,
    SizesAndTimes,
    interpolate_in_log_time,
    of_limit,
    of_size,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.langevin.finite_size_dynamics import (
    ENERGY,
    MAGNETISATION,
    field_at_first,
    on_model,
    on_steps,
    protocol_in_words,
    quench_of,
    size_of,
    start_of,
)
from glasscore.files.store import parameters_of
from glasscore.models.ramps import Course, Ramp, ramp_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("dmft",)
PROTOCOLS = True
ONLY = {"name": ["spherical", None], "single_site": [None]}
TEMPERATURE, FIELD = ": temperature", ": field"
COURSES = (TEMPERATURE, FIELD)
SINCE, DIFFERENCE = ", since the change", ", difference"
EXPLAINED = {
    SINCE: """Without a solution, the last panel shows the same against the time $t - t_1$ since the
last change, which began at $t_1$: there it is seen how fast the system follows a change at once.
""",
    "DMFT": """The solid line is the solution of the dynamical mean-field equations (DMFT) for the
same start, the same changes and infinitely many spins. Nothing in it is fitted.""",
    DIFFERENCE: """The last panel shows $N$ times the difference of $E_N$ or $m_N$, at $N$ spins,
from $E$ or $m$ of the solution, with the errors of the points. Averages at $N$ spins differ from
the limit by a series in $1/N$: where its first term dominates, the points of all $N$ lie on one
curve, and simulations end at the solution. With few samples an error is itself uncertain: of points
with 3, 8 and 100 samples, 18 %, 9 % and 5 % lie
beyond two bars by chance (Student's law).""",
}
# The least distance of points on a logarithmic axis, in decades.
BETWEEN, BETWEEN_SINCE = 0.06, 0.09
LINE_POINTS = 300
# Runs are shown from this share of the time of the first change on.
FIRST = 0.5
# The times just before a change at once, as a share of its time.
JUST_BEFORE = 1e-9


def curves(
    simulated: dict[str, list[xr.Dataset]], solved: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """Panels for each study in which temperature or field change, or a field acts at all."""
    limits = {quench_of(point): point for points in solved.values() for point in points}
    found: list[Curve] = []
    for study, points in simulated.items():
        driven = [point for point in points if _is_driven(point)]
        for key in sorted({quench_of(point) for point in driven}):
            sizes = sorted((point for point in driven if quench_of(point) == key), key=size_of)
            found += _of_protocol(f"{study}, {_in_short(sizes[0])}", sizes, limits.get(key))
    return found


def _is_driven(point: xr.Dataset) -> bool:
    changes = parameters_of(point).get("ramps") or field_at_first(point)
    return bool(changes) and "waiting_time" in point.dims


def protocol_of(point: xr.Dataset) -> Course:
    """Temperature and field in the course of a simulation."""
    chosen = parameters_of(point)
    ramps = tuple(ramp_of(ramp) for ramp in chosen.get("ramps", []))
    return Course(float(chosen["T"]), field_at_first(point), ramps)


def _in_short(point: xr.Dataset) -> str:
    """Start, temperatures and fields one after another, which tell apart runs of a study."""
    stages, start = protocol_of(point).stages(), start_of(point)
    parts = [f"$T_0={start:g}$"] if np.isfinite(start) else []
    temperatures, fields = ([stage[which] for stage in stages] for which in (0, 1))
    for symbol, values in (("T", temperatures), ("h", fields)):
        if symbol == "T" or any(values):
            different = [values[0]]
            different += [b for a, b in pairwise(values) if a != b]
            texts = in_few_digits(different)
            parts.append(f"${symbol}=" + r" \to ".join(texts[one] for one in different) + "$")
    return ", ".join(parts)


def _of_protocol(panel: str, sizes: list[xr.Dataset], limit: xr.Dataset | None) -> Iterator[Curve]:
    protocol = protocol_of(sizes[0])
    end = max(float(point.time[-1]) for point in sizes)
    changes = [ramp for ramp in protocol.ramps if ramp.begin < end]
    for name in (ENERGY, MAGNETISATION) if protocol.has_field() else (ENERGY,):
        above = f"{panel}: {name}"
        first = FIRST * changes[0].begin if changes else 0.0
        sets = [_shown(point, name, first) for point in sizes]
        if any(_value(ramp, name) is not None for ramp in changes):
            yield _course(panel, name, protocol, float(sets[0][0][0]), end)
        notes = [on_model(sizes) + protocol_in_words(sizes[0]), *[""] * len(sizes)]
        notes[min(1, len(sizes) - 1)] += on_steps(sizes, name)
        points = []
        for point, (x, y, error), note in zip(sizes, sets, notes, strict=False):
            points.append(of_size(above, size_of(point), x, y, error)._replace(note=note.strip()))
        solution = None if limit is None else _solution(limit, name)
        yield from _with_line(above, points, solution)
        if solution is None:
            for curve in points if changes else ():
                later = _after(curve, changes[-1].begin, above + SINCE)
                yield _kept(later, _thinned(later.x, BETWEEN_SINCE))
            continue
        for curve in points:
            known = curve.x <= solution[0][-1]
            inside = _kept(curve, known)
            yield _times_size(
                above + DIFFERENCE, _kept(inside, _thinned(inside.x, BETWEEN)), solution
            )


def _times_size(panel: str, points: Curve, solution: tuple[Array, Array]) -> Curve:
    """The difference of points from a solution, times the number of their spins."""
    N = points.colour
    law = interpolate_in_log_time(*solution, points.x)
    error = None if points.error is None else N * points.error
    return points._replace(panel=panel, y=N * (points.y - law), error=error, note="")


def _course(panel: str, name: str, protocol: Course, first: float, end: float) -> Curve:
    """The temperature in a row of the energy, the field in a row of the magnetisation."""
    times = np.geomspace(first, end, LINE_POINTS)
    marks = [time for ramp in protocol.ramps for time in (ramp.begin, ramp.end)]
    marks += [ramp.begin * (1 - JUST_BEFORE) for ramp in protocol.ramps]
    times = np.unique(np.concatenate([times, [one for one in marks if first < one < end]]))
    if name == ENERGY:
        heights = np.array([protocol.temperature_at(time) for time in times])
        return Curve(panel + TEMPERATURE, SOLUTION, "", times, heights, None, np.nan)
    return Curve(panel + FIELD, SOLUTION, "", times, protocol.field_at(times), None, np.nan)


def _with_line(
    panel: str,
    points: list[Curve],
    solution: tuple[Array, Array] | None,
) -> Iterator[Curve]:
    """Points of all sizes, thinned, and the line of the solution, if there is one."""
    if solution is not None:
        first = min(float(curve.x[0]) for curve in points)
        last = min(max(float(curve.x[-1]) for curve in points), float(solution[0][-1]))
        line = np.geomspace(first, last, LINE_POINTS)
        yield of_limit(panel, line, interpolate_in_log_time(*solution, line))
    for curve in points:
        yield _kept(curve, _thinned(curve.x, BETWEEN))


def _value(ramp: Ramp, name: str) -> float | None:
    """What a change makes of the temperature or, for the magnetisation, of the field."""
    return ramp.T if name == ENERGY else ramp.field


def _shown(point: xr.Dataset, name: str, first: float) -> tuple[Array, Array, Array]:
    """Times from the first one on, without 0, values and errors."""
    late = point.time.values >= max(first, float(point.time[1]))
    x, y, error = (point[each].values[late] for each in ("time", name, f"{name}_error"))
    return x, y, error


def _solution(limit: xr.Dataset, name: str) -> tuple[Array, Array]:
    """Times and values of a solution."""
    return limit.time.values, limit[name].values


def _after(curve: Curve, begin: float, panel: str) -> Curve:
    """The points later than a time, against the time since then."""
    later = _kept(curve, curve.x > begin)
    return later._replace(panel=panel, x=later.x - begin, note="")


def _kept(curve: Curve, kept: NDArray[np.bool_]) -> Curve:
    error = None if curve.error is None else curve.error[kept]
    return curve._replace(x=curve.x[kept], y=curve.y[kept], error=error)


def _thinned(x: Array, between: float) -> NDArray[np.bool_]:
    """Which points are not too close to each other on a logarithmic axis, the last one kept."""
    kept = np.zeros(x.size, bool)
    last = np.inf
    for k in range(x.size - 1, -1, -1):
        if np.log10(last / x[k]) >= between:
            kept[k], last = True, x[k]
    return kept


def draw(curves: list[Curve]) -> "Figure":
    """A row for each quantity and protocol."""
    figure, axes = draw_panels(curves, 3, _row_of, looks=SizesAndTimes)
    changes: dict[str, list[tuple[float, float]]] = {}
    for curve in curves:
        if curve.panel.endswith(COURSES):
            changes.setdefault(_protocol_of(curve.panel), []).extend(_changing(curve))
    for name, one in axes.items():
        one.set_xscale("log")
        one.set_xlabel("time since the change $t-t_1$" if name.endswith(SINCE) else "time $t$")
        if name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
        one.set_ylabel(_symbol_of(name))
        for begin, end in [] if name.endswith(SINCE) else changes.get(_protocol_of(name), []):
            one.axvspan(begin, end, facecolor="0.9", edgecolor="0.8", linewidth=0.6, zorder=-1)
    return figure


def _symbol_of(panel: str) -> str:
    """The symbol of the quantity of a panel: words would not fit beside low panels."""
    if panel.endswith(DIFFERENCE):
        symbol = "E" if ENERGY in panel.rpartition(": ")[2] else "m"
        return rf"$N\,({symbol}_N-{symbol})$"
    shown = panel.rpartition(": ")[2].removesuffix(SINCE)
    return {"temperature": "$T$", "field": "$h$", ENERGY: "$E$", MAGNETISATION: "$m$"}[shown]


def _protocol_of(panel: str) -> str:
    """The part of a panel's name that names the protocol."""
    return panel.rpartition(": ")[0]


def _row_of(panel: str) -> tuple[str, bool]:
    """What a row of panels shows: the protocol, and whether the energy or the magnetisation."""
    protocol, _, shown = panel.rpartition(": ")
    return protocol, shown.startswith((ENERGY, TEMPERATURE.removeprefix(": ")))


def _changing(course: Curve) -> list[tuple[float, float]]:
    """The intervals in which a temperature or a field changes."""
    moves = np.diff(course.y) != 0
    steps = np.diff(np.concatenate([[0], moves.astype(int), [0]]))
    begins, ends = np.flatnonzero(steps > 0), np.flatnonzero(steps < 0)
    return list(zip(course.x[begins].tolist(), course.x[ends].tolist(), strict=True))
