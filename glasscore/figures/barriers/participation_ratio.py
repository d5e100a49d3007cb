r"""Participation ratio in equilibrium against temperature: how few states carry the weight.

The participation ratio $\langle\sum_i w_i^2\rangle$ is the mean over independent disorder samples
of the sum of the squared Boltzmann weights $w_i$ of all configurations $i$. It is 1 where one
configuration carries all the weight, and $1/M$ where $M$ of them share it equally. Points follow
exactly from all $2^N$ energies of each sample, the same at all temperatures, so that the errors of
one size are correlated. Of the temperatures $T$ in the file, one in each interval of 0.05 is shown.
They are in units of the static transition $T_c$ where it is known, else of $J$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.barriers.barrier_statistics import INDEPENDENT, size
from glasscore.figures.drawing.curves import Curve, landscape_of
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples, on_unit, remark
from glasscore.figures.drawing.sideways import MOVED, moved_sideways
from glasscore.theory.participation import participation_ratio

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RELATIVE, ABSOLUTE, DIFFERENCE = ": relative", ": absolute", ": difference"
HOTTEST = 2.0
LINE_POINTS = 40
# Exact lines are computed from here on; below they are straight up to 1e-4, and 1 at T = 0.
COLDEST = 0.1
SPACING = 0.05
EXACT, LIMIT, PAIRS = "exact", r"$1-T/T_c$, $N=\infty$", r"two ground states, $T\to 0$"
EXPLAINED = {
    EXACT: (
        "Solid lines are exact for independent energies at each $N$, for infinitely many samples. "
        "Above $T_c$ the mean is dominated by rare samples with one very deep state: if none is "
        "among those computed, points lie below the line by more than their bars suggest."
    ),
    LIMIT: (
        "The dashed line is the limit of infinitely many spins, $1 - T/T_c$ below $T_c$ and 0 "
        "above it (B. Derrida, Phys. Rev. B 24, 2613 (1981); M. Mézard, G. Parisi, N. Sourlas, "
        "G. Toulouse, M. Virasoro, J. Phys. (Paris) 45, 843 (1984))."
    ),
    PAIRS: (
        r"Where each configuration has the energy of its mirror image, there are two ground "
        r"states, and the ratio tends to $1/2$ as $T \to 0$ (short dashed line)."
    ),
    DIFFERENCE: (f"The last panels show points less their exact line. {MOVED}"),
}
OF_STATES = (
    r"As $N \to \infty$ the ratio tends to 0 at each $T > 0$, since each state consists of "
    "exponentially many configurations. Here $T_c$ is but the unit: nothing is singular there in "
    "this ratio."
)
# The limit of two ground states is drawn up to this temperature.
COLD = 0.2


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each study, one colour for each size."""
    found: list[Curve] = []
    said: list[Curve] = []
    for study, surveys in results.items():
        critical = surveys[0].attrs["critical_temperature"]
        unit = critical if 0 < critical < np.inf else 1.0
        panel = study + (RELATIVE if unit == critical else ABSOLUTE)
        first = len(found)
        for survey in sorted(surveys, key=size):
            found += _of_size(panel, survey, unit)
        panels = [panel, panel + DIFFERENCE][: 1 + any(curve.exact for curve in found[first:])]
        said += [*on_unit([panel], surveys[0]), *on_samples(panels, surveys)]
        if landscape_of(surveys[0])["energies"] in ("pspin", "sk"):
            said.append(remark(panel, OF_STATES))
        if landscape_of(surveys[0])["energies"] in INDEPENDENT:
            ends = np.array([0.0, 1.0, HOTTEST])
            found.append(
                Curve(panel, "theory", LIMIT, ends, np.maximum(1.0 - ends, 0.0), None, np.nan)
            )
        if _has_mirror_images(surveys[0]):
            ends = np.array([0.0, COLD])
            found.append(Curve(panel, "theory", PAIRS, ends, np.full(2, 0.5), None, np.nan))
    return [*found, *_differences(found), *said]


def _differences(curves: list[Curve]) -> list[Curve]:
    """Points less the exact line of their panel and colour, and a line at 0 in each panel."""
    found: dict[str, list[Curve]] = {}
    for points in (curve for curve in curves if curve.role == "data"):
        for law in curves:
            if law.exact and (law.panel, law.colour) == (points.panel, points.colour):
                exact = law.y[np.searchsorted(law.x, points.x)]
                panel = points.panel + DIFFERENCE
                found.setdefault(panel, []).append(points._replace(panel=panel, y=points.y - exact))
    zero = np.array([0.0, HOTTEST])
    return [
        curve
        for panel, some in found.items()
        for curve in (*some, Curve(panel, "theory", "", zero, 0.0 * zero, None, np.nan))
    ]


def _has_mirror_images(survey: xr.Dataset) -> bool:
    """Whether a configuration and its mirror image have the same energy."""
    model = landscape_of(survey)
    if model["energies"] == "pspin":
        return int(model["p"]) % 2 == 0
    return model["energies"] == "number_partitioning" or (
        model["energies"] == "sk" and model.get("field", 0.0) == 0.0
    )


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
        line = np.union1d(T, np.linspace(COLDEST, HOTTEST, LINE_POINTS))
        exact = np.append(1.0, participation_ratio(unit * line, N, law))
        line = np.append(0.0, line)
        found.append(Curve(panel, "theory", EXACT, line, exact, None, N, exact=True))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, and one for the differences from each exact law."""
    curves = moved_sideways(curves, lambda panel: panel.endswith(DIFFERENCE))
    figure, axes = draw_panels(curves, row_of=lambda panel: panel.endswith(DIFFERENCE))
    for name, one in axes.items():
        unit = "J" if ABSOLUTE in name else "T_c"
        one.set(xlim=(0.0, HOTTEST * 1.02), xlabel=f"temperature $T/{unit}$")
        if name.endswith(DIFFERENCE):
            one.set_ylabel("points less exact line")
        else:
            one.set(ylim=(0.0, 1.02), ylabel=r"participation ratio $\langle\sum_i w_i^2\rangle$")
    return figure
