r"""Number of states of Ising p-spin and random energy models at $T = 0$ against their energy.

The complexity $\Sigma(e)$ is the logarithm of the number of states of energy $e$ per spin, divided
by $N$. At $T = 0$ a state is a configuration whose energy no flip of finitely many spins lowers,
and in random energy models any configuration. $\Sigma$ vanishes at the ground state, the left end
of a line. The unit $J$ is such that Gaussian energies of configurations of $N$ spins, those of
p-spin models included, have the variance $N J^2/2$ in all panels.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line
from glasscore.files.store import parameters_of
from glasscore.theory import ising_pspin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("ising_pspin", "random_energy_model")
POWER, LIMIT = "$p=", r"$p \to \infty$"
GAUSSIAN, EXPONENTIAL = "Gaussian energies", "exponential energies"
EXPLAINED = {
    POWER: (
        r"Lines of p-spin models, in which $p$ spins interact, are computed with one step of "
        r"replica-symmetry breaking and end on the right at the most numerous states. At $T = 0$ "
        "one step is unstable for all of these states, so that the lines, the energy of the ground "
        "state included, are approximations. The least reliable is the right end: with more steps "
        "the most numerous states have another energy, which is not known exactly."
    ),
    LIMIT: (
        r"The dashed line is the limit $p \to \infty$, the random energy model with Gaussian "
        r"energies, $\Sigma = \ln 2 - e^2/J^2$, which the lines approach as $p$ grows. It goes on "
        "to the right."
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
    """One panel for each study."""
    found = []
    for study, solved in results.items():
        for one in solved:
            if "level_energy" in one.dims:
                found.append(_levels(study, one))
            else:
                found += _states(study, one)
    return found


def _states(panel: str, one: xr.Dataset) -> list[Curve]:
    """The lines of all powers from the ground state on, and their limit."""
    found = []
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
    highest = ABOVE * max(float(curve.y.max()) for curve in found)
    sigma = np.linspace(0.0, highest, POINTS)
    found.append(line(panel, LIMIT, -np.sqrt(np.log(2.0) - sigma), sigma, style=1))
    return found


def _levels(panel: str, one: xr.Dataset) -> Curve:
    if parameters_of(one)["energies"] == "gaussian":
        return line(panel, GAUSSIAN, HALF * one.level_energy, one.level_entropy)
    return line(panel, EXPONENTIAL, one.level_energy, one.level_entropy)


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for one in axes.values():
        one.set(xlabel="energy per spin $e/J$", ylabel=r"complexity $\Sigma(e)$")
        one.set_ylim(bottom=0.0)
    return figure
