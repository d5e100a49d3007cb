r"""Aging of few spins, exact, beside a trap model with the energy barriers of the same landscapes.

Points are the probability that the spins have the same configuration at the waiting time $t_w$
after a quench from infinite temperature and at $t_w(1 + \omega)$, for $\omega = 1/2$ (at both
times, whatever happened in between). It follows exactly from the master equation of each disorder
sample, and is averaged over independent samples. One attempted move of one spin is the unit of
time. At first the window $\omega t_w$ is too short for a move. Points fall while spins descend, at
$t_w$ of the order of $N$, may rise when spins have found minima, and fall when spins leave these
over barriers.

Short lines on the right are the limit of the points in equilibrium,
$\langle\sum_i w_i^2\rangle$ of the same samples, where $w_i$ is the Boltzmann weight of
configuration $i$.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    SOLUTION,
    Curve,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.solved_models import goes_down_freely, has_independent_energies
from glasscore.figures.drawing.symbols import Symbols
from glasscore.files.store import parameters_of
from glasscore.theory import trap_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("aging_functions", "trap_aging")
WINDOW = 0.5
# The law of equilibrium is drawn between these multiples of the last waiting time.
BEYOND = 2.0, 12.0
SPINS, TRAPS = "spins", "traps as deep as barriers"
PLATEAU, EQUILIBRIUM = "$H_x(1/2)$", "equilibrium"
EXPLAINED = {
    TRAPS: (
        "Coloured lines with bands are the probability of the same trap in a trap model that has "
        r"one trap for each local minimum of the sample. The depth $\Delta E$ of a trap is the "
        "barrier from the minimum to a deeper one (from the deepest to the second deepest). A trap "
        r"is left at the rate $e^{-\Delta E/T}$ per attempt; all traps, itself included, follow "
        "with equal probability, and at the start all are equally likely. Nothing is fitted. A "
        "trap contains a whole valley, is entered without a descent, and has the equilibrium "
        r"weight $e^{\Delta E/T}$, not that of the valley. So the heights of lines and points, and "
        "their limits, differ by construction. What can be compared are the "
        "waiting times at which both fall as barriers are crossed, up to the number of attempts "
        "that spins need to find the way over a saddle. B. Li and Y. Jin (arXiv 2501.00338) claim "
        "that such barriers make aging functions of random energy models depart from the plateau "
        "$H_x$ at finite $N$."
    ),
    PLATEAU: (
        r"The dashed line is $H_x(\omega) = \frac{\sin \pi x}{\pi}\int_\omega^\infty "
        r"\frac{du}{(1 + u) u^x}$ with $x = T/T_c$, where $T_c$ is the static transition, "
        r"$J$ for exponential energies and $J/\sqrt{2 \ln 2} = 0.849\,J$ for Gaussian energies of "
        "variance $N J^2$. It is the limit of infinitely many spins, followed by long waiting "
        "times: for exponential energies at all long times, for Gaussian energies only shortly "
        "before equilibration. Spins as few as these need not follow it."
    ),
}
RULES = {"metropolis": "Metropolis' rule", "heat_bath": "the heat-bath rule"}
MOVES = "Spins flip one at a time by {rule}."
OTHER_RULE = (
    "The trap model is not drawn, because with this rule the time to leave a state does not follow "
    "from the saddles around it."
)


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study and temperature."""
    found = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T, text in texts.items():
            panel = f"{study}, $T={text}$"
            alike = sorted(
                (point for point in points if temperature_and_size(point)[0] == T),
                key=lambda point: temperature_and_size(point)[1],
            )
            found += [curve for point in alike for curve in _of_size(panel, point)]
            found += _plateau(panel, alike[-1])
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


def _plateau(panel: str, point: xr.Dataset) -> list[Curve]:
    """The limit H_x where it is known to be one: for independent energies below T_c."""
    x, time = trap_exponent(point), point.waiting_time.values
    if not (has_independent_energies(point) and 0 < x < 1):
        return []
    ends = np.array([time[0], time[-1]])
    value = float(trap_model.aging_function(WINDOW, x))
    return [Curve(panel, "theory", PLATEAU, ends, np.full(2, value), None, np.nan)]


class _Looks(Symbols):
    """Lines of equilibrium are not dashed, since H_x is."""

    def line(self, curve: Curve) -> dict[str, Any]:
        """How a line is drawn."""
        look = super().line(curve)
        return look if np.isnan(curve.colour) else {**look, "linestyle": "-", "linewidth": 1.6}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the probabilities against the waiting time."""
    figure, axes = draw_panels(curves, looks=_Looks)
    for name, one in axes.items():
        one.set(
            xscale="log",
            xlabel=r"waiting time $t_w$ (attempts)",
            ylabel=r"same configuration at $t_w$, $3t_w/2$",
        )
        set_probability_limits(one)
        one.set_ylim(_lowest(curves, name), 1.02)
    return figure


def _lowest(curves: list[Curve], panel: str) -> float:
    """The lower end of the axis, the same at all temperatures of a study."""
    study = panel.rpartition(", ")[0]
    y = [curve.y for curve in curves if curve.panel.rpartition(", ")[0] == study]
    lowest = min((float(values.min()) for values in y if values.size), default=0.0)
    return 0.2 * np.floor(lowest / 0.2)
