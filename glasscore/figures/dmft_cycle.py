"""Temperature cycles: the response to a field of fixed age, beside that of runs without a cycle."""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response
from glasscore.figures.curves import Curve
from glasscore.figures.dmft_energy import is_driven, protocol_of, temperatures_of
from glasscore.figures.style import drawn
from glasscore.store import parameters_of
from glasscore.theory.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "dmft"
ONLY = {"single_site": [None]}
COURSE = ": temperature"
# a field is on for this time, in units of the first ramp's begin
SHARE = 0.1
POINTS_PER_DECADE = 16
# times are drawn from this share of the first ramp's begin on
FIRST = 0.2


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study with ramps of temperature alone: it, and the response."""
    isothermal = [point for points in results.values() for point in points if not is_driven(point)]
    return [
        curve
        for study, points in results.items()
        for point in points
        if protocol_of(point).ramps and not protocol_of(point).has_field()
        for curve in _of_point(study, point, isothermal)
    ]


def _of_point(study: str, point: xr.Dataset, isothermal: list[xr.Dataset]) -> list[Curve]:
    protocol = protocol_of(point)
    begin, end = protocol.ramps[0].begin, float(point.time[-1])
    lag = SHARE * begin
    if end <= begin:
        return []
    time = np.geomspace(
        FIRST * begin, end, 2 + int(POINTS_PER_DECADE * np.log10(end / (FIRST * begin)))
    )
    temperatures = {T for T, _ in protocol.stages()}
    shown = point.time.values >= time[0]
    times, temperature = point.time.values[shown], point.temperature.values[shown]
    course = Curve(study + COURSE, "theory", "", times, temperature, None, np.nan)
    label = rf"cycle, $\tau={lag:g}$"
    found = [course]
    for T in sorted(temperatures, reverse=True):
        for other in isothermal:
            same = parameters_of(other)["model"] == parameters_of(point)["model"]
            if same and temperatures_of(other)[0] == T:
                within = time[time <= float(other.time[-1])]
                line = _response(other, within, lag)
                found.append(Curve(study, "data", f"$T={T:g}$ throughout", within, line, None, T))
    # over the others, from which it departs
    return [*found, Curve(study, "data", label, time, _response(point, time, lag), None, -1.0)]


def _response(point: xr.Dataset, time: Values, lag: float) -> Values:
    return integrated_response(point, time, time - lag)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study."""
    figure, axes = drawn(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        response = r"response to a recent field $\chi(t, t-\tau)$"
        one.set(ylabel="temperature $T$" if name.endswith(COURSE) else response)
    return figure
