r"""Density of trapping times in single configurations, multiplied by the expected power of time.

The density $\psi(\tau)$ is the share of trapping times per unit of $\tau$ in all runs of a size $N$
and a temperature $T$; its errors come from the scatter between independent disorder samples. It is
multiplied by $\tau^{1+x}$, where $x$ is the exponent that theory predicts for long times. A power
law with this exponent is therefore flat, and any other exponent is seen as a slope.

On the complete graph the times are those of visits. On the hypercube they are those of stays, in
which immediate returns are merged, because a deep configuration is mostly left only to be entered
again by the next move. A visit counts with its whole length, even if the run ends before it is
over; so visits may be longer than the run. Stays that are not over at the end of the run are not
counted, which makes long ones too rare; stays longer than 30 % of the run are not shown.

Times shorter than one attempt are not shown either. On both sides of its maximum, a density is
drawn as far as it is larger than twice its standard error. The last points before such an end are
too high on average, because those that fluctuate downwards are cut. Models with Gaussian energies
are missing here, because the density of their trapping times is no power law: its slope changes
with $\ln\tau$.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    above_noise,
    data_of_point,
    dynamics_parameters,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.theory import step_model, trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("trapping_times",)
ONLY = {"energies": ["exponential"]}
EXACT, LIMIT = r"exact, $N=\infty$", "law of many traps"
POWER, END = r"$\propto\tau^{-(1+x)}$", r"$t_\mathrm{max}$"
EXPLAINED = {
    "exact, $N": r"Solid lines are exact for infinitely many states, $N=\infty$, and for a run of "
    "this length. They are averaged over the bins of the points, and nothing is fitted.",
    "of many traps": "The law of many traps is exact for infinitely many of them. It is drawn "
    "up to one hundredth of the trapping time $2^{N/x}$ of the deepest of $2^N$ traps. Longer "
    "times become rare, because there are no deeper traps.",
    END: r"Dashed vertical lines mark $t_\mathrm{max}$, the length of the run.",
    POWER: r"Horizontal lines are the power law $\tau^{-(1+x)}$ that is expected for many states. "
    "Their height is not predicted, but fitted: it is the weighted mean of the points from $10^3$ "
    r"attempts to 3 % of $t_\mathrm{max}$. So only whether the points are flat is a test.",
}
# A density counts as larger than zero if it exceeds this number of standard errors.
FEWEST_ERRORS = 2.0
SHORTEST = 1.0
# Single attempts are visible below this time; above it only the tail of the traps is.
GUIDE_START = 1e3
# Stays end with the run, and trapping times of the step model are limited by the age of the system.
# Up to this share of the run both follow their power law.
SHARE_OF_RUN = 0.03
FEWEST_POINTS = 3
# The caption names power laws where data that obey them would fit as badly with a smaller
# probability, or where a fit finds an exponent that differs by more standard errors.
LEAST_PROBABILITY = 0.01
MOST_ERRORS = 3.0
# Stays longer than this share of the run are not shown, since many of them are not over at its end.
LONGEST_STAY = 0.3
# Finitely many traps follow the law of many up to this share of the time 2^(N/x) of the deepest.
SHARE_OF_DEEPEST = 0.01


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Densities of every study, each with a law where one is known, and the end of the run."""
    found = []
    for study, points in results_by_panel(results).items():
        shown = [curve for point in points for curve in _of_point(study, point)]
        found += [*shown, *_ends(study, points, shown, " ".join(_predictions(points)))]
        rejected = _rejections(points)
        if rejected:
            nothing = np.empty(0)
            found.append(Curve(study, "data", "", nothing, nothing, note=rejected))
    return found


def _of_point(study: str, point: xr.Dataset) -> list[Curve]:
    """A density with its law: exact on the complete graph, averaged over bins; else a power."""
    name = "trapping_time_density" if point.attrs["every_jump_forgets"] else "stay_density"
    longest = LONGEST_STAY * _length(point) if name == "stay_density" else np.inf
    time = point.trapping_time.values
    point = point.isel(trapping_time=(time >= SHORTEST) & (time <= longest))
    known = above_noise(point[name].values, point[f"{name}_error"].values, FEWEST_ERRORS)
    shown = point.isel(trapping_time=known)
    time = shown.trapping_time.values
    scale = time ** (1.0 + _exponent(point))
    density, error = (shown[each].values * scale for each in (name, f"{name}_error"))
    data = data_of_point(study, point, time, density, error)
    return [data, *_law(study, point, data, shown)]


def _exponent(point: xr.Dataset) -> float:
    """The exponent x of long times; above T_c it is T / T_c in all models."""
    x = trap_exponent(point)
    return 0.0 - step_model.visited_slope(x) if is_step_model(point) and x < 1 else x


