r"""The de Almeida-Thouless line, and the exponent of critical slowing down along it.

In a field $h$, the equilibrium of the Sherrington-Kirkpatrick model is believed to be
replica-symmetric outside of the grey area; inside, replica symmetry is broken. On the line $h_{\rm
AT}(T)$ between them, at which the symmetric solution becomes unstable, the correlation $C(t)$ of a
spin decays to the overlap $q$ of two replicas as a power of time, $C(t) - q \sim t^{-\nu}$. The
panels show the line, $\nu$ on it from two computations, $\nu$ near its minimum on a larger scale,
and by how much, $|\Delta \nu|$, the two computations differ. All results are for infinitely many
spins; nothing is random. The energy of a configuration of $N$ spins has the variance $N J^2/2$ at
$h = 0$.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.dyson.critical_decay import decay_exponent
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.lines import draw_line_panels, line, points, titled
from glasscore.theory.sk import almeida_thouless_field, exponent_parameter
from glasscore.theory.studies.almeida_thouless_line import COLDEST, HOTTEST

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SOLVES = ("almeida_thouless_line",)
PHASES, SLOWING, SMALLEST, DIFFERENCE = ": phases", ": slowing", ": smallest", ": difference"
TITLES = {
    PHASES: "line of instability",
    SLOWING: "exponent on the line",
    SMALLEST: "enlarged",
    DIFFERENCE: "two computations",
}
# Values of limits are drawn along this share of the axis.
SHORT = 0.12
# The exponent is enlarged up to this distance above its minimum.
ENLARGED = 0.005
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
OF_LIMITS = (
    r"Without a field $\nu = 1/2$, and at $T = 0$, where $h_{\rm AT}$ is infinite, "
    r"$\nu = 0.395$; short lines mark these limits at their ends of the axis."
)
EXPLAINED = {
    NEAR: r"Near $T = J$ the line is $h = (4/3)^{1/2}(1-T)^{3/2}$ in units of $J$ (dashed).",
    FAR: (
        r"At low $T$ it is $T = (8/9\pi)^{1/2} \exp(-h^2/2)$ in units of $J$ (dotted), up to "
        r"corrections of the relative order $h^2 T^2$."
    ),
    AVERAGES: (
        r"The line of $\nu$ follows from $\Gamma(1 - \nu)^2 = \lambda\,\Gamma(1 - 2\nu)$ with "
        r"$\lambda = 2 \langle \tanh^2 y\, {\rm sech}^4 y \rangle / \langle {\rm sech}^6 y \rangle$"
        r", where $T y$ is Gaussian with the mean $h_{\rm AT}$ and the variance $q J^2$, and $q$ "
        r"solves $q = \langle \tanh^2 y \rangle$ (G. Parisi and T. Rizzo, Phys. Rev. E 87, 012101 "
        "(2013))."
    ),
    BREAKING: (
        r"Points use that $\lambda$ is the place $x$ at which Parisi's function $q(x)$ breaks: "
        "below the line $x$ is computed from a free energy with one step of replica-symmetry "
        "breaking, and is then extrapolated to the line."
    ),
    **dict.fromkeys((WITHOUT_FIELD, WITHOUT_HEAT), OF_LIMITS),
    ESTIMATE: (
        r"The estimated error of a point of $\nu$ is what the last step of the extrapolation "
        "changed. It is the error of the value before this step, so that the last value, which is "
        "drawn, is closer to the line than that."
    ),
}


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Four panels for each study: the line, the exponent on it, twice, and its differences."""
    alone = len(results) == 1
    return [
        curve._replace(panel=titled(curve.panel, TITLES, alone))
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
    x, y = x[order], y[order]
    last = float(x[-1])
    near = y < y.min() + ENLARGED
    apart, estimate = np.abs(other - nu[known]), np.abs(steeper - other)
    return [
        line(panel, AVERAGES, x, y, EXACT)._replace(note=_lowest(x, y)),
        points(panel, BREAKING, h[known], other, None, POINTS),
        line(panel, WITHOUT_FIELD, [0.0, SHORT * last], [0.5, 0.5], style=1),
        line(panel, WITHOUT_HEAT, [(1 - SHORT) * last, last], [COLDEST_EXPONENT] * 2, style=2),
        line(study + SMALLEST, AVERAGES, x[near], y[near], EXACT),
        points(study + SMALLEST, BREAKING, *_within(h[known], other, x[near]), None, POINTS),
        line(
            study + SMALLEST,
            WITHOUT_HEAT,
            [(1 - SHORT) * last, last],
            [COLDEST_EXPONENT] * 2,
            style=2,
        ),
        points(study + DIFFERENCE, APART, h[known], apart, None, POINTS)._replace(
            note=_beyond(h[known], apart, estimate)
        ),
        points(study + DIFFERENCE, ESTIMATE, h[known], estimate, None, ERRORS, marker=1),
    ]


def _within(h: np.ndarray, nu: np.ndarray, fields: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points at fields that a part of the line has."""
    inside = (h >= fields.min()) & (h <= fields.max())
    return h[inside], nu[inside]


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
    SMALLEST: ("field $h/J$ on the line", r"exponent $\nu$"),
    DIFFERENCE: ("field $h/J$ on the line", r"$|\Delta \nu|$"),
}


def draw(curves: list[Curve]) -> "Figure":
    """Draw the panels in rows of two."""
    figure, axes = draw_line_panels(curves)
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
        elif kind == SMALLEST:
            one.locator_params(axis="y", nbins=5)
        else:
            one.set(xlim=(0, None), yscale="log")
    return figure
