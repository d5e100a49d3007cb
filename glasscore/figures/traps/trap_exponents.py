r"""Tail exponents of trapping times at every level of description, against size or temperature.

Where the trap picture holds, the density of trapping times $\tau$ falls as $\tau^{-(1+x)}$. The
exponent $x$ is fitted by maximum likelihood to the times of all runs of a size $N$ and a
temperature $T$; its error comes from the scatter between independent disorder samples. The range of
the fit ends at 3 % of the length of the run and begins where a power law fits best, which the error
does not include. Several sizes are shown against $1/N$, so that many spins are on the left; levels
of the same $N$ stand side by side there. One size is shown against $T/T_c$, where $T_c$ is the
critical temperature. Colours and markers both stand for the level.

The levels are visits to a configuration; stays, in which immediate returns are merged; basins,
which are stretches of time below the threshold energy; and metabasins, in which all returns to a
trap are merged. On the complete graph hardly any jump leads back, so that stays are the same as
visits and are left out. Visits count with their whole length, even the last one. Stays, basins and
metabasins still under way at the end of the run are not counted. At the upper end of the fit, 3 %
of the run, a fraction of about $0.03\,x$ is lost in this way, and less at shorter times.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.estimates.tail_exponent import tail_exponent
from glasscore.figures.drawing.caption import OWN_BARS
from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    dynamics_parameters,
    landscape_of,
    results_by_panel,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
    with_error,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    is_independent_gaussian,
    is_random_energy_model,
    is_step_model,
    is_trap_model,
    size_is_infinite,
)
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.theory import step_basins, step_model
from glasscore.theory.random_energy import local_exponent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("trapping_times", "basins", "metabasins")
VISITS, STAYS = "trapping_time_exponent", "stay_exponent"
BASINS, METABASINS = "basin_trapping_time_exponent", "metabasin_trapping_time_exponent"
LEVELS = {VISITS: "visits", STAYS: "stays", BASINS: "basins", METABASINS: "metabasins"}
LINE_POINTS = 200
EXACT = "exact, same range of times"
OTHER_RULE = "Metropolis's rule, same range"
SAME_X = "step model of equal $x$, same range"
LOCAL = r"$x(t)=|\langle E(t)\rangle|T/N$"
# The choice of the range of a fit increases its error by at most this factor in simulated power
# laws (see ``glasscore.estimates.tail_exponent``).
OF_CHOICE = 1.4
TRAPS, STEPS = "$x=T/T_c$", r"$x=\max(0,\,2-T_c/T)$"
EXPLAINED = {
    TRAPS: "The line $x=T/T_c$ is exact for visits in the trap model with infinitely many traps. "
    "In the random energy model (REM) it is expected of stays, basins and metabasins for many "
    "spins and long times, but not of visits, since a deep configuration is visited many times in "
    "a row.",
    STEPS: r"The line $x=\max(0,\,2-T_c/T)$ is the law of long times in the step model, for "
    "visits and for basins below the effective threshold.",
    EXACT: "Short lines are what the same fit, over the same range of times, finds in the exact "
    "mean numbers of visits or basins of infinitely many states in a run of this length. "
    "So points can be compared with them even where tails are no power laws. Short lines differ "
    "from the law of long times because the run is finite, not by noise.",
    OTHER_RULE: "Under the heat bath no exact law at finite times is at hand. Short lines are "
    "those of Metropolis's rule over the same range of times: deep states are left at rates that "
    "differ by a factor only, so that a finite run shifts exponents alike.",
    SAME_X: "No exact law is known for finitely many spins and runs of this length. How far a "
    "finite run may shift exponents is seen in models that are solved. Short lines are what the "
    "same fit, over the same range of times, finds in the exact mean number of visits of the step "
    "model with infinitely many states, at the temperature at which its law has the same $x$. In "
    "the trap model the same fit errs by less than 0.005 if runs last for $10^6$ attempts. Points "
    "are compared with both lines; a shift of the step model need not be that of spins.",
    LOCAL: "With Gaussian energies no single power law is expected: the trap law holds with a "
    r"local exponent $x(t)=|\langle E(t)\rangle|T/N$ at the mean energy $\langle E(t)\rangle$. "
    "Short lines show it at the geometric mean of the range of the fit, from its measured energy.",
    OWN_BARS: "Bars are standard errors from the scatter between independent disorder samples, "
    f"times {OF_CHOICE:g}: by this factor, at most, the choice of the range has increased the "
    "scatter of exponents in simulated power laws.",
}
# Exponents are not drawn where data of a power law would fit as badly with a smaller probability.
LEAST_PROBABILITY = 0.01
# The caption names exponents that differ from the law by more standard errors.
MOST_ERRORS = 3.0
AGAINST_SIZE, AGAINST_TEMPERATURE = ": size", ": temperature"
# Studies of so many sizes have a panel for each temperature.
SEVERAL_SIZES = 2
# Half the length of the lines at single temperatures, in units of T_c.
HALF_LENGTH = 0.025
# Distance of levels beside each other, and length of lines beyond the last, in units of the largest
# 1/N.
STEP, MARGIN = 0.012, 1.06


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, and for each temperature of a study of several sizes."""
    found: list[Curve] = []
    for study, points in results_by_panel(results, SEVERAL_SIZES).items():
        sizes = {temperature_and_size(point)[1] for point in points}
        along = AGAINST_SIZE if len(sizes) > 1 else AGAINST_TEMPERATURE
        title = study if len(sizes) > 1 else f"{study}, {_size(points[0])}"
        if len(sizes) > 1 and "$T=" not in study:
            title = f"{study}, $T={temperature_and_size(points[0])[0]:.4g}$"
        for point in points:
            place = 1.0 / temperature_and_size(point)[1] if len(sizes) > 1 else trap_exponent(point)
            step = STEP / min(sizes) if len(sizes) > 1 else 0.0
            found += _of_point(title + along, point, place, step)
        found += _law(title + along, along, points)
        nothing = np.empty(0)
        note = " ".join(filter(None, [_on_the_law(points), _left_out(points)]))
        found.append(Curve(title + along, "data", "", nothing, nothing, note=note))
    return found


