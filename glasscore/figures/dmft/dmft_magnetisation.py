"""Magnetisation of spherical p-spin models in a field of any strength, divided by the field.

Where the campaign also has a run of the same model, start and constant temperature without a field,
the dashed line is what linear response predicts from that run for the same course of the field. For
p = 2 in a constant field, a solid line marks the magnetisation in equilibrium at late times.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import linear_magnetisation
from glasscore.figures.dmft.dmft_energy import (
    indices_even_in_log_time,
    is_driven,
    protocol_of,
    quench_colour,
    quench_text,
    state_in_field,
    temperatures_of,
)
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of
from glasscore.models.covariance import Values

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
LINE_POINTS = 200
LINEAR, LIMIT = "linear response", "equilibrium"
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
    field = protocol_of(point).strongest_field()
    shown = point.isel(time=indices_even_in_log_time(point.time.values))
    time, colour = shown.time.values, quench_colour(point)
    found = [
        Curve(
            panel,
            "data",
            quench_text(point),
            time,
            shown.magnetisation.values / field,
            shown.magnetisation_error_estimate.values / abs(field),
            colour,
        )
    ]
    line = np.geomspace(time[0], time[-1], LINE_POINTS)
    state = state_in_field(point)
    if state is not None:
        late = line >= time[0] * (time[-1] / time[0]) ** LATE
        level = np.full(np.count_nonzero(late), state.magnetisation / field)
        found.append(Curve(panel, "theory", LIMIT, line[late], level, None, colour))
    return found + _linear(panel, point, still, line)


def _linear(panel: str, point: xr.Dataset, still: list[xr.Dataset], line: Values) -> list[Curve]:
    protocol = protocol_of(point)
    if {T for T, _ in protocol.stages()} != {protocol.T}:
        return []
    for other in still:
        same = parameters_of(other)["model"] == parameters_of(point)["model"]
        if same and temperatures_of(other) == temperatures_of(point):
            within = line[line <= float(other.time[-1])]
            answer = linear_magnetisation(other, protocol, within) / protocol.strongest_field()
            return [Curve(panel, "theory", LINEAR, within, answer, None, np.nan)]
    return []


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            xlabel="time $t$ (Langevin)",
            ylabel="magnetisation over field $m(t)/h$",
        )
        one.set_ylim(bottom=min(0.0, one.get_ylim()[0]))
    return figure
