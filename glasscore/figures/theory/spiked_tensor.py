r"""Strengths at which a signal in a noisy tensor makes a minimum, and the lowest of all.

The energy per spin is $e = H_p / N - r m^p$, where $H_p$ is the spherical $p$-spin model with the
variance $N / 2$, $m$ the overlap with the signal and $r$ the strength of the signal. The mean
number of minima at $e$ and $m$ is $\exp(N \Sigma_0)$ for $N \to \infty$ spins. It is the mean that
the annealed complexity $\Sigma_0(e, m)$ counts: at $m \neq 0$, typical samples may have fewer
minima (Ros, Ben Arous, Biroli and Cammarota 2019), and where $\Sigma_0 < 0$ they have none. The
minimum that the signal makes, the energy $e_0$ and the strength $r_c$ hold for typical samples,
too.

The first panel shows $\max_e \Sigma_0(e, m)$, the complexity at the energy at which it is largest.
Minima form a band around $m = 0$. If the signal is strong enough, its own minimum splits off from
the band; it has $\Sigma_0 = 0$, which stands for a single minimum, and a point marks it, with its
$r$. The second panel shows overlaps, the third energies against $r$. The maps show lines of equal
$\Sigma_0$, and the minimum of the signal as a point where it is not far below the lines.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.extrapolation import ZERO as IN_GREY
from glasscore.figures.drawing.extrapolation import share_heights
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of
from glasscore.theory import spiked_tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SOLVES = ("spiked_tensor",)
BEST, OVERLAP, ENERGY, MAP = ": best", ": overlap", ": energy", ": map"
# Contours of the maps, as shares of the largest complexity of minima.
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
MINIMUM = "minimum of the signal"
THRESHOLD, GROUND = r"$e_{\rm th}$", "$e_0$"
EDGE, ALL_POINTS = "edge of the band of minima", "edge of all stationary points"
APPEARANCE, LOWEST, ZERO_LEVEL = "$r_1=", "$r_c=", r"$\Sigma_0=0$"
STRENGTH = "$r="
OF_TRANSITIONS = (
    "Grey vertical lines are at $r_1$, from which on the signal makes a minimum, and at $r_c$, "
    "from which on this minimum is the lowest."
)
EXPLAINED = {
    STRENGTH: "Colours tell $r$.",
    EDGE: (
        r"The band of minima ends at the largest overlap up to which $\Sigma_0$ is positive; where "
        r"$\max_e \Sigma_0$ has a flat shoulder near 0, this moves far with little change of $r$."
    ),
    ALL_POINTS: (
        "The band of all stationary points ends where their complexity becomes negative, for weak "
        r"signals at $m^2 = (p-2)/(p-1)$ whatever $r$ is."
    ),
    **dict.fromkeys((APPEARANCE, LOWEST), OF_TRANSITIONS),
    ZERO_LEVEL: r"Thick lines of the maps are at $\Sigma_0 = 0$.",
    GROUND: "$e_0$ is the energy of the ground state without a signal.",
    THRESHOLD: (
        r"$e_{\rm th}$ is the threshold energy of the noise, above which typical stationary points "
        "are saddles."
    ),
}
STRENGTHS = 60
# Maps end at this multiple of the largest overlap of what they show.
BEYOND = 1.1
# Negative complexities are drawn down to this multiple of the largest complexity.
DEPTH = 0.3
# The axis of complexities is linear up to about this multiple of the largest one.
LINEAR = 0.2
# Strengths of the signal are written at these multiples of it, by turns, to have room.
HEIGHTS = 0.12, 0.44, 0.76
THICK = 2.0
# Energies are shown around r_c, from this multiple of r_1 to this multiple of r_c.
AROUND = 0.9, 1.05
# A minimum further below the ground state than this, in units of the band's width, is left out.
NEAR = 1.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study, and a map for some strengths of the signal."""
    factors = [_factors(one) for solved in results.values() for one in solved]
    found: list[Curve] = []
    for study, solved in results.items():
        for one in solved:
            p = _factors(one)
            panel = f"$p={p}$" if factors.count(p) == 1 else study
            for part in (_best, _overlaps, _energies, _maps):
                found += part(panel, one)
    return found


def _factors(one: xr.Dataset) -> int:
    return int(parameters_of(one)["p"])


