r"""Random starts in a noisy tensor with a hidden signal: how many find it, and when.

The energy per spin is $e = H_p / N - r m^p$. Here $H_p$ is the noise, the spherical p-spin model,
whose energies have the covariance $N q^p / 2$ at two states of overlap $q$; $m$ is the overlap with
the signal, which lies between $-1$ and $1$, and $r$ is the strength of the signal. Runs start at
random, where $m$ is of the order $1/\sqrt{N}$, and move as $\dot S_i = -\partial (N e)/\partial S_i
- \mu S_i + \xi_i$, where $\mu(t)$ keeps $\sum_i S_i^2 = N$ and the noise $\xi_i$ has the variance
$2 T$ at temperature $T$; at $T = 0$ they descend.

The panels on the left show energy and overlap. An open point marks where a run is stopped, at the
last time of the panel on the right: each run of each disorder sample has one. Thin lines are the
courses of a few of these runs, each in another sample as far as there are enough.

The panels on the right show the share of runs that have found the signal by time $t$. A run counts
as one that has found it while its overlap exceeds $m^*/2$, where $m^*$ is the overlap of the
minimum that the signal makes in the limit of many spins at $T = 0$; where the signal makes none,
$1/2$ stands for $m^*/2$. Points are means over disorder samples, with standard errors from the
scatter between samples. Where a share still rises at the last time, more runs would find the signal
later.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.common.errors import CampaignError
from glasscore.estimates.samples import mean_and_error
from glasscore.figures.drawing import legend
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.page import panels, set_probability_limits
from glasscore.figures.drawing.symbols import BAR, Symbols
from glasscore.files.store import parameters_of
from glasscore.models.covariance import covariance
from glasscore.theory import spiked_tensor
from glasscore.theory.spherical_pspin import aging, dynamical_transition, threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ONLY = {"name": ["spiked_tensor"]}
PLANE, FOUND = ": plane", ": found"
THRESHOLD, GROUND = r"$e_{\rm th}$", "$e_0$"
EDGE, MINIMUM = r"$\Sigma(e, m)=0$", "minimum of the signal"
EXPLAINED = {
    THRESHOLD: (
        r"The dashed line is $e_{\rm th}$, the energy that the noise without a signal approaches "
        r"at long times for $N \to \infty$: at $T = 0$ its threshold energy, at $T > 0$ higher by "
        r"thermal energy. For $N \to \infty$ at fixed $t$, all runs stay at $m = 0$, because the "
        r"force of the signal, $r p m^{p-1}$, vanishes there faster than $m$. At "
        r"finite $N$ the overlap of the start is not 0, and some runs find the signal."
    ),
    GROUND: (
        r"The dashed line is $e_0 = -1 + T/2$, the energy of the noise without a signal at long "
        r"times, for $p = 2$ and $N \to \infty$. If $r > 1/2$, $m = 0$ is unstable at $T = 0$, and "
        r"a descent leaves it after a time of the order $\ln N$."
    ),
    EDGE: (
        r"The solid black line encloses the overlaps and energies at which the mean number of "
        r"stationary points, $\exp[N \Sigma(e, m)]$, grows exponentially with $N$."
    ),
    MINIMUM: (
        r"The star is the minimum of the signal in the limit of many spins. The energy of a state "
        r"at $T > 0$ exceeds that of its minimum by about $T/2$."
    ),
}
# Numbers that stand for ways to draw what is known for many spins.
DASHED, SOLID, MARK = 0.0, 1.0, 2.0
STYLES: dict[float, dict[str, Any]] = {
    DASHED: {"linestyle": "--"},
    SOLID: {"linestyle": "-"},
    MARK: {"linestyle": "", "marker": "*", "markersize": 9, "markeredgecolor": "white"},
}
OVER: dict[str, Any] = {"zorder": 5}
COURSE: dict[str, Any] = {"linestyle": "-", "linewidth": 0.6, "zorder": 1}
END: dict[str, Any] = {"markersize": 2.6, "markeredgewidth": 0.5, "fillstyle": "none"}
# Courses that are drawn for each size.
COURSES = 3
FEWEST_FACTORS = 3
LARGEST_OVERLAP = 0.995
GRID = 400


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Two panels for each study and temperature."""
    found: list[Curve] = []
    for study, points in results.items():
        texts = in_few_digits(_key(point)[1] for point in points)
        for key in sorted({_key(point) for point in points}):
            sizes = sorted((point for point in points if _key(point) == key), key=_size)
            panel = f"{study}, $r={key[0]:g}$, $T={texts[key[1]]}$"
            for part in (_plane, _share):
                found += part(panel, sizes)
    return found


def _key(point: xr.Dataset) -> tuple[float, float, float]:
    chosen = parameters_of(point)
    return float(chosen["model"]["r"]), float(chosen["T"]), float(chosen["model"]["p"])


def _size(point: xr.Dataset) -> float:
    return float(parameters_of(point)["N"])


