r"""The de Almeida-Thouless line, and the exponent of critical slowing down along it.

In a field $h$, the equilibrium of the Sherrington-Kirkpatrick model is believed to be
replica-symmetric outside of the grey area; inside, replica symmetry is broken. On the line
$h_{\rm AT}(T)$ between them, at which the symmetric solution becomes unstable, the correlation
$C(t)$ of a spin decays to the overlap $q$ of two replicas as a power of time,
$C(t) - q \sim t^{-\nu}$. The left panel shows the line, the middle one $\nu$ from two computations,
and the right one how far these differ. All results are for infinitely many spins, without
statistical errors.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dyson.critical_decay import decay_exponent
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.theory.sk import almeida_thouless_field, exponent_parameter
from glasscore.theory.studies.almeida_thouless_line import COLDEST, HOTTEST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("almeida_thouless_line",)
PHASES, SLOWING, DIFFERENCE = ": phases", ": slowing", ": difference"
CLOSE, COLD = 0.6, 0.25
# At T = 0 lambda = 1 / 2, and the exponent solves Gamma(1 - nu)^2 = Gamma(1 - 2 nu) / 2.
COLDEST_EXPONENT = 0.3952630630807412
# The guide for low temperatures is drawn at least up to this field.
GUIDE_HEIGHT = 3.0
# Temperatures that are added to those of a study.
ADDED = 40
BOUNDARY, NEAR, FAR = r"$h_{\rm AT}(T)$", r"$h=(4/3)^{1/2}(1-T)^{3/2}$", "low $T$"
AVERAGES, BREAKING = r"$\nu$ from averages", r"$\nu$ from where symmetry breaks"
WITHOUT_FIELD, WITHOUT_HEAT = r"$\nu(0)=1/2$", r"$\nu=0.395$ at $T=0$"
# Numbers for the colours of exact lines, of points that check them, and of estimated errors.
POINTS, ERRORS, EXACT = 0.0, 0.5, 1.0
APART, ESTIMATE = "difference", "estimated error"
EXPLAINED = {
    NEAR: r"Near $T = J$ the line is $h = (4/3)^{1/2}(1-T)^{3/2}$ in units of $J$ (dashed).",
    FAR: (
        r"At low $T$ it is $T = (8/9\pi)^{1/2} \exp(-h^2/2)$ in units of $J$ (dotted), up to "
        r"corrections of the relative order $h^2 T^2$."
    ),
    AVERAGES: (
        r"The line of $\nu$ follows from $\Gamma(1 - \nu)^2 = \lambda\,\Gamma(1 - 2\nu)$ with "
        r"$\lambda = 2 \langle \tanh^2 y\, {\rm sech}^4 y \rangle / \langle {\rm sech}^6 y \rangle$"
        r", where $T y$ is Gaussian with the mean $h_{\rm AT}$ and the variance $q J^2$ (G. Parisi "
        "and T. Rizzo, Phys. Rev. E 87, 012101 (2013))."
    ),
    BREAKING: (
        r"Points use that $\lambda$ is the place $x$ at which Parisi's function $q(x)$ breaks: "
        "below the line $x$ is computed from a free energy with one step of replica-symmetry "
        "breaking, and is then extrapolated to the line."
    ),
    WITHOUT_FIELD: r"Without a field $\nu = 1/2$ (dashed).",
    WITHOUT_HEAT: r"The limit $T \to 0$ is $\nu = 0.395$ (dotted).",
    ESTIMATE: (
        r"The estimated error of a point of $\nu$ is what the last step of the extrapolation "
        "changed."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Three panels for each study: the line; the exponent on it; differences of the exponent."""
    return [
        curve
        for study, solved in results.items()
        for one in solved
        for curve in (*_phases(study + PHASES, one), *_slowing(study, one))
    ]


