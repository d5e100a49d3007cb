r"""Temperature cycles below the transition: whether cooling rejuvenates, and reheating remembers.

Lines are solutions of the mean-field equations for infinitely many spins, without statistical
errors. The first panel of each row shows the temperature $T$ in the course of the time $t$ since
the quench, and the second $\chi(t, t - \tau) = \int_{t-\tau}^t R(t, s)\,ds$, the response per spin
to a small field that was switched on at the fixed lag $\tau$ before $t$; $R$ is the response
function. The lag is a tenth of the time at which the temperature changes first: it is long beside
the fast relaxation, which does not age, and short beside the age. In an aging system $\chi$ falls
with the age, that is, the time since the quench, and it depends on $T$.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import (
    UNITS,
    in_all_panels,
    is_driven,
    model_of,
    protocol_of,
    temperatures_of,
)
from glasscore.figures.dmft.dmft_threshold import formula
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.extrapolation import ZERO
from glasscore.figures.drawing.page import draw_panels, share_limits
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values
from glasscore.theory.continuous_aging import continuous_aging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
COURSE, DIFFERENCE = ": temperature", ": difference"
ALONE = "only the time at this $T$ counts"
EXPLAINED = {
    COURSE: "Grey marks the times at which the temperature differs from the first one.",
    ALONE: r"""The cycle is compared with runs of the same model that stay at one of its
temperatures. Where it lies on the solid line of its temperature, all of the time since the quench
has counted as age, whatever the temperature was (cumulative aging). Where it lies on the dashed
line, only the time spent at this temperature has counted: it is the same run, with $\chi$ at the
age $t'$ instead of $t$, where $t'$ is the time spent at this temperature so far (between the
geometric middles of the changes). After cooling this is rejuvenation; after reheating it is memory,
since the system goes on from where cooling interrupted it. Experiments on spin glasses see
both.""",
    DIFFERENCE: r"""The last panel shows $\chi$ less that of the run that stays at the temperature
reached, once it is reached; the zero line is cumulative aging.""",
}
# The field has been on for this time, in units of the time at which the first ramp begins.
SHARE = 0.1
POINTS_PER_DECADE = 60
# Times are drawn from this share of the time at which the first ramp begins.
FIRST = 0.2
# Cycles are black, as no temperature is.
CYCLE = np.inf
# An effect is absent or full if it is smaller, or differs from the full one by less, than this.
CLEAR = 0.25
# Temperatures that differ by less than this share of their range count as equal.
ALIKE = 1e-3


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row for each study whose ramps change the temperature only.

    Its panels show temperature, response, and the difference of the response from those of runs
    that stay at one temperature.
    """
    isothermal = [point for points in results.values() for point in points if not is_driven(point)]
    found = [
        curve
        for study, points in results.items()
        for point in points
        if _is_cycle(protocol_of(point))
        for curve in _of_point(f"{study}, {_course_in_short(point)}", point, isothermal)
    ]
    return [*found, *in_all_panels(UNITS, found)]


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
    runs = _beside(point, isothermal)
    beside = [_throughout(panel, run, T, time, lag) for T, run in runs.items()]
    missing = {T for T, _ in protocol.stages()} - set(runs)
    model = rf"The covariance of the energies is $N f(q)$ with {formula(model_of(point))}."
    note = f"{model} {_protocol_in_words(protocol)}"
    if missing:
        texts = " or ".join(f"$T={T:g}$" for T in sorted(missing))
        note += f" No run stays at {texts}, so that nothing can be compared there."
    course = Curve(panel + COURSE, SOLUTION, "", time, temperature, None, CYCLE, note=note)
    label = rf"cycle, $\tau={lag:g}$"
    cycle = Curve(panel, SOLUTION, label, time, _response(point, time, lag), None, CYCLE)
    stages = [stage for stage in _stages(protocol, end) if stage.T in runs]
    alone = [curve for stage in stages for curve in _alone(panel, stage, runs[stage.T], lag)]
    apart, said = [], []
    for stage in stages:
        of_stage, sentence = _apart(panel + DIFFERENCE, stage, point, runs[stage.T], lag)
        apart += of_stage
        said.append(sentence)
    if apart:
        said.append(_expected(point))
        apart[0] = apart[0]._replace(note=" ".join(filter(None, said)))
    # The cycle is drawn over the other runs, from which it departs.
    return [course, *beside, *alone, cycle, *apart]


def _beside(point: xr.Dataset, isothermal: list[xr.Dataset]) -> dict[float, xr.Dataset]:
    """Runs with the start of a cycle at each of its temperatures, the hottest first."""
    start = temperatures_of(point)[1]
    found: dict[float, xr.Dataset] = {}
    for T in sorted({T for T, _ in protocol_of(point).stages()}, reverse=True):
        for other in isothermal:
            same = parameters_of(other)["model"] == parameters_of(point)["model"]
            if same and temperatures_of(other) == (T, start):
                found.setdefault(T, other)
    return found


def _throughout(panel: str, run: xr.Dataset, T: float, time: Values, lag: float) -> Curve:
    within = time[time <= float(run.time[-1])]
    label = f"$T={T:g}$ throughout"
    return Curve(panel, SOLUTION, label, within, _response(run, within, lag), None, T)


class Stage(NamedTuple):
    """A time at a constant temperature after a change.

    Attributes
    ----------
    T
        The temperature.
    time
        Times from the end of the change to the begin of the next one.
    age
        At these times, the time spent at T so far, counted from middle to middle of the changes.
    returns
        Whether the system was at this temperature before.
    """

    T: float
    time: Values
    age: Values
    returns: bool


