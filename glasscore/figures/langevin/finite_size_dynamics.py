r"""Spherical spins after a quench at several $N$, as differences from mean-field theory.

Energies of states of overlap $q$ have the covariance $N f(q)$. Spins start at random, or in
equilibrium at the temperature $T_0$ where a title names it, and move as $\dot S_i = -\partial H/
\partial S_i - \mu S_i + \xi_i$, where $\mu(t)$ keeps $\sum_i S_i^2 = N$ and the noise $\xi_i$ has
the variance $2 T$ at temperature $T$. The rows show the energy per spin $E(t)$ at the time $t$
since the quench, and the correlation $C(t_w + \tau, t_w)$ of the spins at two times, for the
longest waiting time $t_w$ of the simulations, or without a waiting time in equilibrium at $T$,
where all are alike. Points are means over disorder samples, with standard errors from the scatter
between samples; colours tell the sizes. Against time, about ten points a decade are drawn.

At fixed times, averages at $N$ spins differ from the limit $N = \infty$ by a series in $1/N$, whose
first term dominates where $N$ is large. The last panel of a row therefore shows values at a few
times, told apart by markers, against $1/N$, drawn a little apart where they have the same $N$.
Where the dynamical mean-field equations (DMFT) were solved for the same quench, the panels show the
differences $E_N - E$ and $C_N - C$ from their solution: simulation and theory agree if these end at
0. Nothing in the solution is fitted. Where temperature or field change in the course of a run, the
caption says how, and a solution is shown only if they change in the same way.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.figures.drawing import extrapolation
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.extrapolation import (
    ZERO,
    Array,
    Compared,
    SizesAndTimes,
    against_inverse_size,
    interpolate_in_log_time,
    of_limit,
    of_size,
    set_axis_of_inverse_size,
    share_heights,
    side_by_side,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.ramps import LINEAR, ramp_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("dmft",)
PROTOCOLS = True
ONLY = {"name": ["spherical", None], "single_site": [None]}
ENERGY, MAGNETISATION, CORRELATION = "energy", "magnetisation", "correlation"
# What stands behind the name of a variable that holds the error of the time steps.
STEP_ERROR = "_step_error"
# Panels begin with these, or with the name of their study.
DIFFERENCE, LIMIT, LIMIT_OF_DIFFERENCE = "difference", "many spins", "extrapolation"
LIMITS = (LIMIT, LIMIT_OF_DIFFERENCE)
EXPLAINED = {
    **extrapolation.EXPLAINED,
    "DMFT": "The solid line is the solution of the mean-field equations.",
}
# Shares of the decades of a run at which sizes are compared.
SHARES = (0.5, 0.75, 1.0)
# Ends the name of what the time steps of simulations change.
LINE_POINTS = 200
OF_FIELD = r" A field $h$ adds $-h \sum_i S_i$ to the energy $H$."
# The least distance of points on a logarithmic axis of time, in decades.
BETWEEN = 0.09


def curves(
    simulated: dict[str, list[xr.Dataset]], solved: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """Panels for each study and temperature: three for each quantity, or two without a solution."""
    limits = {quench_of(point): point for points in solved.values() for point in points}
    found: list[Curve] = []
    for study, points in simulated.items():
        texts = in_few_digits(quench_of(point)[1] for point in points)
        for key in sorted({quench_of(point) for point in points}):
            sizes = sorted((point for point in points if quench_of(point) == key), key=size_of)
            start = in_few_digits([start_of(sizes[0])])[start_of(sizes[0])]
            away = start_of(sizes[0]) not in (np.inf, key[1])
            from_start = f"$T_0={start}$, " if away else ""
            title = f"{study}, {from_start}$T={texts[key[1]]}$"
            found += _of_quench(title, sizes, limits.get(key))
    return found


def quench_of(point: xr.Dataset) -> tuple[str, float]:
    """What a simulation and a solution must share: covariance, start, ramps, field; temperature.

    Ramps are the same if temperature and field change to the same values, at the same times and in
    the same course, however a study writes it. A field is a key of the model of a simulation, and
    one of the study of a solution.
    """
    chosen = parameters_of(point)
    weights = {float(power): float(a) for power, a in chosen["model"]["covariance"].items()}
    start = f"from T = {start_of(point)}"
    start += "".join(f" {tuple(ramp_of(ramp))}" for ramp in chosen.get("ramps", []))
    field = field_at_first(point)
    start += f" field {field:g}" if field else ""
    return f"{sorted(weights.items())} {start}", float(chosen["T"])


def start_of(point: xr.Dataset) -> float:
    """The temperature at which the start of a simulation or a solution is in equilibrium."""
    chosen = parameters_of(point)
    at = chosen.get("T_initial", np.inf if chosen.get("start") == "random" else chosen["T"])
    return float(chosen["T"] if at == "equilibrium" else at)


def field_at_first(point: xr.Dataset) -> float:
    """The field from the start of a simulation or a solution on."""
    chosen = parameters_of(point)
    return float(chosen.get("field", chosen["model"].get("field", 0.0)))


def protocol_in_words(point: xr.Dataset) -> str:
    """Changes of temperature and field as a sentence with a space before it, or ``""``."""
    chosen = parameters_of(point)
    ramps, field = [ramp_of(ramp) for ramp in chosen.get("ramps", [])], field_at_first(point)
    if not ramps and not field:
        return ""
    first = f"$T = {float(chosen['T']):g}$" + (f" and $h = {field:g}$" if field else "")
    changes = []
    for ramp in ramps:
        to = [f"$T = {ramp.T:g}$"] if ramp.T is not None else []
        to += [f"$h = {ramp.field:g}$"] if ramp.field is not None else []
        how = f"at once at $t = {ramp.begin:g}$"
        if ramp.end > ramp.begin:
            course = "at a constant rate" if ramp.course == LINEAR else r"smoothly in $\ln t$"
            how = f"{course} from $t = {ramp.begin:g}$ to ${ramp.end:g}$"
        changes.append(f"to {' and '.join(to)} {how}")
    if not changes:
        return f" Here {first}."
    return f" At first {first}; this changes {', then '.join(changes)}."


def size_of(point: xr.Dataset) -> float:
    """The number of spins of a simulation."""
    return float(parameters_of(point)["N"])


def _of_quench(panel: str, sizes: list[xr.Dataset], limit: xr.Dataset | None) -> Iterator[Curve]:
    stationary = "waiting_time" not in sizes[0].dims
    waiting_time = 0.0 if stationary else float(sizes[0].waiting_time[-1])
    for name in (CORRELATION,) if stationary else (ENERGY, CORRELATION):
        start = waiting_time if name == CORRELATION else 0.0
        since = f", $t_w={start:g}$" if name == CORRELATION and not stationary else ""
        above = f"{panel}{since}: {name}"
        sets = [_shown(point, name) for point in sizes]
        said = protocol_in_words(sizes[0])
        said += OF_FIELD if "$h" in said else ""
        notes = [on_model(sizes) + said, *[""] * len(sizes)]
        notes[min(1, len(sizes) - 1)] += on_steps(sizes, name)
        for point, (x, y, error), note in zip(sizes, sets, notes, strict=False):
            yield of_size(above, size_of(point), *_thinned(x, y, error))._replace(note=note.strip())
        if limit is None:
            compared = _compared(name, sizes, sets, sets[0][0], 0.0)
            yield from against_inverse_size(f"{LIMIT}: {above}", compared, differences=False)
            continue
        last = float(limit.time[-1]) - start
        inside = sets[0][0][sets[0][0] <= last]
        if not inside.size:
            continue
        line = np.union1d(np.geomspace(inside[0], inside[-1], LINE_POINTS), inside)
        yield of_limit(above, line, _solution(limit, name, line, start))
        apart = []
        for point, (x, y, error) in zip(sizes, sets, strict=True):
            seen = x <= last
            difference = y[seen] - _solution(limit, name, x[seen], start)
            apart.append((x[seen], difference, error[seen]))
            yield of_size(f"{DIFFERENCE}: {above}", size_of(point), *_thinned(*apart[-1]))
        of_theory = _error_of_solution(limit, name)
        compared = _compared(name, sizes, apart, inside, of_theory)
        yield from against_inverse_size(
            f"{LIMIT_OF_DIFFERENCE}: {above}", compared, differences=True
        )


def on_model(sizes: list[xr.Dataset]) -> str:
    """The covariance, and the numbers of samples."""
    weights = parameters_of(sizes[0])["model"]["covariance"]
    covariance = " + ".join(f"{float(a):g} q^{{{p}}}" for p, a in weights.items())
    counts = ", ".join(
        f"{int(point.samples)} at $N = {size_of(point):g}$" for point in sizes if "samples" in point
    )
    return f"Here $f(q) = {covariance}$." + (f" Numbers of samples are {counts}." if counts else "")


def on_steps(sizes: list[xr.Dataset], name: str) -> str:
    """What the time steps of the simulations change at most, with a space before it."""
    known = [point[f"{name}{STEP_ERROR}"] for point in sizes if f"{name}{STEP_ERROR}" in point]
    if not known:
        return ""
    most = max(float(np.nanmax(np.abs(changes.values))) for changes in known)
    symbol = {ENERGY: "E", MAGNETISATION: "m"}.get(name, "C")
    digit, exponent = f"{most:.0e}".split("e")
    return (
        rf" The length of the time steps changes ${symbol}$ by "
        rf"${digit} \cdot 10^{{{int(exponent)}}}$ at most, which is in no bar."
    )


def _thinned(x: Array, y: Array, error: Array) -> tuple[Array, Array, Array]:
    """Points that are not too close to each other on a logarithmic axis, with the last one."""
    kept: list[int] = []
    for k in range(x.size - 1, -1, -1):
        if not kept or np.log10(x[kept[-1]] / x[k]) >= BETWEEN:
            kept.append(k)
    kept.reverse()
    return x[kept], y[kept], error[kept]


def _shown(point: xr.Dataset, name: str) -> tuple[Array, Array, Array]:
    """Times after 0, values and errors of a quantity, after the last waiting time if it has one."""
    if "waiting_time" in point[name].dims:
        point = point.isel(waiting_time=-1)
    x = point[point[name].dims[0]].values
    kept = (x > 0) & np.isfinite(point[name].values)
    return x[kept], point[name].values[kept], point[f"{name}_error"].values[kept]


def _solution(limit: xr.Dataset, name: str, x: Array, waiting_time: float) -> Array:
    if name == CORRELATION:
        return read_between(limit, name, waiting_time + x, waiting_time)
    return interpolate_in_log_time(limit.time.values, limit.energy.values, x)


def _error_of_solution(limit: xr.Dataset, name: str) -> float:
    """An estimate for all times, which is far below the errors of simulations."""
    if name == ENERGY:
        return float(limit.energy_error_estimate.max())
    return float(limit.attrs["correlation_error_estimate"])


def _compared(
    name: str,
    sizes: list[xr.Dataset],
    sets: list[tuple[Array, Array, Array]],
    times: Array,
    of_theory: float,
) -> list[Compared]:
    """A quantity at a few of the given times, at all sizes."""
    symbol = "t" if name == ENERGY else r"\tau"
    wanted = [times[0] ** (1 - share) * times[-1] ** share for share in SHARES]
    chosen = {float(times[np.argmin(np.abs(np.log(times / one)))]) for one in wanted}
    found = []
    for x in sorted(chosen):
        at = [int(np.argmin(np.abs(each[0] - x))) for each in sets]
        y, error = (
            np.array([each[part][k] for each, k in zip(sets, at, strict=True)]) for part in (1, 2)
        )
        N = np.array([size_of(point) for point in sizes])
        # The sign keeps times and lags of the same length apart.
        marker = x if name == ENERGY else -1 / x
        found.append(Compared(symbol, x, N, y, error, of_theory, marker))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row for each quantity and quench."""
    panels: dict[str, list[Curve]] = {}
    for curve in curves:
        panels.setdefault(curve.panel, []).append(curve)
    shown = [
        curve
        for name, each in panels.items()
        for curve in (side_by_side(each) if _kind(name) in LIMITS else each)
    ]
    solved = [name for name in panels if _kind(name) == DIFFERENCE]
    columns = 3 if 3 * len(solved) == len(panels) else 2
    figure, axes = draw_panels(shown, columns, looks=SizesAndTimes)
    for name, one in axes.items():
        energy, differences = name.endswith(ENERGY), _kind(name) in (DIFFERENCE, LIMITS[1])
        one.set_ylabel(_label(energy, differences))
        if _kind(name) in LIMITS:
            set_axis_of_inverse_size(one, differences)
            continue
        time = "time $t$" if energy else r"time lag $\tau$"
        one.set(xscale="log", xlabel=f"{time} (Langevin)")
        if differences:
            one.axhline(0.0, **ZERO)
    for name in solved:
        share_heights([axes[name], axes[name.replace(DIFFERENCE, LIMIT_OF_DIFFERENCE, 1)]])
    return figure


def _kind(panel: str) -> str:
    """What the name of a panel begins with."""
    return panel.partition(":")[0]


def _label(energy: bool, differences: bool) -> str:
    if energy:
        return "$E_N(t)-E(t)$" if differences else "energy per spin $E(t)$"
    return r"$C_N-C$" if differences else r"$C(t_w+\tau, t_w)$"
