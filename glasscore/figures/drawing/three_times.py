"""Panels of triangles: correlations of two pairs of three times, at a given one of the third."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glasscore.estimates.subaging import SubagingExponent
from glasscore.estimates.triangles import one_time_scale
from glasscore.figures.drawing.colour_bar import put_beside
from glasscore.figures.drawing.curves import SOLUTION, Curve
from glasscore.figures.drawing.legend import Entries, entry
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.scaled_aging import exponent_text
from glasscore.figures.drawing.style import dark_shades
from glasscore.figures.drawing.symbols import DASH_DOTTED, DOTTED, GREY, IN_GREY, Symbols

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
ONE_SCALE, ULTRAMETRIC = "one time scale", "ultrametric"
PLATEAU = r"$q_{\rm EA}$"
# A point decides between both laws if they differ there by at least this many of its errors.
FEWEST_ERRORS = 3.0
EXPLAINED = {
    ONE_SCALE: (
        "One time scale (dashed): correlations are a function of the effective time "
        r"$L=[t^{1-\mu}-t'^{1-\mu}]/(1-\mu)$ between $t'$ and $t$ alone, for $\mu=1$ equal to "
        r"$\ln(t/t')$. The relaxation time then grows as $t'^\mu$, and the subaging exponent $\mu$ "
        "is fitted to the correlations of two times of the same data (below with its statistical "
        "and then its systematic error; that of solutions is systematic); where there is none, "
        r"$\mu=1$ is taken. Effective times add up, $L_{13}=L_{12}+L_{23}$, so that the "
        "correlations at the latest times of each panel predict all triangles, which "
        r"miss the dashed lines where there is more than one time scale. Colours tell $C_{13}$."
    ),
    ULTRAMETRIC: (
        "Ultrametric (dotted): with infinitely many time scales, "
        r"$C_{13}=\min(C_{12},C_{23})$. Both laws go through the two ends, where $t_2=t_3$ or "
        r"$t_2=t_1$, as any dynamics does: only what lies between the ends, where the dashed and "
        "the dotted line differ, tests anything."
    ),
    "$t_3$": (
        "Filled points decide between both laws, which differ there by three standard errors of "
        r"$C_{12}$ or more; open points do not, or lie where the dashed line is not known."
    ),
    PLATEAU: (
        r"Dash-dotted lines mark the plateau $q_{\rm EA}$, at which fast relaxation ends and aging "
        "begins. One time scale is expected of correlations below it; while one pair of times is "
        "above it, the other one is at $C_{13}$, whatever the law."
    ),
}


def levels(values: Array, highest: float = 1.0) -> list[float]:
    """Three round correlations between the lowest and the highest of some values."""
    low, high = values.min(initial=1.0), min(values.max(initial=0.0), highest)
    tenths = np.round(np.arange(0.05, 1.0, 0.05), 2)
    inside = tenths[(tenths > low + 0.02) & (tenths < high - 0.05)]
    if not inside.size:
        return []
    places = np.unique(np.round(np.linspace(0.15, 0.85, 3) * (inside.size - 1)).astype(int))
    return [float(each) for each in inside[places]]


def label_of(level: float) -> str:
    """The entry of a legend for a correlation of the first and the last time."""
    return f"$C_{{13}}={level:g}$"


def lines(panel: str, level: float, effective: Array, values: Array) -> list[Curve]:
    """Triangles of one time scale, and of infinitely many, for one correlation C_13.

    ``effective`` and ``values`` are those of
    :func:`~glasscore.estimates.triangles.one_time_scale`.
    """
    earlier, later = one_time_scale(level, effective, values)
    corner = np.array([level, level, 1.0]), np.array([1.0, level, level])
    return [
        Curve(panel, "theory", ONE_SCALE, earlier, later, None, level),
        Curve(panel, "theory", ULTRAMETRIC, *corner, None, level),
    ]


def plateau_lines(panel: str, plateau: float) -> list[Curve]:
    """Lines at the plateau on both axes; none if it is at 1, where the axes end."""
    if not 0.0 < plateau < 1.0:
        return []
    ends, level = np.array([0.0, 1.0]), np.full(2, plateau)
    return [
        Curve(panel, "theory", PLATEAU, x, y, None, np.nan)
        for x, y in ((ends, level), (level, ends))
    ]


def on_fit(found: SubagingExponent) -> str:
    """A sentence on the exponent with which effective times are computed."""
    if np.isnan(found.exponent):
        return r"No subaging exponent was found, and $\mu=1$ is taken."
    return f"The subaging exponent is ${exponent_text(found)}$."


class _ByLevel(Symbols):
    """Colours that grow evenly with C_13; points that decide nothing are open."""

    def __init__(self, curves: list[Curve], styles: dict[str, Any] | None = None) -> None:
        super().__init__(curves, styles)
        self.scale = scale()
        self.undecided = _undecided(curves)

    def ink(self, curve: Curve) -> Any:
        """The colour of C_13; what belongs to none is grey."""
        return GREY if np.isnan(curve.colour) else self.scale.to_rgba(curve.colour)

    def entries(self, curves: list[Curve]) -> list[Entries]:
        """Entries of the early times, of solutions, and of lines; a bar explains colours."""
        groups = super().entries(curves)
        told = {curve.colour_label for curve in curves if curve.colour_label}
        told |= {curve.label for curve in curves if curve.role == SOLUTION}
        kept = [[one for one in group if not _ends_with(one.get_label(), told)] for group in groups]
        if any(curve.role == SOLUTION for curve in curves):
            kept.append([entry("mean-field solution", {"linestyle": "-", **IN_GREY})])
        return [group for group in kept if group]


def _ends_with(label: str, told: set[str]) -> bool:
    return any(label.endswith(one) for one in told)


def scale() -> Any:
    """A map from correlations between 0 and 1 to colours."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    return ScalarMappable(Normalize(0.0, 1.0), ListedColormap(dark_shades()))


