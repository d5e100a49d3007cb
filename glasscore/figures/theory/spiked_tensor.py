"""The spiked tensor: energies of its minima, their overlaps with the signal, and its transition.

The first panel shows, for each overlap m, the complexity of minima at the energy where it is
largest. Minima form a band around m = 0. The signal's own minimum, of complexity 0, splits off from
the band when the signal is strong enough; a point marks it. The second and the third panel show
overlaps and energies against the strength r of the signal. The maps that follow, one for each of up
to three strengths, show lines of equal complexity of minima against overlap and energy.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.files.store import parameters_of
from glasscore.theory import spiked_tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("spiked_tensor",)
BEST, OVERLAP, ENERGY, MAP = ": best", ": overlap", ": energy", ": map"
# Contours of the maps, as shares of the largest complexity of minima.
LEVELS = (0.0, 0.2, 0.4, 0.6, 0.8)
STRENGTHS = 60
# Negative complexities are drawn down to this multiple of the largest complexity.
DEPTH = 1.5
# A minimum further below the ground state than this, in units of the band's width, is left out.
NEAR = 1.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study, and a map for some strengths of the signal."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for part in (_best, _overlaps, _energies, _maps)
        for curve in part(study, one)
    ]


def _best(study: str, one: xr.Dataset) -> list[Curve]:
    panel, found = study + BEST, []
    highest = float(one.best_complexity.max())
    for r in one.r.values:
        sigma = one.best_complexity.sel(r=r).values
        shown = np.where(sigma > -DEPTH * highest, sigma, np.nan)
        found += _pieces(panel, f"$r={r:.3g}$", one.overlap.values, shown, r)
        m = float(one.informed_overlap.sel(r=r))
        if np.isfinite(m):
            found.append(points(panel, "", [m], [0.0], None, r))
    found.append(line(panel, "", one.overlap.values[[0, -1]], [0, 0], style=2))
    return found


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
    panel, p = study + OVERLAP, int(parameters_of(one)["p"])
    strengths, above = _strengths(one)
    informed = [spiked_tensor.informed_minimum(p, r).overlap for r in above]
    bands = [
        [spiked_tensor.band_edge(p, r, minima=minima) for r in strengths]
        for minima in (True, False)
    ]
    at = [one.attrs["recovery"]] * 2
    return [
        line(panel, "minimum of the signal", above, informed, 0.0),
        line(panel, "edge of the band of minima", strengths, bands[0], 1.0),
        line(panel, "of all stationary points", strengths, bands[1], 1.0, style=1),
        line(panel, rf"lowest from $r_c={at[0]:.4f}$", at, [0, 0.85], style=2),
    ]


def _energies(study: str, one: xr.Dataset) -> list[Curve]:
    panel, p = study + ENERGY, int(parameters_of(one)["p"])
    strengths, above = _strengths(one)
    informed = [spiked_tensor.informed_minimum(p, r).energy for r in above]
    ends, at = strengths[[0, -1]], [one.attrs["recovery"]] * 2
    ground, threshold = one.attrs["ground_state_energy"], one.attrs["threshold_energy"]
    return [
        line(panel, "minimum of the signal", above, informed, 0.0),
        line(panel, "$e_0$ without a signal", ends, [ground] * 2, 1.0, style=1),
        line(panel, r"$e_{\rm th}$", ends, [threshold] * 2, 1.0, style=2),
        line(panel, "", at, [min(informed), threshold], style=2),
    ]


def _maps(study: str, one: xr.Dataset) -> list[Curve]:
    """Lines of equal complexity of minima."""
    from contourpy import contour_generator

    ground, threshold = one.attrs["ground_state_energy"], one.attrs["threshold_energy"]
    highest = float(one.minima_complexity.max())
    found = []
    for r in _shown_strengths(one):
        sigma = np.ma.masked_invalid(one.minima_complexity.sel(r=r).values)
        panel = f"{study}, $r={r:.3g}${MAP}"
        lines = contour_generator(one.overlap.values, one.energy.values, sigma)
        for share in LEVELS:
            label = rf"$\Sigma_0={share * highest:.2g}$"
            for piece in map(np.asarray, lines.lines(share * highest)):
                found.append(line(panel, label, piece[:, 0], piece[:, 1], share))
                label = ""
        m = float(one.informed_overlap.sel(r=r))
        e = float(one.informed_energy.sel(r=r))
        if np.isfinite(m) and e > ground - NEAR * (threshold - ground):
            found.append(points(panel, "minimum of the signal", [m], [e], None, 0.0))
        ends = one.overlap.values[[0, -1]]
        found.append(line(panel, r"$e_{\rm th}$", ends, [threshold] * 2, style=2))
        found.append(line(panel, "$e_0$", ends, [ground] * 2, style=1))
    return found


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
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
    for name, one in axes.items():
        if name.endswith((BEST, MAP)):
            label = r"$\max_e \Sigma_0(e, m)$" if name.endswith(BEST) else "energy per spin $e$"
            one.set(xlabel="overlap with the signal $m$", ylabel=label, xlim=(0, 1))
            if name.endswith(MAP):
                one.locator_params(axis="y", nbins=5)
        else:
            label = "overlap $m$" if name.endswith(OVERLAP) else "energy per spin $e$"
            one.set(xlabel="strength of the signal $r$", ylabel=label, xlim=(0, None))
            if name.endswith(OVERLAP):
                one.set_ylim(0, 1.02)
    return figure
