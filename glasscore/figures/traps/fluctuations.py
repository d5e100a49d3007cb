r"""How much spins fluctuate while they relax: the susceptibility of the overlap, and its law.

The overlap $q=\frac{1}{N}\sum_i s_i(t_w)s_i(t_w+t)$ of $N$ spins $s_i$ compares the waiting time
$t_w$ with a time $t$ later; both are counted in sweeps of $N$ attempted moves. The first panels
show the four-point susceptibility $\chi_4=N\,{\rm Var}\,q$, with the variance over independent
disorder samples and trajectories, against $t$, at all waiting times $t_w$ for the largest $N$, and
at the last of them for the other $N$. It is of order 1 while spins flip independently of each
other, and peaks at the time at which some samples have relaxed and others have not. Where $P(q)$
has one peak, a height $n$ says that about $n$ spins move together; where it has two, $\chi_4$ grows
like $N$ and counts no spins. The next panels show this density $P(q)$ of the overlap over samples
and trajectories, at the last of these waiting times and the time $t$ of its largest $\chi_4$, which
is the end of the run if $\chi_4$ still grows there. One narrow peak means that samples relax alike;
a broad law, or two peaks, that the mean describes no sample. Of several temperatures of a study the
coldest and the hottest are shown. Thin lines join points, which share samples and are correlated.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import (
    Curve,
    dynamics_parameters,
    in_few_digits,
    landscape_of,
    temperature_and_size,
)
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.remarks import on_samples
from glasscore.figures.drawing.solved_models import start_in_words
from glasscore.figures.drawing.symbols import Symbols
from glasscore.figures.drawing.waiting_times import (
    label_of_waiting_time,
    nearest_waiting_time,
    on_waiting_times,
    waiting_times_in_sweeps,
)
from glasscore.figures.traps.spin_correlation import on_transitions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"graph": ["hypercube"]}
SUSCEPTIBILITY, DENSITY, PARTS = ": susceptibility", ": density", ": parts"
KINDS = (SUSCEPTIBILITY, DENSITY, PARTS)
THERMAL, DISORDER = "thermal", "of the disorder"
LIMIT = r"$1/(1-\beta^2)$"
# The limit is drawn over the last times, of this ratio.
LATE = 30.0
EXPLAINED = {
    LIMIT: (
        "Trajectories of the SK model that begin in equilibrium above $T_c$ forget where they "
        "began, and $\\chi_4$ tends to $1/(1-\\beta^2)$ with $\\beta=J/T$ for many spins (dashed, "
        "from a thirtieth of the longest time on); it is smaller at finite $N$."
    ),
    PARTS: (
        "The last panels: with several trajectories in each sample $\\chi_4$ is the sum of a "
        "thermal part, $\\chi_{\\rm th}$, which is $N$ times the mean over samples of the variance "
        "of $q$ in one sample, and a part of the disorder, $\\chi_{\\rm dis}$, which is $N$ times "
        "the variance over samples of the mean of $q$ in one sample. Both are shown for the "
        "largest $N$ and the last waiting time."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Panels of susceptibilities of all studies, then of densities, then of parts."""
    found: list[Curve] = []
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for T in dict.fromkeys((min(texts), max(texts))):
            alike = [point for point in points if temperature_and_size(point)[0] == T]
            alike.sort(key=lambda point: temperature_and_size(point)[1])
            found += _of_temperature(f"{study}, $T={texts[T]}$", alike, T)
    return sorted(found, key=lambda curve: KINDS.index(_kind(curve.panel)))


def _kind(panel: str) -> str:
    """What a panel shows, which follows the title of its study."""
    return f":{panel.rpartition(':')[2]}"


def _of_temperature(title: str, points: list[xr.Dataset], T: float) -> list[Curve]:
    sweeps = waiting_times_in_sweeps(points)
    shown = [
        _susceptibility(title, point, one)
        for one in sweeps
        for point in (points if one == sweeps[-1] else points[-1:])
    ]
    if all("samples" in point for point in points):
        shown += on_samples([title + kind for kind in (SUSCEPTIBILITY, DENSITY)], points)
    said = [
        on_transitions(points[0], T),
        start_in_words(points[0]),
        on_waiting_times(points, sweeps),
    ]
    shown[0] = shown[0]._replace(note=" ".join(filter(None, said)))
    lags = np.concatenate([curve.x for curve in shown])
    if _has_limit(points[0], T) and lags.size:
        # The limit is that of long times.
        ends = np.array([max(lags.min(), lags.max() / LATE), lags.max()])
        limit = np.full(2, 1.0 / (1.0 - T**-2))
        shown.append(Curve(title + SUSCEPTIBILITY, "theory", LIMIT, ends, limit, None, np.nan))
    parts = _parts(title, points[-1], sweeps[-1])
    return [*shown, *(_density(title, point, sweeps[-1]) for point in points), *parts]


