r"""How aging ends at finite size: aging functions against the waiting time over its end.

Models of $M=2^N$ states age until they have found the deepest state, after a time of the order
$t_{\rm eq}$. Points are averages over independent samples of the disorder of the aging function
$\Pi$ at the window $\omega=t/t_w$: on the complete graph the probability of no jump between $t_w$
and $t_w(1+\omega)$, for spins the probability of the same configuration at both times. Points of
one $N$ share samples, so that neighbouring points are correlated; times are counted in attempted
moves. With $x=T/T_c$ and $T_c=J$ for exponential energies, $t_{\rm eq}=M^{1/x}$ for traps, which
start from energy 0. Spins start from the lowest energy of $N$ neighbours, which lowers the
barrier: $t_{\rm eq}=(e^\gamma M/N)^{1/x}$ with Euler's constant $\gamma$. Curves of all sizes agree
near the end of aging if $t_{\rm eq}$ is the only long time.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import (
    Curve,
    in_few_digits,
    temperature_and_size,
    trap_exponent,
)
from glasscore.figures.drawing.equilibration import (
    FIRST_TRAP_TIME,
    SHARE_OF_EQUILIBRATION,
    log_equilibration_time,
)
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.figures.drawing.residuals import (
    EXPLANATION,
    RESIDUALS,
    WITHIN,
    residuals,
    set_residual_axis,
)
from glasscore.figures.drawing.solved_models import is_glassy, is_random_energy_model, is_trap_model
from glasscore.figures.drawing.symbols import SmallSymbols
from glasscore.figures.traps.aging_function import WINDOW, observable
from glasscore.theory import trap_model
from glasscore.theory.mean_trap_model import mean_no_jump
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"energies": ("exponential",)}
OMEGA = ": omega "
POINTS_PER_DECADE = 3
# Largest logarithm of the time at which aging ends that a 64-bit number can hold, nearly.
LATEST = 700.0
# After this many times the end of aging, spins are near equilibrium.
IN_EQUILIBRIUM = 10.0
EXACT, LIMIT = "exact mean over traps", r"$H_x(\omega)$"
EQUILIBRIUM = r"equilibrium, $Y_2$"
EXPLAINED = {
    EXACT: (
        "The exact mean over traps is the law of the trap model at this number of traps and each "
        "waiting time, averaged over the energies of the traps. At late times it falls to zero, "
        "since ever longer windows pass after which no trap is still occupied."
    ),
    LIMIT: (
        "While large systems age, $\\Pi$ is near the limit of infinitely many traps, "
        "$H_x(\\omega)=\\frac{\\sin\\pi x}{\\pi}\\int_\\omega^\\infty\\frac{du}{(1+u)u^x}$, "
        "which is drawn from $10^3$ attempts of the largest size to $t_w=t_{\\rm eq}/10$. Before, "
        "the first traps are still being found; there $\\Pi$ of spins passes through a minimum."
    ),
    EQUILIBRIUM: (
        "Unlike the trap model, spins can return to a configuration. In equilibrium they have the "
        "same configuration at any two distant times with the probability $Y_2$, the mean sum of "
        "the squares of all Boltzmann weights, which is exact for $2^N$ states and drawn from "
        "$t_w=10\\,t_{\\rm eq}$ on."
    ),
    RESIDUALS: EXPLANATION,
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A panel for each study and temperature, and one of residuals where the law is exact."""
    found = []
    for study, points in results.items():
        aging = [point for point in points if _ages_like_traps(point)]
        texts = in_few_digits(temperature_and_size(point)[0] for point in aging)
        for T, text in texts.items():
            alike = [point for point in aging if temperature_and_size(point)[0] == T]
            alike.sort(key=lambda point: temperature_and_size(point)[1])
            omega = float(alike[0].window.sel(window=WINDOW, method="nearest"))
            panel = f"{study}, $T={text}${OMEGA}{omega:g}"
            shown = [curve for point in alike for curve in _of_point(panel, point, omega)]
            shown += _limit(panel, shown, omega, alike[-1])
            shown[0] = shown[0]._replace(note=_reached(shown))
            # Panels appear in the order of their first curve.
            found += sorted(shown, key=lambda curve: curve.panel.endswith(RESIDUALS))
    return found


