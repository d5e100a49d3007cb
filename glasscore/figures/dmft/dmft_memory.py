r"""Overlap with the initial state of a quench: whether the system forgets where it started.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $C(t, 0)$ is the overlap per spin of the
configuration at the time $t$ after the quench to the temperature $T$ with the initial one, which is
random, or in equilibrium at the temperature $T_0$ where a label names it. A line ends with the run,
or before where the overlap falls below the estimated numerical error of the solution. The exponent
$b = -d \ln C(t, 0) / d \ln t$ is measured between two times of the ratio $\sqrt{10}$, with $t$ in
their geometric middle. It tends to 0 if the system keeps its memory, is a constant if memory is
lost by a power law, and grows if it is lost faster.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from scipy.interpolate import CubicSpline

from glasscore.figures.dmft.dmft_energy import (
    has_two_spin_energy,
    indices_even_in_log_time,
    local_exponent,
    model_notes,
    model_of,
    quench_colour,
    quench_text,
    temperatures_of,
)
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory import spherical_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
TWO_SPIN, GUIDE = "exact, $p=2$", "exponent $3/4$"
EXPONENT = ": exponent"
# The exponent of long times is drawn where the later half of the decades begins so late.
LATE = 1e4
# A system with a smaller exponent may keep its memory.
REMEMBERED = 0.05
EXPLAINED = {
    TWO_SPIN: r"""The closed form of $p = 2$ after a quench from a random configuration to
a temperature below the transition is exact at all times (Cugliandolo and Dean 1995); at long times
it falls as $t^{-3/4}$.""",
    GUIDE: r"The exponent $3/4$ is that of $p = 2$ at long times.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel of overlaps for each study, and one of their local exponents."""
    overlaps = [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(study, point)
    ]
    exponents = [one for curve in overlaps for one in _exponent(curve)]
    found = [curve for curve in overlaps + exponents if curve.x.size]
    return [*found, *model_notes(results, found)]


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


def _exponent(curve: Curve) -> list[Curve]:
    """The local exponent of an overlap, and its limit where it is known."""
    if not curve.x.size:
        return []
    time = np.geomspace(curve.x[0], curve.x[-1], curve.x.size)
    overlap = np.exp(CubicSpline(np.log(curve.x), np.log(curve.y))(np.log(time)))
    at, exponent = local_exponent(time, overlap)
    panel = curve.panel + EXPONENT
    note = ""
    if "T_0" in curve.label and exponent.size and exponent[-1] > REMEMBERED:
        note = (
            f"The start of the run with {curve.label} is being forgotten at these times: at the "
            f"end $b = {exponent[-1]:.2f}$."
        )
    found = [curve._replace(panel=panel, x=at, y=exponent, exact=False, note=note)]
    late = at[[0, -1]] if at.size else at
    if curve.role == "theory" and late.size and late[-1] > LATE * late[0]:
        late = np.array([np.sqrt(late[0] * late[-1]), late[-1]])
        found.append(Curve(panel, "theory", GUIDE, late, np.full(2, 0.75), None, np.nan))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of overlaps, and a row of their exponents."""
    studies = {curve.panel for curve in curves if not curve.panel.endswith(EXPONENT)}
    columns = min(max(len(studies), 1), 4)
    figure, axes = draw_panels(
        curves, columns, lambda panel: panel.endswith(EXPONENT), dotted=(GUIDE,)
    )
    for name, one in axes.items():
        one.set(xscale="log", xlabel="time $t$")
        if name.endswith(EXPONENT):
            one.set(ylabel="exponent $b$")
            one.set_ylim(bottom=min(0.0, one.get_ylim()[0]))
        else:
            one.set(yscale="log", ylabel="overlap $C(t, 0)$")
    return figure
