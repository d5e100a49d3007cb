r"""Response of spherical p-spin models to a small field switched on, or off, while they age.

Lines are solutions of the mean-field equations for infinitely many spins, without statistical
errors. A small field is switched on at the waiting time $t_w$ (zero-field-cooled), or acts from the
quench until $t_w$ (thermoremanent). The magnetisation per spin at a time lag $\tau$ behind $t_w$,
divided by this field, is $\chi_{\rm ZFC}(t_w+\tau, t_w) = \int_{t_w}^{t_w+\tau} R(t_w+\tau, s)\,ds$
or $\chi_{\rm TRM}(t_w+\tau, t_w) = \int_0^{t_w} R(t_w+\tau, s)\,ds$, where $R$ is the response
function. The last panel of a row shows the share that is left of the second,
$\chi_{\rm TRM}(t_w+\tau, t_w)/\chi_{\rm TRM}(t_w, t_w)$, by the ratio of lag and waiting time. Each
row is one run at the temperature $T$. A system ages if its responses become slower with $t_w$;
where the curves of the last panel fall on one, $t_w$ is the only slow time scale (simple aging). At
small $\tau/t_w$ they do not, since the fast relaxation depends on $\tau$ and not on this ratio.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dmft.observables import integrated_response, thermoremanent_response
from glasscore.figures.dmft.dmft_correlation import chosen, time_text, waiting_times
from glasscore.figures.dmft.dmft_energy import (
    aging_law,
    model_notes,
    protocol_of,
    quench_text,
    temperatures_of,
)
from glasscore.figures.dmft.dmft_magnetisation import course_of_field
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED, SHORT_DASHES
from glasscore.models.covariance import Values
from glasscore.theory.spherical_pspin import Aging

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"single_site": [None]}
POINTS_PER_DECADE = 12
# Lags begin at this time, or earlier in short runs.
SHORTEST_LAG = 0.1
# Ratios of lag and waiting time begin here.
LEAST_RATIO = 1e-3
MOST_ROWS = 6
ON, OFF, SHARE = ": on", ": off", ": share"
LABELS = {
    ON: (r"time lag $\tau$", r"on: $\chi_{\rm ZFC}(t_w+\tau, t_w)$"),
    OFF: (r"time lag $\tau$", r"off: $\chi_{\rm TRM}(t_w+\tau, t_w)$"),
    SHARE: (r"ratio $\tau/t_w$", r"share left of $\chi_{\rm TRM}$"),
}
PLATEAU, FINAL = r"$(1-q_{\rm EA})/T$", r"$(1-q_{\rm EA}+Xq_{\rm EA})/T$"
STYLES = {PLATEAU: SHORT_DASHES, FINAL: DOTTED}
EXPLAINED = {
    PLATEAU: r"""For pure models that age, the response to a field that is switched on at a long
$t_w$ has a plateau at $(1 - q_{\rm EA})/T$, where fast relaxation has ended and the correlation is
$q_{\rm EA}$, and ends at $(1 - q_{\rm EA} + X q_{\rm EA})/T$ for $\tau \gg t_w$; $X$ is the
fluctuation-dissipation ratio of aging (Cugliandolo and Kurchan 1993).""",
    "$h=": r"""Where a field $h$ acts besides the small one, its largest strength is named, and
$\chi = \partial m/\partial(\delta h)$ is the response of the magnetisation $m$ to a small field
$\delta h$ on top of $h$.""",
    "$T_0=": "$T_0$ is the temperature of the start if it is neither infinite nor $T$.",
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each run: a field is switched on, and off, and how this scales."""
    runs = [
        (study, f"{study}, {quench_text(point, points)}", point)
        for study, points in results.items()
        for point in points
    ]
    shown = chosen([study for study, *_ in runs], MOST_ROWS)
    found = [
        curve
        for number in shown
        for part in (_on, _off, _share)
        for curve in part(runs[number][1], runs[number][2])
    ]
    missing = [panel for number, (_, panel, _) in enumerate(runs) if number not in shown]
    found += model_notes(results, found)
    if not missing:
        return found
    note = f"For lack of room some runs are left out: {'; '.join(missing)}."
    return [curve._replace(note=note) for curve in found]


def _on(panel: str, point: xr.Dataset) -> list[Curve]:
    found = [
        _curve(panel + ON, waited, lag, integrated_response(point, waited + lag, waited))
        for waited, lag in _lags(point)
    ]
    if protocol_of(point).has_field():
        found[0] = found[0]._replace(note=course_of_field(protocol_of(point)))
    return [*found, *_levels(panel + ON, point, max(found, key=lambda one: one.x[-1]))]


def _levels(panel: str, point: xr.Dataset, longest: Curve) -> Iterator[Curve]:
    """Plateau and limit of the response of pure models that age."""
    law, T = aging_law(point), temperatures_of(point)[0]
    if not isinstance(law, Aging) or T == 0:
        return
    plateau = (1 - law.plateau) / T
    final = plateau + law.violation * law.plateau / T
    note = f"The plateau is ${plateau:.4g}$ and the limit ${final:.4g}$."
    ends = longest.x[[0, -1]]
    for label, level in ((PLATEAU, plateau), (FINAL, final)):
        yield Curve(panel, "theory", label, ends, np.full(2, level), None, np.nan, note=note)


def _off(panel: str, point: xr.Dataset) -> list[Curve]:
    return [
        _curve(panel + OFF, waited, lag, thermoremanent_response(point, waited + lag, waited))
        for waited, lag in _lags(point)
    ]


def _share(panel: str, point: xr.Dataset) -> list[Curve]:
    found = []
    for waited, lag in _lags(point):
        kept = lag >= LEAST_RATIO * waited
        left = thermoremanent_response(point, waited + lag[kept], waited)
        whole = thermoremanent_response(point, waited, waited)
        found.append(_curve(panel + SHARE, waited, lag[kept] / waited, left / whole))
    return found


def _lags(point: xr.Dataset) -> list[tuple[float, Values]]:
    """Waiting times and the lags behind them."""
    t_max, found = float(point.time[-1]), []
    for waited in waiting_times(t_max):
        longest = t_max - waited
        shortest = min(SHORTEST_LAG, longest / 10)
        count = int(POINTS_PER_DECADE * np.log10(longest / shortest)) + 2
        found.append((waited, np.geomspace(shortest, longest, count)))
    return found


def _curve(panel: str, waited: float, x: Values, y: Values) -> Curve:
    return Curve(panel, SOLUTION, f"$t_w={time_text(waited)}$", x, y, None, waited)


def draw(curves: list[Curve]) -> "Figure":
    """A row of three panels for each run."""
    figure, axes = draw_panels(curves, columns=3, styles=STYLES)
    for name, one in axes.items():
        part = next((part for part in LABELS if name.endswith(part)), ON)
        across, up = LABELS[part]
        one.set(xscale="log", xlabel=across, ylabel=up)
        one.set_ylim(bottom=0.0)
    return figure
