r"""Overlap with the initial state of a quench: whether the system forgets where it started.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $C(t, 0)$ is the overlap per spin of the
configuration at the time $t$ after the quench to the temperature $T$ with the initial one, which is
random, or in equilibrium at the temperature $T_0$ where a label names it. A line ends with the run,
or before where the overlap falls below the estimated numerical error of the solution. The exponent
$b = -d \ln C(t, 0) / d \ln t$ is measured between two times of the ratio $\sqrt{10}$, with $t$ in
their geometric middle. The criterion is: $b \to 0$ if the system keeps its memory, $b$ tends to a
constant above 0 if memory is lost by a power law, and $b$ grows if it is lost faster. All panels of
a row have the same axes. Mixed models were concluded to keep a memory of a start in equilibrium
(Folena, Franz and Ricci-Tersenghi 2020), and even of a random one (Folena and Zamponi 2023).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from glasscore.figures.dmft.dmft_energy import (
    RATIO,
    has_two_spin_energy,
    indices_even_in_log_time,
    local_exponent,
    model_notes,
    model_of,
    quench_colour,
    quench_text,
    temperatures_of,
    tex,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels, share_limits
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
TWO_SPIN = "exact, $p=2$"
EXPONENT = ": exponent"
# An exponent is called constant if it changes by less than this in the last decade of t: at this
# rate it would need fifty decades or more to change by 0.1.
STEADY, DECADE = 2e-3, 10.0
# Verdicts are given on runs that are longer than this.
LONG = 1e3
EXPLAINED = {
    TWO_SPIN: r"""The closed form of $p = 2$ after a quench from a random configuration to
a temperature below the transition is exact at all times (Cugliandolo and Dean 1995); at long times
$b \to 3/4$.""",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel of overlaps for each study, and one of their local exponents."""
    overlaps = [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(study, point)
    ]
    exponents = [_exponent(curve) for curve in overlaps if curve.x.size]
    found = [curve for curve in overlaps + exponents if curve.x.size]
    return [*_with_verdicts(found, results), *model_notes(results, found)]


def _with_verdicts(found: list[Curve], results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Curves with a note at the first exponents of each study on how all of them end."""
    told: set[str] = set()
    with_notes = []
    for curve in found:
        study = curve.panel.removesuffix(EXPONENT)
        if curve.panel != study and study not in told:
            told.add(study)
            alike = [one for one in found if one.panel == curve.panel and one.role == SOLUTION]
            errors = [point.attrs["correlation_error_estimate"] for point in results[study]]
            said = [_verdict(one) for one in alike]
            end = min(one.y[-1] for one in found if one.panel == study)
            # Both overlaps that an exponent is made of have this error.
            error = 2 * max(errors) / (end * np.log(RATIO))
            said.append(f"Numerical errors change $b$ by less than ${tex(error, 1)}$.")
            said.append(_beside_the_closed_form([one for one in found if one.panel == study]))
            curve = curve._replace(note=" ".join(filter(None, said)))
        with_notes.append(curve)
    return with_notes


def _verdict(curve: Curve) -> str:
    """The last exponent of a run, how it has changed, and what this says about memory."""
    last = float(curve.y[-1])
    text = f"At the end of the run with {curve.label}, $b = {last:.3f}$"
    if curve.x[-1] < LONG:
        return f"{text}."
    change = last - float(np.interp(np.log(curve.x[-1] / DECADE), np.log(curve.x), curve.y))
    rate = f"${change:+.4f}$ in the last decade of $t$"
    if abs(change) < STEADY:
        return f"{text} is constant ({rate}), as if memory is lost by a power law."
    if change > 0:
        return (
            f"{text} grows ({rate}): no memory is seen to be kept, and whether $b$ tends to a "
            "constant is open."
        )
    return f"{text} falls ({rate}): whether it tends to 0 is open."


def _beside_the_closed_form(overlaps: list[Curve]) -> str:
    """The largest relative difference of a solution from the closed form, as a sentence."""
    exact = {curve.colour: curve for curve in overlaps if curve.role == "theory"}
    away = [
        float(np.abs(curve.y / exact[curve.colour].y - 1).max())
        for curve in overlaps
        if curve.role == SOLUTION and curve.colour in exact
    ]
    if not away:
        return ""
    return (
        "The overlap differs from the closed form by at most a share of "
        f"${tex(max(away), 1)}$ of it."
    )


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    shown = point.isel(time=indices_even_in_log_time(point.time.values))
    time = shown.time.values
    start = shown.correlation.sel(fraction=0.0).values
    # Where correlations have died out, what is left is the error of the solution.
    lost = np.flatnonzero(start <= point.attrs["correlation_error_estimate"])
    kept = slice(0, lost[0] if lost.size else time.size)
    label, colour = quench_text(point), quench_colour(point)
    found = [Curve(panel, SOLUTION, label, time[kept], start[kept], None, colour)]
    if has_two_spin_energy(point):
        T, coefficient = temperatures_of(point)[0], float(model_of(point).coefficients[0])
        # The dynamics is linear, so that random components decay as the response to a kick does.
        exact = spherical_pspin.two_spin_response(time[kept], 0.0, coefficient, T)
        found.append(Curve(panel, "theory", TWO_SPIN, time[kept], exact, None, colour, exact=True))
    return found


def _exponent(curve: Curve) -> Curve:
    """The local exponent of an overlap."""
    time = np.geomspace(curve.x[0], curve.x[-1], curve.x.size)
    overlap = np.exp(CubicSpline(np.log(curve.x), np.log(curve.y))(np.log(time)))
    at, exponent = local_exponent(time, overlap)
    return curve._replace(panel=curve.panel + EXPONENT, x=at, y=exponent, exact=False)


def draw(curves: list[Curve]) -> "Figure":
    """A row of overlaps, and a row of their exponents."""
    studies = {curve.panel for curve in curves if not curve.panel.endswith(EXPONENT)}
    columns = min(max(len(studies), 1), 4)
    figure, axes = draw_panels(curves, columns, lambda panel: panel.endswith(EXPONENT))
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$")
        if name.endswith(EXPONENT):
            one.set(ylabel="exponent $b$")
        else:
            one.set(yscale="log", ylabel="overlap $C(t, 0)$")
    share_limits(list(axes.values()), "x")
    for is_exponent in (False, True):
        alike = [one for name, one in axes.items() if name.endswith(EXPONENT) is is_exponent]
        share_limits(alike, "y")
        if is_exponent:
            for one in alike:
                one.set_ylim(bottom=min(0.0, one.dataLim.ymin))
    return figure
