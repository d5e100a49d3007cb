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

from collections.abc import Callable, Iterator
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
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.figures.traps.trap_exponents import OF_CHOICE
from glasscore.theory import step_model, trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("trapping_times",)
ONLY = {"energies": ["exponential"]}
EXACT, LIMIT = r"exact, $N=\infty$", "law of many traps"
POWER, END = r"$\propto\tau^{-(1+x)}$", r"$t_\mathrm{max}$"
# The name of a panel of stays has this after its title.
ALL_RETURN = ": stays"
# Studies of so many sizes have a panel for each temperature.
SEVERAL_SIZES = 2
# Smaller sizes are multiplied by this.
APART = 1.5
EXPLAINED = {
    "exact, $N": r"Solid lines are exact for infinitely many states, $N=\infty$, and for a run of "
    "this length. They are averaged over the bins of the points, and nothing is fitted.",
    "of many traps": "The law of many traps is exact for infinitely many of them. It is drawn "
    "up to one hundredth of the trapping time $2^{N/x}$ of the deepest of $2^N$ traps. Longer "
    "times become rare, because there are no deeper traps.",
    END: r"Dashed vertical lines mark $t_\mathrm{max}$, the length of the run.",
    POWER: r"Horizontal lines are the power law $\tau^{-(1+x)}$ that is expected for many states. "
    "Their height is not predicted, but fitted: it is the weighted mean of the points at which "
    "they are drawn. So only whether the points are flat is a test.",
    ALL_RETURN: r"Lines of the random energy model (REM) are drawn from $10^3$ attempts to 3 % of "
    r"$t_\mathrm{max}$. Each size is multiplied by 1.5 against the next larger one, to be seen "
    "apart; the largest is not multiplied.",
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
# Lines of the step model begin here, and end where the exact law under Metropolis's rule, in a run
# of this length, has fallen by this share.
STEP_START, LARGEST_FALL = 10.0, 0.1
EDGES_A_DECADE = 8
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
    for study, points in results_by_panel(results, SEVERAL_SIZES).items():
        panel = study if points[0].attrs["every_jump_forgets"] else study + ALL_RETURN
        sizes = sorted({temperature_and_size(point)[1] for point in points}, reverse=True)
        shown = [_multiplied(curve, sizes) for point in points for curve in _of_point(panel, point)]
        found += [*shown, *_ends(panel, points, shown, " ".join(_predictions(points)))]
        rejected = _rejections(points)
        if rejected:
            nothing = np.empty(0)
            found.append(Curve(panel, "data", "", nothing, nothing, note=rejected))
    return found


def _multiplied(curve: Curve, sizes: list[float]) -> Curve:
    """A curve that is multiplied by a factor for the rank of its size, the largest first."""
    factor = APART ** sizes.index(curve.marker)
    error = None if curve.error is None else curve.error * factor
    return curve._replace(y=curve.y * factor, error=error)


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
    start, end = _range_of_power(point)
    tail = (data.x > start) & (data.x < end) & (error > 0)
    if tail.sum() < FEWEST_POINTS:
        return theory_of_point(study, point, np.empty(0), np.empty(0), POWER)
    # Weights of logarithms do not depend on which way a point fluctuates.
    height = np.average(np.log(data.y[tail]), weights=(data.y[tail] / error[tail]) ** 2)
    return theory_of_point(study, point, data.x[tail], np.full(tail.sum(), np.exp(height)), POWER)


def _range_of_power(point: xr.Dataset) -> tuple[float, float]:
    """Where a power law is expected in a finite run."""
    length = _length(point)
    if not is_step_model(point):
        return GUIDE_START, SHARE_OF_RUN * length
    x = trap_exponent(point)
    if not step_model.LEAST_T <= x <= step_model.LARGEST_T:
        return STEP_START, SHARE_OF_RUN * length
    decades = np.log10(length / STEP_START)
    edges = STEP_START * 10.0 ** np.arange(0.0, decades, 1.0 / EDGES_A_DECADE)
    middle = np.sqrt(edges[1:] * edges[:-1])
    density = -np.diff(step_model.visits(length, x, edges)) / np.diff(edges)
    law = density * middle ** (1.0 + _exponent(point))
    fallen = np.flatnonzero(law < (1.0 - LARGEST_FALL) * law[0])
    return STEP_START, float(middle[fallen[0]] if fallen.size else middle[-1])


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
        if any(map(_has_power, points)):
            yield (
                "Lines are therefore drawn from 10 attempts to where the exact law under "
                "Metropolis's rule, in a run of this length, has fallen by 10 %. What points do "
                "later is not compared with a law."
            )
        if len(cold) < len(points):
            yield r"At $T\geq T_c=1$ the exponent is $x=T/T_c$."
    elif any(is_trap_model(point) or is_random_energy_model(point) for point in points):
        yield (
            "Theory predicts $x=T/T_c$, where $T_c=1$ is the critical temperature in units of $J$."
        )


def _rejection(point: xr.Dataset) -> str:
    """What a fit of the tail finds instead of the law; empty if it does not reject it."""
    name = _exponent_name(point)
    if name not in point:
        return ""
    x, error, probability = (float(point[name + end]) for end in ("", "_error", "_probability"))
    if probability < LEAST_PROBABILITY:
        return "no power law"
    error *= OF_CHOICE
    if abs(x - _exponent(point)) > MOST_ERRORS * error:
        return f"$x={with_error(x, error)}$"
    return ""


def _exponent_name(point: xr.Dataset) -> str:
    """Name of the exponent of the times that are shown."""
    return "trapping_time_exponent" if point.attrs["every_jump_forgets"] else "stay_exponent"


def _rejections(points: list[xr.Dataset]) -> str:
    """A sentence on the power laws that are drawn although a fit does not agree with them."""
    found = []
    for point in filter(_has_power, points):
        # In the step model the end of the run bends the tail where it is fitted.
        if is_step_model(point):
            continue
        T, N = temperature_and_size(point)
        if _rejection(point):
            size = r"\infty" if np.isinf(N) else f"{N:g}"
            found.append(
                f"$N={size}$, $T={T:.4g}$ ({_rejection(point)} instead of "
                f"$x={_exponent(point):.3g}$)"
            )
    fitted = [point for point in points if _has_power(point) and not is_step_model(point)]
    if not found and fitted and all(_exponent_name(point) in point for point in fitted):
        return (
            "Maximum-likelihood fits of the tails agree with $x$ within three standard errors, the "
            "choice of their range included."
        )
    if not found:
        return ""
    return (
        "A maximum-likelihood fit of the tail finds an exponent more than three standard errors "
        "from $x$, the choice of its range included, or rejects every power law with a "
        f"probability below 1 %, at {'; '.join(found)}. There the points contradict the line."
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
    """One panel for each study, and for each temperature of a study of several sizes."""
    figure, axes = draw_panels(curves, columns=3, looks=SmallSymbols)
    for one in axes.values():
        one.set(
            xscale="log",
            yscale="log",
            xlabel=r"trapping time $\tau$ (attempts)",
            ylabel=r"$\tau^{1+x}\,\psi(\tau)$ (attempts$^x$)",
        )
        one.set_ylim(*map(_round_number, one.get_ylim(), (np.floor, np.ceil)))
    return figure


def _round_number(value: float, rounded: Callable[[float], float]) -> float:
    """The next of the numbers 1, 2 and 5 times powers of ten, downwards or upwards."""
    power = 10.0 ** np.floor(np.log10(value))
    steps = np.array([1.0, 2.0, 5.0, 10.0])
    place = np.interp(value / power, steps, np.arange(4))
    return float(power * steps[int(rounded(round(place, 9)))])
