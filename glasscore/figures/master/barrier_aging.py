r"""Aging of few spins, exact, beside a trap model with the energy barriers of the same landscapes.

Do barriers set the time at which aging ends? Points are the probability $C$ that the spins have the
same configuration at the waiting time $t_w$ after a quench from infinite temperature and at $3
t_w/2$, whatever happened in between. It follows exactly from the master equation of each disorder
sample, and is averaged over samples. One attempted move of one spin is the unit of time. Points
fall while spins descend, at $t_w$ of the order of $N$, may rise when spins have found minima, and
fall when spins leave these over barriers. All waiting times have the same samples, so that their
errors are correlated.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    SOLUTION,
    Curve,
    in_few_digits,
    landscape_of,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.sideways import MOVED, moved_sideways
from glasscore.figures.drawing.solved_models import goes_down_freely
from glasscore.figures.drawing.symbols import DOTTED, Symbols
from glasscore.files.store import parameters_of
from glasscore.theory import trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("aging_functions", "trap_aging")
WINDOW = 0.5
# The law of equilibrium, and that of infinitely many spins, are drawn between these multiples of
# the last waiting time.
BEYOND, FAR_BEYOND = (2.0, 12.0), (20.0, 120.0)
# Spins have found minima after this number of attempts for each.
DESCENT = 4.0
# A curve has reached its limit if what is left is less than this share of its fall; less is not
# drawn.
REACHED = 0.03
TENTH = 0.1
SAME, DROP = ": same", ": fall"
SPINS, TRAPS = "spins", "traps as deep as barriers"
PLATEAU, EQUILIBRIUM, LEFT = r"$H_x(1/2)$, $N=\infty$", "equilibrium", "$D=0.1$"
EXPLAINED = {
    SPINS: f"On the left p{MOVED[1:]}",
    EQUILIBRIUM: (
        r"Short lines on the right are the limit of the points in equilibrium, "
        r"$\langle\sum_i w_i^2\rangle$ of the same samples, where $w_i$ is the Boltzmann weight of "
        "configuration $i$."
    ),
    TRAPS: (
        "Coloured lines with bands are the probability of the same trap in a trap model that has "
        r"one trap for each local minimum of the sample. The depth $\Delta E$ of a trap is the "
        "barrier from the minimum to a deeper one (from the deepest to the second deepest). A trap "
        r"is left at the rate $e^{-\Delta E/T}$ per attempt; all traps, itself included, follow "
        "with equal probability, and at the start all are equally likely. Nothing is fitted. A "
        "trap contains a whole valley, is entered without a descent, and has the equilibrium "
        r"weight $e^{\Delta E/T}$, not that of the valley. So the heights of lines and points, and "
        "their limits, differ by construction, and only the times of the falls can be compared."
    ),
    DROP: (
        r"$D = (C - C_\infty)/\max(C - C_\infty)$ removes the heights: it falls from 1 at the "
        r"highest value after the descent, $t_w \geq 4N$, to 0 in equilibrium. $C_\infty$ is the "
        "equilibrium value of points, and the last value of lines. $D$ has no bars, since the file "
        "has no covariances between waiting times, and is drawn down to 0.03."
    ),
    LEFT: "Curves cross the dotted line where a tenth of the fall is left.",
    PLATEAU: (
        r"The short dashed line is $H_x(\omega) = \frac{\sin \pi x}{\pi}\int_\omega^\infty "
        r"\frac{du}{(1 + u) u^x}$ at $\omega = 1/2$ with $x = T/T_c$. It is the limit of "
        "infinitely many spins, followed by long waiting times. Spins as few as these equilibrate "
        "before they could follow it; so it stands beside the points, not on them. B. Li and Y. "
        "Jin (arXiv 2501.00338) claim that the distribution of barriers makes aging functions of "
        "random energy models depart from it at finite $N$."
    ),
}
RULES = {"metropolis": "Metropolis' rule", "heat_bath": "the heat-bath rule"}
MOVES = "Spins flip one at a time by {rule}."
OTHER_RULE = (
    "The trap model is not drawn, because with this rule the time to leave a state does not follow "
    "from the saddles around it."
)
NO_FALL = (
    "At $N = {sizes}$ no fall is drawn: it does not end before the last waiting time, or is "
    "smaller than the standard error of $C$."
)


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature: the probabilities, and their falls."""
    found = []
    for study, points in results.items():
        panels = []
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T, text in texts.items():
            title = rf"{study}, $T={text}\,J$"
            alike = sorted(
                (point for point in points if temperature_and_size(point)[0] == T),
                key=lambda point: temperature_and_size(point)[1],
            )
            found += [curve for point in alike for curve in _of_size(title + SAME, point)]
            found += _plateau(title + SAME, alike[-1])
            panels.append(title + SAME)
            if all(map(goes_down_freely, alike)):
                found += _falls(title + DROP, alike)
                panels.append(title + DROP)
        found += [*on_unit(panels, points[0]), *on_samples(panels, points)]
    return found