def _plane(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    panel += PLANE
    for point in sizes:
        N = _size(point)
        # The first runs of all samples come first, then the second ones.
        flat = point.stack(path=("trajectory", "sample"))
        m, e = flat.trajectory_signal_overlap, flat.trajectory_energy
        for path in range(min(COURSES, flat.sizes["path"])):
            one = m.isel(path=path).values, e.isel(path=path).values
            yield Curve(panel, "data", "", *one, None, N, N)
        ends = m.isel(time=-1).values, e.isel(time=-1).values
        note = (
            f"Runs are stopped at $t={float(point.time[-1]):g}$. For each $N$ there are "
            f"{flat.sizes['path']} runs, {point.sizes['trajectory']} in each of "
            f"{point.sizes['sample']} samples. Points of large $N$ lie over those of small $N$."
        )
        yield Curve(panel, "data", f"$N={N:g}$", *ends, None, N, N, note=note)
    yield from _landscape(panel, sizes)


def _landscape(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    """For many spins: energy of the noise, range of stationary points, minimum of the signal."""
    from contourpy import contour_generator

    r, T, p = _key(sizes[0])
    noise = covariance({p: 0.5})
    if dynamical_transition(noise).temperature > T:
        ends = np.array([min(float(one.trajectory_signal_overlap.min()) for one in sizes), 1.0])
        label = THRESHOLD if p >= FEWEST_FACTORS else GROUND
        energy = np.full(2, aging(noise, T).energy)
        yield Curve(panel, "theory", label, ends, energy, None, np.nan)
    minimum = signal_minimum(int(p), r)
    if minimum is not None:
        at = np.array([minimum[0]]), np.array([minimum[1]])
        yield Curve(panel, "theory", MINIMUM, *at, None, np.nan, MARK)
    if p < FEWEST_FACTORS:
        return
    lowest = min(float(one.trajectory_energy.min()) for one in sizes)
    overlaps = np.linspace(-LARGEST_OVERLAP, LARGEST_OVERLAP, GRID)
    widest = 2 * abs(threshold(noise).energy)
    energies = np.linspace(min(lowest, -widest), widest, GRID)
    sigma = spiked_tensor.total_complexity(energies[:, np.newaxis], overlaps, int(p), r)
    label = EDGE
    for piece in contour_generator(overlaps, energies, sigma).lines(0.0):
        m, e = np.asarray(piece).T
        yield Curve(panel, "theory", label, m, e, None, np.nan, SOLID)
        label = ""


def signal_minimum(p: int, r: float) -> tuple[float, float] | None:
    r"""Overlap and energy of the minimum of the signal for many spins; ``None`` without one.

    For p = 2 the energy is that of the matrix of noise plus 2 r v v^T / N. Its largest eigenvalue
    is 2 r + 1 / (2 r) if r > 1/2, where it leaves the semicircle of radius 2, and the eigenvector
    has the overlap m with 1 - m^2 = 1 / (4 r^2) (J. Baik, G. Ben Arous and S. Peche, Ann. Probab.
    33 (2005) 1643; the eigenvector: F. Benaych-Georges and R. R. Nadakuditi, Adv. Math. 227 (2011)
    494).
    """
    if p < FEWEST_FACTORS:
        return (float(np.sqrt(1 - 1 / (4 * r**2))), -r - 1 / (4 * r)) if r > 1 / 2 else None
    try:
        found = spiked_tensor.informed_minimum(p, r)
    except CampaignError:  # The signal is too weak to make a minimum.
        return None
    return found.overlap, found.energy


def _share(panel: str, sizes: list[xr.Dataset]) -> Iterator[Curve]:
    """The share of runs that have found the signal, against time."""
    r, _, p = _key(sizes[0])
    minimum = signal_minimum(int(p), r)
    least = (1.0 if minimum is None else minimum[0]) / 2
    for point in sizes:
        N = _size(point)
        later = point.isel(time=slice(1, None))
        m = later.trajectory_signal_overlap
        has_found = (abs(m) if p % 2 == 0 else m) > least
        share = has_found.mean("trajectory").transpose("sample", "time").values
        y, error = mean_and_error(share)
        yield Curve(
            panel + FOUND, "data", f"$N={N:g}$", later.time.values, y, error, N, N,
            note="$m$ and $-m$ are the same state, and $|m|$ counts." if p % 2 == 0 else "",
        )  # fmt: skip


def draw(curves: list[Curve]) -> "Figure":
    """A row of two panels for each temperature and signal."""
    figure, axes = panels(curves)
    symbols = Symbols(curves)
    drawn: list[tuple[Curve, dict[str, Any]]] = []
    for curve in curves:
        one = axes[curve.panel]
        if curve.role == "theory":
            look = {**OVER, "color": "black", **STYLES[curve.marker]}
            one.plot(curve.x, curve.y, **look)
        elif not curve.label:
            look = {"color": symbols.ink(curve), **COURSE}
            one.plot(curve.x, curve.y, **look)
        else:
            look = symbols.point(curve)
            is_end = curve.panel.endswith(PLANE)
            smaller = {**END, "markeredgecolor": look["color"]} if is_end else {}
            if is_end:  # runs of large sizes, which matter most for the lines, lie over others
                smaller["zorder"] = 3 - 1 / (1 + curve.marker)
            one.errorbar(curve.x, curve.y, curve.error, **{**look, **smaller}, **BAR)
        drawn.append((curve, look))
    legend.put_above(figure, [legend.entries_of(drawn)])
    for name, one in axes.items():
        if name.endswith(PLANE):
            one.set(xlabel="overlap with the signal $m$", ylabel="energy per spin $e$")
        else:
            one.set(
                xscale="log", xlabel="time $t$ (Langevin)", ylabel="share of runs that found it"
            )
            set_probability_limits(one)
    return figure
