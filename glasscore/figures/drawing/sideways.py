"""Points of several sizes at one abscissa, moved sideways so that none hides another."""

from collections.abc import Callable
from typing import Any

import numpy as np

from glasscore.figures.drawing.curves import Curve

# Of the least distance between two abscissae, points fill this share.
SHARE = 0.6
MOVED = "Points of different $N$ are moved sideways, so that none hides another."


def moved_sideways(
    curves: list[Curve],
    where: Callable[[str], bool],
    logarithmic: bool = False,
    by: Callable[[Curve], Any] = lambda curve: curve.colour,
) -> list[Curve]:
    """Curves to draw, in which points of different colours have different abscissae.

    Parameters
    ----------
    curves
        What a figure shows. Lines stay where they are.
    where
        Whether the points of a panel of this name are moved.
    logarithmic
        Whether the abscissa is drawn on a logarithmic axis.
    by
        What points have different abscissae for, if it is not their colour.
    """
    return [
        _moved(curve, _alike(curve, curves), logarithmic, by)
        if curve.role == "data" and where(curve.panel)
        else curve
        for curve in curves
    ]


def _alike(curve: Curve, curves: list[Curve]) -> list[Curve]:
    """The points of one panel."""
    return [other for other in curves if other.role == "data" and other.panel == curve.panel]


def _moved(
    curve: Curve, beside: list[Curve], logarithmic: bool, by: Callable[[Curve], Any]
) -> Curve:
    order = sorted({by(other) for other in beside})
    every = np.unique(np.concatenate([other.x for other in beside]))
    places = np.log(every) if logarithmic else every
    if len(order) < 2 or places.size < 2:
        return curve
    step = SHARE * np.diff(places).min() / len(order)
    far = (order.index(by(curve)) - 0.5 * (len(order) - 1)) * step
    return curve._replace(x=curve.x * np.exp(far) if logarithmic else curve.x + far)
