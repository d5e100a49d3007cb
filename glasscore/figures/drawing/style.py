"""How figures look: type, strokes and colours."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasscore.common.fonts import families

DARKENING = 0.6
# The least ratio of the luminance of white paper to that of a mark. It is that which the Web
# Content Accessibility Guidelines (2.1, criterion 1.4.11) ask for graphics.
LEAST_CONTRAST = 3.0
SHADES = 256
# These are the settings of seaborn's style "ticks". Loading seaborn itself would take a third of
# the time of a figure.
TICKS: dict[str, Any] = {
    **dict.fromkeys(("axes.edgecolor", "axes.labelcolor", "text.color"), ".15"),
    **dict.fromkeys(("xtick.color", "ytick.color"), ".15"),
    "axes.axisbelow": True,
    "font.sans-serif": [
        "Arial", "DejaVu Sans", "Liberation Sans", "Bitstream Vera Sans", "sans-serif",
    ],
    "grid.color": ".8",
    "lines.solid_capstyle": "round",
    "patch.edgecolor": "w",
    "patch.force_edgecolor": True,
}  # fmt: skip


@contextmanager
def applied(style: dict[str, Any]) -> Iterator[None]:
    """Draw in the style of the config: ``font_size`` in points, ``palette`` and perhaps ``font``.

    The user's own settings in a ``matplotlibrc`` have no effect.
    """
    import matplotlib

    matplotlib.use("agg")
    if style["palette"] not in matplotlib.colormaps:
        import_module("seaborn")  # it adds palettes of its own
    size = style["font_size"]
    settings: dict[Any, Any] = {
        **TICKS,
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "legend.fontsize": size,
        "xtick.labelsize": size,
        "ytick.labelsize": size,
        "axes.linewidth": 0.6,
        "lines.linewidth": 0.9,
        "lines.markersize": 4.0,
        "xtick.direction": "in",
        # At the corner, the numbers of both axes do not touch.
        "xtick.major.pad": 5.0,
        "xtick.minor.pad": 5.0,
        "ytick.direction": "in",
        "axes.spines.top": False,
        "axes.spines.right": False,
        **{f"{axis}tick.{kind}.width": 0.6 for axis in "xy" for kind in ("major", "minor")},
        **{f"{axis}tick.major.size": 3.0 for axis in "xy"},
        **{f"{axis}tick.minor.size": 1.5 for axis in "xy"},
        "font.family": families(style),
        "mathtext.fontset": "dejavusans",
        "legend.frameon": False,
        "legend.handlelength": 1.4,
        "image.cmap": style["palette"],
        "pdf.fonttype": 42,
        # With a salt, names of clip paths follow from their content, not from a random number.
        "svg.hashsalt": "glasscore",
        "savefig.dpi": 300,
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(settings)
        yield


def darker(ink: Any) -> tuple[float, ...]:
    """A darker shade of a colour, for a line that is drawn over its points."""
    from matplotlib.colors import to_rgb

    return tuple(DARKENING * part for part in to_rgb(ink))


def contrast(ink: Any) -> float:
    """Ratio of the luminance of white to that of a colour, as the guidelines above define it."""
    from matplotlib.colors import to_rgb

    light = np.asarray(to_rgb(ink))
    linear = np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)
    return float(1.05 / (linear @ (0.2126, 0.7152, 0.0722) + 0.05))


def dark_shades() -> NDArray[np.float64]:
    """The shades of the palette that are dark enough to be seen on white paper, one a row."""
    import matplotlib

    palette = matplotlib.colormaps[matplotlib.rcParams["image.cmap"]]
    shades = palette(np.linspace(0.0, 1.0, SHADES))
    return np.asarray(shades[[contrast(shade[:3]) >= LEAST_CONTRAST for shade in shades]])


def colours(values: list[float]) -> dict[float, Any]:
    """A colour for each distinct value, in the order of the values along the palette.

    The part of the palette that is too light to be seen on white paper is left out.
    """
    seen = dark_shades()

    def choose(rank: int, count: int) -> tuple[float, ...]:
        shade: NDArray[np.float64] = seen[round((len(seen) - 1) * rank / max(count - 1, 1))]
        return tuple(shade.tolist())

    return by_distinct_value([value for value in values if not np.isnan(value)], choose)


def by_distinct_value(values: list[float], choose: Callable[[int, int], Any]) -> dict[float, Any]:
    """The result of ``choose(rank, count)`` for each distinct value, ranked in ascending order."""
    distinct = sorted(set(values))
    return {value: choose(rank, len(distinct)) for rank, value in enumerate(distinct)}
