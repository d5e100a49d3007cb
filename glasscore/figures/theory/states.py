"""Glassy states of random energy and p-spin models: overlap, number and energy against temperature.

Below T_d the equilibrium of a p-spin model splits into states of self-overlap q. Their number is
exp(N Sigma), down to the static transition, below which it no longer grows exponentially with N; a
dot marks this transition. For Ising spins the last panel shows the number of states at T = 0
against their energy. It is computed with one step of replica-symmetry breaking, which is unstable
for all of these states, and therefore is an approximation; so is the energy of the ground state at
the left end of the curve. For random energy models the panels show equilibrium averages, and the
number of energy levels.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("ising_pspin", "spherical_pspin", "random_energy_model")
OVERLAP, COMPLEXITY, ENERGY, LEVELS = ": overlap", ": complexity", ": energy", ": levels"
EQUILIBRIUM = ": equilibrium"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Four panels for p-spin models, two for random energies."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for curve in (_levels if "level_energy" in one.dims else _states)(study, one)
    ]


def _states(study: str, one: xr.Dataset) -> list[Curve]:
    found = {panel: list[Curve]() for panel in (OVERLAP, COMPLEXITY, ENERGY)}
    for p in one.p.values:
        at, T, label = one.sel(p=p), one["T"].values, f"$p={p}$"
        dynamic, static = float(at.dynamical_temperature), float(at.static_temperature)
        cold, many = dynamic > T, (dynamic > T) & (static < T)
        q = np.append(at.overlap.values[cold], float(at.dynamical_overlap))
        found[OVERLAP] += [
            line(study + OVERLAP, label, np.append(T[cold], dynamic), q, p),
            points(study + OVERLAP, "", [static], [float(at.static_overlap)], None, p),
        ]
        sigma = np.append(0.0, at.complexity.values[many])
        found[COMPLEXITY] += [
            line(study + COMPLEXITY, label, np.append(static, T[many]), sigma, p),
            points(study + COMPLEXITY, "", [static], [0.0], None, p),
        ]
        found[ENERGY].append(line(study + ENERGY, label, T, at.energy, p))
        if "aging_energy" in at:
            late = np.where(cold, at.aging_energy.values, np.nan)
            quench = "after a quench" if p == one.p.values[-1] else ""
            found[ENERGY].append(line(study + ENERGY, quench, T, late, p, style=1))
    return [curve for panel in found.values() for curve in panel] + _cold_states(study, one)


def _cold_states(study: str, one: xr.Dataset) -> list[Curve]:
    """The number of states at T = 0, which Ising models have."""
    if "state_energy" not in one:
        return []
    return [
        line(study + LEVELS, f"$p={p}$", at.state_energy, at.state_complexity, p)
        for p in one.p.values
        for at in [one.sel(p=p)]
    ]


def _levels(study: str, one: xr.Dataset) -> list[Curve]:
    T, panel = one["T"].values, study + EQUILIBRIUM
    law = parameters_of(one)["energies"]
    return [
        line(panel, "energy", T, one.energy, 0.0),
        line(panel, "entropy", T, one.entropy, 1.0, style=1),
        line(panel, "participation", T, one.participation, 2.0, style=3),
        line(study + LEVELS, f"{law} levels", one.level_energy, one.level_entropy, 0.0),
    ]


LABELS = {
    OVERLAP: ("temperature $T/J$", "overlap $q$ inside a state"),
    COMPLEXITY: ("temperature $T/J$", r"complexity $\Sigma(T)$"),
    ENERGY: ("temperature $T/J$", "energy per spin"),
    LEVELS: ("energy per spin $e$", r"complexity $\Sigma(e)$"),
    EQUILIBRIUM: ("temperature $T/J$", "energy, entropy, participation"),
}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        x, y = LABELS[":" + name.rpartition(":")[2]]
        one.set(xlabel=x, ylabel=y)
    return figure
