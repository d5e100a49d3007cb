r"""Aging of spins: the overlap with an earlier configuration, for several waiting times.

The overlap is $q=\frac{1}{N}\sum_i s_i(t_w)s_i(t_w+t)$ for $N$ spins $s_i$, averaged over
independent samples of the disorder after a quench from infinite temperature. It is drawn against
the time $t$ since the waiting time $t_w$; both are counted in sweeps of $N$ attempted moves.
In equilibrium the overlap depends on $t$ alone, and points of all waiting times lie on one curve.
While the spins age, later waiting times give slower curves. If $t_w$ is the only time scale, points
against $t/t_w$ (right) lie on one curve. Large systems of p spins with p above 2 relax in
two steps below their dynamical transition $T_d$: quickly to a plateau, and from it in a time that
grows with $t_w$. Finite systems without a field and with an even number of spins in each coupling,
such as SK, have the same energy after all spins are flipped, so that their overlap falls to zero in
equilibrium. Points of one waiting time share samples and are correlated; thin lines join them. Of
several temperatures of a model the coldest and the hottest are shown.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.symbols import Symbols
from glasscore.figures.drawing.waiting_times import (
    label_of_waiting_time,
    nearest_waiting_time,
    on_waiting_times,
    waiting_times_in_sweeps,
)
from glasscore.theory.ising_pspin import dynamical_transition, static_transition

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {
    "graph": ["hypercube"],
    "energies": ["correlated", "number_partitioning", "pspin", "sk"],
}
SCALED = ": over the waiting time"
# The axis of overlaps begins here, or below.
LEAST = -0.02


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels for the coldest and the hottest temperature of each study, and for each alpha."""
    found = []
    for study, points in results.items():
        alphas = in_few_digits(_alpha(point) for point in points)
        for alpha, text in alphas.items():
            told = len(alphas) > 1 and np.isfinite(alpha)
            title = rf"{study}, $\alpha={text}$" if told else study
            found += _of_model(title, [point for point in points if _alpha(point) == alpha])
    return found


def _alpha(point: xr.Dataset) -> float:
    return float(landscape_of(point).get("alpha", np.inf))


def _of_model(title: str, points: list[xr.Dataset]) -> list[Curve]:
    texts = in_few_digits(temperature_and_size(point)[0] for point in points)
    found = []
    for T in sorted({min(texts), max(texts)}):
        alike = [point for point in points if temperature_and_size(point)[0] == T]
        panel = f"{title}, $T={texts[T]}$"
        sweeps = waiting_times_in_sweeps(alike)
        shown = [
            _overlap(panel, point, one, scaled)
            for scaled in (False, True)
            for one in sweeps
            for point in alike
        ]
        said = [on_transitions(alike[0], T), on_waiting_times(alike, sweeps)]
        shown[0] = shown[0]._replace(note=" ".join(filter(None, said)))
        found += shown
    return found


def on_transitions(point: xr.Dataset, T: float) -> str:
    """The temperature in units of those of the transitions, where these are known."""
    model = landscape_of(point)
    p = model.get("p", 2)
    if model["energies"] == "pspin" and p > 2:
        dynamical, static = (
            find(p).temperature for find in (dynamical_transition, static_transition)
        )
        return (
            f"$T={T / dynamical:.2f}\\,T_d$, where $T_d={dynamical:.3f}\\,J$; the static "
            f"transition is at {static:.3f} $J$ ($p={p}$, many spins)."
        )
    if model["energies"] in ("pspin", "sk") and model.get("field", 0.0) == 0.0:
        return f"$T={T:.2f}\\,T_c$, where $T_c=J$ for many spins."
    return ""


def _overlap(panel: str, point: xr.Dataset, sweeps: float, scaled: bool) -> Curve:
    """The overlap against the time, or against its ratio to the waiting time."""
    N, time = temperature_and_size(point)[1], nearest_waiting_time(point, sweeps)
    one = point.sel(waiting_time=time)
    one = one.isel(window=one.overlap.notnull().values)
    waited, size = label_of_waiting_time(sweeps), f"$N={N:g}$"
    later = one.window.values * (1.0 if scaled else time / N)
    panel = panel + SCALED if scaled else panel
    overlap, error = one.overlap.values, one.overlap_error.values
    return Curve(panel, "data", f"{size}, {waited}", later, overlap, error, sweeps, N, waited, size)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    inks = Symbols(curves)
    for curve in curves:
        axes[curve.panel].plot(curve.x, curve.y, color=inks.ink(curve), linewidth=0.5, zorder=2)
    for name, one in axes.items():
        label = "ratio $t/t_w$" if name.endswith(SCALED) else "time $t$ (sweeps)"
        one.set(xscale="log", xlabel=label, ylabel="overlap $q$")
        # All panels show the whole range, so that they can be compared.
        set_probability_limits(one, min(LEAST, one.get_ylim()[0]))
    return figure
