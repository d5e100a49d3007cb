"""Balance of moves up and down against the energy that they start from: the effective threshold.

Where moves up and down are equally frequent is the threshold E* of activation by entropy, marked
for the step model; below it the trajectory is driven up at T above T_c/2. The mean change of the
energy by a move tells which way the trajectory drifts: deep states deepen below T_c/2 and do not
above.

Sources: E. Bertin, J. Phys. A 36, 10683 (2003); M. R. Carbone, M. Baity-Jesi, Phys. Rev. E 106,
024603 (2022).
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.curves import (
    Curve,
    data_of_point,
    temperature_and_size,
    theory_of_point,
    trap_exponent,
)
from glasscore.figures.solved_models import has_exact_steps, size_is_infinite
from glasscore.figures.style import drawn
from glasscore.theory import step_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NEEDS = "traps"
ANY_RECORDER = ("moves",)
ASYMMETRY, DRIFT = ": asymmetry", ": drift"
NAMES = {ASYMMETRY: "move_asymmetry", DRIFT: "move_drift"}
LABELS = {ASYMMETRY: r"$P_\uparrow-P_\downarrow$", DRIFT: r"mean change of $E/J$ by a move"}
EXACT, BALANCE = r"exact, $N=\infty$", r"$E^*$ (marks)"
LINE_POINTS = 200
LENGTH_OF_MARK = 0.2
# Room for the legend above the points.
HIGHEST = 1.75


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
                found += [data._replace(label=label), *laws]
    return found


def _of_point(study: str, kind: str, point: xr.Dataset) -> list[Curve]:
    energy = point.move_energy.values
    mean, error = (point[f"{NAMES[kind]}{suffix}"].values for suffix in ("", "_error"))
    seen = error > 0
    panel = study + kind
    found = [data_of_point(panel, point, energy[seen], mean[seen], error[seen])]
    if not (has_exact_steps(point) and size_is_infinite(point) and seen.any()):
        return found
    critical, x = point.attrs["critical_temperature"], trap_exponent(point)
    line = np.linspace(min(energy[seen].min(), -critical), 0.0, LINE_POINTS)
    if kind == DRIFT:
        law = critical * step_model.mean_energy_change(line / critical, x)
        return [*found, theory_of_point(panel, point, line, law, EXACT)]
    up = np.zeros(LINE_POINTS) if x == 0 else step_model.up_probability(line / critical, x)
    found.append(theory_of_point(panel, point, line, 2.0 * up - 1.0, EXACT))
    if x > 0.5:
        place = np.full(2, critical * step_model.balance_energy(x))
        mark = np.array([-LENGTH_OF_MARK, LENGTH_OF_MARK])
        found.append(theory_of_point(panel, point, place, mark, BALANCE))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each study, with a line where nothing moves on average."""
    figure, axes = drawn(
        curves,
        data_legend=lambda panel: panel.endswith(ASYMMETRY),
        loc="upper right",
        ncols=3,
        columnspacing=1.0,
    )
    for name, one in axes.items():
        kind = ASYMMETRY if name.endswith(ASYMMETRY) else DRIFT
        one.axhline(0.0, color="0.5", linewidth=0.5, zorder=0)
        one.set(xlabel="energy before the move $E/J$", ylabel=LABELS[kind])
        if kind == ASYMMETRY:
            one.set(ylim=(-1.1, HIGHEST), yticks=np.linspace(-1.0, 1.0, 5))
    return figure
