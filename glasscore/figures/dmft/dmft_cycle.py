r"""Temperature cycles: how the response to a recent field changes, beside runs without a cycle.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. The left panel of each row shows the temperature
$T$ in the course of the time $t$, and the right panel $\chi(t, t - \tau)$, the response per spin to
a small field that was switched on at the fixed lag $\tau$ before $t$. Runs of the same model that
stay at one of the cycle's temperatures are shown for comparison. Where the line of the cycle leaves
theirs, the change of temperature has made the system younger; where it comes back to the line of
the first temperature, the system remembers its age from before the cycle.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import is_driven, protocol_of, temperatures_of
from glasscore.figures.drawing.curves import SOLUTION, Curve, in_few_digits
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
COURSE = ": temperature"
# The field has been on for this time, in units of the time at which the first ramp begins.
SHARE = 0.1
POINTS_PER_DECADE = 60
# Times are drawn from this share of the time at which the first ramp begins.
FIRST = 0.2
# The number for the colour of a cycle is below all temperatures.
CYCLE = -1.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study whose ramps change the temperature only: temperature, response."""
    isothermal = [point for points in results.values() for point in points if not is_driven(point)]
    return [
        curve
        for study, points in results.items()
        for point in _with_cycles(points)
        for curve in _of_point(_panel(study, point, _with_cycles(points)), point, isothermal)
    ]


def _with_cycles(points: list[xr.Dataset]) -> list[xr.Dataset]:
    protocols = [(point, protocol_of(point)) for point in points]
    return [point for point, protocol in protocols if protocol.ramps and not protocol.has_field()]


def _panel(study: str, point: xr.Dataset, points: list[xr.Dataset]) -> str:
    """Name of a panel, with the first temperature if cycles of a study begin at several."""
    texts = in_few_digits(temperatures_of(each)[0] for each in points)
    return f"{study}, from $T={texts[temperatures_of(point)[0]]}$" if len(texts) > 1 else study


def _of_point(panel: str, point: xr.Dataset, isothermal: list[xr.Dataset]) -> list[Curve]:
    protocol = protocol_of(point)
    begin, end = protocol.ramps[0].begin, float(point.time[-1])
    lag = SHARE * begin
    if end <= begin:
        return []
    time = np.geomspace(
        FIRST * begin, end, 2 + int(POINTS_PER_DECADE * np.log10(end / (FIRST * begin)))
    )
    temperatures = {T for T, _ in protocol.stages()}
    temperature = np.array([protocol.temperature_at(one) for one in time])
    note = _protocol_in_words(protocol)
    course = Curve(panel + COURSE, SOLUTION, "", time, temperature, None, CYCLE, note=note)
    label = rf"cycle, $\tau={lag:g}$"
    found = [course]
    for T in sorted(temperatures, reverse=True):
        for other in isothermal:
            same = parameters_of(other)["model"] == parameters_of(point)["model"]
            if same and temperatures_of(other)[0] == T:
                within = time[time <= float(other.time[-1])]
                line = _response(other, within, lag)
                found.append(Curve(panel, SOLUTION, f"$T={T:g}$ throughout", within, line, None, T))
    # The cycle is drawn over the other runs, from which it departs.
    return [*found, Curve(panel, SOLUTION, label, time, _response(point, time, lag), None, CYCLE)]


def _protocol_in_words(protocol: Protocol) -> str:
    """The course of the temperature as a sentence."""
    parts = [f"The temperature is $T = {protocol.T:g}$ at first"]
    for ramp, (T, _) in zip(protocol.ramps, protocol.stages()[1:], strict=True):
        parts.append(f"changes to ${T:g}$ between $t = {ramp.begin:g}$ and ${ramp.end:g}$")
    return ", ".join(parts[:-1]) + f" and {parts[-1]}, smoothly in $\\ln t$."


def _response(point: xr.Dataset, time: Values, lag: float) -> Values:
    return integrated_response(point, time, time - lag)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study, or for each cycle of one."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        response = r"response to a recent field $\chi(t, t-\tau)$"
        one.set(ylabel="temperature $T$" if name.endswith(COURSE) else response)
    return figure
