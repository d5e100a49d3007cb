r"""Temperature cycles below the transition: whether cooling rejuvenates, and reheating remembers.

Lines are solutions of the mean-field equations for infinitely many spins, without statistical
errors. The left panel of each row shows the temperature $T$ in the course of the time $t$, and the
right panel $\chi(t, t - \tau) = \int_{t-\tau}^t R(t, s)\,ds$, the response per spin to a small
field that was switched on at the fixed lag $\tau$ before $t$; $R$ is the response function. In an
aging system it falls with $t$. It also depends on $T$, so that the cycle is to be compared with
runs of the same model that stay at one of its temperatures. If, after cooling, the line of the
cycle lies above that of the run at the lower temperature, the change has made the system younger
(rejuvenation). If, after reheating, it returns to the line of the first temperature, the system
remembers its age.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import is_driven, model_of, protocol_of, temperatures_of
from glasscore.figures.dmft.dmft_threshold import formula
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
COURSE = ": temperature"
EXPLAINED = {
    COURSE: "Grey marks the times at which the temperature differs from the first one.",
}
# The field has been on for this time, in units of the time at which the first ramp begins.
SHARE = 0.1
POINTS_PER_DECADE = 60
# Times are drawn from this share of the time at which the first ramp begins.
FIRST = 0.2
# The number for the colour of a cycle is below all temperatures.
CYCLE = -1.0
# Temperatures that differ by less than this share of their range count as equal.
ALIKE = 1e-3


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study whose ramps change the temperature only: temperature, response."""
    isothermal = [point for points in results.values() for point in points if not is_driven(point)]
    return [
        curve
        for study, points in results.items()
        for point in points
        if _is_cycle(protocol_of(point))
        for curve in _of_point(f"{study}, {_course_in_short(point)}", point, isothermal)
    ]


def _is_cycle(protocol: Protocol) -> bool:
    return bool(protocol.ramps) and not protocol.has_field()


def _course_in_short(point: xr.Dataset) -> str:
    """The temperatures of a run one after another, which tell apart the cycles of a study."""
    return "$T=" + r" \to ".join(f"{T:g}" for T, _ in protocol_of(point).stages()) + "$"


def _of_point(panel: str, point: xr.Dataset, isothermal: list[xr.Dataset]) -> list[Curve]:
    protocol = protocol_of(point)
    begin, end = protocol.ramps[0].begin, float(point.time[-1])
    lag = SHARE * begin
    if end <= begin:
        return []
    time = np.geomspace(
        FIRST * begin, end, 2 + int(POINTS_PER_DECADE * np.log10(end / (FIRST * begin)))
    )
    temperature = np.array([protocol.temperature_at(one) for one in time])
    beside = list(_beside(panel, point, isothermal, time, lag))
    missing = {T for T, _ in protocol.stages()} - {curve.colour for curve in beside}
    model = f"Energies at the overlap $q$ have the covariance {formula(model_of(point))}."
    note = f"{model} {_protocol_in_words(protocol)}"
    if missing:
        texts = " or ".join(f"$T={T:g}$" for T in sorted(missing))
        note += f" No run stays at {texts}, so that nothing can be compared there."
    course = Curve(panel + COURSE, SOLUTION, "", time, temperature, None, CYCLE, note=note)
    label = rf"cycle, $\tau={lag:g}$"
    cycle = Curve(panel, SOLUTION, label, time, _response(point, time, lag), None, CYCLE)
    # The cycle is drawn over the other runs, from which it departs.
    return [course, *beside, cycle]


def _beside(
    panel: str, point: xr.Dataset, isothermal: list[xr.Dataset], time: Values, lag: float
) -> Iterator[Curve]:
    """Runs with the start and one of the temperatures of a cycle, the hottest first."""
    start = temperatures_of(point)[1]
    for T in sorted({T for T, _ in protocol_of(point).stages()}, reverse=True):
        for other in isothermal:
            same = parameters_of(other)["model"] == parameters_of(point)["model"]
            if same and temperatures_of(other) == (T, start):
                within = time[time <= float(other.time[-1])]
                line = _response(other, within, lag)
                yield Curve(panel, SOLUTION, f"$T={T:g}$ throughout", within, line, None, T)
                break


def _protocol_in_words(protocol: Protocol) -> str:
    """The course of the temperature as a sentence."""
    first = protocol.T
    parts = [f"The temperature is $T = {first:g}$ at first"]
    before = first
    for ramp, (T, _) in zip(protocol.ramps, protocol.stages()[1:], strict=True):
        verb = "raised" if before < T else "lowered"
        back = "back " if first == T else ""
        parts.append(f"is {verb} {back}to ${T:g}$ from $t = {ramp.begin:g}$ to ${ramp.end:g}$")
        before = T
    return ", ".join(parts[:-1]) + f" and {parts[-1]}, smoothly in $\\ln t$."


def _response(point: xr.Dataset, time: Values, lag: float) -> Values:
    return integrated_response(point, time, time - lag)


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each cycle."""
    figure, axes = draw_panels(curves)
    changed = {
        curve.panel.removesuffix(COURSE): _changed(curve)
        for curve in curves
        if curve.panel.endswith(COURSE)
    }
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$ (Langevin)")
        response = r"response to a recent field $\chi(t, t-\tau)$"
        one.set(ylabel="temperature $T$" if name.endswith(COURSE) else response)
        for begin, end in changed.get(name.removesuffix(COURSE), []):
            one.axvspan(begin, end, color="0.9", linewidth=0.0, zorder=0)
    return figure


def _changed(course: Curve) -> list[tuple[float, float]]:
    """The intervals in which the temperature differs from the first one."""
    differs = np.abs(course.y - course.y[0]) > ALIKE * np.ptp(course.y)
    steps = np.diff(np.concatenate([[0], differs.astype(int), [0]]))
    begins, ends = np.flatnonzero(steps > 0), np.flatnonzero(steps < 0)
    return list(
        zip(
            course.x[begins].tolist(),
            course.x[np.minimum(ends, course.x.size - 1)].tolist(),
            strict=True,
        )
    )