def _reached(shown: list[Curve]) -> str:
    """How far runs reach towards the end of aging."""
    ends = [
        f"$10^{{{np.log10(curve.x.max()):.1f}}}$ for {curve.label}"
        for curve in shown
        if _is_aging(curve)
    ]
    last = max(curve.x.max() for curve in shown if _is_aging(curve))
    said = f"Runs last until $t_w/t_{{\\rm eq}}$ is {listed_in_words(ends, 'and')}"
    return f"{said}." if last >= 1.0 else f"{said}: the end of aging is not reached."


def _is_aging(curve: Curve) -> bool:
    return curve.role == "data" and not curve.panel.endswith(RESIDUALS) and curve.x.size > 0


def _ages_like_traps(point: xr.Dataset) -> bool:
    known = is_trap_model(point) or is_random_energy_model(point)
    if not (known and is_glassy(point)):
        return False
    return log_equilibration_time(point) < LATEST


def _of_point(panel: str, point: xr.Dataset, omega: float) -> list[Curve]:
    N, x, name = temperature_and_size(point)[1], trap_exponent(point), observable(point)
    one = point.sel(window=omega, method="nearest")
    one = one.isel(waiting_time=one[name].notnull().values)
    time, size = one.waiting_time.values, f"$N={N:g}$"
    end = float(np.exp(log_equilibration_time(point)))
    mean, error = one[name].values, one[f"{name}_error"].values
    found = [Curve(panel, "data", size, time / end, mean, error, N, N, "", size)]
    if is_trap_model(point):
        count = int(np.log10(time[-1] / time[0]) * POINTS_PER_DECADE) + 2
        line = np.union1d(time, np.geomspace(time[0], time[-1], count))
        law = mean_no_jump(line, omega, 2.0**N, x)
        found.append(Curve(panel, "theory", EXACT, line / end, law, None, N, exact=True))
        of_points = law[np.isin(line, time)]
        found.append(_residuals(panel, found[0], of_points))
    elif time[-1] > IN_EQUILIBRIUM * end:
        T = temperature_and_size(point)[0]
        same = np.full(2, participation_ratio(T, int(N), "exponential"))
        ends = np.array([IN_EQUILIBRIUM, time[-1] / end])
        found.append(Curve(panel, "theory", EQUILIBRIUM, ends, same, None, N))
    return found


def _residuals(panel: str, data: Curve, law: np.ndarray) -> Curve:
    """Distances from the law in units of errors, with the number of large ones."""
    found = residuals(f"{panel}: {RESIDUALS}", data, law)
    outside = np.count_nonzero(np.abs(found.y) > WITHIN)
    said = f"{data.label}: {outside} of {found.y.size} points lie outside of the band."
    return found._replace(note=said)


def _limit(panel: str, shown: list[Curve], omega: float, largest: xr.Dataset) -> list[Curve]:
    """The limit before the end of aging, if there are results of that time."""
    times = np.concatenate([curve.x for curve in shown])
    first = times.min(initial=np.inf)
    first = max(first, FIRST_TRAP_TIME / np.exp(log_equilibration_time(largest)))
    last = min(SHARE_OF_EQUILIBRATION, times.max(initial=0.0))
    if first >= last:
        return []
    ends = np.array([first, last])
    value = float(trap_model.aging_function(omega, trap_exponent(largest)))
    return [Curve(panel, "theory", LIMIT, ends, np.full(2, value), None, np.nan)]


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study and temperature."""
    figure, axes = draw_panels(curves, looks=SmallSymbols)
    for name, one in axes.items():
        one.set(xscale="log", xlabel=r"waiting time $t_w / t_{\rm eq}$")
        if name.endswith(RESIDUALS):
            set_residual_axis(one)
        else:
            set_probability_limits(one)
            omega = name.rpartition(OMEGA)[2]
            one.set_ylabel(rf"aging function $\Pi$, $\omega={omega}$")
    return figure
