"""Sentences for captions on what all panels of a study have in common: samples, and the unit J."""

from collections.abc import Iterable

import numpy as np
import xarray as xr

from glasscore.common.sentences import listed_in_words
from glasscore.figures.drawing.curves import REMARK, Curve, landscape_of
from glasscore.files.store import parameters_of

NOTHING = np.array([])
# What J is, by the law of the energies.
UNITS = {
    "exponential": "$J$ is the mean depth: energies $E < 0$ have the density $e^{E/J}/J$",
    "gaussian": "The energies have the variance $N J^2$",
    "correlated": "The energies have the variance $N J^2$",
    "sk": "The couplings have the variance $J^2/N$",
    "pspin": r"The couplings have the variance $p!\,J^2/(2 N^{p-1})$, $p = %d$",
    "number_partitioning": r"$E/J = \ln(D\sqrt{6/(\pi N)})$ for a difference $D$ of the two sums",
    "difference": "The numbers lie between 0 and $J$",
}


def remark(panel: str, sentence: str) -> Curve:
    """A sentence for the caption; nothing is drawn for it.

    It belongs to no colour, marker or entry of the legend.
    """
    return Curve(panel, REMARK, "", NOTHING, NOTHING, None, np.nan, note=sentence)


def on_samples(
    panels: Iterable[str], points: list[xr.Dataset], what: str = "Averages are over"
) -> list[Curve]:
    """The number of disorder samples of each size, for the panels that show these results.

    Parameters
    ----------
    panels
        Names of panels.
    points
        The results that they show, with a variable ``samples``.
    what
        The beginning of the sentence, which goes on with the number.
    """
    sizes: dict[int, set[float]] = {}
    for point in points:
        sizes.setdefault(int(point.samples), set()).add(float(parameters_of(point)["N"]))
    said = []
    for count in sorted(sizes, reverse=True):
        every = ", ".join(rf"{N:g}".replace("inf", r"\infty") for N in sorted(sizes[count]))
        said.append(f"{_in_words(count)} at $N = {every}$" if len(sizes) > 1 else _in_words(count))
    return [remark(panel, f"{what} {listed_in_words(said, 'and')}.") for panel in panels]


def _in_words(count: int) -> str:
    return f"{count} disorder samples" if count > 1 else "one disorder sample"


def on_unit(panels: Iterable[str], point: xr.Dataset) -> list[Curve]:
    """What the unit of energy J is in the model of a result, for the panels that show it.

    Parameters
    ----------
    panels
        Names of panels.
    point
        A result of spins, with the attribute ``critical_temperature``.
    """
    model = landscape_of(point)
    name = model["energies"]
    if name == "number_partitioning" and not model.get("logarithm", True):
        name = "difference"
    said = UNITS[name] % model["p"] if name == "pspin" else UNITS[name]
    critical = float(point.attrs["critical_temperature"])
    if 0.0 < critical < np.inf:
        said += rf", and the static transition is at $T_c = {critical:.3g}\,J$"
    return [remark(panel, f"{said}.") for panel in panels]