def _of_size(panel: str, point: xr.Dataset) -> list[Curve]:
    N = temperature_and_size(point)[1]
    one, size = point.sel(window=WINDOW), f"$N={N:g}$"
    exact, free = _series(one, "same_configuration"), goes_down_freely(point)
    note = MOVES.format(rule=RULES[parameters_of(point)["rule"]]) if free else OTHER_RULE
    found = [Curve(panel, "data", f"{SPINS}, {size}", *exact, N, 0.0, size, SPINS, note=note)]
    if free:
        traps, label = _series(one, "trap_same_configuration"), f"{TRAPS}, {size}"
        found.append(Curve(panel, SOLUTION, label, *traps, N, 1.0, size, TRAPS))
    ends = point.waiting_time.values[-1] * np.array(BEYOND)
    limit = np.full(2, float(point.equilibrium_same_configuration))
    return [*found, Curve(panel, "theory", EQUILIBRIUM, ends, limit, None, N)]


def _series(one: xr.Dataset, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Waiting times, means, and errors unless there is one sample."""
    mean, error = one[name].values, one[f"{name}_error"].values
    known = np.isfinite(mean)
    bars = error[known] if np.isfinite(error[known]).all() else None
    return one.waiting_time.values[known], mean[known], bars


def _falls(panel: str, points: list[xr.Dataset]) -> list[Curve]:
    """The falls of spins and traps of each size, and the times at which a tenth is left."""
    found, ends_of_falls, missing = [], [], []
    for point in points:
        N, one = temperature_and_size(point)[1], point.sel(window=WINDOW)
        limit = float(point.equilibrium_same_configuration)
        spins = fall(*_series(one, "same_configuration"), N, limit)
        traps = fall(*_series(one, "trap_same_configuration"), N)
        if spins is None or traps is None:
            missing.append(f"{N:g}")
            continue
        size = f"$N={N:g}$"
        found += [
            Curve(panel, "data", f"{SPINS}, {size}", *_seen(*spins), None, N, 0.0, size, SPINS),
            Curve(panel, SOLUTION, f"{TRAPS}, {size}", *_seen(*traps), None, N, 1.0, size, TRAPS),
        ]
        ends_of_falls.append((N, end_of_fall(*spins), end_of_fall(*traps)))
    if missing:
        found.append(remark(panel, NO_FALL.format(sizes=", ".join(missing))))
    if ends_of_falls:
        first = min(float(curve.x[0]) for curve in found if curve.x.size)
        ends = np.array([first, max(float(curve.x[-1]) for curve in found if curve.x.size)])
        found.append(Curve(panel, "theory", LEFT, ends, np.full(2, TENTH), None, np.nan))
        found.append(remark(panel, _in_words(ends_of_falls)))
    return found


def fall(
    time: np.ndarray, C: np.ndarray, error: np.ndarray | None, N: float, limit: float | None = None
) -> tuple[np.ndarray, np.ndarray] | None:
    """The fall of a correlation from its highest value after the descent, which is 1, to 0.

    Parameters
    ----------
    time, C, error
        Waiting times, means over samples, and perhaps their standard errors.
    N
        Number of spins; the descent takes a few attempts for each.
    limit
        The value in equilibrium; the last value if it is not known.

    Returns
    -------
    tuple of ndarray, or None
        Waiting times and falls; ``None`` if the fall does not end, or is lost in errors.
    """
    after = time >= DESCENT * N
    if np.count_nonzero(after) < 2:
        return None
    left = C[after] - (C[-1] if limit is None else limit)
    top = int(np.argmax(left))
    # What is left at the end; where the limit is not known, what the last step still changes.
    rest = abs(left[-1] if limit is not None else C[-2] - C[-1])
    least = 0.0 if error is None else float(error[after][top])
    if left[top] <= least or rest > REACHED * left[top]:
        return None
    return time[after], left / left[top]


def _seen(time: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is drawn of a fall."""
    seen = left >= REACHED
    return time[seen], left[seen]


def end_of_fall(time: np.ndarray, left: np.ndarray) -> float:
    """The last time at which a tenth of a fall is left, interpolated on a logarithmic axis."""
    last = int(np.flatnonzero(left >= TENTH)[-1])
    ends = slice(last, last + 2)
    return float(np.exp(np.interp(-TENTH, -left[ends], np.log(time[ends]))))


def _in_words(ends_of_falls: list[tuple[float, float, float]]) -> str:
    sizes, spins, traps = zip(*ends_of_falls, strict=True)
    ratios = [one / other for one, other in zip(spins, traps, strict=True)]
    return (
        f"A tenth of the fall is left after ${_listed(spins)}$ attempts of spins and "
        f"${_listed(traps)}$ of traps at $N = {_listed(sizes)}$; spins are slower by a factor of "
        f"${_listed(ratios)}$."
    )


def _listed(values: Iterable[float]) -> str:
    """Numbers with two digits, as a part of a formula."""
    return r",\ ".join(_rounded(value) for value in values)


def _rounded(value: float) -> str:
    power = int(np.floor(np.log10(value)))
    if -2 < power < 3:
        return f"{value:.2g}" if value < 100 else f"{round(value, 1 - power):.0f}"
    return rf"{value / 10.0**power:.1f}\cdot 10^{{{power}}}"


def _plateau(panel: str, point: xr.Dataset) -> list[Curve]:
    """The limit H_x where it is known to be one: for exponential energies below T_c.

    With many spins, Gaussian energies have the exponent T/T_c only at times just below those at
    which equilibrium is reached.
    """
    x = trap_exponent(point)
    exponential = landscape_of(point)["energies"] == "exponential"
    if not (exponential and 0 < x < 1):
        return []
    ends = point.waiting_time.values[-1] * np.array(FAR_BEYOND)
    value = float(trap_model.aging_function(WINDOW, x))
    return [Curve(panel, "theory", PLATEAU, ends, np.full(2, value), None, np.nan)]


class _Looks(Symbols):
    """Lines of equilibrium are not dashed, since H_x is."""

    def line(self, curve: Curve) -> dict[str, Any]:
        """How a line is drawn."""
        look = super().line(curve)
        return look if np.isnan(curve.colour) else {**look, "linestyle": "-", "linewidth": 1.6}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the probabilities against the waiting time, and their falls beside them."""
    curves = moved_sideways(curves, lambda panel: panel.endswith(SAME), logarithmic=True)
    figure, axes = draw_panels(curves, styles={LEFT: DOTTED}, looks=_Looks)
    for name, one in axes.items():
        every = np.concatenate([curve.x for curve in curves if curve.panel == name])
        one.set(
            xscale="log",
            xlim=(every.min() / 2.0, 2.0 * every.max()) if every.size else None,
            xlabel=r"waiting time $t_w$ (attempts)",
        )
        if name.endswith(SAME):
            one.set_ylabel("same configuration $C$")
            set_probability_limits(one)
        else:
            one.set(ylabel="fall $D$", yscale="log", ylim=(0.9 * REACHED, 1.2))
    return figure
