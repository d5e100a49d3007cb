"""The linear model: response and correlation, in frequency and in time.

Lines are closed forms. Points solve Dyson's equation numerically: by iteration at each frequency,
and step by step in time by convolution quadrature. The legend says how far the points lie from the
lines at most. Power laws are drawn beside the curve of the critical r_0.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dyson.linear_model import critical_coefficient
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("linear_model",)
RESPONSE, SPECTRUM, TIME, DECAY = ": response", ": spectrum", ": time", ": decay"
EVERY = 5
# Guides cover this share of a curve's points, at this height relative to the curve.
GUIDE, OFFSET = 0.3, 0.6


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Four panels for each study: G and C by frequency, then G and C by time."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for part in (_response, _spectrum, _time, _decay)
        for curve in part(study, one)
    ]


def _response(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + RESPONSE, []
    deviation = float(
        np.hypot(
            one.iterated_response_real - one.response_real,
            one.iterated_response_imaginary - one.response_imaginary,
        ).max()
    )
    few = one.isel(frequency=slice(None, None, EVERY))
    for r0 in one.r0.values:
        at = {"r0": r0}
        for part, style in (("real", 0), ("imaginary", 1)):
            label = f"$r_0={r0:g}$" if style == 0 else ""
            found.append(
                line(panel, label, one.frequency, one[f"response_{part}"].sel(at), r0, style)
            )
            values = few[f"iterated_response_{part}"].sel(at)
            note = _note("iterated", deviation) if r0 == one.r0[0] and style == 0 else ""
            found.append(points(panel, note, few.frequency, values, None, r0, style))
    return found


def _spectrum(study: str, one: xr.Dataset) -> list[Curve]:
    if one["T"].values[-1] == 0:
        return []
    panel, found = study + SPECTRUM, []
    few = one.isel(frequency=slice(None, None, EVERY))
    ratio = one.iterated_correlation_spectrum / one.correlation_spectrum - 1
    for r0 in one.r0.values:
        for T in one["T"].values[-1:]:
            at = {"r0": r0, "T": T}
            label = f"$r_0={r0:g}$"
            found.append(line(panel, label, one.frequency, one.correlation_spectrum.sel(at), r0))
            values = few.iterated_correlation_spectrum.sel(at)
            note = _note("iterated", float(abs(ratio).max())) if r0 == one.r0[0] else ""
            found.append(points(panel, note, few.frequency, values, None, r0))
    return found + _guide(one, panel, r"$\omega^{-1/2}$", found[0], -0.5, False)


def _time(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + TIME, []
    deviation = float(abs(one.marched_response - one.response).max())
    few = one.isel(time=slice(None, None, 2))
    for r0 in one.r0.values:
        at = {"r0": r0}
        found.append(line(panel, f"$r_0={r0:g}$", one.time, one.response.sel(at), r0))
        error = few.marched_response_error_estimate.sel(at)
        seen = few.marched_response.sel(at) > 2 * error
        note = _note("marched", deviation) if r0 == one.r0[0] else ""
        values = few.marched_response.sel(at)[seen]
        found.append(points(panel, note, few.time[seen], values, error[seen], r0))
    return found + _guide(one, panel, "$t^{-3/2}$", found[0], -1.5, True)


def _decay(study: str, one: xr.Dataset) -> list[Curve]:
    if one["T"].values[-1] == 0:
        return []
    panel, found = study + DECAY, []
    for r0 in one.r0.values:
        for T in one["T"].values[-1:]:
            values = one.correlation.sel(r0=r0, T=T)
            found.append(line(panel, f"$r_0={r0:g}$", one.time, values, r0))
    return found + _guide(one, panel, "$t^{-1/2}$", found[0], -0.5, True)


def _note(way: str, deviation: float) -> str:
    """Label of points: how they were computed, and how far from the lines any of them lies."""
    return f"{way}, to {deviation:.0e}"


def _guide(
    one: xr.Dataset, panel: str, label: str, first: Curve, exponent: float, late: bool
) -> list[Curve]:
    """A power law beside the first curve, if that is critical, at late times or low frequencies."""
    if not np.isclose(float(one.r0[0]), critical_coefficient(parameters_of(one)["J"])):
        return []
    x, y = first.x, first.y
    place = slice(-int(GUIDE * x.size), None) if late else slice(None, int(GUIDE * x.size))
    anchor = -1 if late else 0
    law = OFFSET * y[anchor] * (x[place] / x[anchor]) ** exponent
    return [line(panel, label, x[place], law, style=2)]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        if name.endswith(RESPONSE):
            one.set(xscale="log", yscale="log", xlabel=r"frequency $\omega$")
            one.set_ylabel(r"${\rm Re}\,G$ (–), ${\rm Im}\,G$ (- -)")
        elif name.endswith(SPECTRUM):
            one.set(xscale="log", yscale="log", xlabel=r"frequency $\omega$", ylabel=r"$C(\omega)$")
        else:
            label = "response $G(t)$" if name.endswith(TIME) else "correlation $C(t)$"
            one.set(xscale="log", yscale="log", xlabel="time $t$ (Langevin)", ylabel=label)
            one.set_ylim(1e-7, None)
    return figure