def _has_limit(point: xr.Dataset, T: float) -> bool:
    """Whether these are spins of the SK model without a field, in equilibrium above T_c."""
    model = landscape_of(point)
    start = dynamics_parameters(point).get("start", {"name": "random"})
    in_equilibrium = start.get("T") == T
    return in_equilibrium and model["energies"] == "sk" and not model.get("field", 0) and T > 1


def _after(point: xr.Dataset, sweeps: float) -> xr.Dataset:
    """What was measured after a waiting time, at the windows that end within the run.

    Nothing is left of a single sample, which has no variance.
    """
    one = point.sel(waiting_time=nearest_waiting_time(point, sweeps))
    return one.isel(window=one.four_point_susceptibility.notnull().values)


def _susceptibility(title: str, point: xr.Dataset, sweeps: float) -> Curve:
    one = _after(point, sweeps)
    lags = (one.window * one.waiting_time).values / temperature_and_size(point)[1]
    chi, error = one.four_point_susceptibility.values, one.four_point_susceptibility_error.values
    return _curve(title + SUSCEPTIBILITY, point, sweeps, lags, chi, error)


def _density(title: str, point: xr.Dataset, sweeps: float) -> Curve:
    one = _after(point, sweeps)
    if not one.sizes["window"]:
        empty = np.empty(0)
        found = _curve(title + DENSITY, point, sweeps, empty, empty, empty)
        return found._replace(note="A single sample has no variance.")
    one = one.isel(window=int(np.argmax(one.four_point_susceptibility.values)))
    N = temperature_and_size(point)[1]
    found = _curve(
        title + DENSITY, point, sweeps, one.overlap_value.values,
        one.overlap_density.values, one.overlap_density_error.values,
    )  # fmt: skip
    lag = float(one.window * one.waiting_time) / N
    return found._replace(note=f"At $N={N:g}$ the density is that after $t={_number(lag)}$ sweeps.")


def _number(time: float) -> str:
    """A time with three digits, without a power of ten."""
    return f"{time:.3g}" if time < 1e3 else f"{float(f'{time:.3g}'):.0f}"


def _parts(title: str, point: xr.Dataset, sweeps: float) -> list[Curve]:
    """The thermal part and that of the disorder, if there are several trajectories in a sample."""
    if "thermal_susceptibility" not in point:
        return []
    one = _after(point, sweeps)
    lags = (one.window * one.waiting_time).values / temperature_and_size(point)[1]
    found = []
    # Sizes are positive numbers, so that these markers are others.
    for marker, (name, label) in enumerate(
        (("thermal_susceptibility", THERMAL), ("disorder_susceptibility", DISORDER)), start=-2
    ):
        y, error = one[name].values, one[f"{name}_error"].values
        curve = _curve(title + PARTS, point, sweeps, lags, y, error)
        found.append(curve._replace(label=label, marker=float(marker), marker_label=label))
    return found


def _curve(
    panel: str, point: xr.Dataset, sweeps: float, x: np.ndarray, y: np.ndarray, error: np.ndarray
) -> Curve:
    N, waited = temperature_and_size(point)[1], label_of_waiting_time(sweeps)
    size = f"$N={N:g}$"
    return Curve(panel, "data", f"{size}, {waited}", x, y, error, sweeps, N, waited, size)


def draw(curves: list[Curve]) -> "Figure":
    """Rows of panels, each of which shows one quantity."""
    figure, axes = draw_panels(curves, 3, _kind)
    inks = Symbols(curves)
    for curve in curves:
        if curve.role == "data":
            ink = inks.ink(curve)
            axes[curve.panel].plot(curve.x, curve.y, color=ink, linewidth=0.5, zorder=2)
    for name, one in axes.items():
        if np.isfinite(one.dataLim.intervaly).all():
            one.set_ylim(bottom=min(0.0, one.dataLim.intervaly[0]))
        if name.endswith(DENSITY):
            one.set(xlim=(-1.05, 1.05), xlabel="overlap $q$", ylabel="density $P(q)$")
        else:
            parts = r"parts $\chi_{\rm th}$, $\chi_{\rm dis}$"
            label = parts if name.endswith(PARTS) else r"susceptibility $\chi_4$"
            one.set(xscale="log", xlabel="time $t$ (sweeps)", ylabel=label)
    return figure
