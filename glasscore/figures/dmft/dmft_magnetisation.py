r"""Magnetisation of spherical p-spin models in a field of any strength, divided by the field.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $m(t)$ is the magnetisation per spin at the time
$t$ after the quench to the temperature $T$, and $h$ is the largest strength that the field has. The
time is counted from $t_{\rm on}$, at which the field begins to act or, where it acts from the
quench on, begins to change; $t_{\rm on} = 0$ if it stays constant. $T_0$ is the temperature of the
start if it is neither infinite nor $T$. If the response is linear, $m/h$ does not depend on $h$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import linear_magnetisation
from glasscore.dmft.protocol import Protocol
from glasscore.figures.dmft.dmft_energy import (
    indices_even_in_log_time,
    is_driven,
    protocol_of,
    quench_colour,
    quench_text,
    state_in_field,
    temperatures_of,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
LINEAR, LIMIT = "linear response", "equilibrium"
EXPLAINED = {
    LINEAR: r"""Linear response is the prediction to first order in $h$. It is computed from the
response function of a run of the same model, start and constant temperature without a field, for
the same course of the field, and is drawn where the campaign has such a run.""",
    LIMIT: r"""The magnetisation in equilibrium is known for $p = 2$, which a constant field brings
to equilibrium; it is drawn at late times, where it should be reached.""",
}
# The line of equilibrium begins after this share of the run's decades.
LATE = 0.6


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study with a field."""
    still = [point for points in results.values() for point in points if not is_driven(point)]
    return [
        curve
        for study, points in results.items()
        for point in points
        if protocol_of(point).has_field()
        for curve in _of_point(study, point, still)
    ]


def _of_point(panel: str, point: xr.Dataset, still: list[xr.Dataset]) -> list[Curve]:
    protocol = protocol_of(point)
    field, begin = protocol.strongest_field(), _begin(protocol)
    late = point.isel(time=point.time.values > begin)
    elapsed = late.assign_coords(time=late.time - begin)
    shown = elapsed.isel(time=indices_even_in_log_time(elapsed.time.values))
    time, colour = shown.time.values, quench_colour(point)
    values = shown.magnetisation.values / field
    found = [Curve(panel, SOLUTION, quench_text(point), time, values, None, colour)]
    if begin > 0:
        text = f"In the runs of this panel $t_{{\\rm on}} = {begin:g}$."
        found[0] = found[0]._replace(note=text)
    state = state_in_field(point)
    if state is not None:
        level = np.full(2, state.magnetisation / field)
        ends = np.array([time[0] * (time[-1] / time[0]) ** LATE, time[-1]])
        found.append(Curve(panel, "theory", LIMIT, ends, level, None, colour))
    return found + _linear(panel, point, still, time)


def _begin(protocol: Protocol) -> float:
    """The time at which the field first changes, 0 if it stays constant."""
    fields = [protocol.field, *(field for _, field in protocol.stages()[1:])]
    changes = zip(protocol.ramps, fields[1:], fields[:-1], strict=True)
    return next((ramp.begin for ramp, after, before in changes if after != before), 0.0)


def _linear(panel: str, point: xr.Dataset, still: list[xr.Dataset], elapsed: Values) -> list[Curve]:
    protocol = protocol_of(point)
    if {T for T, _ in protocol.stages()} != {protocol.T}:
        return []
    for other in still:
        same = parameters_of(other)["model"] == parameters_of(point)["model"]
        if same and temperatures_of(other) == temperatures_of(point):
            begin = _begin(protocol)
            within = elapsed[begin + elapsed <= float(other.time[-1])]
            answer = linear_magnetisation(other, protocol, begin + within)
            law = answer / protocol.strongest_field()
            return [Curve(panel, "theory", LINEAR, within, law, None, np.nan)]
    return []


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            xlabel=r"time $t - t_{\rm on}$ (Langevin)",
            ylabel="magnetisation $m(t)/h$",
        )
        one.set_ylim(bottom=min(0.0, one.get_ylim()[0]))
    return figure
