r"""Magnetisation of spherical p-spin models in fields of several strengths, and linear response.

Lines are solutions of the mean-field equations for infinitely many spins, without statistical
errors; each ends with its run. $m(t)$ is the magnetisation per spin at the time $t$ after the
quench to the temperature $T$, and $h$ is the largest strength of the field. As long as the response
is linear, the lines of $m/h$ for all $h$ fall on one.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import linear_magnetisation
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import (
    OF_FIELD,
    UNITS,
    aging_law,
    in_all_panels,
    indices_even_in_log_time,
    is_driven,
    model_of,
    protocol_of,
    state_in_field,
    temperatures_of,
    tex,
)
from glasscore.figures.dmft.dmft_threshold import formula
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.extrapolation import ZERO
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED, SHORT_DASHES
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values
from glasscore.theory.spherical_pspin import Aging, aging_field, dynamical_transition

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
DIFFERENCE = ": difference"
LINEAR, LIMIT = "linear response", "equilibrium"
LINEAR_LIMIT = r"linear response, $t \to \infty$"
ON = r"t_{\rm on}"
STYLES = {LIMIT: SHORT_DASHES, LINEAR_LIMIT: DOTTED}
EXPLAINED = {
    ON: r"""Time is counted from $t_{\rm on}$, at which the field begins to act, or begins to change
if it acts from the quench on.""",
    LINEAR: r"""Linear response, $\chi_{\rm lin}$, is $m/h$ to first order in $h$. It is computed
from the response function of a run of the same model, start and constant temperature without a
field, for the same course of the field.""",
    DIFFERENCE: r"""What the field changes beyond linear response, $m/h - \chi_{\rm lin}$, begins in
the order $h^2$, since $m$ is odd in $h$. It is divided by $h^2$: the lines of all $h$ fall on one
where this order is all, and differ where higher orders matter. They are drawn where numerical
errors are below 0.1.""",
    LINEAR_LIMIT: r"""The dotted line is the limit of $\chi_{\rm lin}$ for pure models that age, the
integrated response at $C = 0$: $(1 - q_{\rm EA})/T + X q_{\rm EA}/T$, with the plateau $q_{\rm EA}$
and the fluctuation-dissipation ratio $X$ of aging (Cugliandolo and Kurchan 1993).""",
    LIMIT: r"""The magnetisation in equilibrium is known for $p = 2$, which a constant field brings
to equilibrium; it is drawn at late times, where it should be reached.""",
    "$T_0=": "$T_0$ is the temperature of the start.",
}
# Lines of limits begin after this share of the run's decades.
LATE = 0.6
# The largest numerical error of what is drawn beyond linear response.
LARGEST_ERROR = 0.1
# Lines that differ by less than this share are said to coincide; earlier values are small.
ALIKE, EARLIEST = 0.1, 1.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each title, start, temperature and time of the field: m / h, and differences.

    Differences are those from linear response.
    """
    still = [point for points in results.values() for point in points if not is_driven(point)]
    found: dict[str, list[Curve]] = {}
    for study, points in results.items():
        for point in points:
            if protocol_of(point).has_field():
                panel = f"{study}, {_conditions(point)}"
                _add(found.setdefault(panel, []), _of_point(panel, point, still))
    drawn = [
        curve
        for some in found.values()
        for curve in sorted(_collapsed(some), key=lambda curve: curve.panel.endswith(DIFFERENCE))
    ]
    return [*drawn, *in_all_panels(f"{UNITS} {OF_FIELD}", drawn)]


def _collapsed(curves: list[Curve]) -> list[Curve]:
    """Curves with a note at the first difference on whether differences of several h collapse."""
    apart = sorted(
        (curve for curve in curves if curve.panel.endswith(DIFFERENCE) and curve.x.size),
        key=lambda curve: curve.colour,
    )
    if len(apart) < 2:
        return curves
    weak, strong = apart[:2]
    begin, end = (
        max(EARLIEST, weak.x[0], strong.x[0]),
        min(weak.x[-1], strong.x[-1]),
    )
    if end <= begin:
        return curves
    values = ", ".join(f"${np.interp(end, one.x, one.y):.3g}$ ({one.label})" for one in apart)
    time = weak.x[(weak.x >= begin) & (weak.x <= end)]
    first, second = (np.interp(time, one.x, one.y) for one in (weak, strong))
    differ = np.flatnonzero(np.abs(second - first) > ALIKE * np.abs(first))
    until = (
        "at all times"
        if not differ.size
        else "nowhere behind $t = 1$"
        if differ[0] == 0
        else f"up to $t = {tex(float(time[differ[0] - 1]))}$"
    )
    note = (
        f"At $t = {tex(end)}$ the values are {values}. The two weakest fields agree within a tenth "
        f"{until}."
    )
    return [one._replace(note=note) if one is weak else one for one in curves]


def _add(kept: list[Curve], new: list[Curve]) -> None:
    """Add curves, but no law that is there already."""
    for curve in new:
        known = [one for one in kept if (one.panel, one.label) == (curve.panel, curve.label)]
        if curve.label not in (LINEAR, LINEAR_LIMIT) or not any(
            one.y.shape == curve.y.shape and np.allclose(one.y, curve.y) for one in known
        ):
            kept.append(curve)


