"""What a figure shows, as numbers: labelled curves with errors, and the file that keeps them.

A figure is made in two steps: curves are computed from result files, and the picture is drawn from
the curves alone. The netCDF file beside a figure therefore holds exactly what is drawn.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from glasscore.files.store import parameters_of, quantity

# It exceeds all temperatures that a campaign may have, so that alpha orders colours before T does.
HOTTEST = 1e6
# From this number of sizes on, a panel shows one temperature, and colours tell its sizes.
MANY_SIZES = 4

# It stands before and after the name of a study in a title; titles have no such character.
MARK = "\x1f"


class Curve(NamedTuple):
    """One line or set of points.

    Attributes
    ----------
    panel
        The panel it is drawn in; panels appear in the order of their first curve. What follows a
        colon in the name distinguishes panels, but is not written above them.
    role
        ``"data"`` (points with error bars), ``"solution"`` (a line that the campaign computed),
        ``"theory"`` (a line of a law), or ``"remark"`` (a note alone, without points). A line that
        has errors is drawn with a band.
    label
        Legend text; an empty label draws no legend entry.
    colour_label, marker_label
        What the colour and the marker stand for. Where a panel has several colours and several
        markers, its legend lists these instead of one label for each curve.
    x, y
        Coordinates, two arrays of the same length.
    error
        Standard error of ``y``, or ``None``.
    colour
        A number, such as a temperature or a waiting time. Curves with the same number are drawn in
        the same colour. Curves with NaN are black; a line of theory is then dashed.
    marker
        A number, such as a size. Curves with the same number are drawn with the same marker.
    exact
        Whether a line is a law that the points of its panel and colour (and marker, unless that is
        0) obey up to their errors. The report compares points and line where both have the same
        abscissa; a line should therefore have all abscissae of its points.
    study
        The study it belongs to, if several studies in one panel have the same sizes and
        temperatures; the filling of markers and the dashes of lines tell them apart.
    note
        A sentence for the caption on what this curve alone shows: which points were selected or
        left out, or why a law is missing. A curve without points is kept for its note, and its
        panel then says that there are no data.
    """

    panel: str
    role: str
    label: str
    x: np.ndarray
    y: np.ndarray
    error: np.ndarray | None = None
    colour: float = 0.0
    marker: float = 0.0
    colour_label: str = ""
    marker_label: str = ""
    exact: bool = False
    study: str = ""
    note: str = ""


SOLUTION = "solution"
"""The role of lines that a solver computed: results, as points are, but without gaps."""


REMARK = "remark"
"""The role of curves without points that are there for their note alone."""


def without_mark(text: str) -> str:
    """A text without the names of studies that stand between marks."""
    return "".join(text.split(MARK)[::2])


def above_noise(values: np.ndarray, errors: np.ndarray, least: float) -> np.ndarray:
    """Which points of a falling tail are drawn: those that differ from zero, without a gap.

    Beyond the first point that cannot be distinguished from zero, only points that fluctuated
    upwards are larger than their errors. Drawing these alone would make the tail look too high.

    Parameters
    ----------
    values, errors
        Heights of the points, in their order, and their standard errors; unknown values are NaN.
    least
        A point differs from zero if its value is larger than this number of standard errors.

    Returns
    -------
    ndarray of bool
        True from the largest value on in both directions, up to the first point that does not
        differ from zero.
    """
    lost = np.flatnonzero(~(values > least * np.nan_to_num(errors)))
    shown = np.zeros(values.shape, dtype=bool)
    if lost.size == values.size:
        return shown
    kept = np.setdiff1d(np.arange(values.size), lost)
    top = kept[np.argmax(values[kept])]
    below, above = lost[lost < top], lost[lost > top]
    shown[np.max(below, initial=-1) + 1 : np.min(above, initial=values.size)] = True
    return shown


def times_apart(time: np.ndarray, factor: float) -> np.ndarray:
    """Which times above 0 are drawn, so that points do not hide each other: those a factor apart.

    Parameters
    ----------
    time
        Times in rising order.
    factor
        The least ratio of two times that are drawn.
    """
    shown, before = np.zeros(time.size, bool), 0.0
    for index, t in enumerate(time):
        if t > 0 and t >= factor * before:
            shown[index], before = True, t
    return shown


TEXTS = {
    "panel": "panel that the curve is drawn in",
    "role": "data (points), solution (computed line), theory (line) or remark (a note alone)",
    "label": "entry in the legend",
    "colour_label": "what the colour stands for",
    "marker_label": "what the marker stands for",
    "study": "study, if several share a panel and have the same colours and markers",
    "note": "sentence of the caption on this curve",
}
AXIS_UNIT = "as written on the panel's axis"


def to_dataset(curves: list[Curve], time_unit: str, energy_unit: str) -> xr.Dataset:
    """Curves as a dataset by curve and point, padded with NaN.

    Curves that have neither points nor a note are left out.
    """
    curves = [curve for curve in curves if len(curve.x) > 0 or curve.note]
    length = max((len(curve.x) for curve in curves), default=0)
    x, y, error = (np.full((len(curves), length), np.nan) for _ in range(3))
    for row, curve in enumerate(curves):
        x[row, : len(curve.x)] = curve.x
        y[row, : len(curve.y)] = curve.y
        if curve.error is not None:
            error[row, : len(curve.error)] = curve.error
    texts = {
        name: quantity("curve", np.array([getattr(c, name) for c in curves], str), text, name)
        for name, text in TEXTS.items()
    }
    return xr.Dataset(
        {
            **texts,
            "colour": quantity("curve", [c.colour for c in curves], "value coded by colour", "c"),
            "marker": quantity("curve", [c.marker for c in curves], "value coded by marker", "m"),
            "exact": quantity(
                "curve",
                np.array([c.exact for c in curves], np.int8),
                "1 for a line that the points beside it obey up to their errors, else 0",
                "e",
            ),
            "x": quantity(("curve", "point"), x, "abscissa", "x", AXIS_UNIT),
            "y": quantity(("curve", "point"), y, "ordinate", "y", AXIS_UNIT),
            "y_error": quantity(
                ("curve", "point"), error, "standard error of the ordinate", r"\Delta y", AXIS_UNIT
            ),
        },
        attrs={"time_unit": time_unit, "energy_unit": energy_unit},
    )


def from_dataset(dataset: xr.Dataset) -> list[Curve]:
    """The inverse of :func:`to_dataset`."""
    curves = []
    for row in range(dataset.sizes["curve"]):
        one = dataset.isel(curve=row)
        kept = np.isfinite(one.x.values)
        error = one.y_error.values[kept]
        texts = {name: str(one[name].values) for name in TEXTS}
        curves.append(
            Curve(
                **texts,
                x=one.x.values[kept],
                y=one.y.values[kept],
                error=None if np.isnan(error).all() else error,
                colour=float(one.colour),
                marker=float(one.marker),
                exact=bool(one.exact),
            )
        )
    return curves


def data_of_point(
    panel: str, point: xr.Dataset, x: np.ndarray, y: np.ndarray, error: np.ndarray
) -> Curve:
    """Points of an activated study at one size and temperature.

    Colours stand for T and markers for N. Where energies are correlated, a colour stands for alpha
    and T together.
    """
    N = temperature_and_size(point)[1]
    size = r"$N=\infty$" if np.inf == N else f"$N={N:g}$"
    colour, temperature = _colour(point)
    label = f"{size}, {temperature}"
    return Curve(panel, "data", label, x, y, error, colour, N, temperature, size)


def theory_of_point(
    panel: str, point: xr.Dataset, x: np.ndarray, y: np.ndarray, label: str, exact: bool = False
) -> Curve:
    """A line in the colour of the points that it belongs to, with the number of their marker."""
    N = temperature_and_size(point)[1]
    return Curve(panel, "theory", label, x, y, None, _colour(point)[0], N, exact=exact)


def _colour(point: xr.Dataset) -> tuple[float, str]:
    """The number for the colour of a result, which orders by alpha, then by T; and its label."""
    T, alpha = temperature_and_size(point)[0], landscape_of(point).get("alpha", 0.0)
    temperature = f"$T={T:.4g}$"
    if alpha == 0:
        return T, temperature
    return alpha * HOTTEST + T, rf"$\alpha={alpha:.3g}$, {temperature}"


def temperature_and_size(point: xr.Dataset) -> tuple[float, float]:
    """The temperature T and the size N of a result."""
    chosen = parameters_of(point)
    return float(chosen["T"]), float(chosen["N"])


def dynamics_parameters(point: xr.Dataset) -> dict[str, Any]:
    """The parameters of the trajectories that a result averages, whatever blocks they came in."""
    return json.loads(point.attrs["dynamics_parameters"])


def has_typical_threshold(point: xr.Dataset) -> bool:
    """Whether the threshold below which traps lie is the typical one of the model, not a number."""
    return dynamics_parameters(point).get("threshold") == "typical"


def landscape_of(point: xr.Dataset) -> dict[str, Any]:
    """The value of ``landscape:`` in the study that a result belongs to."""
    return parameters_of(point)["landscape"]


def trap_exponent(point: xr.Dataset) -> float:
    """The exponent x = T / T_c of an activated study; infinite where no transition is known."""
    critical = point.attrs["critical_temperature"]
    return temperature_and_size(point)[0] / critical if critical > 0 else np.inf


def with_shared_samples(points: list[xr.Dataset]) -> list[list[xr.Dataset]]:
    """Results in groups of one size and study, which share disorder samples; the coldest last."""
    found: dict[tuple[float, str], list[xr.Dataset]] = {}
    for point in sorted(points, key=lambda point: -temperature_and_size(point)[0]):
        key = temperature_and_size(point)[1], parameters_of(point)["study"]
        found.setdefault(key, []).append(point)
    return [found[key] for key in sorted(found)]


def in_few_digits(values: Iterable[float]) -> dict[float, str]:
    """Numbers as text, with the fewest digits (but at least three) that keep them distinct."""
    distinct = sorted(set(values))
    texts: list[str] = []
    for digits in range(3, 13):
        texts = [f"{value:.{digits}g}" for value in distinct]
        if len(set(texts)) == len(distinct):
            break
    return dict(zip(distinct, texts, strict=True))


def coldest_and_hottest(points: list[xr.Dataset]) -> list[xr.Dataset]:
    """The results at the lowest and at the highest temperature of each size."""
    found = []
    for N in sorted({temperature_and_size(point)[1] for point in points}):
        alike = [point for point in points if temperature_and_size(point)[1] == N]
        alike.sort(key=lambda point: temperature_and_size(point)[0])
        found += [alike[0], alike[-1]][: len(alike)]
    return found


def panels_with_trajectories(
    results: dict[str, list[xr.Dataset]],
) -> Iterator[tuple[str, xr.Dataset]]:
    """The coldest and hottest results that hold single trajectories, each with its panel's name."""
    for study, points in results.items():
        texts = in_few_digits(temperature_and_size(point)[0] for point in points)
        for point in coldest_and_hottest(points):
            if "trajectory_energy" in point:
                T, N = temperature_and_size(point)
                size = r"\infty" if np.isinf(N) else f"{N:g}"
                yield f"{study}, $N={size}$, $T={texts[T]}$", point


def results_by_panel(
    results: dict[str, list[xr.Dataset]], many: int = MANY_SIZES
) -> dict[str, list[xr.Dataset]]:
    """Results by the name of their panel: studies of many sizes have one for each temperature."""
    found: dict[str, list[xr.Dataset]] = {}
    for study, points in results.items():
        temperatures, sizes = map(set, zip(*map(temperature_and_size, points), strict=True))
        crowded = len(sizes) >= many and len(temperatures) > 1
        texts = in_few_digits(temperatures)
        for T in sorted(temperatures) if crowded else [None]:
            panel = study if T is None else f"{study}, $T={texts[T]}$"
            found[panel] = [
                point for point in points if T in (None, temperature_and_size(point)[0])
            ]
    return found


def with_error(value: float, error: float) -> str:
    r"""A formula without its dollar signs, such as ``0.5031 \pm 0.0024``."""
    known = np.isfinite(error) and error > 0
    digits = max(0, 1 - int(np.floor(np.log10(error)))) if known else 2
    return rf"{value:.{digits}f} \pm {error:.{digits}f}" if known else f"{value:.{digits}f}"
