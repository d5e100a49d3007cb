r"""Equilibrium states of p-spin and random energy models against temperature.

Lines are exact results for infinitely many spins or, where the caption says so, approximations. The
unit $J$ is such that Gaussian energies of configurations of $N$ spins, those of p-spin models
included, have the variance $N J^2/2$ in all panels. Dots mark the static transition, below which
the number of states that share the equilibrium no longer grows exponentially with $N$.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of
from glasscore.theory import ising_pspin, random_energy, spherical_states

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("ising_pspin", "spherical_pspin", "random_energy_model")
OVERLAP, COMPLEXITY, ENERGY = ": overlap", ": complexity", ": energy"
PARTICIPATION, ENTROPY = ": participation", ": entropy"
GARDNER = "Gardner's temperature $T_G$"
UNSTABLE, QUENCH, LIMIT = "one step, unstable", "after a quench", r"$p \to \infty$"
POWER = "$p="
BELOW = (
    "Ising models are solved with one step of replica-symmetry breaking, which is exact above "
    "Gardner's temperature $T_G$, a square where it is in the range of temperatures. Below it one "
    "step is unstable, and lines are dotted and are approximations."
)
EXPLAINED = {
    POWER: (
        r"In a p-spin model, $p$ spins interact. Below the dynamical transition $T_d$, where the "
        "lines of the overlap and of the complexity end, the equilibrium is divided into states; "
        r"$q$ is the overlap of two configurations of one state, and $e^{N \Sigma}$ the number of "
        r"states. $\Sigma$ vanishes at the static transition $T_K$. The energy is analytic at "
        r"$T_d$, and has a kink at $T_K$."
    ),
    "exponential energies": "The unit of exponential energies is $J = T_c$.",
}
OF_QUENCH = (
    "Dashed lines are the energy that mean-field dynamics reaches long after a quench from "
    "infinite temperature to $T$, that of the threshold states, in the colour of each $p$. They "
    "end at $T_d$. Lines of different $p$ may lie on each other by chance."
)
OF_LIMIT = (
    r"The dash-dotted line is the limit $p \to \infty$, the random energy model with Gaussian "
    r"energies: $-J^2/(2T)$ above $T_c = J/(2 \sqrt{\ln 2})$, and constant below."
)
OF_LEVELS = (
    r"In random energy models each configuration is a state of its own. Shown are the "
    r"participation ratio $Y = \langle\sum_i w_i^2\rangle$ of the Boltzmann weights $w_i$ of "
    "configurations, which is $1 - T/T_c$ below the static transition $T_c$ and zero above, "
    "the entropy, and the energy."
)
OF_UNIT = (
    "Here Gaussian energies have the variance $N J^2/2$, as those of the p-spin models. In result "
    r"files and in figures of activated dynamics it is $N$, and energies and temperatures are "
    r"$\sqrt{2}$ times as large."
)
LABELS = {
    OVERLAP: "overlap $q$ inside a state",
    COMPLEXITY: r"complexity $\Sigma$",
    ENERGY: "energy per spin $e/J$",
    PARTICIPATION: "participation ratio $Y$",
    ENTROPY: "entropy per spin",
}
# Temperatures that are added to those of a study, in each phase.
ADDED = 10
# A temperature so much below T_d has states, and differs from T_d by less than can be seen.
CLOSE = 1e-9
HALF = np.sqrt(0.5)


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study."""
    found = []
    for study, solved in results.items():
        for one in solved:
            found += _levels(study, one) if "level_energy" in one.dims else _states(study, one)
    return found


def _states(study: str, one: xr.Dataset) -> list[Curve]:
    found = {panel: list[Curve]() for panel in (OVERLAP, COMPLEXITY, ENERGY)}
    for p in map(int, one.p.values):
        _add_power(study, found, one.sel(p=p), p)
    if "gardner_temperature" in one:
        T = np.linspace(*_range(one), 10 * ADDED)
        states = [random_energy.equilibrium(float(t), "gaussian") for t in T / HALF]
        energy = [HALF * state.energy for state in states]
        found[ENERGY].append(line(study + ENERGY, LIMIT, T, energy, style=3))
    unstable = [
        panel
        for panel, some in found.items()
        if any(one.marker == 1 and one.role == "data" for one in some)
    ]
    for panel in unstable:
        found[panel] += [
            line(study + panel, UNSTABLE, [], [], style=2),
            points(study + panel, GARDNER, [], [], marker=1),
        ]
    if "aging_energy" in one:
        found[ENERGY].append(line(study + ENERGY, QUENCH, [], [], style=1))
        note = f"{OF_QUENCH} {_on_heights(one)}"
    else:
        note = " ".join([BELOW] * bool(unstable) + [OF_LIMIT])
    return [curve._replace(note=note) for panel in found.values() for curve in panel]