def _size(point: xr.Dataset) -> str:
    N = temperature_and_size(point)[1]
    return r"$N=\infty$" if np.isinf(N) else f"$N={N:g}$"


def _fits(point: xr.Dataset) -> Iterator[tuple[int, str]]:
    """The number of each level that was recorded, from 1 on, and the name of its exponent."""
    for rank, name in enumerate(LEVELS, start=1):
        if name in point and not (name == STAYS and point.attrs["every_jump_forgets"]):
            yield rank, name


def _is_known(point: xr.Dataset, name: str) -> bool:
    return bool(np.isfinite(point[f"{name}_error"]))


def _is_rejected(point: xr.Dataset, name: str) -> bool:
    """Whether the fit is so bad that the tail is no power law."""
    return float(point.get(f"{name}_probability", np.nan)) < LEAST_PROBABILITY


def _of_point(panel: str, point: xr.Dataset, place: float, step: float) -> Iterator[Curve]:
    """The exponents of a result, one curve for each level, and what is exact beside them."""
    for rank, name in _fits(point):
        if not _is_known(point, name):
            continue
        exact = _exact(name, point)
        if _is_rejected(point, name) and np.isnan(exact):
            continue
        x, y, error = (
            np.array([float(value)])
            for value in (
                place + step * (rank - 1),
                point[name],
                OF_CHOICE * point[f"{name}_error"],
            )
        )
        data, level = data_of_point(panel, point, x, y, error), LEVELS[name]
        label = f"{level}, {data.colour_label}"
        yield data._replace(label=label, marker=rank, marker_label=level)
        if np.isfinite(exact):
            ends = x + HALF_LENGTH * np.array([-1.0, 1.0])
            line = theory_of_point(panel, point, ends, np.full(2, exact), EXACT, exact=True)
            yield line._replace(marker=rank)
        other, label = _not_exact(name, point)
        if np.isfinite(other):
            half = HALF_LENGTH if step == 0.0 else 0.5 * step
            ends = x + half * np.array([-1.0, 1.0])
            line = theory_of_point(panel, point, ends, np.full(2, other), label)
            yield line._replace(marker=rank)


def _not_exact(name: str, point: xr.Dataset) -> tuple[float, str]:
    """An exponent to compare with where no exact one is known, and its label; NaN if none."""
    T, N = temperature_and_size(point)
    if name == VISITS and is_step_model(point) and size_is_infinite(point) and T > 0:
        known = has_exact_step_model_law(point) or f"{name}_from" not in point
        return (np.nan, "") if known else (_of_visits(point), OTHER_RULE)
    if name != VISITS and is_independent_gaussian(point) and T > 0 and "energy" in point:
        middle = np.sqrt(float(point[f"{name}_from"]) * float(point[f"{name}_to"]))
        energy = np.interp(np.log(middle), np.log(point.time.values), point.energy.values)
        return float(local_exponent(min(float(energy), 0.0), N, T)), LOCAL
    if _follows_traps(name, point) and f"{name}_from" in point:
        x = trap_exponent(point)
        return _in_step_model(_edges(name, point), _length(point), 1.0 / (2.0 - x)), SAME_X
    return np.nan, ""


