r"""Magnetisation of spherical p-spin models in fields of several strengths, and linear response.

Lines are solutions of the mean-field equations for infinitely many spins, without statistical
errors. $m(t)$ is the magnetisation per spin at the time $t$ after the quench to the temperature
$T$, and $h$ is the largest strength of the field. Time is counted from $t_{\rm on}$, at which the
field begins to act, or begins to change if it acts from the quench on; $t_{\rm on} = 0$ if it stays
constant. As long as the response is linear, the lines of all $h$ fall on one.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import linear_magnetisation
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import (
    indices_even_in_log_time,
    is_driven,
    model_of,
    protocol_of,
    state_in_field,
    temperatures_of,
)
from glasscore.figures.dmft.dmft_threshold import formula
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.extrapolation import ZERO
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
DIFFERENCE = ": difference"
LINEAR, LIMIT = "linear response", "equilibrium"
EXPLAINED = {
    LINEAR: r"""Linear response, $\chi_{\rm lin}$, is $m/h$ to first order in $h$. It is computed
from the response function of a run of the same model, start and constant temperature without a
field, for the same course of the field. $m/h - \chi_{\rm lin}$ is what the field changes beyond
linear response; where the campaign lacks such a run, it is not shown.""",
    LIMIT: r"""The magnetisation in equilibrium is known for $p = 2$, which a constant field brings
to equilibrium; it is drawn at late times, where it should be reached.""",
    "$T_0=": "$T_0$ is the temperature of the start.",
}
# The line of equilibrium begins after this share of the run's decades.
LATE = 0.6


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
    return [
        curve
        for some in found.values()
        for curve in sorted(some, key=lambda curve: curve.panel.endswith(DIFFERENCE))
    ]


def _add(kept: list[Curve], new: list[Curve]) -> None:
    """Add curves, but no law that is there already."""
    for curve in new:
        known = [one for one in kept if (one.panel, one.label) == (curve.panel, curve.label)]
        if curve.label != LINEAR or not any(
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
    law = _linear(point, still, time)
    if law is not None:
        x = time[: law.size]
        found += [
            Curve(panel, "theory", LINEAR, x, law, None, np.nan),
            whole._replace(panel=panel + DIFFERENCE, x=x, y=values[: law.size] - law, note=""),
        ]
    return found


def _in_words(point: xr.Dataset) -> str:
    """The model and the course of the field as sentences."""
    protocol = protocol_of(point)
    model = f"Energies at the overlap $q$ have the covariance {formula(model_of(point))}."
    before, changes = protocol.field, []
    for ramp, (_, after) in zip(protocol.ramps, protocol.stages()[1:], strict=True):
        if after != before:
            to = "0" if after == 0 else "$h$" if after == protocol.strongest_field() else None
            to = to or f"${after / protocol.strongest_field():.3g}\\,h$"
            changes.append(f"to {to} from $t = {ramp.begin:g}$ to ${ramp.end:g}$")
        before = after
    if not changes:
        return f"{model} The field acts from the quench on, so that $t_{{\\rm on}} = 0$."
    return f"{model} The field changes {' and '.join(changes)}, smoothly in $\\ln t$."


def _begin(protocol: Protocol) -> float:
    """The time at which the field first changes, 0 if it stays constant."""
    fields = [protocol.field, *(field for _, field in protocol.stages()[1:])]
    changes = zip(protocol.ramps, fields[1:], fields[:-1], strict=True)
    return next((ramp.begin for ramp, after, before in changes if after != before), 0.0)


def _linear(point: xr.Dataset, still: list[xr.Dataset], elapsed: Values) -> Values | None:
    """Linear response at the first times behind the field's begin, up to the last known one."""
    protocol = protocol_of(point)
    if {T for T, _ in protocol.stages()} != {protocol.T}:
        return None
    for other in still:
        same = parameters_of(other)["model"] == parameters_of(point)["model"]
        if same and temperatures_of(other) == temperatures_of(point):
            begin = _begin(protocol)
            within = elapsed[begin + elapsed <= float(other.time[-1])]
            answer = linear_magnetisation(other, protocol, begin + within)
            return np.asarray(answer / protocol.strongest_field())
    return None


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        one.set(xscale="log", xlabel=r"time $t - t_{\rm on}$ (Langevin)")
        if name.endswith(DIFFERENCE):
            one.axhline(0.0, **ZERO)
            one.set_ylabel(r"beyond linear response: $m/h - \chi_{\rm lin}$")
        else:
            one.set_ylabel("magnetisation $m(t)/h$")
            one.set_ylim(bottom=min(0.0, one.get_ylim()[0]))
    return figure