def _on_heights(one: xr.Dataset) -> str:
    """How far above the equilibrium the energies after a quench are at the lowest temperature."""
    T = float(one["T"].min())
    heights = ", ".join(
        rf"${float(one.aging_energy.sel(p=p, T=T)) - spherical_states.equilibrium(p, T).energy:.3f}"
        rf"\,J$ for $p = {p}$"
        for p in map(int, one.p.values)
        if float(one.dynamical_temperature.sel(p=p)) > T
    )
    return rf"At $T = {T:g}\,J$ this energy exceeds that of the equilibrium by {heights}."


def _range(one: xr.Dataset) -> tuple[float, float]:
    return float(one["T"].min()), float(one["T"].max())


def _add_power(study: str, found: dict[str, list[Curve]], at: xr.Dataset, p: int) -> None:
    """Add the lines and marks of one power to those of each panel."""
    dynamic, static = float(at.dynamical_temperature), float(at.static_temperature)
    gardner = float(at.get("gardner_temperature", 0.0))
    equilibrium: Callable[[int, float], Any] = (
        spherical_states.equilibrium if "aging_energy" in at else ising_pspin.equilibrium
    )
    lowest, hottest = _range(at)
    T = _temperatures(at["T"].values, lowest, gardner, static, dynamic)
    cold = [equilibrium(p, float(t)) for t in T]
    hot = np.linspace(dynamic, hottest, ADDED) if hottest > dynamic else np.array([])
    many = static <= T
    rows = {
        OVERLAP: (T, np.array([state.overlap for state in cold])),
        COMPLEXITY: (T[many], np.array([state.complexity for state in cold])[many]),
        ENERGY: (
            np.append(T, hot),
            np.append([state.energy for state in cold], -0.5 / hot),
        ),
    }
    for panel, (x, y) in rows.items():
        stable = x >= gardner
        label = f"$p={p}$"
        found[panel].append(line(study + panel, label, x[stable], y[stable], p))
        if gardner > lowest and panel != COMPLEXITY:
            below = x <= gardner
            found[panel].append(line(study + panel, "", x[below], y[below], p, style=2))
            found[panel].append(
                points(study + panel, "", [gardner], y[x == gardner], None, p, marker=1)
            )
        if lowest <= static:
            found[panel].append(points(study + panel, "", [static], y[x == static], None, p))
    if "aging_energy" in at:
        late = np.where(at["T"].values < dynamic, at.aging_energy.values, np.nan)
        ends = np.append(at["T"].values, dynamic), np.append(late, -0.5 / dynamic)
        order = np.argsort(ends[0])
        found[ENERGY].append(line(study + ENERGY, "", ends[0][order], ends[1][order], p, style=1))


def _temperatures(
    own: np.ndarray, lowest: float, gardner: float, static: float, dynamic: float
) -> np.ndarray:
    """The temperatures of a study below T_d, with the transitions and so many between as needed.

    Near T_d the overlap changes as a square root, and temperatures are closer to each other.
    """
    last = dynamic * (1.0 - CLOSE)
    below = np.linspace(lowest, static, ADDED)
    above = last - (last - static) * np.linspace(1.0, 0.0, ADDED) ** 2
    found = np.concatenate([own, below, above, [gardner, static]])
    return np.unique(found[(found >= lowest) & (found <= last)])


def _levels(study: str, one: xr.Dataset) -> list[Curve]:
    """Equilibrium of a random energy model, in the units of p-spin models if it is their limit."""
    law = parameters_of(one)["energies"]
    unit, label = (HALF, "Gaussian energies") if law == "gaussian" else (1.0, f"{law} energies")
    critical = random_energy.critical_temperature(law)
    own = one["T"].values
    grid = np.linspace(*_range(one), 10 * ADDED)
    T = np.union1d(np.append(own, grid), critical)
    T = T[(own.min() <= T) & (own.max() >= T)]
    states = [random_energy.equilibrium(float(t), law) for t in T]
    found = []
    for panel, name, scale in (
        (PARTICIPATION, "participation", 1.0),
        (ENTROPY, "entropy", 1.0),
        (ENERGY, "energy", unit),
    ):
        y = scale * np.array([float(getattr(state, name)) for state in states])
        found.append(line(study + panel, label, unit * T, y))
        found.append(points(study + panel, "", unit * T[critical == T], y[critical == T]))
    note = " ".join([OF_LEVELS] + [OF_UNIT] * (law == "gaussian"))
    return [curve._replace(note=note) for curve in found]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of three."""
    figure, axes = draw_line_panels(curves, columns=3)
    for name, one in axes.items():
        one.set(xlabel="temperature $T/J$", ylabel=LABELS[":" + name.rpartition(":")[2]])
    return figure