def _undecided(curves: list[Curve]) -> dict[int, Array]:
    """For each curve of points, by its place, which of them do not decide between both laws."""
    laws = {(c.panel, c.colour): c for c in curves if c.label == ONE_SCALE and c.x.size}
    found = {}
    for place, curve in enumerate(curves):
        if curve.role != "data" or curve.error is None or not curve.x.size:
            continue
        law = laws.get((curve.panel, curve.colour))
        if law is None:
            found[place] = np.ones(curve.x.size, dtype=bool)
            continue
        order = np.argsort(law.x)
        height = np.interp(curve.x, law.x[order], law.y[order], left=np.nan, right=np.nan)
        apart = np.minimum(height - curve.colour, curve.x - curve.colour)
        found[place] = ~(apart >= FEWEST_ERRORS * curve.error)
    return found


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study, and a bar of colours."""
    styles = {ONE_SCALE: "--", ULTRAMETRIC: DOTTED, PLATEAU: DASH_DOTTED}
    figure, axes = draw_panels(curves, styles=styles, looks=_ByLevel)
    looks = _ByLevel(curves, styles)
    for place, open_ones in looks.undecided.items():
        curve = curves[place]
        white = {**looks.point(curve), "markerfacecolor": "white", "zorder": 3.5}
        white |= {"markeredgecolor": looks.ink(curve), "markeredgewidth": 0.8}
        axes[curve.panel].plot(curve.x[open_ones], curve.y[open_ones], **white)
    for one in axes.values():
        one.set(
            xlim=(0, 1.02), ylim=(0, 1.02), xlabel=r"earlier pair, $C_{23}$",
            ylabel=r"later pair, $C_{12}$",
        )  # fmt: skip
    if any(np.isfinite(curve.colour) and curve.x.size for curve in curves):
        put_beside(figure, list(axes.values()), looks.scale, "$C_{13}$")
    return figure
