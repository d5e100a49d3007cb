r"""Aging of correlated random energies on the way to the random energy model.

The energies $E$ of two configurations of $N$ spins with overlap $q$ have the covariance
$J^2Nq^{\alpha N}$ (M. Baity-Jesi, A. Achard-de Lustrac, G. Biroli, arXiv:1805.04581, 2018); $J$ is
the unit of energies and of the temperature $T$. The larger the exponent $\alpha$, the rougher the
landscape: the upper axis is the correlation of the energies of neighbours, which differ in one spin
and have $q=1-2/N$. It is $(1-2/N)^{\alpha N}$, about $e^{-2\alpha}$. Points are the probability
$\Pi$ of the same configuration at the waiting time $t_w$ and at $t_w(1+\omega)$, averaged over
independent samples of the disorder, for the last waiting times that are powers of ten and whose
window ends within the run; times are counted in attempted moves. Points of one $\alpha$ share
samples. For small $\alpha$ neighbours have nearly the same energy, and the system leaves a
configuration easily: where points of all waiting times agree, it is in equilibrium. At $\alpha N=1$
the spins are independent, each in a random field of its own. For negative $q$ the power has the
sign of $q$ to the nearest whole power.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, landscape_of, temperature_and_size
from glasscore.figures.drawing.equilibration import log_equilibration_time
from glasscore.figures.drawing.page import draw_panels, set_probability_limits
from glasscore.theory.random_energy import critical_temperature

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RECORDERS = ("configurations",)
ONLY = {"energies": ["correlated", "gaussian"], "graph": ["hypercube"]}
WINDOW = 0.5
DECADES = 4
# The axis ends at this ratio from the first and the last exponent.
MARGIN = 1.5
# Correlations that may be written at the upper axis, and the least distance of two of them, as a
# share of the axis.
WRITTEN = (0.99, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-6)
APART = 0.19
INDEPENDENT = r"independent energies, $\alpha\to\infty$"
LIMIT_OF_ROUGHNESS = r"$\alpha=\frac{1}{2}\ln N$"
EXPLAINED = {
    INDEPENDENT: (
        "Horizontal lines are results of the same kind for independent energies, the random energy "
        "model, at the same waiting times. The first has a band of one standard error; the others "
        "have similar errors. Lines are left out where the window does not end before the time to "
        "equilibrium: there points of large $\\alpha$ need not approach them."
    ),
    LIMIT_OF_ROUGHNESS: (
        "At $\\alpha=\\frac{1}{2}\\ln N$ the neighbours of a state of energy $E\\sim N$ have the "
        "mean energy $Ee^{-2\\alpha}\\sim J$; for larger $\\alpha$ barriers are those of "
        "independent energies."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """One panel for each temperature and size, of all studies together."""
    points = [point for each in results.values() for point in each]
    correlated = [point for point in points if "alpha" in landscape_of(point)]
    found = []
    sizes = sorted({temperature_and_size(point) for point in correlated})
    for T, N in sizes:
        alike = [point for point in points if temperature_and_size(point) == (T, N)]
        omega = float(_window(alike[0]).window)
        panel = rf"$N={N:g}$, $T={T:.3g}$, $\omega={omega:g}$"
        found += _of_size(panel, N, sorted(alike, key=_alpha))
    if len({N for _, N in sizes}) == 1:
        # Panels name the only size, so that the legend need not.
        return [curve._replace(label=curve.colour_label or curve.label) for curve in found]
    return found


def _alpha(point: xr.Dataset) -> float:
    return float(landscape_of(point).get("alpha", np.inf))


def _of_size(panel: str, N: float, points: list[xr.Dataset]) -> list[Curve]:
    correlated = [point for point in points if np.isfinite(_alpha(point))]
    alphas = np.array([_alpha(point) for point in correlated])
    ends = np.array([alphas.min() / MARGIN, alphas.max() * MARGIN])
    found = []
    for time in _waiting_times(correlated[0]):
        same, error = np.array([_same(point, time) for point in correlated]).T
        known = np.isfinite(same)
        text, size = rf"$t_w=10^{{{np.log10(time):g}}}$", f"$N={N:g}$"
        found.append(
            Curve(panel, "data", f"{size}, {text}", alphas[known], same[known], error[known], time,
                  N, text, size)
        )  # fmt: skip
        for point in points[len(correlated) :]:
            level, spread = _same(point, time)
            if np.isfinite(level) and _is_aging(point, time):
                # More than one band would hide each other.
                first = all(curve.label != INDEPENDENT for curve in found)
                bar = np.full(2, spread) if first and spread > 0 else None
                line = Curve(panel, "theory", INDEPENDENT, ends, np.full(2, level), bar, time, N)
                found.append(line._replace(note=_of_reference(point, spread)))
    T = temperature_and_size(points[0])[0]
    ratio = T / critical_temperature("gaussian")
    said = rf"$T={T:.3g}\,J={ratio:.3f}\,T_c$, where $T_c$ is that of independent energies."
    found[0] = found[0]._replace(note=f"{said} {_even(N, alphas)}".strip())
    rough = np.full(2, np.log(N) / 2)
    if ends[0] < rough[0] < ends[1]:
        found.append(
            Curve(panel, "theory", LIMIT_OF_ROUGHNESS, rough, np.array([0.0, 1.0]), None, np.nan)
        )
    return found


def _is_aging(point: xr.Dataset, time: float) -> bool:
    """Whether the window ends before the time to equilibrium of independent energies."""
    return np.log(time * (1 + float(_window(point).window))) < log_equilibration_time(point)


def _even(N: float, alphas: np.ndarray) -> str:
    """Where the energy is even, so that the limit of large alpha is another one."""
    even = [alpha for alpha in alphas if np.rint(alpha * N) % 2 == 0]
    if not even:
        return ""
    return (
        f"The power is even at $\\alpha={', '.join(f'{alpha:.4g}' for alpha in even)}$: there the "
        "configurations $s$ and $-s$ have the same energy, and the limit of large $\\alpha$ is a "
        "random energy model of $2^{N-1}$ energies, each of two configurations. While the system "
        "ages it stays near one of the two, as with independent energies; in equilibrium it is in "
        "both alike, and $\\Pi$ is half that of independent energies."
    )


def _of_reference(point: xr.Dataset, error: float) -> str:
    """The error of a line for independent energies, and the time to equilibrium."""
    said = f"The standard error of the horizontal lines is about {error:.1g}."
    end = log_equilibration_time(point)
    if not np.isfinite(end):
        return said
    return (
        f"{said} Independent energies need about $t_{{\\rm eq}}=10^{{{end / np.log(10):.1f}}}$ "
        "attempts to reach equilibrium."
    )


def _waiting_times(point: xr.Dataset) -> Iterator[float]:
    """The last waiting times that are powers of ten and whose window ends within the run."""
    one = _window(point)
    decades = np.log10(one.waiting_time.values)
    whole = (decades == np.round(decades)) & one.same_configuration.notnull().values
    yield from one.waiting_time.values[whole][-DECADES:]


def _same(point: xr.Dataset, time: float) -> tuple[float, float]:
    """The aging function with its error; NaN if the study does not have the waiting time."""
    one = _window(point)
    if time not in one.waiting_time.values:
        return np.nan, np.nan
    one = one.sel(waiting_time=time)
    return float(one.same_configuration), float(one.same_configuration_error)


def _window(point: xr.Dataset) -> xr.Dataset:
    return point.sel(window=WINDOW, method="nearest")


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        shown = [curve for curve in curves if curve.panel == name]
        set_probability_limits(one)
        one.set(xscale="log", xlabel=r"exponent $\alpha$", ylabel=r"same configuration, $\Pi$")
        ends = [end for curve in shown for end in (curve.x.min(), curve.x.max())]
        one.set_xlim(min(ends) / 1.05, max(ends) * 1.05)
        _name_correlations(one, shown[0].marker)
    return figure


def _name_correlations(axes: "Axes", N: float) -> None:
    """An upper axis with the correlation of the energies of neighbours."""
    rate = -N * np.log1p(-2 / N)
    low, high = axes.get_xlim()
    ticks: list[float] = []
    for correlation in WRITTEN:
        alpha = -np.log(correlation) / rate
        gap = APART * np.log(high / low)
        if low <= alpha <= high and (not ticks or np.log(alpha / ticks[-1]) > gap):
            ticks.append(float(alpha))
    ticks = ticks or [float(np.sqrt(low * high))]
    upper: Any = axes.secondary_xaxis("top")
    upper.set_xticks(ticks, [f"{np.exp(-rate * alpha):.2g}" for alpha in ticks])
    upper.set_xticks([], minor=True)
    upper.set_xlabel(r"correlation of neighbours, $(1-2/N)^{\alpha N}$")