def _law(study: str, point: xr.Dataset, data: Curve, shown: xr.Dataset) -> list[Curve]:
    x, time = trap_exponent(point), data.x
    lower, upper = shown.trapping_time_lower.values, shown.trapping_time_upper.values
    scale = time ** (1.0 + _exponent(point)) / (upper - lower)
    infinite = size_is_infinite(point)
    if has_exact_step_model_law(point) and infinite:
        end = _length(point)
        longer = [step_model.visits(end, x, edge) for edge in (lower, upper)]
        law = scale * (longer[0] - longer[1]) / step_model.visits(end, x)
        kept = law > 0
        return [theory_of_point(study, point, time[kept], law[kept], EXACT, exact=True)]
    if is_trap_model(point):
        law = scale * trap_model.trapping_time_probability(lower, upper, x)
        kept = upper <= SHARE_OF_DEEPEST * 2.0 ** (temperature_and_size(point)[1] / x)
        label = EXACT if infinite else LIMIT
        return [theory_of_point(study, point, time[kept], law[kept], label, infinite)]
    if _has_power(point):
        return [_power(study, point, data)]
    return []


def _has_power(point: xr.Dataset) -> bool:
    """Whether theory predicts an exponent, but not a law."""
    known = size_is_infinite(point) if is_step_model(point) else is_random_energy_model(point)
    return known and not has_exact_step_model_law(point) and 0 < trap_exponent(point) < 1


def _power(study: str, point: xr.Dataset, data: Curve) -> Curve:
    """A horizontal line at the mean height of the tail; empty if the tail has few points."""
    error = np.zeros(data.x.size) if data.error is None else np.nan_to_num(data.error)
    tail = (data.x > GUIDE_START) & (data.x < SHARE_OF_RUN * _length(point)) & (error > 0)
    if tail.sum() < FEWEST_POINTS:
        return theory_of_point(study, point, np.empty(0), np.empty(0), POWER)
    # Weights of logarithms do not depend on which way a point fluctuates.
    height = np.average(np.log(data.y[tail]), weights=(data.y[tail] / error[tail]) ** 2)
    return theory_of_point(study, point, data.x[tail], np.full(tail.sum(), np.exp(height)), POWER)


def _predictions(points: list[xr.Dataset]) -> Iterator[str]:
    """Sentences on the exponents that theory predicts."""
    if any(map(is_step_model, points)):
        cold = [point for point in points if trap_exponent(point) < 1]
        if cold:
            yield (
                r"Theory predicts $x=\max(0,\,2-T_c/T)$, where $T_c=1$ is the critical temperature "
                r"in units of $J$. This holds for $\tau\ll t_\mathrm{max}$: a state in which "
                r"visits last for $\tau$ is found only after a time of about $\tau$, so that a run "
                r"holds fewer long visits than the law. Points bend downwards before "
                r"$t_\mathrm{max}$ for this reason, the earlier the closer $T$ is to $T_c/2$."
            )
        if len(cold) < len(points):
            yield r"At $T\geq T_c=1$ the exponent is $x=T/T_c$."
    elif any(is_trap_model(point) or is_random_energy_model(point) for point in points):
        yield (
            "Theory predicts $x=T/T_c$, where $T_c=1$ is the critical temperature in units of $J$."
        )


def _rejection(point: xr.Dataset) -> str:
    """What a fit of the tail finds instead of the law; empty if it does not reject it."""
    name = "trapping_time_exponent" if point.attrs["every_jump_forgets"] else "stay_exponent"
    if name not in point:
        return ""
    x, error, probability = (float(point[name + end]) for end in ("", "_error", "_probability"))
    if probability < LEAST_PROBABILITY:
        return "no power law"
    if abs(x - _exponent(point)) > MOST_ERRORS * error:
        return f"$x={with_error(x, error)}$"
    return ""


def _rejections(points: list[xr.Dataset]) -> str:
    """A sentence on the power laws that are drawn although a fit does not agree with them."""
    found = []
    for point in filter(_has_power, points):
        T, N = temperature_and_size(point)
        if _rejection(point):
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            found.append(
                f"$N={size}$, $T={T:.4g}$ ({_rejection(point)} instead of "
                f"$x={_exponent(point):.3g}$)"
            )
    if not found:
        return ""
    return (
        "The data contradict horizontal lines where a maximum-likelihood fit of the tail finds an "
        "exponent more than three standard errors from $x$, or rejects every power law with a "
        f"probability below 1 %: at {'; '.join(found)}."
    )


def _length(point: xr.Dataset) -> float:
    """Length of the run in attempts, from the quench to its end."""
    return float(dynamics_parameters(point)["t_max"])


def _ends(study: str, points: list[xr.Dataset], shown: list[Curve], note: str) -> list[Curve]:
    """Vertical lines at the end of the runs, as high as the points."""
    drawn = np.concatenate([np.empty(0), *(curve.y[curve.y > 0] for curve in shown)])
    heights = np.array([drawn.min(), drawn.max()]) if drawn.size else np.full(2, np.nan)
    return [
        Curve(study, "theory", END, np.full(2, length), heights, None, np.nan, note=note)
        for length in sorted({_length(point) for point in points})
    ]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            yscale="log",
            xlabel=r"trapping time $\tau$ (attempts)",
            ylabel=r"$\tau^{1+x}\,\psi(\tau)$ (attempts$^x$)",
        )
    return figure