def _follows_traps(name: str, point: xr.Dataset) -> bool:
    """Whether the law of traps is expected of a level of many spins, and is not exact."""
    independent = is_random_energy_model(point) and not is_independent_gaussian(point)
    return independent and name != VISITS and 0 < trap_exponent(point) < 1


def _length(point: xr.Dataset) -> float:
    """The length of a run in attempts."""
    return float(dynamics_parameters(point)["t_max"])


def _of_visits(point: xr.Dataset) -> float:
    """The exponent that the fit finds in the exact numbers of visits under Metropolis's rule."""
    return _in_step_model(_edges(VISITS, point), _length(point), trap_exponent(point))


def _in_step_model(edges: np.ndarray, end: float, ratio: float) -> float:
    """The exponent that the fit finds in the step model at the temperature ``ratio`` T_c."""
    counts = np.maximum(-np.diff(step_model.visits(end, ratio, edges)), 0.0)
    return tail_exponent(counts[np.newaxis], edges, edges[0]).exponent


def _edges(name: str, point: xr.Dataset) -> np.ndarray:
    """Edges of the bins that are fitted."""
    edges = np.append(point.trapping_time_lower.values, point.trapping_time_upper.values[-1])
    fitted = [float(point[f"{name}_{end}"]) for end in ("from", "to")]
    return edges[(edges >= fitted[0]) & (edges <= fitted[1])]


def _on_hypercube(point: xr.Dataset) -> bool:
    """Whether states are spins, for which there are all levels."""
    return bool(landscape_of(point)["graph"] == "hypercube")


def _left_out(points: list[xr.Dataset]) -> str:
    """Sentences on the exponents that are not drawn."""
    rejected, unknown = [], []
    recorded = {name for point in points for _, name in _fits(point)}
    absent = [level for name, level in LEVELS.items() if name not in recorded]
    for point in points:
        where = f"{_size(point)}, $T={temperature_and_size(point)[0]:.4g}$"
        for _, name in _fits(point):
            if not _is_known(point, name):
                unknown.append(f"{LEVELS[name]} at {where}")
            elif _is_rejected(point, name):
                rejected.append(
                    f"{LEVELS[name]} at {where} ($x$ would be {float(point[name]):.2f})"
                )
    sentences = []
    if absent and _on_hypercube(points[0]):
        sentences.append(f"The runs did not record {listed_in_words(absent, 'and')}.")
    if rejected:
        sentences.append(
            "No exponent is drawn where the fit rejects every power law, because data that obey "
            f"one would fit as badly with a probability below 1 %: {'; '.join(rejected)}."
        )
    if unknown:
        sentences.append(f"There are too few events to fit {'; '.join(unknown)}.")
    return " ".join(sentences)


def _on_the_law(points: list[xr.Dataset]) -> str:
    """A sentence on the law: which exponents miss it, or that none is known."""
    shown = [
        (point, name)
        for point in points
        for _, name in _fits(point)
        if _is_known(point, name) and not _is_rejected(point, name)
    ]
    label = _label_of_law(points)
    if not label:
        limits = [
            [float(point[f"{name}_{end}"]) for point, name in shown if f"{name}_{end}" in point]
            for end in ("from", "to")
        ]
        if not all(limits):
            return ""
        said = (
            "Exponents are effective ones, which depend on the range of the fit: it begins between "
            f"{_in_words(min(limits[0]))} and {_in_words(max(limits[0]))}, and ends at "
            f"{_in_words(max(limits[1]))} attempts."
        )
        if not any(map(is_independent_gaussian, points)):
            said = f"No law is known for this model. {said}"
        if any(float(point[name]) > 1.0 for point, name in shown):
            said += (
                " Where $x>1$ the mean trapping time is finite, and such times alone do not make "
                "the system age."
            )
        return said
    missed, tested, compared, beside = [], [], 0, 0
    for point, name in shown:
        x, error, ratio = float(point[name]), float(point[f"{name}_error"]), trap_exponent(point)
        expected = not (name == VISITS and is_random_energy_model(point)) and 0 < ratio < 1
        if not expected or np.isfinite(_exact(name, point)) or is_step_model(point):
            continue
        error *= OF_CHOICE
        tested.append(name)
        law = float(_of_many_states(label, np.array([ratio]))[0])
        shifted, known = _not_exact(name, point)
        if known == SAME_X:
            compared += 1
            beside += abs(x - shifted) > MOST_ERRORS * error
        if abs(x - law) > MOST_ERRORS * error:
            where = f"{_size(point)}, $T={temperature_and_size(point)[0]:.4g}$"
            missed.append(f"{LEVELS[name]} at {where} (${with_error(x, error)}$)")
    if not tested:
        return ""
    number = f"{len(tested)} exponent{'s' if len(tested) > 1 else ''}"
    shift = _on_short_lines(compared, beside)
    if not missed:
        agree = f"All {number} of which the line is expected agree with it within three bars."
        return f"{agree}{shift}"
    return (
        f"Of {number} of which the line is expected, {len(missed)} "
        f"{'misses' if len(missed) == 1 else 'miss'} it by more than three bars: "
        f"{'; '.join(missed)}.{shift}"
    )


