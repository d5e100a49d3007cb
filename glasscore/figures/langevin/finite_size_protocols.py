r"""Temperature cycles, jumps and switched fields at several $N$, beside mean-field theory.

Energies of states of overlap $q$ have the covariance $N f(q)$. Spins move as $\dot S_i = -\partial
H/\partial S_i - \mu S_i + \xi_i$, where $\mu(t)$ keeps $\sum_i S_i^2 = N$ and the noise $\xi_i$ has
the variance $2 T(t)$. A field $h(t)$ adds $-h \sum_i S_i$ to the energy $H$, and the magnetisation
is $m = \sum_i S_i / N$. The first panel of each group shows the temperature or the field in the
course of the time $t$ since the quench, and the second the energy per spin $E$ or the magnetisation
$m$. Grey marks the times at which temperature and field change. The third panel shows the same
against the time $t - t_1$ since the begin $t_1$ of the last change: there it is seen how fast the
system follows, and whether it first goes another way. Points are means over disorder samples, with
standard errors from the scatter between samples; colours tell the sizes. The points of one size are
correlated in time.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from glasscore.dmft.protocol import Protocol
from glasscore.figures.drawing import residuals
from glasscore.figures.drawing.curves import SOLUTION, Curve, in_few_digits
from glasscore.figures.drawing.extrapolation import (
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
from glasscore.models.ramps import ramp_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("dmft",)
ONLY = {"name": ["spherical", None], "single_site": [None]}
TEMPERATURE, FIELD = ": temperature", ": field"
SINCE, RESIDUALS = ", since the change", f", {residuals.RESIDUALS}"
EXPLAINED = {
    "DMFT": """The solid line is the solution of the dynamical mean-field equations (DMFT) for the
same start, the same changes and infinitely many spins. Nothing in it is fitted.""",
    RESIDUALS: f"""{residuals.EXPLANATION} The law is here the limit of many spins. At $N$ spins
there are terms in $1/N$ besides, so that samples that are many enough show a difference, which
becomes smaller with $N$.""",
}
# The least distance of points on a logarithmic axis, in decades.
BETWEEN, BETWEEN_SINCE = 0.06, 0.09
LINE_POINTS = 300
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


def protocol_of(point: xr.Dataset) -> Protocol:
    """Temperature and field in the course of a simulation."""
    chosen = parameters_of(point)
    ramps = tuple(ramp_of(ramp) for ramp in chosen.get("ramps", []))
    return Protocol(float(chosen["T"]), field_at_first(point), ramps)


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
        above, sets = f"{panel}: {name}", [_shown(point, name) for point in sizes]
        yield _course(panel, name, protocol, float(sets[0][0][0]), end)
        notes = [on_model(sizes) + protocol_in_words(sizes[0]), *[""] * len(sizes)]
        notes[min(1, len(sizes) - 1)] += on_steps(sizes, name)
        points = []
        for point, (x, y, error), note in zip(sizes, sets, notes, strict=False):
            points.append(of_size(above, size_of(point), x, y, error)._replace(note=note.strip()))
        solution = None if limit is None else _solution(limit, name)
        yield from _with_line(above, points, BETWEEN, solution, 0.0)
        if changes:
            later = [_after(curve, changes[-1].begin, above + SINCE) for curve in points]
            yield from _with_line(above + SINCE, later, BETWEEN_SINCE, solution, changes[-1].begin)
        if solution is None:
            continue
        for curve in points:
            known = curve.x <= solution[0][-1]
            inside = _kept(curve, known)
            law = interpolate_in_log_time(*solution, inside.x)
            apart = residuals.residuals(above + RESIDUALS, inside, law)
            yield _kept(apart, _thinned(apart.x, BETWEEN))


def _course(panel: str, name: str, protocol: Protocol, first: float, end: float) -> Curve:
    """The temperature in the row of the energy, the field in the row of the magnetisation."""
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
    between: float,
    solution: tuple[Array, Array] | None,
    begin: float,
) -> Iterator[Curve]:
    """Points of all sizes, thinned, and the line of the solution, if there is one."""
    if solution is not None:
        ends = min(float(curve.x[0]) for curve in points), max(float(c.x[-1]) for c in points)
        line = np.geomspace(ends[0], min(ends[1], solution[0][-1] - begin), LINE_POINTS)
        yield of_limit(panel, line, interpolate_in_log_time(*solution, begin + line))
    for curve in points:
        yield _kept(curve, _thinned(curve.x, between))


def _shown(point: xr.Dataset, name: str) -> tuple[Array, Array, Array]:
    """Times after 0, values and errors."""
    return tuple(point[each].values[1:] for each in ("time", name, f"{name}_error"))  # type: ignore[return-value]


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
    """Four panels for each quantity and protocol, two beside each other."""
    figure, axes = draw_panels(curves, 2, _group_of, looks=SizesAndTimes)
    changes: dict[str, list[tuple[float, float]]] = {}
    for curve in curves:
        if curve.panel.endswith((TEMPERATURE, FIELD)):
            changes.setdefault(_protocol_of(curve.panel), []).extend(_changing(curve))
    for name, one in axes.items():
        one.set_xscale("log")
        one.set_xlabel("time since the change $t-t_1$" if name.endswith(SINCE) else "time $t$")
        if name.endswith(RESIDUALS):
            residuals.set_residual_axis(one)
        elif name.endswith(TEMPERATURE):
            one.set_ylabel("temperature $T$")
        elif name.endswith(FIELD):
            one.set_ylabel("field $h$")
        else:
            energy = name.removesuffix(SINCE).endswith(ENERGY)
            one.set_ylabel("energy per spin $E$" if energy else "magnetisation $m$")
        for begin, end in [] if name.endswith(SINCE) else changes.get(_protocol_of(name), []):
            one.axvspan(begin, end, facecolor="0.9", edgecolor="0.8", linewidth=0.6, zorder=0)
    return figure


def _protocol_of(panel: str) -> str:
    """The part of a panel's name that names the protocol."""
    return panel.rpartition(": ")[0]


def _group_of(panel: str) -> tuple[str, bool]:
    """What a group of panels shows: the protocol, and whether the energy or the magnetisation."""
    protocol, _, shown = panel.rpartition(": ")
    return protocol, shown.startswith((ENERGY, TEMPERATURE.removeprefix(": ")))


def _changing(course: Curve) -> list[tuple[float, float]]:
    """The intervals in which a temperature or a field changes."""
    moves = np.diff(course.y) != 0
    steps = np.diff(np.concatenate([[0], moves.astype(int), [0]]))
    begins, ends = np.flatnonzero(steps > 0), np.flatnonzero(steps < 0)
    return list(zip(course.x[begins].tolist(), course.x[ends].tolist(), strict=True))
