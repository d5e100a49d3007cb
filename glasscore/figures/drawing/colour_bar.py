"""Colours that stand for a continuous variable, with a bar that explains them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from glasscore.figures.drawing.style import dark_shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# About the width of a bar, in inches.
THICKNESS = 0.12


def logarithmic_scale(values: Iterable[float]) -> Any:
    """A map from positive values to colours, whose method ``to_rgba`` gives the colour of a value.

    Colours follow the logarithm of the value along the part of the palette that is seen on white
    paper.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, LogNorm

    found = sorted(value for value in values if value > 0) or [1.0]
    low, high = found[0], found[-1]
    if low == high:
        low, high = low / 2, high * 2
    return ScalarMappable(LogNorm(low, high), ListedColormap(dark_shades()))


def put_beside(figure: "Figure", axes: list["Axes"], scale: Any, label: str) -> None:
    """Draw the bar of a scale on the right of some panels; it is thin in high figures, too."""
    aspect = max(30.0, figure.get_size_inches()[1] / THICKNESS)
    bar = figure.colorbar(scale, ax=axes, label=label, aspect=aspect, pad=0.02)
    bar.outline.set_visible(False)
    bar.minorticks_off()
