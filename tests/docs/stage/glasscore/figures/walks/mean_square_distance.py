"""Mean square distance of random walkers against the number of steps, which is its exact law.

Points are means over walkers, with standard errors.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve
from glasscore.figures.drawing.page import draw_panels
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Points and the exact line of each study."""
    found = []
    for title, points in results.items():
        N = np.array([float(parameters_of(point)["N"]) for point in points])
        mean = np.array([float(point.mean_square_distance) for point in points])
        error = np.array([float(point.mean_square_distance_error) for point in points])
        found.append(Curve(title, "data", "walkers", N, mean, error, 0.0))
        found.append(Curve(title, "theory", "$N$", N, N, None, 0.0, exact=True))
    return found


def draw(curves: list[Curve]) -> "Figure":
    """Mean square distance against the number of steps."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xlabel="steps $N$", ylabel=r"$\langle x^2 \rangle$")
    return figure
