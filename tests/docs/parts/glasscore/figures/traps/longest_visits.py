"""How does the longest visit to one configuration grow with the size of the system?

Points are means over disorder samples.
"""

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from glasscore.figures.drawing.curves import Curve, data_of_point, temperature_and_size
from glasscore.figures.drawing.page import draw_panels

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ANY_RECORDER = ("longest_visit",)
ONLY = {"energies": ["flat"]}
EXPLAINED = {"$T=": "Colours and markers tell temperatures $T$ and numbers of spins $N$."}
ALONE = "The point of a single sample has no bar."


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Each study has a panel, and each size and temperature has a point."""
    return [
        data_of_point(
            study,
            point,
            np.array([temperature_and_size(point)[1]]),
            np.atleast_1d(point.mean_longest_visit.values),
            np.atleast_1d(point.mean_longest_visit_error.values),
        )._replace(note=ALONE if point.samples == 1 else "")
        for study, points in results.items()
        for point in points
    ]


def draw(curves: list[Curve]) -> "Figure":
    """Time against size."""
    figure, axes = draw_panels(curves)
    for one in axes.values():
        one.set(xlabel="$N$", ylabel="longest visit")
    return figure
