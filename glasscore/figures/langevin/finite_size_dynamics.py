"""Spherical spins after a quench at several N, extrapolated to infinite N: simulation beside DMFT.

For each covariance and temperature there are four panels. Two show the energy, and the correlation
behind the last waiting time, at all sizes, with the solution of the mean-field equations as a
dashed line. The other two show both quantities at a few times against 1/N, with least-squares lines
that are weighted by the errors. The value of such a line at 1/N = 0 is the extrapolation; the
mean-field value is drawn beside it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.interpolation import read_between
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.extrapolation import extrapolation_curves, interpolate_in_log_time
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BESIDE = ("dmft",)
ONLY = {"name": ["spherical", None], "single_site": [None]}
ENERGY, CORRELATION = ": energy", ": correlation"
ENERGY_LIMIT, CORRELATION_LIMIT = ": limit of the energy", ": limit of the correlation"
# Shares of the decades of a run at which sizes are compared.
SHARES = (0.5, 0.75, 1.0)
LINE_POINTS = 200


def curves(
    simulated: dict[str, list[xr.Dataset]], solved: dict[str, list[xr.Dataset]]
) -> list[Curve]:
    """Four panels for each study and temperature."""
    limits = {_key(point): point for points in solved.values() for point in points}
    found: list[Curve] = []
    for study, points in simulated.items():
        for key in sorted({_key(point) for point in points}):
            sizes = sorted((point for point in points if _key(point) == key), key=_size)
            panel = f"{study}, $T={key[1]:.3g}$"
            found += _of_quench(panel, sizes, limits.get(key))
    return found


def _key(point: xr.Dataset) -> tuple[str, float]:
    """What a simulation and a solution must share: covariance, start, ramps, field; temperature."""
    chosen = parameters_of(point)
    weights = {float(power): float(a) for power, a in chosen["model"]["covariance"].items()}
    start = chosen.get("start", "random" if chosen.get("T_initial") == np.inf else "other")
    start += "".join(f"{ramp}" for ramp in chosen.get("ramps", []))
    start += f" field {chosen['field']}" if chosen.get("field") else ""
    return f"{sorted(weights.items())} {start}", float(chosen["T"])


def _size(point: xr.Dataset) -> float:
    return float(parameters_of(point)["N"])


def _of_quench(panel: str, sizes: list[xr.Dataset], limit: xr.Dataset | None) -> Iterator[Curve]:
    waiting_time = float(sizes[0].waiting_time[-1])
    for part, name, axis in ((ENERGY, "energy", "time"), (CORRELATION, "correlation", "lag")):
        behind = f", $t_w={waiting_time:g}$" if axis == "lag" else ""
        above, sets = panel + behind + part, [_shown(point, name) for point in sizes]
        for point, (x, y, error) in zip(sizes, sets, strict=True):
            N = _size(point)
            yield Curve(above, "data", f"$N={N:g}$", x, y, error, N, N)
        x = sets[0][0]
        line = np.geomspace(x[0], x[-1], LINE_POINTS)
        if limit is not None:
            line = line[waiting_time * (axis == "lag") + line <= float(limit.time[-1])]
            values = _solution(limit, name, line, waiting_time)
            yield Curve(above, "theory", "DMFT", line, values, None, np.nan)
        other = ENERGY_LIMIT if part == ENERGY else CORRELATION_LIMIT
        yield from _limits(panel + behind + other, name, sizes, limit, waiting_time)


def _shown(point: xr.Dataset, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times after 0, values and errors of a quantity, after the last waiting time if it has one."""
    if "waiting_time" in point[name].dims:
        point = point.isel(waiting_time=-1)
    x = point[point[name].dims[0]].values
    kept = (x > 0) & np.isfinite(point[name].values)
    return x[kept], point[name].values[kept], point[f"{name}_error"].values[kept]


def _solution(limit: xr.Dataset, name: str, x: np.ndarray, waiting_time: float) -> np.ndarray:
    if name == "correlation":
        return read_between(limit, name, waiting_time + x, waiting_time)
    return interpolate_in_log_time(limit.time.values, limit.energy.values, x)


def _limits(
    panel: str, name: str, sizes: list[xr.Dataset], limit: xr.Dataset | None, waiting_time: float
) -> Iterator[Curve]:
    """A quantity at a few times against 1/N, its extrapolation, and the solution at 1/N = 0."""
    times = _shown(sizes[0], name)[0]
    inverse = np.array([1 / _size(point) for point in sizes])
    for share in SHARES:
        place = np.argmin(np.abs(np.log(times / times[0] ** (1 - share) / times[-1] ** share)))
        x = float(times[place])
        found = [_shown(point, name) for point in sizes]
        at = [np.argmin(np.abs(each[0] - x)) for each in found]
        y = np.array([each[1][k] for each, k in zip(found, at, strict=True)])
        error = np.array([each[2][k] for each, k in zip(found, at, strict=True)])
        label = f"$t={x:.3g}$" if name == "energy" else rf"$\tau={x:.3g}$"
        yield from extrapolation_curves(panel, label, x, inverse, y, error)
        if limit is not None and waiting_time + x <= float(limit.time[-1]):
            value = _solution(limit, name, np.array([x]), waiting_time)
            ends = np.array([-0.06, 0.0]) * inverse.max()
            yield Curve(panel, "theory", "DMFT", ends, value.repeat(2), None, np.nan)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        limit = name.endswith((ENERGY_LIMIT, CORRELATION_LIMIT))
        of_energy = name.endswith((ENERGY, ENERGY_LIMIT))
        one.set(ylabel="energy $E(t)$" if of_energy else r"$C(t_w+\tau, t_w)$")
        if limit:
            one.set_xlabel("$1/N$")
        else:
            time = "time $t$" if of_energy else r"time lag $\tau$"
            one.set(xscale="log", xlabel=f"{time} (Langevin)")
    return figure