def _phases(panel: str, one: xr.Dataset) -> list[Curve]:
    T = np.union1d(one["T"].values, np.linspace(float(one["T"].min()), 1.0, ADDED))
    h = np.array([almeida_thouless_field(float(t)) for t in T])
    close = np.linspace(CLOSE, 1, 100)
    near = np.sqrt(4 / 3 * (1 - close) ** 3)
    cold = np.geomspace(min(1e-3, T.min()), COLD, 100)
    far = np.sqrt(2 * np.log(4 / (3 * np.sqrt(2 * np.pi) * cold)))
    kept = far <= max(GUIDE_HEIGHT, h.max())
    return [
        line(panel, BOUNDARY, T, h, EXACT),
        line(panel, NEAR, close, near, style=1),
        line(panel, FAR, cold[kept], far[kept], style=2),
    ]


def _slowing(study: str, one: xr.Dataset) -> list[Curve]:
    h, nu, panel = one.field.values, one.exponent.values, study + SLOWING
    T = np.linspace(float(one["T"].min()), float(one["T"].max()), ADDED)
    field = np.array([almeida_thouless_field(float(t)) for t in T])
    between = [
        decay_exponent(exponent_parameter(float(t), float(at)))
        for t, at in zip(T, field, strict=True)
    ]
    x, y = np.append(h, field), np.append(nu, between)
    order = np.argsort(x)
    known = np.isfinite(one.breaking_point.values)
    other = np.array([decay_exponent(float(value)) for value in one.breaking_point.values[known]])
    off = one.breaking_point_error.values[known]
    steeper = np.array(
        [
            decay_exponent(float(value + error))
            for value, error in zip(one.breaking_point.values[known], off, strict=True)
        ]
    )
    ends = [0.0, float(h.max())]
    apart, estimate = np.abs(other - nu[known]), np.abs(steeper - other)
    return [
        line(panel, AVERAGES, x[order], y[order], EXACT)._replace(note=_lowest(x, y)),
        points(panel, BREAKING, h[known], other, None, POINTS),
        line(panel, WITHOUT_FIELD, ends, [0.5, 0.5], style=1),
        line(panel, WITHOUT_HEAT, ends, [COLDEST_EXPONENT] * 2, style=2),
        points(study + DIFFERENCE, APART, h[known], apart, None, POINTS)._replace(
            note=_beyond(h[known], apart, estimate)
        ),
        points(study + DIFFERENCE, ESTIMATE, h[known], estimate, None, ERRORS, marker=1),
    ]


def _lowest(h: np.ndarray, nu: np.ndarray) -> str:
    """Where the exponent has its minimum, if the line reaches it."""
    lowest = int(np.argmin(nu))
    if nu[lowest] >= COLDEST_EXPONENT or h[lowest] == h.max():
        return ""
    return rf"The exponent is smallest, $\nu = {nu[lowest]:.3f}$, near $h = {h[lowest]:.1f}\,J$."


def _beyond(h: np.ndarray, apart: np.ndarray, estimate: np.ndarray) -> str:
    """Where points can be, and at which of them the difference exceeds its estimate."""
    ends = [almeida_thouless_field(T) for T in (HOTTEST, COLDEST)]
    found = rf"Points can be computed from $h = {ends[0]:.2g}\,J$ to ${ends[1]:.3g}\,J$; elsewhere "
    found += "the solution has too few accurate digits."
    beyond = h[apart > estimate]
    if beyond.size:
        places = ", ".join(f"{value:.3g}" for value in np.sort(beyond))
        found += f" The difference exceeds its estimated error at $h/J = {places}$."
    return found


LABELS = {
    PHASES: ("temperature $T/J$", "field $h/J$"),
    SLOWING: ("field $h/J$ on the line", r"exponent $\nu$"),
    DIFFERENCE: ("field $h/J$ on the line", r"difference of $\nu$"),
}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of three."""
    figure, axes = draw_line_panels(curves, columns=3)
    for name, one in axes.items():
        kind = ":" + name.rpartition(":")[2]
        x, y = LABELS[kind]
        one.set(xlabel=x, ylabel=y)
        if kind == PHASES:
            one.set(xlim=(0, 1.1), ylim=(0, None))
            for curve in (c for c in curves if c.panel == name and c.label == BOUNDARY):
                one.fill_between(curve.x, curve.y, color="0.88", linewidth=0.0, zorder=0)
        elif kind == SLOWING:
            one.set_xlim(0, None)
        else:
            one.set(xlim=(0, None), yscale="log")
    return figure