def _best(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + BEST, []
    highest = float(one.best_complexity.max())
    for r in one.r.values:
        sigma = one.best_complexity.sel(r=r).values
        shown = np.where(sigma > -DEPTH * highest, sigma, np.nan)
        found += _pieces(panel, f"{STRENGTH}{r:.3g}$", one.overlap.values, shown, r)
        m = float(one.informed_overlap.sel(r=r))
        if np.isfinite(m):
            found.append(points(panel, "", [m], [0.0], None, r))
    note = (
        rf"Lines end where $\max_e \Sigma_0$ falls below ${-DEPTH * highest:.2g}$. The axis is "
        rf"linear up to ${_linear_end(highest):g}$ and logarithmic above."
    )
    return [found[0]._replace(note=note), *found[1:]]


def _linear_end(highest: float) -> float:
    """Where the axis of complexities becomes logarithmic, a number of one digit."""
    return float(f"{LINEAR * highest:.0e}")


def _pieces(panel: str, label: str, x: np.ndarray, y: np.ndarray, colour: float) -> list[Curve]:
    """One line for each stretch of finite values."""
    breaks = np.flatnonzero(np.diff(np.isfinite(y).astype(int))) + 1
    found: list[Curve] = []
    for part in np.split(np.arange(x.size), breaks):
        if part.size > 1 and np.isfinite(y[part]).all():
            found.append(line(panel, "" if found else label, x[part], y[part], colour))
    return found


def _strengths(one: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Strengths of the signal for lines: all of them, and those at which it has a minimum."""
    strongest = 1.05 * max(float(one.r.max()), 1.2 * one.attrs["recovery"])
    first = one.attrs["appearance"]
    above = first + (strongest - first) * np.linspace(0, 1, STRENGTHS) ** 2
    below = first * (1 - np.linspace(1, 0, STRENGTHS // 2) ** 2)[:-1]
    return np.concatenate([below, above]), above


def _overlaps(study: str, one: xr.Dataset) -> list[Curve]:
    panel, p = study + OVERLAP, _factors(one)
    strengths, above = _strengths(one)
    informed = [spiked_tensor.informed_minimum(p, r).overlap for r in above]
    bands = [
        [spiked_tensor.band_edge(p, r, minima=minima) for r in strengths]
        for minima in (True, False)
    ]
    return [
        line(panel, MINIMUM, above, informed),
        line(panel, EDGE, strengths, bands[0], style=1),
        line(panel, ALL_POINTS, strengths, bands[1], style=3),
        *_transitions(panel, one, (0, 1), (0, 1)),
    ]


def _transitions(
    panel: str, one: xr.Dataset, first: tuple[float, float], second: tuple[float, float]
) -> list[Curve]:
    """Two vertical lines from one height to another; their names stand at the first height."""
    return [
        line(panel, f"{name}{at:.3f}$", [at] * 2, ends)
        for name, at, ends in (
            (APPEARANCE, one.attrs["appearance"], first),
            (LOWEST, one.attrs["recovery"], second),
        )
    ]


def _energies(study: str, one: xr.Dataset) -> list[Curve]:
    panel, p = study + ENERGY, _factors(one)
    first, last = one.attrs["appearance"], AROUND[1] * one.attrs["recovery"]
    above = first + (last - first) * np.linspace(0, 1, STRENGTHS) ** 2
    informed = [spiked_tensor.informed_minimum(p, r).energy for r in above]
    ends = [AROUND[0] * first, last]
    ground, threshold = one.attrs["ground_state_energy"], one.attrs["threshold_energy"]
    low, high = min(informed), max(*informed, threshold)
    return [
        line(panel, MINIMUM, above, informed),
        line(panel, GROUND, ends, [ground] * 2, style=1),
        line(panel, THRESHOLD, ends, [threshold] * 2, style=2),
        *_transitions(panel, one, (low, high), (high, low)),
    ]


def _maps(study: str, one: xr.Dataset) -> list[Curve]:
    """Lines of equal complexity of minima."""
    from contourpy import contour_generator

    ground, threshold = one.attrs["ground_state_energy"], one.attrs["threshold_energy"]
    highest = float(one.minima_complexity.max())
    found: list[Curve] = []
    panels: list[str] = []
    for r in _shown_strengths(one):
        sigma = np.ma.masked_invalid(one.minima_complexity.sel(r=r).values)
        panels.append(f"{study}, $r={r:.3g}${MAP}")
        lines = contour_generator(one.overlap.values, one.energy.values, sigma)
        notes = [_on_minimum(one, r)]
        for share in LEVELS:
            for piece in map(np.asarray, lines.lines(share * highest)):
                level = line(panels[-1], "", piece[:, 0], piece[:, 1], r)
                level = level._replace(marker_label=ZERO_LEVEL if share == 0 else "")
                found.append(level._replace(note=notes.pop() if notes else _on_levels(highest)))
        m = float(one.informed_overlap.sel(r=r))
        e = float(one.informed_energy.sel(r=r))
        if np.isfinite(m) and e > ground - NEAR * (threshold - ground):
            found.append(points(panels[-1], "", [m], [e], None, r))
    ends = [0.0, min(1.0, BEYOND * max((curve.x.max() for curve in found), default=1.0))]
    for panel in panels:
        found.append(line(panel, THRESHOLD, ends, [threshold] * 2, style=2))
        found.append(line(panel, GROUND, ends, [ground] * 2, style=1))
    return found


def _on_minimum(one: xr.Dataset, r: float) -> str:
    if r >= one.attrs["recovery"]:
        return "At this strength, the minimum of the signal is the lowest of all."
    if r >= one.attrs["appearance"]:
        return "At this strength, the signal makes a minimum, which is not the lowest."
    return "At this strength, the signal makes no minimum."


def _on_levels(highest: float) -> str:
    levels = ", ".join(f"{share * highest:.2g}" for share in LEVELS)
    return rf"At $m = 0$, from the lowest line upwards, lines are at $\Sigma_0 = {levels}$."


def _shown_strengths(one: xr.Dataset) -> list[float]:
    """Up to three strengths of the signal for maps.

    These are the last without a minimum of the signal, the first with one, and the first at which
    that minimum is the lowest of all.
    """
    strengths = one.r.values
    with_minimum = int(np.searchsorted(strengths, one.attrs["appearance"]))
    lowest = int(np.searchsorted(strengths, one.attrs["recovery"]))
    wanted = {with_minimum - 1, with_minimum, lowest}
    return [float(strengths[i]) for i in sorted(wanted) if 0 <= i < strengths.size]


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of three: those of all strengths, then the maps."""
    figure, axes = draw_line_panels([curve for curve in curves if not _is_transition(curve)], 3)
    maps = [curve for curve in curves if curve.panel.endswith(MAP)]
    for name, one in axes.items():
        if name.endswith((BEST, MAP)):
            label = r"$\max_e\, \Sigma_0(e, m)$" if name.endswith(BEST) else "energy per spin $e$"
            one.set(xlabel="overlap with the signal $m$", ylabel=label)
            one.set_xlim(0, 1 if name.endswith(BEST) else max(curve.x.max() for curve in maps))
            one.locator_params(axis="y", nbins=5)
            if name.endswith(BEST):
                _show_what_is_near_zero(one, [c for c in curves if c.panel == name and c.x.size])
        else:
            label = "overlap $m$" if name.endswith(OVERLAP) else "energy per spin $e$"
            one.set(xlabel="strength of the signal $r$", ylabel=label)
            if name.endswith(OVERLAP):
                one.set(xlim=(0, None), ylim=(0, 1.02))
    for curve in filter(_is_transition, curves):
        one = axes[curve.panel]
        one.plot(curve.x, curve.y, **IN_GREY)
        # The first transition is named on the left of its line, the second one on the right.
        side = "right" if curve.label.startswith(APPEARANCE) else "left"
        place: dict[str, Any] = {"ha": side, "va": "bottom" if curve.y[0] < curve.y[1] else "top"}
        one.text(curve.x[0], curve.y[0], f" {curve.label} ", **place)
    for curve in maps:
        if curve.marker_label == ZERO_LEVEL:
            _line_of(axes[curve.panel], curve).set_linewidth(THICK)
    share_heights([one for name, one in axes.items() if name.endswith(MAP)])
    return figure


def _show_what_is_near_zero(axes: "Axes", shown: list[Curve]) -> None:
    """An axis that is linear near 0, and the strength of the signal above each of its minima."""
    highest = max(float(curve.y.max()) for curve in shown)
    end = _linear_end(highest)
    axes.set_yscale("symlog", linthresh=end)
    ticks = [-end, 0.0, end, 10.0 ** np.ceil(np.log10(end))]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylim(-DEPTH * highest, 1.1 * highest)
    axes.axhline(0.0, **IN_GREY)
    minima = sorted((curve for curve in shown if curve.role == "data"), key=lambda one: one.x[0])
    for rank, curve in enumerate(minima):
        at, ink = HEIGHTS[rank % len(HEIGHTS)] * end, _line_of(axes, curve).get_color()
        axes.text(curve.x[0], at, f"{curve.colour:.3g}", color=ink, ha="center", va="bottom")


def _line_of(axes: "Axes", curve: Curve) -> Any:
    """The line that a curve was drawn as."""
    return next(
        one
        for one in axes.get_lines()
        if np.array_equal(np.asarray(one.get_xydata()), np.stack([curve.x, curve.y], 1))
    )


def _is_transition(curve: Curve) -> bool:
    return curve.label.startswith((APPEARANCE, LOWEST))