def _conditions(point: xr.Dataset) -> str:
    """Start, temperature and time of the field, as a part of a title."""
    T, start = temperatures_of(point)
    begin = _begin(protocol_of(point))
    texts = [
        *([] if start in (T, np.inf) else [f"$T_0={start:g}$"]),
        f"$T={T:g}$",
        *([f"$t_{{\\rm on}}={begin:g}$"] if begin > 0 else []),
    ]
    return ", ".join(texts)


def _of_point(panel: str, point: xr.Dataset, still: list[xr.Dataset]) -> list[Curve]:
    protocol = protocol_of(point)
    field, begin = protocol.strongest_field(), _begin(protocol)
    late = point.isel(time=point.time.values > begin)
    elapsed = late.assign_coords(time=late.time - begin)
    shown = elapsed.isel(time=indices_even_in_log_time(elapsed.time.values))
    time, colour = shown.time.values, abs(field)
    label, values = f"$h={field:.3g}$", shown.magnetisation.values / field
    whole = Curve(panel, SOLUTION, label, time, values, None, colour, note=_in_words(point))
    found = [whole]
    state = state_in_field(point)
    if state is not None:
        level = np.full(2, state.magnetisation / field)
        ends = np.array([time[0] * (time[-1] / time[0]) ** LATE, time[-1]])
        found.append(Curve(panel, "theory", LIMIT, ends, level, None, colour))
    run = _without_field(point, still)
    if run is None:
        return found
    law = _linear(run, protocol, time)
    x = time[: law.size]
    found.append(Curve(panel, "theory", LINEAR, x, law, None, np.nan))
    limit = aging_law(run)
    if isinstance(limit, Aging) and protocol.T > 0:
        final = protocol.stages()[-1][1] / field
        level = np.full(2, final * ((1 - limit.plateau) + limit.violation * limit.plateau))
        ends = np.array([x[0] * (x[-1] / x[0]) ** LATE, x[-1]])
        found.append(Curve(panel, "theory", LINEAR_LIMIT, ends, level / protocol.T, None, np.nan))
    beyond = (values[: law.size] - law) / field**2
    error = shown.magnetisation_error_estimate.values[: law.size] / abs(field)
    error = (error + run.attrs["correlation_error_estimate"]) / field**2
    seen = error < LARGEST_ERROR
    found.append(whole._replace(panel=panel + DIFFERENCE, x=x[seen], y=beyond[seen], note=""))
    return found


def _without_field(point: xr.Dataset, still: list[xr.Dataset]) -> xr.Dataset | None:
    """The run of the same model, start and constant temperature without a field."""
    protocol = protocol_of(point)
    if {T for T, _ in protocol.stages()} != {protocol.T}:
        return None
    for other in still:
        same = parameters_of(other)["model"] == parameters_of(point)["model"]
        if same and temperatures_of(other) == temperatures_of(point):
            return other
    return None


def _linear(run: xr.Dataset, protocol: Protocol, elapsed: Values) -> Values:
    """Linear response at the first times behind the field's begin, up to the last known one."""
    begin = _begin(protocol)
    within = elapsed[begin + elapsed <= float(run.time[-1])]
    answer = linear_magnetisation(run, protocol, begin + within)
    return np.asarray(answer / protocol.strongest_field())


def _in_words(point: xr.Dataset) -> str:
    """The model and the course of the field as sentences."""
    protocol = protocol_of(point)
    model = rf"The covariance of the energies is $N f(q)$ with {formula(model_of(point))}."
    return " ".join(filter(None, [model, course_of_field(protocol), _on_aging(point)]))


def _on_aging(point: xr.Dataset) -> str:
    """Up to which constant field a pure model ages, as a sentence."""
    model, (T, start) = model_of(point), temperatures_of(point)
    protocol = protocol_of(point)
    ages = dynamical_transition(model).temperature
    if protocol.ramps or model.exponents.size > 1 or not T < ages < start:
        return ""
    largest = aging_field(model, T)
    if largest == 0:
        return ""
    return (
        rf"By marginal stability it ages in constant fields below $h = {largest:.3f}$; in stronger "
        "ones it comes to equilibrium."
    )


def course_of_field(protocol: Protocol) -> str:
    """The course of the field as a sentence."""
    before, changes = protocol.field, []
    for ramp, (_, after) in zip(protocol.ramps, protocol.stages()[1:], strict=True):
        if after != before:
            to = "0" if after == 0 else "$h$" if after == protocol.strongest_field() else None
            to = to or f"${after / protocol.strongest_field():.3g}\\,h$"
            changes.append(f"to {to} from $t = {ramp.begin:g}$ to ${ramp.end:g}$")
        before = after
    if not changes:
        return "The field $h$ acts from the quench on and stays constant."
    return f"The field changes {' and '.join(changes)}, smoothly in $\\ln t$."


def _begin(protocol: Protocol) -> float:
    """The time at which the field first changes, 0 if it stays constant."""
    fields = [protocol.field, *(field for _, field in protocol.stages()[1:])]
    changes = zip(protocol.ramps, fields[1:], fields[:-1], strict=True)
    return next((ramp.begin for ramp, after, before in changes if after != before), 0.0)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves, styles=STYLES)
    for name, one in axes.items():
        one.set(xscale="log", xlabel=rf"time $t - {ON}$" if ON in name else "time $t$")
        if name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel(r"$(m/h - \chi_{\rm lin})/h^2$")
        else:
            one.set_ylabel("magnetisation $m(t)/h$")
            one.set_ylim(bottom=min(0.0, one.get_ylim()[0]))
    return figure
