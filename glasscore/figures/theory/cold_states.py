r"""Number of states of Ising p-spin and random energy models at $T = 0$ against their energy.

The complexity $\Sigma(e)$ is the logarithm of the number of states of energy $e$ per spin, divided
by $N$. At $T = 0$ a state is a configuration whose energy no flip of finitely many spins lowers,
and in random energy models any configuration. $\Sigma$ vanishes at the ground state, the left end
of a line. The unit $J$ is such that Gaussian energies of configurations of $N$ spins, those of
p-spin models included, have the variance $N J^2/2$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of
from glasscore.theory import ising_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("ising_pspin", "random_energy_model")
POWER, LIMIT, MISSING = "$p=", r"$p \to \infty$", ": missing"
GAUSSIAN, EXPONENTIAL = "Gaussian energies", "exponential energies"
EXPLAINED = {
    POWER: (
        r"Lines of p-spin models, in which $p$ spins interact, are computed with one step of "
        r"replica-symmetry breaking and end on the right at the most numerous states. At $T = 0$ "
        "one step is unstable for all of these states, so that the lines, the energy of the ground "
        "state included, are approximations. The least reliable is the right end, an open point: "
        "with more steps the most numerous states have another energy, which is not known exactly."
    ),
    LIMIT: (
        r"The dashed line is the limit $p \to \infty$, the random energy model with Gaussian "
        r"energies. There $\Sigma_\infty = \ln 2 - e^2/J^2$ counts all configurations, from the "
        r"ground state at $e = -J \sqrt{\ln 2} = -0.8326\,J$ to $\Sigma_\infty = \ln 2$ at "
        "$e = 0$, which is beyond the panel."
    ),
    MISSING: (
        r"The panel of $\Sigma_\infty - \Sigma$ shows how much less the p-spin models have than "
        "this limit, at the same energy."
    ),
    GAUSSIAN: r"Configurations of Gaussian energies have $\Sigma = \ln 2 - e^2/J^2$, exactly.",
    EXPONENTIAL: (
        r"Configurations of exponential energies have $\Sigma = \ln 2 + e/J$, exactly, where "
        "the unit is $J = T_c$, the critical temperature."
    ),
}
HALF = np.sqrt(0.5)
# The line of the limit ends a little above the other lines.
ABOVE = 1.2
POINTS = 100


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study of p-spin models, and one for each other one.

    Gaussian energies are the limit that panels of p-spin models show, so that they have no panel of
    their own beside these.
    """
    solved = [(study, one) for study, some in results.items() for one in some]
    found = [curve for study, one in solved if _has_powers(one) for curve in _states(study, one)]
    for study, one in solved:
        if not _has_powers(one) and not (found and _is_gaussian(one)):
            found.append(_levels(study, one))
    return found


def _has_powers(one: xr.Dataset) -> bool:
    return "level_energy" not in one.dims


def _is_gaussian(one: xr.Dataset) -> bool:
    return parameters_of(one)["energies"] == "gaussian"


def _states(panel: str, one: xr.Dataset) -> list[Curve]:
    """The lines of all powers from the ground state on, and their limit."""
    found, missing, ends = [], [], []
    for p in one.p.values:
        at = one.sel(p=p)
        # The most numerous states have a slope between two of those in the file.
        most = ising_pspin.complexity_at_zero_temperature(int(p), ising_pspin.least_slope(int(p)))
        e, sigma = (
            np.append(value, values[np.isfinite(values)])
            for value, values in zip(
                most, (at.state_energy.values, at.state_complexity.values), strict=True
            )
        )
        found.append(line(panel, f"$p={p}$", e, sigma, float(p)))
        found.append(points(panel, "", e[:1], sigma[:1], None, float(p), hollow=True))
        less = np.log(2.0) - e**2 - sigma
        missing.append(line(panel + MISSING, f"$p={p}$", e, less, float(p)))
        missing.append(points(panel + MISSING, "", e[:1], less[:1], None, float(p), hollow=True))
        ends.append(rf"${e[-1]:.4f}\,J$ to ${e[0]:.4f}\,J$ for $p = {p}$")
    found[0] = found[0]._replace(note=f"Lines go from $e$ of {', '.join(ends)}.")
    highest = ABOVE * max(float(curve.y.max()) for curve in found)
    sigma = np.linspace(0.0, highest, POINTS)
    found.append(line(panel, LIMIT, -np.sqrt(np.log(2.0) - sigma), sigma, style=1))
    return found + missing


def _levels(panel: str, one: xr.Dataset) -> Curve:
    if _is_gaussian(one):
        return line(panel, GAUSSIAN, HALF * one.level_energy, one.level_entropy)
    return line(panel, EXPONENTIAL, one.level_energy, one.level_entropy)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        label = (
            r"$\Sigma_\infty(e) - \Sigma(e)$"
            if name.endswith(MISSING)
            else r"complexity $\Sigma(e)$"
        )
        one.set(xlabel="energy per spin $e/J$", ylabel=label)
        one.set_ylim(bottom=0.0)
    return figure
