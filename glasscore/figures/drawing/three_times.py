"""Panels of triangles: correlations of two pairs of three times, at a given one of the third."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from glasscore.estimates.triangles import one_time_scale
from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.symbols import DOTTED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
ONE_SCALE, ULTRAMETRIC = "one time scale", "ultrametric"
EXPLAINED = {
    ONE_SCALE: (
        "One time scale: if correlations are a function of the effective time "
        r"$L=[t^{1-\mu}-t'^{1-\mu}]/(1-\mu)$ between $t'$ and $t$, with the subaging exponent "
        r"$\mu$ of the same data ($\mu=1$: of the ratio of times alone), those at the latest "
        "times of each panel predict all triangles, since effective times add up."
    ),
    ULTRAMETRIC: (
        "Ultrametric: with infinitely many time scales, "
        r"$C_{13}=\min(C_{12},C_{23})$."
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


def draw(curves: list[Curve]) -> "Figure":
    """One panel for each study."""
    figure, axes = draw_panels(curves, styles={ULTRAMETRIC: DOTTED})
    for one in axes.values():
        one.set(
            xlim=(0, 1.02), ylim=(0, 1.02), xlabel=r"earlier pair, $C_{23}$",
            ylabel=r"later pair, $C_{12}$",
        )  # fmt: skip
    return figure
