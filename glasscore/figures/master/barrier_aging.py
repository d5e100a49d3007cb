r"""Aging of few spins, exact, beside a trap model with the energy barriers of the same landscapes.

Points are the probability that the spins have the same configuration at the waiting time $t_w$
after a quench from infinite temperature and at $t_w(1 + \omega)$, for $\omega = 1/2$ (at both
times, whatever happened in between). It follows exactly from the master equation of each disorder
sample, and is averaged over independent samples. One attempted move of one spin is the unit of
time.
"""

from typing import TYPE_CHECKING

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
from glasscore.figures.drawing.solved_models import goes_down_freely, has_independent_energies
from glasscore.theory import trap_model
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

OBSERVABLES = ("aging_functions", "trap_aging")
WINDOW = 0.5
# The law of equilibrium is drawn at waiting times above this share of the last one.
LATE = 0.03
SPINS, TRAPS = "spins", "traps as deep as barriers"
PLATEAU, EQUILIBRIUM = "$H_x(1/2)$", "equilibrium"
EXPLAINED = {
    TRAPS: (
        "Coloured lines through all waiting times are the probability of the same trap in a trap "
        "model that has one trap for each local minimum of the sample. Each trap is as deep as the "
        r"barrier $\Delta E$ from the minimum to a deeper one is high, and is left at the rate "
        r"$e^{-\Delta E/T}$ per attempt; no time scale is fitted. Such a trap contains a whole "
        "valley, and spins need several attempts to find the way out of it. So the spins are to be "
        "compared with the shape of these lines rather than with their height. B. Li and Y. Jin "
        "(arXiv 2501.00338) claim that such barriers make aging functions of random energy "
        "models depart from the plateau $H_x$ at finite $N$."
    ),
    PLATEAU: (
        r"The black line is $H_x(\omega) = \frac{\sin \pi x}{\pi}\int_\omega^\infty "
        r"\frac{du}{(1 + u) u^x}$ with $x = T/T_c$, where $T_c$ is the static transition. For "
        "independent energies it is the limit of infinitely many spins, followed by long waiting "
        r"times: for exponential energies at all long times, for Gaussian energies only shortly "
        "before equilibration. Spins as few as these need not follow it."
    ),
    EQUILIBRIUM: (
        r"Short lines on the right are $\langle\sum_i w_i^2\rangle$, where $w_i$ is the Boltzmann "
        r"weight of configuration $i$. They are exact for independent energies at each $N$, and "
        "the points tend to them once aging has ended."
    ),
}
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
    T, N = temperature_and_size(point)
    one, size = point.sel(window=WINDOW), f"$N={N:g}$"
    exact = _series(one, "same_configuration")
    found = [Curve(panel, "data", f"{SPINS}, {size}", *exact, N, 0.0, size, SPINS)]
    traps, label = _series(one, "trap_same_configuration"), f"{TRAPS}, {size}"
    if goes_down_freely(point):
        found.append(Curve(panel, SOLUTION, label, *traps, N, 1.0, size, TRAPS))
    else:
        found[0] = found[0]._replace(note=OTHER_RULE)
    if has_independent_energies(point):
        law = float(participation_ratio(T, int(N), landscape_of(point)["energies"]))
        last = exact[0][-1]
        late = np.union1d(exact[0][exact[0] >= LATE * last], LATE * last)
        line = np.full(late.shape, law)
        found.append(Curve(panel, "theory", EQUILIBRIUM, late, line, None, N))
    return found


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


def draw(curves: list[Curve]) -> "Figure":
    """Draw the probabilities against the waiting time."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(
            xscale="log",
            xlabel=r"waiting time $t_w$ (attempts)",
            ylabel=r"same configuration at $t_w$, $3t_w/2$",
        )
        set_probability_limits(one)
    return figure