def _on_short_lines(compared: int, missed: int) -> str:
    """How many exponents miss what the same fit finds in the step model."""
    if not compared:
        return ""
    return (
        f" Of {compared} exponents with a short line of the step model, {missed} "
        f"{'misses' if missed == 1 else 'miss'} it by more than three bars."
    )


def _in_words(time: float) -> str:
    """A number of attempts with two digits."""
    digits, power = f"{time:.1e}".split("e")
    return f"${time:.2g}$" if time < 1e2 else rf"${digits}\times 10^{{{int(power)}}}$"


def _exact(name: str, point: xr.Dataset) -> float:
    """The exponent that the fit finds in the exact numbers of visits or basins; NaN if unknown."""
    T = temperature_and_size(point)[0]
    if not (has_exact_step_model_law(point) and size_is_infinite(point) and T > 0):
        return np.nan
    critical, x = point.attrs["critical_temperature"], trap_exponent(point)
    edges = _edges(name, point)
    end = float(dynamics_parameters(point)["t_max"])
    if name == VISITS:
        return _of_visits(point)
    if name == BASINS:
        threshold = point.attrs["threshold_energy"] / critical
        # If the threshold lies above all states, the system never leaves its one basin.
        if threshold >= 0:
            return np.nan
        counts = step_basins.expected_counts(edges, end, x, threshold)
    else:
        return np.nan
    # Rounding may make the numbers of very long times negative.
    counts = np.maximum(counts, 0.0)
    return tail_exponent(counts[np.newaxis], edges, edges[0]).exponent


def _law(panel: str, along: str, points: list[xr.Dataset]) -> Iterator[Curve]:
    """The law of many states: one line against temperature, or one for each temperature."""
    label = _label_of_law(points)
    if not label:
        return
    if along == AGAINST_TEMPERATURE:
        highest = max(map(trap_exponent, points)) if all(map(is_trap_model, points)) else 1.0
        x = np.linspace(0.02, max(1.0, highest), LINE_POINTS)
        yield Curve(panel, "theory", label, x, _of_many_states(label, x), None, np.nan)
        return
    largest = MARGIN / min(temperature_and_size(point)[1] for point in points)
    temperatures = {temperature_and_size(point)[0]: point for point in points}
    for point in temperatures.values():
        ratio = trap_exponent(point)
        if 0 < ratio < 1 or (ratio > 0 and is_trap_model(point)):
            y = np.full(2, _of_many_states(label, np.array([ratio])))
            line = theory_of_point(panel, point, np.array([0.0, largest]), y, label)
            yield line._replace(marker=0.0, colour=np.nan)


def _label_of_law(points: list[xr.Dataset]) -> str:
    """The law of many states in a legend; empty where none is known."""
    if all(is_trap_model(point) or is_random_energy_model(point) for point in points):
        return TRAPS
    return STEPS if all(map(is_step_model, points)) else ""


def _of_many_states(label: str, x: np.ndarray) -> np.ndarray:
    """The law at temperatures x in units of T_c."""
    return x if label == TRAPS else np.maximum(0.0, 2.0 - 1.0 / x)


def draw(curves: list[Curve]) -> "Figure":
    """Colours stand for levels; short lines lie below the points."""
    short = {EXACT, OTHER_RULE, LOCAL, SAME_X}
    by_level = [
        curve._replace(
            colour=curve.marker, label=curve.marker_label or curve.label, colour_label=""
        )
        if curve.role == "data" or curve.label in short
        else curve
        for curve in curves
    ]
    figure, axes = draw_panels(by_level, columns=3, looks=SmallSymbols)
    for name, one in axes.items():
        one.set_ylabel("tail exponent $x$")
        for line in one.get_lines():
            if line.get_linestyle() == "-" and np.size(line.get_xdata()) == 2:
                line.set(zorder=2)
        if name.endswith(AGAINST_SIZE):
            one.set_xlabel("$1/N$")
            one.set_xlim(left=0.0)
        else:
            # Points at T = 0 do not lie on the corner.
            one.set(xlim=(-0.03, max(1.05, one.get_xlim()[1])))
            one.set_xlabel("temperature $T/T_c$")
    return figure
