"""Participation ratio in equilibrium against temperature: how few states carry the weight.

The participation ratio is the sum of the squared Boltzmann weights of all states: it is 1 where one
state carries all the weight, and 1/M where M states share it equally. Solid lines are exact for
independent energies at each size. The dashed line is the limit of infinitely many spins, which is 1
- T / T_c below T_c and 0 above it (B. Derrida, Phys. Rev. B 24, 2613 (1981); M. Mezard, G. Parisi,
N. Sourlas, G. Toulouse, M. Virasoro, J. Phys. (Paris) 45, 843 (1984)). Above T_c the mean is
dominated by rare samples with one very deep state. If no such sample is among those computed, the
points lie below the line by more than their error bars suggest.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.barriers.barrier_statistics import INDEPENDENT, size
from glasscore.figures.drawing.curves import Curve, landscape_of
from glasscore.figures.drawing.page import draw_panels
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RELATIVE, ABSOLUTE = ": relative", ": absolute"
HOTTEST = 2.0
LINE_POINTS = 40
SPACING = 0.05
EXACT, LIMIT = "exact", r"$1-T/T_c$, $N=\infty$"


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, one colour for each size."""
    found = []
    for study, surveys in results.items():
        critical = surveys[0].attrs["critical_temperature"]
        unit = critical if 0 < critical < np.inf else 1.0
        panel = study + (RELATIVE if unit == critical else ABSOLUTE)
        for survey in sorted(surveys, key=size):
            found += _of_size(panel, survey, unit)
        if landscape_of(surveys[0])["energies"] in INDEPENDENT:
            ends = np.array([0.0, 1.0, HOTTEST])
            found.append(
                Curve(panel, "theory", LIMIT, ends, np.maximum(1.0 - ends, 0.0), None, np.nan)
            )
    return found


def _of_size(panel: str, survey: xr.Dataset, unit: float) -> list[Curve]:
    N, every = size(survey), survey.temperature.values / unit
    # Temperatures are dense near zero: of those within one spacing, only the first is shown.
    shown = np.unique(np.round(every[every <= HOTTEST] / SPACING), return_index=True)[1]
    shown += np.count_nonzero(every > HOTTEST)
    T = every[shown]
    mean = survey.participation_ratio.values[shown]
    error = survey.participation_ratio_error.values[shown]
    label = f"$N={N}$"
    found = [Curve(panel, "data", label, T, mean, error, N, N, "", label)]
    law = landscape_of(survey)["energies"]
    if law in INDEPENDENT:
        line = np.union1d(T, np.linspace(T.min(), HOTTEST, LINE_POINTS))
        exact = participation_ratio(unit * line, N, law)
        found.append(Curve(panel, "theory", EXACT, line, exact, None, N, exact=True))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        unit = "T_c" if name.endswith(RELATIVE) else "J"
        one.set(
            xlim=(0.0, HOTTEST * 1.02),
            ylim=(0.0, 1.02),
            xlabel=f"temperature $T/{unit}$",
            ylabel=r"participation ratio $\langle\sum_i w_i^2\rangle$",
        )
    return figure
