r"""The linear model simulated in equilibrium, and its distance from closed forms.

In the linear model each of $N$ spins has the energy $r_0 S^2/2$ and random couplings to all others,
of variance $J^2/N$; $T$ is the temperature. $C$ is the correlation of the spins and $G$ their
response to a field, against the time $t$ or the frequency $\omega$ of the Langevin equation $\dot
S_i = -r_0 S_i + \sum_j J_{ij} S_j + \xi_i$ with noise of variance $2 T$. $G$ is measured by copies
of the spins that are displaced a little in random directions at $t = 0$ and move with the same
noise; what is left of the displacement is the response. Points are means over disorder samples,
with standard errors from the scatter between samples. The lines are not fitted. They hold for
infinitely many spins: differences of the order $1/N$, and those of the time steps, are seen where
they exceed the standard errors.

On the right of each panel are the distances of its points from the lines. All points of one curve
come from the same trajectories, in time as in frequency. Distances of $G$ in particular move as
one, so that all its points, of time and of frequency, are about one comparison, not many.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import t as student

from glasscore.dyson import linear_model
from glasscore.figures.drawing.curves import Curve, in_few_digits
from glasscore.figures.drawing.page import draw_panels
from glasscore.figures.drawing.residuals import (
    EXPLANATION,
    RESIDUALS,
    WITHIN,
    residuals,
    set_residual_axis,
)
from glasscore.files.store import parameters_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]

ONLY = {"name": ["linear"], "field": [0.0]}
RESPONSE, SPECTRUM, TIME = ": response", ": spectrum", ": time"
BESIDE_IT = f": {RESIDUALS}"
CLOSED_FORM = "closed form"
EXPLAINED = {
    CLOSED_FORM: (
        r"Solid lines are closed forms, which follow from the semicircle law of the couplings: "
        r"$G(t) = e^{-r_0 t} I_1(2 J t) / (J t)$ with the Bessel function $I_1$, $C(t) = T "
        r"\int_t^\infty G(t')\, dt'$, $G(\omega) = \int_0^\infty e^{i \omega t} G(t)\, dt$ and "
        r"$C(\omega) = 2 T\, \mathrm{Im}\, G(\omega) / \omega$."
    ),
    "$T G(t)$": ("In equilibrium $T G(t)$ is minus the time derivative of $C(t)$."),
    RESIDUALS: EXPLANATION,
}
LINE_POINTS = 200
# One in twenty points outside of the band, which is said of all, is so near to 5 %.
FEW = 0.055
# Colours tell C from G, markers the parts of G.
OF_C, OF_G = 0.0, 1.0
WHOLE, IMAGINARY = 1.0, 2.0


def curves(results: dict[str, list[xr.Dataset]]) -> list[Curve]:
    """Up to three pairs of panels for each result in equilibrium that has couplings."""
    return [
        curve
        for study, points in results.items()
        for point in points
        if parameters_of(point)["start"] == "equilibrium" and _constants(point)[1] > 0
        for part in (_time, _response, _spectrum)
        for curve in part(_panel(study, point, points), point)
    ]


def _panel(study: str, point: xr.Dataset, points: list[xr.Dataset]) -> str:
    chosen = parameters_of(point)
    texts = in_few_digits(float(parameters_of(each)["T"]) for each in points)
    temperature = f", $T={texts[float(chosen['T'])]}$" if len(texts) > 1 else ""
    return f"{study}, $N={chosen['N']:g}$, $r_0={chosen['model']['r0']:g}${temperature}"


def _time(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    r0, J, T = _constants(point)
    later = point.isel(time=slice(1, None))
    time = later.time.values
    line = np.union1d(time, np.geomspace(time[0], time[-1], LINE_POINTS))
    panel += TIME
    measured = _points(point, later.correlation, later.correlation_error)
    law = linear_model.correlation(line, r0, T, J)
    data, *others = _compared(panel, "$C(t)$", time, measured, line, law, OF_C)
    yield data._replace(note=_on_constants(point))
    yield from others
    if "response" not in point:
        return
    measured = _points(point, T * later.response, T * later.response_error)
    law = T * linear_model.response(line, r0, J)
    yield from _compared(panel, "$T G(t)$", time, measured, line, law, OF_G)


def _on_constants(point: xr.Dataset) -> str:
    _, J, T = _constants(point)
    count = int(point.samples)
    found = f"Here $T={T:g}$ and $J={J:g}$; means are over {count} samples."
    if count < 2:
        return found
    # Errors from few samples are uncertain: distances in their units have Student's distribution.
    outside = 2 * float(student.sf(WITHIN, count - 1))
    return (
        rf"{found} Since errors from so few samples are uncertain, {100 * outside:.2g} % of "
        "independent points are expected outside of the grey band."
        if outside > FEW
        else found
    )


def _response(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    if "response_spectrum_real" not in point:
        return
    r0, J, _ = _constants(point)
    line = _frequencies(point)
    law = linear_model.response_spectrum(line, r0, J)
    for part, symbol, shape, marker in (
        ("real", "Re", law.real, WHOLE),
        ("imaginary", "Im", law.imag, IMAGINARY),
    ):
        name = f"response_spectrum_{part}"
        measured = _points(point, point[name], point[f"{name}_error"])
        label = rf"$\mathrm{{{symbol}}}\,G(\omega)$"
        x = point.frequency.values
        data, *others = _compared(panel + RESPONSE, label, x, measured, line, shape, OF_G, marker)
        yield data._replace(note=_on_constants(point))
        yield from others


def _spectrum(panel: str, point: xr.Dataset) -> Iterator[Curve]:
    if "correlation_spectrum" not in point:
        return
    r0, J, T = _constants(point)
    line = _frequencies(point)
    measured = _points(point, point.correlation_spectrum, point.correlation_spectrum_error)
    law = linear_model.correlation_spectrum(line, r0, T, J)
    x = point.frequency.values
    data, *others = _compared(panel + SPECTRUM, r"$C(\omega)$", x, measured, line, law, OF_C)
    yield data._replace(note=_on_constants(point))
    yield from others


def _points(point: xr.Dataset, y: xr.DataArray, error: xr.DataArray) -> tuple[Array, Array | None]:
    """Values and their errors; the error of a single sample is not known."""
    return y.values, error.values if int(point.samples) > 1 else None


def _compared(
    panel: str,
    label: str,
    x: Array,
    measured: tuple[Array, Array | None],
    line: Array,
    law: Array,
    colour: float,
    marker: float = 0.0,
) -> Iterator[Curve]:
    """Points and their closed form, whose abscissae include those of the points; and distances."""
    data = Curve(panel, "data", label, x, *measured, colour, marker)
    yield data
    yield Curve(panel, "theory", CLOSED_FORM, line, law, None, colour, marker)
    if data.error is not None:
        yield residuals(panel + BESIDE_IT, data, law[np.searchsorted(line, x)])


def _constants(point: xr.Dataset) -> tuple[float, float, float]:
    chosen = parameters_of(point)
    return float(chosen["model"]["r0"]), float(chosen["model"]["J"]), float(chosen["T"])


def _frequencies(point: xr.Dataset) -> np.ndarray:
    """Frequencies at which a line is computed; those of the points are among them."""
    own = point.frequency.values
    return np.union1d(own, np.linspace(own.min(), own.max(), LINE_POINTS))


def draw(curves: list[Curve]) -> "Figure":
    """Draw each panel with that of its distances at its right."""
    figure, axes = draw_panels(curves)
    for name, one in axes.items():
        base = name.removesuffix(BESIDE_IT)
        if base.endswith(TIME):
            one.set(xscale="log", xlabel="time $t$ (Langevin)", ylabel="correlation and response")
        else:
            one.set_xlabel(r"frequency $\omega$")
            one.set_ylabel(r"$G(\omega)$" if base.endswith(RESPONSE) else r"$C(\omega)$")
        if name != base:
            set_residual_axis(one)
    return figure
