r"""Balance of moves up and down in energy, and the drift of trajectories, against their energy.

One panel shows $P_\uparrow-P_\downarrow$, the difference between the shares of moves up and of
moves down among all moves from an energy $E$. The other shows the mean change of the energy by a
move. Both count the moves of all independent disorder samples of a temperature $T$ in bins of $E$,
the energy before the move in units of $J$. Bins with few moves are left out: those whose standard
error is above 0.1 for $P_\uparrow-P_\downarrow$, or above 0.3 for the change of the energy. Where
$P_\uparrow=P_\downarrow$, trajectories are as often driven up as down: this energy is the effective
threshold $E^*$ of activation by entropy.

Sources: E. Bertin, J. Phys. A 36, 10683 (2003); M. R. Carbone, M. Baity-Jesi, Phys. Rev. E 106,
024603 (2022).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    data_of_point,
    dynamics_parameters,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.solved_models import (
    has_exact_step_model_law,
    infinite_size_label,
    is_step_model,
    size_is_infinite,
)
from glasscore.files.store import parameters_of
from glasscore.theory import step_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("moves",)
ASYMMETRY, DRIFT = ": asymmetry", ": drift"
NAMES = {ASYMMETRY: "move_asymmetry", DRIFT: "move_drift"}
LARGEST_ERRORS = {ASYMMETRY: 0.1, DRIFT: 0.3}
LABELS = {ASYMMETRY: r"$P_\uparrow-P_\downarrow$", DRIFT: r"mean change of $E/J$ by a move"}
BALANCE = r"$E^*$, vertical"
ENDS = (-1.1, 1.1)
RULES = {
    "arrhenius": "that of Arrhenius",
    "heat_bath": "the heat bath",
    "metropolis": "Metropolis's",
}
EXPLAINED = {
    r"$N=\infty$": "Lines through points are exact for infinitely many states. They are averaged "
    "over each bin as the points are, with the density of the energies that moves have started "
    "from in the course of the run. This matters near $E=0$, where the laws are steepest and most "
    "moves start.",
    BALANCE: r"Vertical lines mark the exact $E^*=T_c\ln(2-T_c/T)/(T_c/T-1)$ in the colour of its "
    r"temperature, where $T_c=1$ is the critical temperature in units of $J$. There the points "
    r"cross the grey line, $P_\uparrow=P_\downarrow$. For $T_c/2<T<T_c$ deep states are left "
    "upwards, to about this energy; for $T<T_c/2$ there is no threshold, and trajectories go down "
    "for ever. The mean change of the energy vanishes below $E^*$: moves up, which end at $E=0$ at "
    "the latest, are shorter on average from there than moves down. Far below, it tends to "
    "$T_c(2T-T_c)/(T_c-T)$.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """A row of two panels for each study."""
    found = []
    for study, points in results.items():
        points = sorted(points, key=lambda point: temperature_and_size(point)[0])
        one_size = len({temperature_and_size(point)[1] for point in points}) == 1
        for kind in (ASYMMETRY, DRIFT):
            for point in points:
                data, *laws = _of_point(study, kind, point)
                label = data.colour_label if one_size else data.label
                note = "" if kind == DRIFT else _model(point)
                found += [data._replace(label=label, note=note), *laws]
    return found


def _model(point: xr.Dataset) -> str:
    """A sentence on the rule and on the model, where it is the step model."""
    rule = RULES[parameters_of(point)["rule"]]
    if not is_step_model(point):
        return f"The rule is {rule}."
    return (
        "The step model has states of independent exponential energies $E<0$ on the complete "
        f"graph, and a move goes to a random state; the rule is {rule}."
    )


def _of_point(study: str, kind: str, point: xr.Dataset) -> list[Curve]:
    energy = point.move_energy.values
    mean, error = (point[f"{NAMES[kind]}{suffix}"].values for suffix in ("", "_error"))
    seen = (error > 0) & (error < LARGEST_ERRORS[kind])
    panel = study + kind
    found = [data_of_point(panel, point, energy[seen], mean[seen], error[seen])]
    if not (has_exact_step_model_law(point) and size_is_infinite(point) and seen.any()):
        return found
    critical, x = point.attrs["critical_temperature"], trap_exponent(point)
    law = _law(kind, point, energy[seen])
    known = np.isfinite(law)
    found.append(
        theory_of_point(panel, point, energy[seen][known], law[known], *infinite_size_label(point))
    )
    if x > 0.5:
        place = np.full(2, critical * step_model.balance_energy(x))
        lowest, highest = (end(mean[seen]) for end in (np.min, np.max))
        ends = ENDS if kind == ASYMMETRY else (lowest, highest)
        found.append(theory_of_point(panel, point, place, np.array(ends), BALANCE))
    return found


def _law(kind: str, point: xr.Dataset, centres: np.ndarray) -> np.ndarray:
    """The exact law, averaged over the moves from each bin."""
    critical, x = point.attrs["critical_temperature"], trap_exponent(point)
    if x == 0:
        return np.full(centres.size, -1.0 if kind == ASYMMETRY else -critical)
    half = 0.5 * float(point.move_energy[1] - point.move_energy[0])
    # The energies of states end at E = 0.
    edges = np.minimum(np.unique([centres - half, centres + half]) / critical, 0.0)
    end = float(dynamics_parameters(point)["t_max"])

    def of_energy(energy: np.ndarray) -> np.ndarray:
        if kind == ASYMMETRY:
            return 2.0 * step_model.up_probability(energy, x) - 1.0
        return critical * step_model.mean_energy_change(energy, x)

    means = step_model.mean_over_moves(of_energy, edges, end, x)
    # A gap of bins without moves makes one bin of the means, too.
    return means[np.searchsorted(edges, centres / critical) - 1]


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study, with a line at 0, where moves are balanced."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        kind = ASYMMETRY if name.endswith(ASYMMETRY) else DRIFT
        if kind == ASYMMETRY:
            one.set(ylim=ENDS, yticks=np.linspace(-1.0, 1.0, 5))
        for line in one.get_lines():
            place = np.asarray(line.get_xdata(), dtype=float)
            if place.size == 2 and np.ptp(place) == 0.0:
                ends = one.get_ylim()
                line.set(linewidth=0.6, ydata=ends)
                one.set_ylim(ends)
        one.axhline(0.0, color="0.5", linewidth=0.5, zorder=0)
        one.set(xlabel="energy before the move $E/J$", ylabel=LABELS[kind])
    return figure