def _stages(protocol: Protocol, end: float) -> list[Stage]:
    """The stages of a protocol after its first one, as far as a run shows them."""
    middles = [0.0, *(float(np.sqrt(ramp.begin * ramp.end)) for ramp in protocol.ramps)]
    temperatures = [T for T, _ in protocol.stages()]
    begins = [*(ramp.begin for ramp in protocol.ramps[1:]), end]
    found = []
    for number, (ramp, last) in enumerate(zip(protocol.ramps, begins, strict=True), start=1):
        T, last = temperatures[number], min(last, end)
        if last <= ramp.end:
            continue
        spent = sum(middles[k + 1] - middles[k] for k in range(number) if temperatures[k] == T)
        count = 2 + int(POINTS_PER_DECADE * np.log10(last / ramp.end))
        time = np.geomspace(ramp.end, last, count)
        age = time - middles[number] + spent
        found.append(Stage(T, time, age, T in temperatures[:number]))
    return found


def _alone(panel: str, stage: Stage, run: xr.Dataset, lag: float) -> list[Curve]:
    """The response if nothing but the time at the temperature of a stage counts."""
    known = (stage.age > lag) & (stage.age <= float(run.time[-1]))
    if not known.any():
        return []
    line = _response(run, stage.age[known], lag)
    return [Curve(panel, "theory", ALONE, stage.time[known], line, None, stage.T)]


def _apart(
    panel: str, stage: Stage, point: xr.Dataset, run: xr.Dataset, lag: float
) -> tuple[list[Curve], str]:
    """Differences from the run at the temperature of a stage, and what they say."""
    known = (stage.age > lag) & (stage.time <= float(run.time[-1]))
    if not known.any():
        return [], ""
    time, throughout = stage.time[known], _response(run, stage.time[known], lag)
    cycle = _response(point, time, lag) - throughout
    alone = _response(run, stage.age[known], lag) - throughout
    lines = [
        Curve(panel, "theory", ALONE, time, alone, None, stage.T),
        Curve(panel, SOLUTION, rf"cycle, $\tau={lag:g}$", time, cycle, None, CYCLE),
    ]
    share = float(cycle[0] / alone[0])
    verdict = _verdict(share, "memory" if stage.returns else "rejuvenation")
    return lines, (
        f"When $T = {stage.T:g}$ is reached, at $t = {time[0]:g}$, the cycle is ${cycle[0]:+.4f}$ "
        f"from the run at this temperature, ${share:.2f}$ of the ${alone[0]:+.4f}$ that it would "
        f"be if only the time at this temperature counted: {verdict}."
    )


def _verdict(share: float, effect: str) -> str:
    """What a share of the difference says about an effect whose absence is 0, and presence 1."""
    if share < CLEAR:
        other = "; the changes have an effect of the other sign" if share < -CLEAR else ""
        return f"there is no {effect}{other}"
    if share < 1 - CLEAR:
        return f"there is partial {effect}"
    if share < 1 + CLEAR:
        return f"there is full {effect}"
    return f"it lies beyond full {effect}, so that the changes have another effect besides"


def _expected(point: xr.Dataset) -> str:
    """What is expected of a model, as a sentence."""
    powers = model_of(point).exponents
    if powers.size == 1 and powers[0] > 2:
        return (
            "A pure model with $p > 2$ has a single time scale of aging, and is not expected to "
            "age anew when it is cooled (Cugliandolo and Kurchan, cond-mat/9812229)."
        )
    coldest = min(T for T, _ in protocol_of(point).stages())
    law = continuous_aging(model_of(point), coldest) if powers[-1] > 2 else None
    if law is None:
        return ""
    if law.end == law.plateau:
        return (
            "Where replica symmetry breaks continuously, both are expected of long times "
            "(Cugliandolo and Kurchan, cond-mat/9812229)."
        )
    return (
        "Both are expected of long times where replica symmetry breaks continuously (Cugliandolo "
        f"and Kurchan, cond-mat/9812229). At $T = {coldest:g}$ it does so for overlaps up to "
        f"{law.end:.2f} alone, and in one step from there to the plateau at {law.plateau:.2f}, so "
        "that little of either can be expected here."
    )


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
    """A row of panels for each cycle."""
    figure, axes = draw_panels(curves, 3, _cycle_of)
    changed = {
        _cycle_of(curve.panel): _changed(curve)
        for curve in curves
        if curve.panel.endswith(COURSE) and curve.x.size
    }
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$")
        if name.endswith(COURSE):
            one.set_ylabel("temperature $T$")
        elif name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel(r"difference of $\chi(t, t-\tau)$")
        else:
            one.set_ylabel(r"response $\chi(t, t-\tau)$")
        for begin, end in changed.get(_cycle_of(name), []):
            one.axvspan(begin, end, color="0.9", linewidth=0.0, zorder=0)
    share_limits(list(axes.values()), "x")
    for is_difference in (False, True):
        alike = [
            one
            for name, one in axes.items()
            if not name.endswith(COURSE) and name.endswith(DIFFERENCE) is is_difference
        ]
        share_limits(alike, "y")
    return figure


def _cycle_of(panel: str) -> str:
    """The name of the cycle that a panel is about."""
    return panel.removesuffix(COURSE).removesuffix(DIFFERENCE)


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
