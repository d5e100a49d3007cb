r"""Aging of spins: the overlap with an earlier configuration, for several waiting times.

The overlap is $q=\frac{1}{N}\sum_i s_i(t_w)s_i(t_w+t)$ for $N$ spins $s_i$, averaged over
independent samples of the disorder. Left: against the time
$t$ since the waiting time $t_w$, both in sweeps of $N$ attempted moves, at the largest size. In
equilibrium the overlap depends on $t$ alone, and points of all waiting times lie on one curve.
While the spins age, later waiting times give slower curves. Middle: the same points against
$t/t_w$. If $t_w$ is the only time scale, they lie on one curve. Points of one waiting time share
samples and are correlated; thin lines join them. Of several temperatures of a model the coldest and
the hottest are shown.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import start_in_words
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
SCALED, SIZES = ": over the waiting time", ": sizes"
# Waiting times of the panel of sizes are nearest to this one, in sweeps.
WAITED_BY_SIZES = 100.0
# Times that are compared between the first and the last waiting time are this close, as logarithms.
CLOSE = 0.05
EXPLAINED = {
    SIZES: "Right: one waiting time at several sizes, against $t/t_w$, since recorded waiting "
    "times differ a little between sizes.",
}
MOST_ERRORS = 3.0
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
        largest = max(alike, key=lambda point: temperature_and_size(point)[1])
        by_time, by_ratio = (
            [_overlap(panel, largest, one, scaled) for one in sweeps] for scaled in (False, True)
        )
        said = [
            on_transitions(alike[0], T),
            _samples(alike),
            start_in_words(largest),
            on_waiting_times([largest], sweeps),
            _symmetry(largest),
        ]
        by_time[0] = by_time[0]._replace(note=" ".join(filter(None, said)))
        by_ratio[0] = by_ratio[0]._replace(note=_collapse(by_ratio))
        found += [*by_time, *by_ratio, *_sizes(panel, alike, sweeps)]
    return found


def _sizes(panel: str, points: list[xr.Dataset], sweeps: list[float]) -> list[Curve]:
    """The overlaps of all sizes after one waiting time."""
    if len(points) < 2:
        return []
    one = min(sweeps, key=lambda each: abs(np.log(each / WAITED_BY_SIZES)))
    found = [
        _overlap(panel, point, one, scaled=True)._replace(panel=panel + SIZES) for point in points
    ]
    found[0] = found[0]._replace(note=on_waiting_times(points, [one]))
    return found


def _samples(points: list[xr.Dataset]) -> str:
    """How many samples are averaged."""
    numbers = {int(point["samples"]) for point in points if "samples" in point}
    return f"Averages are over {max(numbers)} samples." if len(numbers) == 1 else ""


def _symmetry(point: xr.Dataset) -> str:
    """Whether all spins can be flipped at no cost, so that the overlap vanishes in equilibrium."""
    model = landscape_of(point)
    even = model["energies"] in ("sk", "number_partitioning") or (
        model["energies"] == "pspin" and model.get("p", 2) % 2 == 0
    )
    if not even or model.get("field", 0.0) != 0.0:
        return ""
    return (
        "Flipping all spins costs no energy here, so that the overlap of a finite system falls to "
        "zero in equilibrium."
    )


def _collapse(curves: list[Curve]) -> str:
    """Whether the overlaps of the first and the last waiting time agree at the same ratio."""
    first, last = curves[0], curves[-1]
    if len(curves) < 2 or first.error is None or last.error is None:
        return ""
    pairs = [
        (early, late)
        for early, x in enumerate(first.x)
        for late, y in enumerate(last.x)
        if abs(np.log(x / y)) < CLOSE
    ]
    if len(pairs) < 2:
        return ""
    (low, lower), (high, higher) = pairs[0], pairs[-1]
    change = [last.y[late] - first.y[early] for early, late in (pairs[0], pairs[-1])]
    error = [
        np.hypot(last.error[late], first.error[early]) for early, late in (pairs[0], pairs[-1])
    ]
    said = listed_in_words(
        [
            f"from ${with_error(first.y[early], first.error[early])}$ to "
            f"${with_error(last.y[late], last.error[late])}$ at $t/t_w={first.x[early]:g}$"
            for early, late in ((low, lower), (high, higher))
        ],
        "and",
    )
    text = f"From the first to the last waiting time $q$ changes {said}."
    if max(abs(one) / bar for one, bar in zip(change, error, strict=True) if bar > 0) < MOST_ERRORS:
        return f"{text} Within three standard errors of these changes the points lie on one curve."
    flatter = change[1] - change[0] > MOST_ERRORS * np.hypot(*error)
    end = ": later waiting times give flatter curves" if flatter else ""
    return f"{text} So the points do not lie on one curve{end}."


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
    """A row for each model and temperature: times, ratios, and sizes."""
    figure, axes = draw_panels(curves, columns=3, row_of=lambda name: name.partition(":")[0])
    inks = Symbols(curves)
    for curve in curves:
        axes[curve.panel].plot(curve.x, curve.y, color=inks.ink(curve), linewidth=0.5, zorder=2)
    for name, one in axes.items():
        label = "time $t$ (sweeps)" if ":" not in name else "ratio $t/t_w$"
        one.set(xscale="log", xlabel=label, ylabel="overlap $q$")
        # All panels show the whole range, so that they can be compared.
        set_probability_limits(one, min(LEAST, one.get_ylim()[0]))
    return figure
