r"""Overlap with the initial state of a quench: whether the system forgets where it started.

Lines are solutions of the mean-field equations for infinitely many spins, which are averages over
disorder and noise and have no statistical errors. $C(t, 0)$ is the overlap per spin of the
configuration at the time $t$ after the quench to the temperature $T$ with the initial one, which is
random, or in equilibrium at the temperature $T_0$ where a label names it; $h$ is the strength of a
field. A line ends where the overlap falls below the estimated numerical error of the solution. A
system that keeps its memory has a line that becomes horizontal; a straight line is a power law.
"""

from typing import TYPE_CHECKING

import xarray as xr

from glasscore.figures.dmft.dmft_energy import (
    has_two_spin_energy,
    indices_even_in_log_time,
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
TWO_SPIN = "exact, $p=2$"
EXPLAINED = {
    TWO_SPIN: r"""The closed form of $p = 2$ after a quench from a random configuration to
a temperature below the transition is exact at all times (Cugliandolo and Dean 1995); at long times
it falls as $t^{-3/4}$.""",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study."""
    return [
        curve
        for study, points in results.items()
        for point in points
        for curve in _of_point(study, point)
    ]


def _of_point(panel: str, point: xr.Dataset) -> list[Curve]:
    shown = point.isel(time=indices_even_in_log_time(point.time.values))
    time = shown.time.values
    start = shown.correlation.sel(fraction=0.0).values
    # Where correlations have died out, what is left is the error of the solution.
    kept = start > point.attrs["correlation_error_estimate"]
    label, colour = quench_text(point), quench_colour(point)
    found = [Curve(panel, SOLUTION, label, time[kept], start[kept], None, colour)]
    if has_two_spin_energy(point):
        T, coefficient = temperatures_of(point)[0], float(model_of(point).coefficients[0])
        # The dynamics is linear, so that random components decay as the response to a kick does.
        exact = spherical_pspin.two_spin_response(time[kept], 0.0, coefficient, T)
        found.append(Curve(panel, "theory", TWO_SPIN, time[kept], exact, None, colour, exact=True))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            yscale="log",
            xlabel="time $t$ (Langevin)",
            ylabel="overlap with the start $C(t, 0)$",
        )
    return figure
