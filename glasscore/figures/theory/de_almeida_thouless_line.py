r"""The de Almeida-Thouless line, and the exponent of critical slowing down along it.

The Sherrington-Kirkpatrick model in a field $h$ has a replica-symmetric equilibrium outside of the
grey area; inside, replica symmetry is broken. On the line $h_{\rm AT}(T)$ between them, at which
the symmetric solution becomes unstable, the correlation $C(t)$ of a spin decays to the overlap $q$
of two replicas as a power of time, $C(t) - q \sim t^{-\nu}$. The second panel shows $\nu$, computed
in two ways; the third one shows how far they differ. All lines and points are solutions of
equations for infinitely many spins, without statistical errors. $J$ is the unit of energy.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dyson.critical_decay import decay_exponent
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points
from glasscore.theory.sk import almeida_thouless_field, exponent_parameter

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
APART, ESTIMATE = "difference", "estimated error"
EXPLAINED = {
    NEAR: r"Near $T = J$ the line is $h = (4/3)^{1/2}(1-T)^{3/2}$ in units of $J$ (dashed).",
    FAR: (
        r"At low $T$ it is $T = (8/9\pi)^{1/2} \exp(-h^2/2)$ in units of $J$, up to corrections "
        r"of the relative order $1/h^2$ (dotted)."
    ),
    AVERAGES: (
        r"The line of $\nu$ follows from $\Gamma(1 - \nu)^2 = \lambda\,\Gamma(1 - 2\nu)$, where "
        r"$\lambda$ is a ratio of averages over the local field on the line $h_{\rm AT}$."
    ),
    BREAKING: (
        r"Points use another way to $\lambda$: the place $x$ at which Parisi's function $q(x)$ "
        r"breaks, below the line, extrapolated to it. They exist from $T = 0.15\,J$ to $0.9\,J$; "
        "at other temperatures the solution has too few accurate digits."
    ),
    WITHOUT_FIELD: r"Without a field $\nu = 1/2$ (dashed).",
    WITHOUT_HEAT: r"The limit $T \to 0$ is $\nu = 0.395$ (dotted).",
    ESTIMATE: (
        r"Dots in the last panel are the distance of the points of $\nu$ from the line, and "
        r"squares the estimate of its error, which is what the last step of the extrapolation "
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
        line(panel, BOUNDARY, T, h, 0.0),
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
    return [
        line(panel, AVERAGES, x[order], y[order], 0.0),
        points(panel, BREAKING, h[known], other, None, 0.0),
        line(panel, WITHOUT_FIELD, ends, [0.5, 0.5], style=1),
        line(panel, WITHOUT_HEAT, ends, [COLDEST_EXPONENT] * 2, style=2),
        points(study + DIFFERENCE, APART, h[known], np.abs(other - nu[known]), None, 0.0),
        points(
            study + DIFFERENCE, ESTIMATE, h[known], np.abs(steeper - other), None, 1.0, marker=1
        ),
    ]


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
